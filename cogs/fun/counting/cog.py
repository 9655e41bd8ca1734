"""Counting together: members write the next number in turn, and `counting` shows how far they are."""

import logging
from collections.abc import Mapping
from dataclasses import replace
from typing import ClassVar

import discord
from discord.ext import commands

from cogs.fun.counting import texts
from cogs.fun.counting.game import Game
from cogs.fun.counting.rules import MOST
from cogs.fun.counting.settings import COUNTING_CHANNEL, SETTINGS
from database.counting import CountingStore
from database.errors import DatabaseError
from utils import checks
from utils.bot import Hearth
from utils.cog import Cog
from utils.commands import example, group
from utils.context import GuildContext
from utils.errors import UserError
from utils.i18n import _, format_number
from utils.members import MOST_FOUND, those_here

log = logging.getLogger("hearth.fun")

MOST_LISTED = MOST_FOUND
LINES_A_PAGE = 10
SHOWN_TIMES, SHOWN_SECONDS = 6, 20.0
"""So often in this time somebody may ask who counts most: Discord is asked then who is still here."""


class CountingGame(Cog):
    """Counting together in a channel."""

    settings = SETTINGS
    also_needs: ClassVar[Mapping[str, str]] = {
        "add_reactions": "marks numbers as right or wrong where members count",
        "read_message_history": "reads what was counted while I was away",
    }

    def __init__(self, bot: Hearth) -> None:
        super().__init__(bot)
        self.store = CountingStore(bot.db)
        self.game = Game(bot, self.store, self.is_on, lambda guild_id: self.spawn(self.game.work(guild_id)))

    async def cog_load(self) -> None:
        """Begin to hear what is counted, and judge what was counted meanwhile if this feature was reloaded."""
        self.bot.chat_hearers.append(self.hear)
        self.game.forget()
        if self.bot.is_ready():
            self.spawn(self.game.catch_up(self.bot.guilds))

    async def cog_unload(self) -> None:
        """Hear no more."""
        self.bot.chat_hearers.remove(self.hear)

    @Cog.listener()
    async def on_connect(self) -> None:
        """Distrust every guild: this is another session with Discord, who may have told things in between."""
        self.game.forget()

    @Cog.listener()
    async def on_ready(self) -> None:
        """Judge what was counted meanwhile; all guilds are there now."""
        self.spawn(self.game.catch_up(self.bot.guilds))

    @Cog.listener()
    async def on_guild_available(self, guild: discord.Guild) -> None:
        """Judge what was counted in a guild that Discord had an outage of."""
        self.game.forget(guild.id)
        if self.bot.is_ready():
            self.spawn(self.game.catch_up([guild]))

    # --- in the channel

    def hear(self, message: discord.Message) -> None:
        """Take what is written in a counting channel."""
        if message.guild is not None and self.game.is_here(message.guild.id, message.channel.id):
            self.game.add(message)

    @Cog.listener()
    async def on_raw_message_edit(self, payload: discord.RawMessageUpdateEvent) -> None:
        """Say what the last number was, if it was changed. Links that show a preview aren't changed."""
        if payload.data.get("edited_timestamp") and "content" in payload.data:
            await self._changed(payload.guild_id, payload.channel_id, {payload.message_id}, payload.data["content"])

    @Cog.listener()
    async def on_raw_message_delete(self, payload: discord.RawMessageDeleteEvent) -> None:
        """Say what the last number was, if it was deleted."""
        await self._changed(payload.guild_id, payload.channel_id, {payload.message_id}, None)

    @Cog.listener()
    async def on_raw_bulk_message_delete(self, payload: discord.RawBulkMessageDeleteEvent) -> None:
        """Say what the last number was, if it was cleared away."""
        await self._changed(payload.guild_id, payload.channel_id, payload.message_ids, None)

    async def _changed(
        self, guild_id: int | None, channel_id: int, message_ids: set[int], new_text: str | None
    ) -> None:
        guild = self.bot.get_guild(guild_id or 0)
        if guild is None or not self.game.is_here(guild.id, channel_id):
            return
        try:
            await self.game.tell_changed(guild, message_ids, new_text=new_text)
        except DatabaseError:
            log.warning("Can't tell of a changed number in guild %d", guild.id, exc_info=True)

    # --- commands

    @group(aliases=["count"])
    @example("")
    @commands.guild_only()
    async def counting(self, ctx: GuildContext) -> None:
        """Show how far members have counted.

        In the channel that `config set counting-channel` names, members write the next number in turn, nobody twice
        in a row. Talk that doesn't begin with a number is allowed between. After a mistake it begins again with 1,
        unless `config set counting-starts-over off` says otherwise.
        """
        state = await self.game.state(ctx.guild.id, self._channel_id(ctx))
        await ctx.info(texts.overview(state))

    @counting.command(name="top", aliases=["leaderboard"])
    @example("")
    @commands.guild_only()
    @commands.cooldown(SHOWN_TIMES, SHOWN_SECONDS, commands.BucketType.user)
    async def counting_top(self, ctx: GuildContext) -> None:
        """Show who of those here counted on most often."""
        best = await self.store.best(ctx.guild.id, MOST_LISTED)
        here = await those_here(ctx.guild, (one.user_id for one in best))
        ranked = enumerate((one for one in best if one.user_id in here), 1)
        lines = [texts.counter(place, one) for place, one in ranked]
        if not lines:
            raise UserError(_("Nobody has counted here yet."))
        await ctx.paginate_lines(lines, most_lines=LINES_A_PAGE, title=_("Who counts most"))

    @counting.command(name="set")
    @example("41", "0")
    @checks.requires(manage_guild=True)
    async def counting_set(self, ctx: GuildContext, number: int) -> None:
        """Say what the last number was; members go on with the next one."""
        if not 0 <= number < MOST:
            raise UserError(_("The number is from 0 to {most}.").format(most=format_number(MOST - 1)))
        async with self.game.turn(ctx.guild.id):
            state = await self.game.state(ctx.guild.id, self._channel_id(ctx))
            new = replace(state, number=number, last_user_id=None, number_message_id=None, told=False)
            await self.store.go_on(replace(new, last_message_id=max(ctx.message.id, state.last_message_id + 1)), None)
        await ctx.success(_("The next number is **{number}** now.").format(number=format_number(number + 1)))

    def _channel_id(self, ctx: GuildContext) -> int:
        channel_id = self.bot.guild_settings.get(ctx.guild.id, COUNTING_CHANNEL)
        if channel_id is None:
            raise UserError(
                _("No channel is set for counting. Who manages the server sets one: `{command}`.").format(
                    command=f"{ctx.clean_prefix}config set counting-channel #counting"
                )
            )
        return channel_id

"""The starboard: messages that members starred, and who got the most stars."""

import asyncio
import logging
from collections.abc import Mapping
from typing import Annotated, ClassVar, Final

import discord

from cogs.utility.starboard import settings
from cogs.utility.starboard.board import Board
from cogs.utility.starboard.rules import Place
from database.errors import DatabaseError
from database.starboard import Starred
from utils import embeds
from utils.bot import CANNOT_SAY, Hearth
from utils.cog import Cog
from utils.commands import example, group
from utils.context import GuildContext
from utils.converters import GuildMember
from utils.emoji import same_emoji
from utils.errors import UserError
from utils.formatting import message_link
from utils.i18n import _, format_number, ngettext
from utils.shared_memory import Part

log = logging.getLogger("hearth.utility")

TRIED_AFTER_SECONDS: Final = (2.0, 60.0, 600.0)
"""Stars come in bursts: one look for all of them. While Discord fails, it is tried again."""
SHOWN: Final = 10


class Starboard(Cog):
    """Stars on messages."""

    settings = settings.SETTINGS
    also_needs: ClassVar[Mapping[str, str]] = {
        "send_messages": "the starboard", "embed_links": "the starboard", "read_message_history": "the starboard",
    }  # fmt: skip

    def __init__(self, bot: Hearth) -> None:
        super().__init__(bot)
        self.board = Board(bot)
        self.store = self.board.store
        self.in_memory = (Part("starboards", self.board.load, here_alone=True),)
        self._soon: set[int] = set()

    async def cog_load(self) -> None:
        """Remember which messages are shown."""
        await self.board.load()

    @Cog.listener()
    async def on_ready(self) -> None:
        """Something may have happened meanwhile."""
        self.board.hears_from_now_on()

    # --- stars

    @Cog.listener()
    async def on_raw_reaction_add(self, payload: discord.RawReactionActionEvent) -> None:
        """Somebody stars a message."""
        guild = self._guild(payload)
        if guild is None or payload.member is None or payload.member.bot:
            return
        if self.bot.access.blocks.shut_out(guild, payload.user_id):
            return
        channel = self.board.source(guild, payload.channel_id)
        author_id = None if channel is None else await self._author_of(channel, payload)
        own = payload.user_id == author_id
        if author_id is None or (own and not self.bot.guild_settings.get(guild.id, settings.SELF_STAR)):
            return
        message = Starred(payload.message_id, guild.id, payload.channel_id, author_id)
        await self.store.star(message, payload.user_id)
        self._look_soon(guild, payload.message_id)

    async def _author_of(self, channel: Place, payload: discord.RawReactionActionEvent) -> int | None:
        """Who wrote the message; Discord says it mostly, but need not."""
        if payload.message_author_id is not None:
            return payload.message_author_id
        known = await self.store.get(payload.message_id)
        if known is not None:
            return known.author_id
        try:
            return (await channel.fetch_message(payload.message_id)).author.id
        except CANNOT_SAY as error:
            log.info("A star in guild %d isn't counted: %r", channel.guild.id, error)
            return None

    @Cog.listener()
    async def on_raw_reaction_remove(self, payload: discord.RawReactionActionEvent) -> None:
        """Somebody takes their star back."""
        guild = self._guild(payload)
        if guild is not None and await self.store.unstar(payload.message_id, payload.user_id):
            self._look_soon(guild, payload.message_id)

    @Cog.listener()
    async def on_raw_reaction_clear(self, payload: discord.RawReactionClearEvent) -> None:
        """All reactions are gone."""
        await self._cleared(payload.guild_id, payload.message_id)

    @Cog.listener()
    async def on_raw_reaction_clear_emoji(self, payload: discord.RawReactionClearEmojiEvent) -> None:
        """All reactions with one emoji are gone."""
        guild_id = payload.guild_id
        if guild_id is not None and same_emoji(
            str(payload.emoji), self.bot.guild_settings.get(guild_id, settings.EMOJI)
        ):
            await self._cleared(guild_id, payload.message_id)

    async def _cleared(self, guild_id: int | None, message_id: int) -> None:
        guild = self.bot.get_guild(guild_id or 0)
        if guild is not None and self._is_on(guild):
            await self.store.unstar_all(message_id)
            self._look_soon(guild, message_id)

    def _guild(self, payload: discord.RawReactionActionEvent) -> discord.Guild | None:
        """Where it happened, if it is a star, and the guild has a board."""
        guild = self.bot.get_guild(payload.guild_id or 0)
        if guild is None or not self._is_on(guild):
            return None
        emoji = self.bot.guild_settings.get(guild.id, settings.EMOJI)
        return guild if same_emoji(str(payload.emoji), emoji) else None

    def _is_on(self, guild: discord.Guild) -> bool:
        return self._has_board(guild) and self.is_on(guild.id)

    def _has_board(self, guild: discord.Guild) -> bool:
        get = self.bot.guild_settings.get
        return get(guild.id, settings.CHANNEL) is not None or get(guild.id, settings.NSFW_CHANNEL) is not None

    # --- what becomes of the messages

    @Cog.listener()
    async def on_raw_message_edit(self, payload: discord.RawMessageUpdateEvent) -> None:
        """Show an edited message as it is now."""
        guild = self.bot.get_guild(payload.guild_id or 0)
        if payload.message_id in self.board.places and guild is not None:
            self._look_soon(guild, payload.message_id)

    @Cog.listener()
    async def on_raw_message_delete(self, payload: discord.RawMessageDeleteEvent) -> None:
        """Take a deleted message from the board; one that is deleted there doesn't come back."""
        await self._deleted(payload.guild_id, {payload.message_id})

    @Cog.listener()
    async def on_raw_bulk_message_delete(self, payload: discord.RawBulkMessageDeleteEvent) -> None:
        """The same for many at once."""
        await self._deleted(payload.guild_id, payload.message_ids)

    async def _deleted(self, guild_id: int | None, message_ids: set[int]) -> None:
        guild = self.bot.get_guild(guild_id or 0)
        if guild is None:
            return
        shown = message_ids & self.board.places.keys()
        if self._is_on(guild):  # what came to the board long ago isn't in memory
            shown |= await self.store.which_on_boards(message_ids - shown)
        for message_id in shown:
            await self._forget(guild, message_id)
        for board_message_id in message_ids & self.board.shown.keys():
            await self.board.hide(board_message_id)
        if self._is_on(guild):
            await self.store.forget(*(message_ids - shown))

    async def _forget(self, guild: discord.Guild, message_id: int) -> None:
        starred = await self.store.get(message_id)
        try:
            if starred is not None:
                await self.board.forget(guild, starred)
        except CANNOT_SAY as error:
            log.info("Message %d stays on the starboard for now: %r", message_id, error)
            self._look_soon(guild, message_id)

    def _look_soon(self, guild: discord.Guild, message_id: int) -> None:
        if message_id not in self._soon:
            self._soon.add(message_id)
            self.spawn(self._look(guild, message_id))

    async def _look(self, guild: discord.Guild, message_id: int) -> None:
        for seconds in TRIED_AFTER_SECONDS:
            await asyncio.sleep(seconds)
            self._soon.discard(message_id)
            try:
                if await self.board.refresh(guild, message_id):
                    return
            except DatabaseError as error:
                log.warning("The starboard of guild %d waits: %s", guild.id, error)

    # --- statistics

    @group(name="starboard", aliases=["stars"])
    @example("")
    async def starboard(self, ctx: GuildContext) -> None:
        """Show how the starboard works here, and who got the most stars."""
        if not self._has_board(ctx.guild):
            raise UserError(
                _("There is no starboard here. `{command}` makes one.").format(
                    command=f"{ctx.clean_prefix}config set starboard-channel #channel"
                )
            )
        top = await self.store.top_authors(ctx.guild.id, SHOWN)
        places = [
            _("{place}. {member}: {stars}").format(place=place, member=f"<@{user_id}>", stars=format_number(stars))
            for place, (user_id, stars) in enumerate(top, start=1)
        ]
        await ctx.info("\n".join([*self._how_it_works(ctx.guild), *places]), title=_("Starboard"))

    def _how_it_works(self, guild: discord.Guild) -> list[str]:
        get = self.bot.guild_settings.get
        channel_id = get(guild.id, settings.CHANNEL)
        line = _("A message with {stars} × {emoji} comes to {channel}.").format(
            stars=format_number(get(guild.id, settings.THRESHOLD)), emoji=get(guild.id, settings.EMOJI),
            channel=_("no channel") if channel_id is None else f"<#{channel_id}>",
        )  # fmt: skip
        return [line, *(f"⚠️ {trouble}" for trouble in self.board.troubles(guild))]

    @starboard.command(name="stats", aliases=["of", "user"])
    @example("", "@ann")
    async def starboard_stats(
        self, ctx: GuildContext, *, member: Annotated[discord.Member | None, GuildMember] = None
    ) -> None:
        """Show how many stars somebody gave and got."""
        person = member or ctx.author
        stats = await self.store.stats(ctx.guild.id, person.id)
        got = ngettext("{member} got {stars} star.", "{member} got {stars} stars.", stats.received)
        gave = ngettext("{member} gave {stars} star.", "{member} gave {stars} stars.", stats.given)
        on = ngettext("{count} message of theirs has any.", "{count} messages of theirs have any.", stats.messages)
        lines = [
            got.format(member=person.mention, stars=format_number(stats.received)),
            on.format(count=format_number(stats.messages)),
            gave.format(member=person.mention, stars=format_number(stats.given)),
        ]
        await ctx.info("\n".join(lines))

    @starboard.command(name="top", aliases=["best"])
    @example("")
    async def starboard_top(self, ctx: GuildContext) -> None:
        """Show the messages with the most stars."""
        top = await self.store.top_messages(ctx.guild.id, SHOWN)
        if not top:
            raise UserError(_("No message is on the starboard yet."))
        lines = [
            f"**{format_number(stars)}** · <@{message.author_id}> · "
            + message_link(ctx.guild.id, message.board_channel_id, message.board_message_id)
            for message, stars in top
        ]
        await ctx.show(embeds.info("\n".join(lines), title=_("Messages with the most stars")))

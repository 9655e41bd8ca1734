"""The games that run: one a channel, ended by who began it or by staff; and what a restart cut off."""

import logging
from collections.abc import Callable, Mapping
from typing import Any, ClassVar

import discord

from cogs.fun.channel_games.game import HEARD, ChannelGame, Place
from database.channel_games import ChannelGamesStore
from database.errors import DatabaseUnavailable
from utils.bot import CANNOT_SAY, Hearth
from utils.cog import StartingCog
from utils.commands import AnyCommand, Group, command, example
from utils.context import Context
from utils.errors import UserError
from utils.i18n import _, current_language, set_language

log = logging.getLogger("hearth.fun")


class ChannelGames(StartingCog, name="Channel games"):
    """One game a channel."""

    also_needs: ClassVar[Mapping[str, str]] = {
        "send_messages": "games in channels",
        "add_reactions": "answers to guesses in games",
    }

    def __init__(self, bot: Hearth) -> None:
        super().__init__(bot)
        self.store = ChannelGamesStore(bot.db)
        self.running: dict[int, ChannelGame] = {}

    async def cog_load(self) -> None:
        """Begin to hear what is said."""
        await super().cog_load()
        self.bot.chat_hearers.append(self.hear)

    async def cog_unload(self) -> None:
        """Hear no more. The rows stay: the next start tells the channels that their games are over."""
        self.bot.chat_hearers.remove(self.hear)
        for game in self.running.values():
            game.is_over = True
        self.running.clear()

    def hear(self, message: discord.Message) -> None:
        """Tell the game in a channel what is said there, if there is one and the author is heard."""
        game = self.running.get(message.channel.id)
        if game is None or message.type not in HEARD or not game.place.is_on:
            return
        is_blocked = self.bot.access.blocks.hold(message.guild, message.author.id)
        if not is_blocked and not self.bot.switches.is_ignored(message.channel, message.author):
            game.heard(message)

    # --- beginning and ending

    async def begin(self, ctx: Context, make: Callable[[Place], ChannelGame]) -> None:
        """Begin a game where a command was called. Raises `UserError` if there is one already."""
        channel_id = ctx.channel.id
        self.refuse_second(ctx)
        place = Place(
            self.bot, ctx.channel, ctx.guild, ctx.author.id, current_language(), ctx.clean_prefix, self.feature,
            self.spawn, self._let_go,
        )  # fmt: skip
        game = self.running[channel_id] = make(place)  # before anything is waited for: of two at once, one begins
        try:
            await self.store.add(channel_id, ctx.guild.id if ctx.guild else None, discord.utils.utcnow())
            await game.open()
        except BaseException:
            await game.finish()
            raise

    def refuse_second(self, ctx: Context) -> None:
        """Raise `UserError` if there is a game in this channel."""
        if ctx.channel.id in self.running:
            raise UserError(
                _(
                    "There is a game in this channel already. Play along, or let who began it or a moderator end it"
                    " with `{command}`."
                ).format(command=f"{ctx.clean_prefix}stop")
            )

    async def _let_go(self, game: ChannelGame) -> None:
        channel_id = game.place.channel.id
        try:
            await self.store.remove(channel_id)
        except DatabaseUnavailable as error:  # the next start says once too often that a game ended
            log.warning("The game in channel %d is still written down: %s", channel_id, error)
        finally:  # not before: the row would be the next game's
            if self.running.get(channel_id) is game:
                del self.running[channel_id]

    @command(aliases=["stopgame", "endgame"])
    @example("")
    async def stop(self, ctx: Context) -> None:
        """End the game in this channel: trivia, hangman, wordle, anagram or typerace.

        Whoever began it may do that, and whoever may manage messages here.
        """
        await self.end(ctx)

    async def end(self, ctx: Context) -> None:
        """End the game where a command was called, if its author may. Raises `UserError`."""
        game = self.led_by(ctx)
        if not await game.finish():
            raise UserError(_("This game has just ended by itself."))
        await ctx.info(game.farewell(), title=_("The game is over"))

    def led_by(self, ctx: Context) -> ChannelGame:
        """The game where a command was called. Raises `UserError` for who neither began it nor moderates here."""
        game = self.running.get(ctx.channel.id)
        if game is None:
            raise UserError(_("There is no game in this channel."))
        if ctx.author.id != game.place.starter_id and not ctx.permissions.manage_messages:
            raise UserError(
                _("Only {member}, who began the game, or a moderator can do that.").format(
                    member=f"<@{game.place.starter_id}>"
                )
            )
        return game

    # --- after a restart

    async def from_the_start_on(self) -> None:
        """Tell the channels whose games a restart cut off; each once."""
        await self._tell_where_cut_off(None)

    @StartingCog.listener()
    async def on_guild_available(self, guild: discord.Guild) -> None:
        """The same in a guild whose process is gone."""
        if self.has_begun and self.bot.cluster.taken_at(guild.id) is not None:
            await self._tell_where_cut_off(guild.id)

    async def _tell_where_cut_off(self, guild_id: int | None) -> None:
        for cut_off in await self.store.all():
            if not self.bot.cluster.owns(cut_off.guild_id) or guild_id not in {None, cut_off.guild_id}:
                continue
            if cut_off.channel_id in self.running or not await self.store.remove(cut_off.channel_id):
                continue
            guild = self.bot.get_guild(cut_off.guild_id) if cut_off.guild_id else None
            set_language(self.bot.language_of(guild))
            await self._tell(cut_off.channel_id)

    async def _tell(self, channel_id: int) -> None:
        try:
            channel: Any = self.bot.get_channel(channel_id) or await self.bot.fetch_channel(channel_id)
            await channel.send(_("I was restarted, and that ended the game in this channel. Begin another one!"))
        except (*CANNOT_SAY, discord.InvalidData) as error:
            log.info("Channel %d can't be told that its game is over: %s", channel_id, error)


def stop_command(game: Group) -> AnyCommand:
    """Let a game be ended by its own name as well, such as `trivia stop`. Its cog has the `games`."""

    class Playing:  # in a class, discord.py knows that a command has a `self`
        games: ChannelGames

        @game.command(name="stop")
        @example("")
        async def stop(self, ctx: Context) -> None:
            """End the game in this channel; for who began it, and who may manage messages here."""
            await self.games.end(ctx)

    return Playing.stop

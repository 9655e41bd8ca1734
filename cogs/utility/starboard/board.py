"""Bringing starred messages to the board, keeping them up to date there, and taking them away."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import timedelta
from typing import Final
from weakref import WeakValueDictionary

import discord

from cogs.utility.posting import lacking
from cogs.utility.starboard import settings
from cogs.utility.starboard.rules import PLACES, Place, head, is_ignored, may_show, shown
from database.starboard import StarboardStore, Starred
from utils.bot import CANNOT_SAY, Hearth
from utils.emoji import same_emoji
from utils.formatting import code
from utils.i18n import _, using

log = logging.getLogger("hearth.utility")

MOST_COUNTED: Final = 1_000
"""Stars of one message that are looked through one by one."""
REMEMBERED: Final = 20_000


class Board:
    """The board of each guild."""

    def __init__(self, bot: Hearth) -> None:
        self.bot = bot
        self.store = StarboardStore(bot.db)
        self.places: dict[int, int] = {}
        """Where messages are shown, the latest ones: the ids of their messages on the board."""
        self.shown: dict[int, int] = {}
        """The other way round: which message each one on the board shows."""
        self._locks: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()
        self._hears_since = discord.utils.utcnow()
        self._counted: set[int] = set()

    def hears_from_now_on(self) -> None:
        """Discord has told of nothing for a while: stars may have come and gone."""
        self._hears_since = discord.utils.utcnow()
        self._counted.clear()

    async def load(self, guild_id: int | None = None) -> None:
        """Read which messages are shown, everywhere or in a guild; what is known stays."""
        for one in reversed(await self.store.on_boards(REMEMBERED, guild_id)):
            if one.board_message_id is not None:
                self._remember(one.message_id, one.board_message_id)

    def _remember(self, message_id: int, board_message_id: int) -> None:
        self.places[message_id] = board_message_id
        self.shown[board_message_id] = message_id
        if len(self.places) > REMEMBERED:
            self._forget_place(next(iter(self.places)))

    def _forget_place(self, message_id: int) -> None:
        self.shown.pop(self.places.pop(message_id, 0), None)

    def source(self, guild: discord.Guild, channel_id: int) -> Place | None:
        """A channel whose messages can come to the board."""
        get, channel = self.bot.guild_settings.get, guild.get_channel_or_thread(channel_id)
        if not isinstance(channel, PLACES) or is_ignored(channel, get(guild.id, settings.IGNORED)):
            return None
        if channel_id in {get(guild.id, settings.CHANNEL), get(guild.id, settings.NSFW_CHANNEL)}:
            return None
        return channel

    async def refresh(self, guild: discord.Guild, message_id: int) -> bool:
        """Show a message as it and its stars are now, or no more; False if Discord failed. Raises `DatabaseError`."""
        lock = self._locks.setdefault(message_id, asyncio.Lock())
        async with lock:
            starred = await self.store.get(message_id)
            if starred is None or starred.hidden:
                return True
            threshold = self.bot.guild_settings.get(guild.id, settings.THRESHOLD)
            stars = await self.store.count(message_id)
            if stars < threshold and starred.board_message_id is None and self._is_sure_of(message_id):
                return True
            try:
                await self._refresh(guild, starred, threshold)
            except CANNOT_SAY as error:
                log.info("The starboard of guild %d isn't up to date: %r", guild.id, error)
                return False
        return True

    def _is_sure_of(self, message_id: int) -> bool:
        """Whether all stars of a message are known."""
        return message_id in self._counted or discord.utils.snowflake_time(message_id) >= self._hears_since

    async def _refresh(self, guild: discord.Guild, starred: Starred, threshold: int) -> None:
        channel = self.source(guild, starred.channel_id)
        if channel is None:
            return
        shown_in = guild.get_channel(starred.board_channel_id or 0)
        if isinstance(shown_in, discord.TextChannel) and not may_show(channel, shown_in):
            await self._take_away(guild, starred)  # it was hidden or restricted since
            return
        board = self._board_for(guild, channel)
        if board is None:
            return
        try:
            message = await channel.fetch_message(starred.message_id)
        except discord.NotFound:
            await self.forget(guild, starred)
            return
        stars = await self._count_anew(message)
        if stars < threshold:
            await self._take_away(guild, starred)
        elif starred.board_message_id is not None or self._is_young(message):
            await self._show(starred, board, channel, message, stars)

    def _board_for(self, guild: discord.Guild, channel: Place) -> discord.TextChannel | None:
        """Where messages of a channel are shown, if they may be and the bot can write there."""
        setting = settings.NSFW_CHANNEL if channel.is_nsfw() else settings.CHANNEL
        board = guild.get_channel(self.bot.guild_settings.get(guild.id, setting) or 0)
        if not isinstance(board, discord.TextChannel) or not may_show(channel, board):
            return None
        return board if lacking(board) is None else None

    def troubles(self, guild: discord.Guild) -> list[str]:
        """Why nothing can be shown on a board, in a sentence each."""
        found = []
        for setting in (settings.CHANNEL, settings.NSFW_CHANNEL):
            channel_id = self.bot.guild_settings.get(guild.id, setting)
            board = guild.get_channel(channel_id or 0)
            if board is None and channel_id is not None:
                found.append(_("The channel of {setting} was deleted.").format(setting=code(setting.key)))
            elif board is not None and (lack := lacking(board)) is not None:
                found.append(lack)
            elif setting is settings.NSFW_CHANNEL and isinstance(board, discord.TextChannel) and not board.is_nsfw():
                found.append(_("{channel} has to be age-restricted.").format(channel=board.mention))
        return found

    def _is_young(self, message: discord.Message) -> bool:
        days = self.bot.guild_settings.get(message.guild.id if message.guild else 0, settings.DAYS)
        return not days or discord.utils.utcnow() - message.created_at <= timedelta(days=days)

    async def _count_anew(self, message: discord.Message) -> int:
        """How many stars there really are: some may have come or gone while the bot was away."""
        assert message.guild is not None
        get = self.bot.guild_settings.get
        emoji, own = get(message.guild.id, settings.EMOJI), get(message.guild.id, settings.SELF_STAR)
        stars = [one for one in message.reactions if same_emoji(str(one.emoji), emoji)]
        known = await self.store.count(message.id)
        if known != sum(one.count for one in stars):
            found = {user for one in stars async for user in _who_reacted(one)}
            of_people = {
                one.id
                for one in found
                if not one.bot
                and (own or one.id != message.author.id)
                and not self.bot.access.blocks.shut_out(message.guild, one.id)
            }
            await self.store.are(message.id, of_people)
            known = len(of_people)
        if len(self._counted) >= REMEMBERED:
            self._counted.clear()
        self._counted.add(message.id)
        return known

    # --- the board's messages

    async def _show(
        self, starred: Starred, board: discord.TextChannel, channel: Place, message: discord.Message, stars: int
    ) -> None:
        guild = channel.guild
        emoji = self.bot.guild_settings.get(guild.id, settings.EMOJI)
        with using(self.bot.language_of(guild)):
            content, embed = head(emoji, stars, channel), shown(message)
        before = self._message(guild, starred)
        if before is not None:
            with suppress(discord.NotFound):
                await before.edit(content=content, embed=embed)
                return
            await self.hide(before.id)
            return
        sent = await board.send(content, embed=embed, allowed_mentions=discord.AllowedMentions.none())
        await self.store.show(starred.message_id, board.id, sent.id)
        self._remember(starred.message_id, sent.id)

    async def _take_away(self, guild: discord.Guild, starred: Starred) -> None:
        message = self._message(guild, starred)
        if message is not None:
            self._forget_place(starred.message_id)  # first: its deletion isn't staff's
            try:
                await message.delete()
            except discord.NotFound:
                log.info("Message %d is gone from the starboard already", message.id)
            except CANNOT_SAY:
                self._remember(starred.message_id, message.id)
                raise
        await self.store.show(starred.message_id, None, None)

    async def forget(self, guild: discord.Guild, starred: Starred) -> None:
        """Let go of a message that was deleted. Raises `DatabaseError`, and what Discord raises."""
        await self._take_away(guild, starred)
        await self.store.forget(starred.message_id)

    async def hide(self, board_message_id: int) -> None:
        """Show a message no more whose place on the board was deleted. Raises `DatabaseError`."""
        await self.store.hide(board_message_id)
        self._forget_place(self.shown.get(board_message_id, 0))

    def _message(self, guild: discord.Guild, starred: Starred) -> discord.PartialMessage | None:
        channel = guild.get_channel(starred.board_channel_id or 0)
        if starred.board_message_id is None or not isinstance(channel, discord.TextChannel):
            return None
        return channel.get_partial_message(starred.board_message_id)


async def _who_reacted(reaction: discord.Reaction) -> AsyncIterator[discord.Member | discord.User]:
    """Everybody who reacted like that, with super reactions, too."""
    async for user in reaction.users(limit=MOST_COUNTED):
        yield user
    if reaction.burst_count:
        async for user in reaction.users(limit=MOST_COUNTED, type=discord.ReactionType.burst):
            yield user

"""Counting the emoji of messages: in memory on the path of a message, and written every few seconds."""

import logging
from datetime import datetime, timedelta
from typing import Final

import discord

from cogs.utility.emoji.rules import used_in
from database.server_counts import ServerCountsStore
from utils.bot import CANNOT_SAY
from utils.cog import Cog
from utils.gathering import Batch, Writer
from utils.kept import Kept

log = logging.getLogger("hearth.utility")

ASKED_AGAIN_AFTER: Final = timedelta(minutes=10)
MOST_GUILDS: Final = 1_000


class EmojiCounts:
    """Gathers which emoji were used, and writes those that the server has: an id in a message may be anything."""

    def __init__(self, cog: Cog, store: ServerCountsStore) -> None:
        self.bot = cog.bot
        self.store = store
        # What is gathered for each "member" here is gathered for each emoji.
        self.writer: Writer[int] = Writer(cog, "Uses of emoji", int.__add__, self._write)
        self._known: Kept[tuple[datetime, frozenset[int]]] = Kept(MOST_GUILDS)

    def hear(self, message: discord.Message) -> None:
        """Count the emoji of a message, without I/O."""
        if message.guild is None or "<" not in message.content:
            return
        for emoji_id in used_in(message.content):
            self.writer.add(message.guild.id, emoji_id, 1)

    def know(self, guild_id: int, emoji_id: int) -> None:
        """Count an emoji that was just made, without asking for all of them again."""
        asked_at, known = self._known.get(guild_id) or (None, frozenset())
        if asked_at is not None:
            self._known.put(guild_id, (asked_at, known | {emoji_id}))

    async def _write(self, batch: Batch[int]) -> None:
        known = await self._emoji_of(batch.guild_id, set(batch.gains))
        uses = {emoji_id: count for emoji_id, count in batch.gains.items() if emoji_id in known}
        if uses:
            await self.store.add_emoji(batch.guild_id, batch.id, discord.utils.utcnow().date(), uses)

    async def _emoji_of(self, guild_id: int, wanted: set[int]) -> frozenset[int]:
        """The emoji that a server has, as Discord said lately; asked again for those that it hasn't told of."""
        now = discord.utils.utcnow()
        asked_at, known = self._known.get(guild_id) or (None, frozenset())
        if wanted <= known or (asked_at is not None and now - asked_at < ASKED_AGAIN_AFTER):
            return known
        guild = self.bot.get_guild(guild_id)
        if guild is None:
            return known
        try:
            known = frozenset(emoji.id for emoji in await guild.fetch_emojis())
        except CANNOT_SAY as error:
            log.info("The emoji of guild %d can't be read: %s", guild_id, error)
        self._known.put(guild_id, (now, known))
        return known

"""What messages say, kept for a day where a server logs edits or deletions: Discord doesn't say what was there.

Gathered on the message path without I/O, and written in batches.
"""

import asyncio
import logging
from datetime import timedelta
from typing import Final

import discord

from cogs.admin.serverlog.desk import Desk
from cogs.admin.serverlog.kinds import KEEPS_BODIES
from database.errors import DatabaseError
from database.server_log import Body, MessageBodiesStore
from utils.bot import Hearth
from utils.cog import Cog
from utils.formatting import clean_input
from utils.gathering import Batch, Writer

log = logging.getLogger("hearth.admin")

KEPT_FOR: Final = timedelta(hours=23)
"""With what the hour until the next look adds, a day at most."""
LOOK_EVERY: Final = timedelta(hours=1)
MOST_KEPT: Final = 100_000
"""Messages of one server."""
LONGEST_BODY: Final = 4_000
MOST_FILES: Final = 10


class Bodies:
    """What messages said."""

    def __init__(self, bot: Hearth, cog: Cog, desk: Desk) -> None:
        self.bot = bot
        self.desk = desk
        self.store = MessageBodiesStore(bot.db)
        self.writer: Writer[Body] = Writer(cog, "Bodies of messages", lambda before, after: after, self._write)

    def hear(self, message: discord.Message) -> None:
        """Keep what a message says, if its server wants that; no I/O."""
        guild = message.guild
        if guild is not None and self.desk.wants(guild.id, *KEEPS_BODIES):
            left_out = self.desk.ignores_member(message.author, guild.id)
            if not self.desk.ignores_channel(guild.id, message.channel):
                self.writer.add(guild.id, message.id, body_of(message, is_shown=not left_out))

    async def _write(self, batch: Batch[Body]) -> None:
        await self.store.keep(batch.guild_id, batch.gains)

    async def of(self, guild_id: int, message_ids: set[int]) -> dict[int, Body]:
        """What is known of messages; nothing while the database is away."""
        try:
            await self.writer.write(guild_id)
            return await self.store.get(guild_id, message_ids)
        except DatabaseError as error:
            log.warning("What messages of guild %d said isn't known: %s", guild_id, error)
            return {}

    async def note(self, guild_id: int, changed: dict[int, Body], gone: set[int]) -> None:
        """Keep what edited messages say now, and nothing of deleted ones."""
        try:
            await self.store.keep(guild_id, {one: body for one, body in changed.items() if one not in gone})
            await self.store.forget(gone)
        except DatabaseError as error:
            log.warning("What messages of guild %d say now isn't kept: %s", guild_id, error)

    async def forget_in_time(self) -> None:
        """For ever: forget what is a day old, and what is too much."""
        while True:
            try:
                await self.store.forget_before(discord.utils.utcnow() - KEPT_FOR)
                for guild in self.bot.guilds:
                    if self.desk.wants(guild.id, *KEEPS_BODIES):
                        await self.store.forget_beyond(guild.id, MOST_KEPT)
            except DatabaseError as error:
                log.warning("Old bodies of messages wait to be forgotten: %s", error)
            await asyncio.sleep(LOOK_EVERY.total_seconds())


def body_of(message: discord.Message, *, is_shown: bool = True) -> Body:
    """What a message says, also by what it forwards; of one that isn't shown, nothing but whose it is."""
    channel_id, author_id = message.channel.id, message.author.id
    if not is_shown:
        return Body(channel_id, author_id, is_shown=False, text="")
    sources: list[discord.Message | discord.MessageSnapshot] = [message, *message.message_snapshots]
    texts = [source.content for source in sources if source.content]
    if message.poll is not None:
        texts.append(message.poll.question)
    files = [f"{clean_input(one.filename)} ({size(one.size)})" for source in sources for one in source.attachments]
    files += [clean_input(sticker.name) for source in sources for sticker in source.stickers]
    text = clean_input("\n".join(texts))[:LONGEST_BODY]
    return Body(channel_id, author_id, is_shown=True, text=text, files=tuple(files[:MOST_FILES]))


def size(length: int) -> str:
    """A number of bytes as people read it."""
    kilobytes = length / 1024
    return f"{kilobytes:.0f} kB" if kilobytes < 1024 else f"{kilobytes / 1024:.1f} MB"

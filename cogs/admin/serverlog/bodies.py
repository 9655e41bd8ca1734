"""What messages say, kept for a day where a server logs edits or deletions: Discord doesn't say what was there.

Gathered on the message path without I/O, and written in batches. Of what is left out only that is kept: so it stays
left out when nobody has it in memory any more.
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

KEPT_FOR: Final = timedelta(hours=21)
"""With what the hours until the next look add, a day at most."""
LOOK_EVERY: Final = timedelta(hours=3)
TRIED_AGAIN_SECONDS: Final = 60.0
MOST_KEPT: Final = 100_000
"""Messages of one server."""
LONGEST_BODY: Final = 4_000
MOST_FILES: Final = 10
SOMEBODY: Final = 0
"""The author of a message of which nobody may know who wrote it, or nobody knows: it may be anybody's."""


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
        if guild is None or not self.desk.wants(guild.id, *KEEPS_BODIES):
            return
        if not self.desk.ignores_channel(guild.id, message.channel):
            is_command = self.desk.is_command(message)
            is_shown = not is_command and not self.desk.ignores_message(message, guild.id)
            self.writer.add(guild.id, message.id, body_of(message, is_shown=is_shown, is_secret=is_command))

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
            seconds = LOOK_EVERY.total_seconds()
            try:
                if self.bot.cluster.leads:
                    await self.store.forget_before(discord.utils.utcnow() - KEPT_FOR)
                for guild in self.bot.guilds:
                    if self.desk.wants(guild.id, *KEEPS_BODIES):
                        await self.store.forget_beyond(guild.id, MOST_KEPT)
            except DatabaseError as error:
                log.warning("Old bodies of messages wait to be forgotten: %s", error)
                seconds = TRIED_AGAIN_SECONDS
            await asyncio.sleep(seconds)


def body_of(message: discord.Message, *, is_shown: bool = True, is_secret: bool = False) -> Body:
    """What a message says, also by what it forwards; of one that isn't shown, nothing but whose it is.

    Of a secret one, such as a command that is deleted so that nobody sees who wrote it, not even that.
    """
    channel_id, author_id = message.channel.id, SOMEBODY if is_secret else message.author.id
    if not is_shown:
        return Body(channel_id, author_id, is_shown=False, text="")
    sources: list[discord.Message | discord.MessageSnapshot] = [message, *message.message_snapshots]
    texts = [source.content for source in sources if source.content]
    if message.poll is not None:
        texts.append(message.poll.question)
    if message.author.bot:  # what people write has only previews of links
        texts += [text for embed in message.embeds if embed.type == "rich" for text in texts_of(embed)]
    files = [f"{clean_input(one.filename)} ({size(one.size)})" for source in sources for one in source.attachments]
    files += [clean_input(sticker.name) for source in sources for sticker in source.stickers]
    text = clean_input("\n".join(texts))[:LONGEST_BODY]
    return Body(channel_id, author_id, is_shown=True, text=text, files=tuple(files[:MOST_FILES]))


def texts_of(embed: discord.Embed) -> list[str]:
    """What stands in an embed."""
    fields = [text for field in embed.fields for text in (field.name, field.value)]
    return [text for text in (embed.author.name, embed.title, embed.description, *fields, embed.footer.text) if text]


def size(length: int) -> str:
    """A number of bytes as people read it."""
    kilobytes = length / 1024
    return f"{kilobytes:.0f} kB" if kilobytes < 1024 else f"{kilobytes / 1024:.1f} MB"

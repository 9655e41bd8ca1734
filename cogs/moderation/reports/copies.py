"""What is kept of a reported message: it may be deleted, changed, or its pictures' links may end."""

import asyncio
import io
from collections.abc import Sequence
from typing import Final

import discord

from cogs.moderation.purge.cog import seen_of
from database.reports import MessageCopy
from utils.bot import CANNOT_SAY
from utils.formatting import clean_input

LARGEST_IMAGE: Final = 8 * 1024 * 1024
"""Bytes; below what every server takes for a file, 10 MiB."""
LARGEST_TOGETHER: Final = 20 * 1024 * 1024
"""Bytes; below what Discord takes in one request, 25 MiB."""
MOST_IMAGES: Final = 4
FETCH_SECONDS: Final = 10.0  # for all pictures of a message


def copy_of(message: discord.Message) -> MessageCopy:
    """What is written down of a message: its text, with what it forwards, asks or shows besides."""
    seen = seen_of(message)
    parts = [seen.text, *_poll(message), *(f"[{sticker.name}]" for sticker in message.stickers)]
    text = clean_input("\n".join(part for part in parts if part))
    files = tuple(clean_input(name) for name in seen.attachments)
    return MessageCopy(message.channel.id, message.id, message.created_at, text or None, files)


def _poll(message: discord.Message) -> list[str]:
    if message.poll is None:
        return []
    return [message.poll.question, *(f"- {answer.text}" for answer in message.poll.answers)]


async def images_of(message: discord.Message) -> list[discord.File]:
    """The small pictures of a message, to be sent again; hidden until somebody wants to see them.

    Those that Discord doesn't give any more are left out.
    """
    sources: list[discord.Message | discord.MessageSnapshot] = [message, *message.message_snapshots]
    attachments = [attachment for source in sources for attachment in source.attachments]
    wanted = worth_keeping([(one.content_type or "", one.size) for one in attachments])
    files = []
    try:
        async with asyncio.timeout(FETCH_SECONDS):
            for index in wanted:
                files += await _read(attachments[index])
    except TimeoutError:
        return files
    return files


async def _read(attachment: discord.Attachment) -> list[discord.File]:
    for cached in (False, True):  # the copy in Discord's cache outlives the message for a while
        try:
            content = await attachment.read(use_cached=cached)
        except CANNOT_SAY:
            continue
        return [discord.File(io.BytesIO(content), attachment.filename, spoiler=True)]
    return []


def worth_keeping(attachments: Sequence[tuple[str, int]]) -> list[int]:
    """Which attachments, by content type and size in bytes, are sent again: pictures that fit into one message."""
    together = 0
    kept: list[int] = []
    for index, (kind, size) in enumerate(attachments):
        fits = size <= LARGEST_IMAGE and together + size <= LARGEST_TOGETHER
        if kind.startswith("image/") and fits and len(kept) < MOST_IMAGES:
            kept.append(index)
            together += size
    return kept

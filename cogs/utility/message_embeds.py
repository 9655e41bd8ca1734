"""Somebody's message, shown elsewhere: quoted, kept as a bookmark, or on the starboard."""

import re
from collections.abc import Sequence
from typing import Any, Final

import discord

from utils import embeds
from utils.formatting import EMBED_AUTHOR_LIMIT, EMBED_FIELD_VALUE_LIMIT, safe, truncate
from utils.i18n import _

PICTURES: Final = ("image/png", "image/jpeg", "image/gif", "image/webp")
LONGEST_TEXT: Final = 3_500
"""Characters of a message's text: what an embed holds in all is 6,000."""
LONGEST_REPLIED: Final = 200
MOST_FILES: Final = 8
_SPOILER: Final = re.compile(r"\|\|.+?\|\|", re.DOTALL)


def message_embed(message: discord.Message, *, colour: discord.Colour | None = None) -> discord.Embed:
    """A message with its author, its text, its first picture, its other files and the way to it.

    What is hidden as a spoiler stays hidden. Of a forwarded message it is what was forwarded.
    """
    files, stickers = _files(message), _stickers(message)
    text = truncate(text_of(message), LONGEST_TEXT)
    embed = embeds.info(text or (None if files or stickers else _("*without text*")), colour=colour)
    embed.set_author(
        name=truncate(message.author.display_name, EMBED_AUTHOR_LIMIT), icon_url=message.author.display_avatar.url
    )
    embed.timestamp = message.created_at
    replied = message.reference.resolved if message.reference is not None else None
    if isinstance(replied, discord.Message):
        # Not made safe: then a spoiler would be seen.
        line = truncate(" ".join(text_of(replied).split()), LONGEST_REPLIED)
        value = f"**{safe(replied.author.display_name)}**: {line}"
        embed.add_field(name=_("In reply to"), value=truncate(value, EMBED_FIELD_VALUE_LIMIT), inline=False)
    picture = next(filter(_is_picture, files), None)
    address = picture.url if picture is not None else _other_picture(message)
    if address is not None:
        embed.set_image(url=address)
    names = [_file_line(message, file) for file in files if file is not picture] + stickers
    if names:
        more = ["…"] if len(names) > MOST_FILES else []
        value = truncate("\n".join([*names[:MOST_FILES], *more]), EMBED_FIELD_VALUE_LIMIT)
        embed.add_field(name=_("Files"), value=value, inline=False)
    link = _("[Go to the message]({url})").format(url=message.jump_url)
    embed.add_field(name="\u200b", value=link, inline=False)
    return embed


def text_of(message: discord.Message) -> str:
    """What a message says, in its own words, a forwarded one's, Discord's or those of its embed."""
    for one in _with_forwarded(message):
        if one.content:
            return one.content
    if message.is_system():
        return message.system_content or ""
    if message.poll is not None:
        return message.poll.question
    shown = next((embed for embed in message.embeds if embed.title or embed.description), None)
    if shown is None:
        return ""
    return "\n".join(filter(None, [shown.title and f"**{shown.title}**", shown.description]))


def _files(message: discord.Message) -> Sequence[discord.Attachment]:
    return next((one.attachments for one in _with_forwarded(message) if one.attachments), [])


def _with_forwarded(message: discord.Message) -> list[discord.Message | discord.MessageSnapshot]:
    return [message, *message.message_snapshots]


def _stickers(message: discord.Message) -> list[str]:
    return [_("Sticker “{name}”").format(name=safe(one.name)) for one in message.stickers]


def _is_picture(file: discord.Attachment) -> bool:
    return file.content_type in PICTURES and not file.is_spoiler()


def _other_picture(message: discord.Message) -> str | None:
    """The picture of a link or a sticker, but for links that are hidden as spoilers."""
    hidden = "\n".join(_SPOILER.findall(message.content))
    candidates: list[Any] = [
        one.thumbnail.url
        for one in message.embeds
        if one.type in {"image", "gifv"} and (one.url is None or one.url not in hidden)
    ]
    candidates += [one.url for one in message.stickers if one.format is not discord.StickerFormatType.lottie]
    return next(filter(None, candidates), None)


def _file_line(message: discord.Message, file: discord.Attachment) -> str:
    name = f"[{safe(truncate(file.filename, 60))}]({message.jump_url})"
    return f"||{name}||" if file.is_spoiler() else name

"""Somebody's message, shown elsewhere."""

from typing import Final

import discord

from utils import embeds
from utils.formatting import EMBED_AUTHOR_LIMIT, code, truncate
from utils.i18n import _, format_list

LONGEST_SHOWN: Final = 3_500
"""Characters of a message's text: the rest of a description is for the link and the names of files."""
MOST_FILES: Final = 5


def quoted(message: discord.Message) -> discord.Embed:
    """A message with its author, its text, its first picture and the way to it."""
    lines = [truncate(_text_of(message), LONGEST_SHOWN)]
    names = [code(truncate(file.filename, 60)) for file in message.attachments[:MOST_FILES]]
    if names:
        more = ["…"] if len(message.attachments) > MOST_FILES else []
        lines.append(_("Files: {names}").format(names=format_list([*names, *more])))
    lines.append(_("[Go to the message]({link})").format(link=message.jump_url))
    embed = embeds.info("\n\n".join(lines))
    embed.set_author(
        name=truncate(message.author.display_name, EMBED_AUTHOR_LIMIT), icon_url=message.author.display_avatar.url
    )
    if not isinstance(message.channel, discord.DMChannel | discord.PartialMessageable):
        embed.set_footer(text=f"#{message.channel}")
    embed.timestamp = message.created_at
    picture = next(filter(_is_picture, message.attachments), None)
    if picture is not None:
        embed.set_image(url=picture.url)
    return embed


def _text_of(message: discord.Message) -> str:
    if message.content:
        return message.content
    if message.is_system():
        return message.system_content or ""
    shown = next((embed for embed in message.embeds if embed.title or embed.description), None)
    if shown is not None:
        return "\n".join(filter(None, [shown.title and f"**{shown.title}**", shown.description]))
    return _("*without text*")


def _is_picture(file: discord.Attachment) -> bool:
    return (file.content_type or "").startswith("image/") and not file.is_spoiler()

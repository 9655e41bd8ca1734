"""Which messages may be shown on a board, and what they look like there."""

from typing import Final

import discord

from utils import embeds
from utils.formatting import EMBED_DESCRIPTION_LIMIT, safe, truncate
from utils.i18n import _, format_number

STAR_COLOUR: Final = discord.Colour(0xFFAC33)
PICTURES: Final = ("image/png", "image/jpeg", "image/gif", "image/webp")

Place = discord.TextChannel | discord.VoiceChannel | discord.StageChannel | discord.Thread
PLACES: Final = (discord.TextChannel, discord.VoiceChannel, discord.StageChannel, discord.Thread)


def is_ignored(channel: Place, ignored: tuple[int, ...]) -> bool:
    """Whether a channel, what it is a thread of, or its category is ignored."""
    places = [channel.id]
    parent = channel.parent if isinstance(channel, discord.Thread) else channel
    if parent is not None:
        places += [parent.id, parent.category_id or 0]
    return any(one in ignored for one in places)


def may_show(channel: Place, board: discord.TextChannel) -> bool:
    """Whether a board may show what stands in a channel: nobody reads there what they can't read in its place.

    What everybody can read may be shown anywhere, and on a board that not everybody can read, staff decided. From
    age-restricted channels nothing comes to a board that isn't.
    """
    if isinstance(channel, discord.Thread) and channel.is_private():
        return False
    if channel.is_nsfw() and not board.is_nsfw():
        return False
    everybody = channel.guild.default_role
    if channel.permissions_for(everybody).view_channel:
        return True
    return not board.permissions_for(everybody).view_channel


def head(emoji: str, stars: int, channel: Place) -> str:
    """The line above a message on the board."""
    return f"{emoji} **{format_number(stars)}** · {channel.mention}"


def shown(message: discord.Message) -> discord.Embed:
    """A message as it is shown on the board."""
    embed = embeds.info(truncate(message.content, EMBED_DESCRIPTION_LIMIT) or None, colour=STAR_COLOUR)
    embed.set_author(name=truncate(message.author.display_name, 256), icon_url=message.author.display_avatar.url)
    embed.timestamp = message.created_at
    resolved = message.reference.resolved if message.reference is not None else None
    if isinstance(resolved, discord.Message):
        value = f"**{safe(resolved.author.display_name)}**: {safe(truncate(resolved.content, 200))}"
        embed.add_field(name=_("In reply to"), value=truncate(value, 1_024), inline=False)
    others = []
    for file in message.attachments:
        if embed.image.url is None and file.content_type in PICTURES and not file.is_spoiler():
            embed.set_image(url=file.url)
        else:
            name = f"[{safe(truncate(file.filename, 80))}]({message.jump_url})"
            others.append(f"||{name}||" if file.is_spoiler() else name)
    if embed.image.url is None and (picture := _embedded_picture(message)) is not None:
        embed.set_image(url=picture)
    if others:
        embed.add_field(name=_("Files"), value=truncate("\n".join(others[:8]), 1_024), inline=False)
    link = _("[Go to the message]({url})").format(url=message.jump_url)
    embed.add_field(name="\u200b", value=link, inline=False)
    return embed


def _embedded_picture(message: discord.Message) -> str | None:
    for one in message.embeds:
        if one.type in {"image", "gifv"} and one.thumbnail.url is not None:
            return one.thumbnail.url
    return None

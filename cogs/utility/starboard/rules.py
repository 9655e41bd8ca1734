"""Which messages may be shown on a board, and what they look like there."""

from typing import Final

import discord

from cogs.utility.message_embeds import message_embed
from utils.i18n import format_number

STAR_COLOUR: Final = discord.Colour(0xFFAC33)

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
    return message_embed(message, colour=STAR_COLOUR)

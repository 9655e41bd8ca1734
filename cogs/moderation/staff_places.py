"""Where only staff reads: there, and nowhere else, stands what is for staff alone."""

from typing import TYPE_CHECKING, Any

import discord

from cogs.moderation.channels.overwrites import current
from cogs.moderation.staff import is_staff_role

if TYPE_CHECKING:
    from utils.bot import Hearth


def others_read(bot: "Hearth", channel: Any, *, chosen: bool = False) -> bool:
    """Whether people who aren't staff can read a channel.

    Hiding it from @everyone isn't enough: where a role lets in whoever is verified, its members read it. Somebody who
    was let in by name, as into a ticket, counts, too, except where the channel was `chosen` for staff, as the log is.
    A private thread is as open as its channel, since anybody may be invited.
    """
    guild: discord.Guild | None = getattr(channel, "guild", None)
    place = channel.parent if isinstance(channel, discord.Thread) else channel
    if guild is None or place is None:  # direct messages, and threads of channels that nothing is known of
        return True
    for role in guild.roles:
        if role.is_bot_managed() or is_staff_role(bot, role):
            continue
        if place.permissions_for(role).view_channel:
            return True
    return not chosen and _lets_in_by_name(guild, place)


def _lets_in_by_name(guild: discord.Guild, place: Any) -> bool:
    view = discord.Permissions(view_channel=True).value
    known = {guild.me.id, guild.owner_id}
    return any(
        bits.allow & view and id_ not in known and guild.get_role(id_) is None for id_, bits in current(place).items()
    )

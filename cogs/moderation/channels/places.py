"""Channels and threads as something is done to them: how they are now, and who may."""

import discord

from cogs.moderation.actions import audit_text
from cogs.moderation.refusals import REFUSALS
from database.moderation import Case
from utils.errors import UserError
from utils.i18n import _, format_list
from utils.permissions import permission_names

Place = discord.abc.GuildChannel | discord.Thread


async def place_now(guild: discord.Guild, channel_id: int) -> Place | None:
    """A channel or thread as it is now, archived ones too; None if it was deleted.

    What is in memory may be older than what a lock of a moment ago has set.
    """
    try:
        return await guild.fetch_channel(channel_id)
    except discord.NotFound:
        return None
    except REFUSALS:
        return guild.get_channel_or_thread(channel_id)


def check_rights(channel: Place, moderator: discord.Member | None, *, own: str = "manage_roles") -> None:
    """Raise UserError, naming the permission, unless moderator and bot may change this one channel.

    None stands for a moderator to whom a rule of the server allows it, and for nobody.
    `own` is what the bot needs; in a thread it is Manage Threads for both.
    """
    is_thread = isinstance(channel, discord.Thread)
    needed = "manage_threads" if is_thread else "manage_channels"
    if moderator is not None and not getattr(channel.permissions_for(moderator), needed):
        raise UserError(_("You need {permission} there.").format(permission=permission_names([needed])[0]))
    may = channel.permissions_for(channel.guild.me)
    missing = [name for name in ("view_channel", needed if is_thread else own) if not getattr(may, name)]
    if missing:
        raise UserError(_("I need {permissions} there.").format(permissions=format_list(permission_names(missing))))


def audit(case: Case) -> str:
    """What stands in Discord's audit log."""
    return audit_text(case.moderator_name, case.reason)

"""Where somebody may have the bot write, and whom that may notify: no more than they could by themselves."""

from typing import Any, Final

import discord

from cogs.admin.saying.rules import Draft
from utils.errors import UserError
from utils.i18n import _
from utils.permissions import missing_in, permission_names

PLACES: Final = (discord.TextChannel, discord.Thread, discord.VoiceChannel, discord.StageChannel)
NEEDED: Final = ("view_channel", "send_messages")
"""Of who has the bot write, in that channel. Whether the command is theirs to use was asked where they called it."""
NEEDED_ELSEWHERE: Final = (*NEEDED, "manage_messages")
MOST_ROLES: Final = 100
"""Roles that Discord takes in a list of whom a message notifies."""


def check_place(
    member: discord.Member, channel: Any, draft: Draft, *, called_in: int, with_files: bool = False
) -> None:
    """Raise UserError unless both somebody and the bot may write this there; `called_in` is the command's channel."""
    if not isinstance(channel, PLACES):
        raise UserError(_("I can't write there: choose a text channel, a voice channel or a thread."))
    besides = (*(("embed_links",) if draft.embeds else ()), *(("attach_files",) if with_files else ()))
    needed = NEEDED if channel.id == called_in else NEEDED_ELSEWHERE
    if lacks := missing_in(channel, member, (*needed, *besides)):
        raise UserError(
            _("You need the permission {permission} in {channel} for this.").format(
                permission=permission_names(lacks[:1])[0], channel=channel.mention
            )
        )
    if lacks := missing_in(channel, channel.guild.me, ("view_channel", "send_messages", *besides)):
        raise UserError(
            _("I need the permission {permission} in {channel} for this.").format(
                permission=permission_names(lacks[:1])[0], channel=channel.mention
            )
        )


def mentions_of(member: discord.Member, channel: Any, text: str) -> discord.AllowedMentions:
    """Whom a text of somebody's may notify in a channel: whom they could notify there."""
    if channel.permissions_for(member).mention_everyone:
        return discord.AllowedMentions(everyone=True, users=True, roles=True, replied_user=False)
    roles = [role for role in channel.guild.roles if role.mentionable and role.mention in text]
    return discord.AllowedMentions(everyone=False, users=True, roles=roles[:MOST_ROLES], replied_user=False)

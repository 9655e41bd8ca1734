"""Permissions and role order: who may do what to whom, without a command at hand.

Rules come from Discord's documentation (topics/permissions): nobody acts on the owner, and only on members and roles
strictly below one's own highest role; equal positions are ordered by id, the older role being higher.
"""

from collections.abc import Iterable, Sequence
from typing import Any

import discord

from utils.i18n import N_, _, translate

PERMISSION_NAMES: dict[str, str] = {
    "add_reactions": N_("Add Reactions"),
    "administrator": N_("Administrator"),
    "attach_files": N_("Attach Files"),
    "ban_members": N_("Ban Members"),
    "change_nickname": N_("Change Nickname"),
    "connect": N_("Connect"),
    "create_expressions": N_("Create Expressions"),
    "create_instant_invite": N_("Create Invite"),
    "create_private_threads": N_("Create Private Threads"),
    "create_public_threads": N_("Create Public Threads"),
    "deafen_members": N_("Deafen Members"),
    "embed_links": N_("Embed Links"),
    "external_emojis": N_("Use External Emoji"),
    "kick_members": N_("Kick Members"),
    "manage_channels": N_("Manage Channels"),
    "manage_expressions": N_("Manage Expressions"),
    "manage_guild": N_("Manage Server"),
    "manage_messages": N_("Manage Messages"),
    "manage_nicknames": N_("Manage Nicknames"),
    "manage_roles": N_("Manage Roles"),
    "manage_threads": N_("Manage Threads"),
    "manage_webhooks": N_("Manage Webhooks"),
    "mention_everyone": N_("Mention Everyone"),
    "moderate_members": N_("Timeout Members"),
    "move_members": N_("Move Members"),
    "mute_members": N_("Mute Members"),
    "pin_messages": N_("Pin Messages"),
    "read_message_history": N_("Read Message History"),
    "send_messages": N_("Send Messages"),
    "send_messages_in_threads": N_("Send Messages in Threads"),
    "speak": N_("Speak"),
    "view_audit_log": N_("View Audit Log"),
    "view_channel": N_("View Channel"),
}
"""What Discord's own settings call each permission."""


def permission_names(permissions: Iterable[str]) -> list[str]:
    """The names people know, from discord.py's."""
    return [
        f"**{translate(PERMISSION_NAMES[name]) if name in PERMISSION_NAMES else name.replace('_', ' ').title()}**"
        for name in permissions
    ]


def missing_in(channel: Any, member: discord.Member, needed: Sequence[str]) -> list[str]:
    """The names of permissions that somebody hasn't in a channel; writing in a thread is one of its own."""
    names = {"send_messages": "send_messages_in_threads"} if isinstance(channel, discord.Thread) else {}
    permissions = channel.permissions_for(member)
    return [one for name in needed if not getattr(permissions, one := names.get(name, name))]


def outranks(member: discord.Member, other: discord.Member) -> bool:
    """Whether `member` may act on `other`: the owner on everybody, nobody on the owner, else by highest role."""
    if other.id in {other.guild.owner_id, member.id}:
        return False
    return member.id == member.guild.owner_id or member.top_role > other.top_role


def why_not_on(actor: discord.Member, target: discord.Member, *, actor_is_bot: bool) -> str | None:
    """The sentence that says which role is above which, or None when `actor` may act on `target`."""
    if outranks(actor, target):
        return None
    if target.id == target.guild.owner_id:
        return _("{target} owns this server; nobody can act on them.").format(target=target.mention)
    roles = {
        "target": target.mention, "theirs": target.top_role.mention, "own": actor.top_role.mention,
    }  # fmt: skip
    if actor_is_bot:
        return _(
            "I can't act on {target}: their role {theirs} is not below mine, {own}. "
            "Move my role up in Server Settings, Roles."
        ).format(**roles)
    return _("You can't act on {target}: their role {theirs} is not below yours, {own}.").format(**roles)


def why_not_role(actor: discord.Member, role: discord.Role, *, actor_is_bot: bool) -> str | None:
    """The sentence that says why `actor` can't give or take `role`, or None when they can."""
    if role.is_default() or role.managed:
        # As a mention, @everyone is shown with two @.
        name = "`@everyone`" if role.is_default() else role.mention
        return _("{role} can't be given or taken: Discord or an app manages it.").format(role=name)
    if actor.id == role.guild.owner_id or role < actor.top_role:
        return None
    roles = {"role": role.mention, "own": actor.top_role.mention}
    if actor_is_bot:
        return _(
            "I can't give or take {role}: it is not below my role, {own}. Move my role up in Server Settings, Roles."
        ).format(**roles)
    return _("You can't give or take {role}: it is not below your role, {own}.").format(**roles)

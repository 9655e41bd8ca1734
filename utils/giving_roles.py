"""Roles that are given away, for coins, levels or a press: which are powerful, and whether the bot can give one."""

from typing import TYPE_CHECKING, Final

import discord
from discord.ext import commands

from utils import checks
from utils.errors import UserError
from utils.i18n import _, format_list
from utils.permissions import permission_names, why_not_role

if TYPE_CHECKING:
    from utils.context import Context

POWERFUL: Final = discord.Permissions(
    administrator=True, ban_members=True, kick_members=True, manage_channels=True, manage_events=True,
    manage_expressions=True, manage_guild=True, manage_messages=True, manage_nicknames=True, manage_roles=True,
    manage_threads=True, manage_webhooks=True, mention_everyone=True, moderate_members=True, deafen_members=True,
    move_members=True, mute_members=True, view_audit_log=True,
)  # fmt: skip
"""What somebody could do harm with. A role with any of it is given away only if staff says so, and for that alone."""


def powers(role: discord.Role) -> int:
    """A role's powerful permissions, as bits."""
    return role.permissions.value & POWERFUL.value


def powers_of(guild: discord.Guild) -> dict[int, int]:
    """The powerful permissions of each role of a guild."""
    return {role.id: powers(role) for role in guild.roles}


def power_names(bits: int) -> list[str]:
    """discord.py's names of permissions."""
    return [name for name, on in discord.Permissions(bits) if on]


def powers_shown(bits: int) -> str:
    """Permissions, as they are listed in a sentence."""
    return format_list(permission_names(power_names(bits)))


async def agreed_powers(ctx: "Context", role: discord.Role, *, question: str, otherwise: str) -> int:
    """The powerful permissions that go with a role, if who asks may hand it out everywhere, and agrees to them.

    `question` has places for `{role}` and `{permissions}`; `otherwise` is what who doesn't agree reads. Raises
    `UserError` and what discord.py raises where permissions are missing.
    """
    assert ctx.guild is not None
    assert isinstance(ctx.author, discord.Member)
    # In one channel, Manage Roles means another permission.
    if not ctx.author.guild_permissions.manage_roles:
        raise commands.MissingPermissions(["manage_roles"])
    if not ctx.guild.me.guild_permissions.manage_roles:
        raise commands.BotMissingPermissions(["manage_roles"])
    checks.handling_role(ctx, role)
    bits = powers(role)
    if bits:
        if not await ctx.confirm(question.format(role=role.mention, permissions=powers_shown(bits))):
            raise UserError(otherwise)
        checks.handling_role(ctx, role)  # a minute later
    return bits


def why_not_give(guild: discord.Guild, role: discord.Role | None) -> str | None:
    """Why the bot can't give a role, in a sentence; None if it can."""
    if role is None:
        return _("This role was deleted.")
    if not guild.me.guild_permissions.manage_roles:
        permission = permission_names(["manage_roles"])[0]
        return _("I need the permission {permission} to give roles.").format(permission=permission)
    return why_not_role(guild.me, role, actor_is_bot=True)

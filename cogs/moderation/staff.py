"""Who is staff."""

from typing import TYPE_CHECKING

import discord

from cogs.moderation import settings

if TYPE_CHECKING:
    from utils.bot import Hearth

STAFF_PERMISSIONS = discord.Permissions(
    manage_guild=True, manage_channels=True, moderate_members=True, ban_members=True, kick_members=True
)
"""Who has one of these in the whole server is staff, whatever is set."""


def is_staff(bot: "Hearth", member: discord.Member) -> bool:
    """Whether somebody counts as staff: by a role that was set, or by the right to moderate."""
    roles = bot.guild_settings.get(member.guild.id, settings.MOD_ROLES)
    may = member.guild_permissions
    return any(role.id in roles for role in member.roles) or may.moderate_members or may.ban_members


def is_staff_role(bot: "Hearth", role: discord.Role) -> bool:
    """Whether a role's members are staff: they read what is for staff, and go on speaking in a locked channel."""
    if role.is_default() or role == role.guild.self_role:  # the bot is spoken for by itself
        return False
    chosen = bot.guild_settings.get(role.guild.id, settings.MOD_ROLES)
    return (
        role.id in chosen or bool(role.permissions.value & STAFF_PERMISSIONS.value) or role.permissions.administrator
    )

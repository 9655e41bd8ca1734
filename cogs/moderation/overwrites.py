"""A channel's overwrites as they are, and who has one that a lock has to look at.

discord.py's own objects know only the permissions that it has names for; what is to be put back exactly goes through
the numbers that Discord sent.
"""

from typing import TYPE_CHECKING, Literal

import discord

from cogs.moderation import lock_rules, settings
from cogs.moderation.lock_rules import Bits, Who

if TYPE_CHECKING:
    from utils.bot import Hearth

ROLE: Literal[0] = 0  # Discord's types of overwrites
MEMBER: Literal[1] = 1
STAFF_PERMISSIONS = discord.Permissions(
    manage_guild=True, manage_channels=True, moderate_members=True, ban_members=True, kick_members=True
)
"""Who has one of these in the whole server is staff, whatever is set."""

_TALK = discord.Permissions(
    send_messages=True, send_messages_in_threads=True, create_public_threads=True, create_private_threads=True,
    add_reactions=True,
).value  # fmt: skip
_VOICE = discord.Permissions(connect=True, speak=True, send_messages=True, add_reactions=True).value
_WRITE = discord.Permissions(send_messages=True).value
_CONNECT = discord.Permissions(connect=True).value


def locked_bits(channel: discord.abc.GuildChannel) -> int:
    """What a lock takes away. The bot may deny only what it has itself, so says Discord."""
    bits = _VOICE if _is_voice(channel) else _TALK
    return bits & channel.guild.me.guild_permissions.value


def current(channel: discord.abc.GuildChannel) -> dict[int, Bits]:
    """All overwrites of a channel."""
    return {found.id: Bits(found.allow, found.deny) for found in channel._overwrites}


async def write(
    bot: "Hearth", channel: discord.abc.GuildChannel, target_id: int, bits: Bits | None, *, reason: str
) -> None:
    """Set one overwrite, or remove it. Raises discord.HTTPException."""
    if bits is None:
        await bot.http.delete_channel_permissions(channel.id, target_id, reason=reason)
        return
    kind: Literal[0, 1] = ROLE if channel.guild.get_role(target_id) is not None else MEMBER
    await bot.http.edit_channel_permissions(
        channel.id, target_id, str(bits.allow), str(bits.deny), kind, reason=reason
    )


def plan_lock(bot: "Hearth", channel: discord.abc.GuildChannel) -> dict[int, Bits]:
    """What a lock sets, in this order; nothing if nobody but staff could speak there anyway."""
    guild, now = channel.guild, current(channel)
    staff = {role.id for role in guild.roles if is_staff_role(bot, role)}
    others = [role for role in guild.roles if not (role.id in staff or role.is_default() or role.managed)]
    if not any(_may_speak(channel, role) for role in [guild.default_role, *others]):
        return {}

    def who(target: discord.Role | discord.Member) -> Who:
        return Who(target.id, now.get(target.id), channel.permissions_for(target).value)

    keepers = [guild.get_role(id_) for id_ in sorted(staff)]
    return lock_rules.plan(
        who(guild.default_role),
        # Administrators may everything anyway, the bot among them.
        [who(target) for target in [guild.me, *keepers] if target and not _is_admin(target)],
        [who(role) for role in others if role.id in now],
        locked_bits(channel),
    )


def is_staff_role(bot: "Hearth", role: discord.Role) -> bool:
    """Whether a role's members go on speaking in a locked channel."""
    if role.is_default() or role == role.guild.self_role:  # the bot is spoken for by itself
        return False
    chosen = bot.guild_settings.get(role.guild.id, settings.MOD_ROLES)
    return (
        role.id in chosen or bool(role.permissions.value & STAFF_PERMISSIONS.value) or role.permissions.administrator
    )


def _may_speak(channel: discord.abc.GuildChannel, role: discord.Role) -> bool:
    may = channel.permissions_for(role)
    return may.view_channel and bool(may.value & (_CONNECT if _is_voice(channel) else _WRITE))


def _is_admin(target: discord.Role | discord.Member) -> bool:
    permissions = target.permissions if isinstance(target, discord.Role) else target.guild_permissions
    return permissions.administrator


def _is_voice(channel: discord.abc.GuildChannel) -> bool:
    return isinstance(channel, discord.VoiceChannel | discord.StageChannel)

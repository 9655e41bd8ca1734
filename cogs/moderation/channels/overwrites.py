"""A channel's overwrites as they are, and who has one that a lock has to look at.

discord.py's own objects know only the permissions that it has names for; what is to be put back exactly goes through
the numbers that Discord sent.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

import discord

from cogs.moderation.channels import lock_rules
from cogs.moderation.channels.lock_rules import Bits, Who
from cogs.moderation.staff import is_staff_role

if TYPE_CHECKING:
    from utils.bot import Hearth

ROLE: Literal[0] = 0  # Discord's types of overwrites
MEMBER: Literal[1] = 1
MOST_PEOPLE: Final = 25
"""How many overwrites of people a lock changes in one channel: each is a call, and a lock has to be quick."""

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


def spoken_for(channel: discord.abc.GuildChannel) -> set[int]:
    """The ids of people whom an overwrite of their own lets speak there, be they here or gone; without the bot."""
    bits = locked_bits(channel)
    by_name = {found.id for found in channel._overwrites if found.is_member() and found.allow & bits}
    return by_name - {channel.guild.me.id}


@dataclass(frozen=True, slots=True)
class LockPlan:
    """What a lock sets, in this order; nothing if nobody but staff could speak there anyway."""

    overwrites: dict[int, Bits]
    speak_on: int = 0
    """How many people speak on by overwrites of their own, since there are too many of these."""


def plan_lock(
    bot: "Hearth", channel: discord.abc.GuildChannel, people: Mapping[int, discord.Member] | None
) -> LockPlan:
    """Plan a lock. `people` are the members among those `spoken_for`; None if nobody knows who they are."""
    guild, now = channel.guild, current(channel)
    staff = {role.id for role in guild.roles if is_staff_role(bot, role)}
    others = [role for role in guild.roles if not (role.id in staff or role.is_default() or role.is_bot_managed())]
    # Who is gone may come back; who is here comes first, since not all of very many are looked at.
    by_name = sorted(spoken_for(channel), key=lambda id_: (id_ not in (people or {}), id_))
    known = people or {}
    outsiders = [
        id_ for id_ in by_name if id_ not in known or not (known[id_].bot or keeps_speaking(bot, known[id_]))
    ]
    could: list[discord.Role | discord.Member] = [guild.default_role, *others]
    could += [known[id_] for id_ in outsiders if id_ in known]
    if not any(_may_speak(channel, one) for one in could):
        return LockPlan({})
    looked_at = [] if people is None else outsiders[:MOST_PEOPLE]

    def who(target: discord.Role | discord.Member) -> Who:
        return Who(target.id, now.get(target.id), channel.permissions_for(target).value)

    keepers = [guild.get_role(id_) for id_ in sorted(staff)]
    planned = lock_rules.plan(
        who(guild.default_role),
        # Administrators may everything anyway, the bot among them.
        [who(target) for target in [guild.me, *keepers] if target and not _is_admin(target)],
        [who(role) for role in others if role.id in now] + [Who(id_, now[id_], 0) for id_ in looked_at],
        locked_bits(channel),
    )
    return LockPlan(planned, len(outsiders) - len(looked_at))


def keeps_speaking(bot: "Hearth", member: discord.Member) -> bool:
    """Whether a member goes on speaking in a locked channel."""
    return member.id == member.guild.owner_id or any(is_staff_role(bot, role) for role in member.roles)


def _may_speak(channel: discord.abc.GuildChannel, target: discord.Role | discord.Member) -> bool:
    may = channel.permissions_for(target)
    return may.view_channel and bool(may.value & (_CONNECT if _is_voice(channel) else _WRITE))


def _is_admin(target: discord.Role | discord.Member) -> bool:
    permissions = target.permissions if isinstance(target, discord.Role) else target.guild_permissions
    return permissions.administrator


def _is_voice(channel: discord.abc.GuildChannel) -> bool:
    return isinstance(channel, discord.VoiceChannel | discord.StageChannel)

"""What is wrong in a server: found by each feature's cogs (`Cog.findings`), shown by `doctor`."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from enum import IntEnum

import discord

from utils.giving_roles import why_not_give
from utils.i18n import _, format_list
from utils.permissions import missing_in, permission_names
from utils.setting_types import WRITES


class Severity(IntEnum):
    """How bad it is; the worst is shown first."""

    HINT = 0
    """Nothing is broken, but it may not be what was meant."""
    WARNING = 1
    """Something works in part, or will break."""
    BROKEN = 2
    """Something that was set up doesn't work."""


@dataclass(frozen=True, slots=True)
class Repair:
    """What the bot can do about a finding.

    `does` says it in a few words, on a menu. `run` gets who wants it, and raises `UserError` or `HTTPException`. They
    need the `permissions` (discord.py's names), in all `channels` that it is about, else in the server.
    """

    does: str
    run: Callable[[discord.Member], Awaitable[None]]
    permissions: Sequence[str] = ("manage_guild",)
    channels: Sequence[discord.abc.GuildChannel] = ()

    def lacks(self, member: discord.Member) -> list[str]:
        """The permissions for it that somebody hasn't."""
        held = [channel.permissions_for(member) for channel in self.channels] or [member.guild_permissions]
        return [name for name in self.permissions if not all(getattr(one, name) for one in held)]


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is wrong, in sentences in the reader's language: what, and what to do about it."""

    problem: str
    advice: str
    severity: Severity = Severity.BROKEN
    repair: Repair | None = field(default=None, compare=False)


def channel_findings(
    guild: discord.Guild,
    channel_id: int | None,
    what_for: str,
    *,
    needs: Sequence[str] = WRITES,
    if_gone: str,
    repair_gone: Repair | None = None,
) -> list[Finding]:
    """What is wrong with a channel that the bot uses: it was deleted, or the bot lacks something there.

    `what_for` names the use, such as "the tickets of the panel Help"; `if_gone` advises where it was deleted. Nothing
    is wrong where no channel is named.
    """
    if channel_id is None:
        return []
    channel = guild.get_channel_or_thread(channel_id)
    if channel is None:
        problem = _("{what}: the channel (id {id}) was deleted, or I can't see it.").format(
            what=what_for, id=f"`{channel_id}`"
        )
        return [Finding(problem, if_gone, repair=repair_gone)]
    missing = missing_in(channel, guild.me, needs)
    if not missing:
        return []
    names = format_list(permission_names(missing))
    return [
        Finding(
            _("{what}: in {channel} I lack {permissions}.").format(
                what=what_for, channel=channel.mention, permissions=names
            ),
            _("Allow me {permissions} in the settings of {channel}.").format(
                channel=channel.mention, permissions=names
            ),
            repair=allow_myself(guild, [channel], missing),
        )
    ]


def role_findings(
    guild: discord.Guild, role_id: int | None, what_for: str, *, if_gone: str, repair_gone: Repair | None = None
) -> list[Finding]:
    """What is wrong with a role that the bot gives: it was deleted, or the bot can't give it.

    `what_for` names the use, such as "the reward for level 5"; `if_gone` advises where the role was deleted.
    """
    if role_id is None:
        return []
    role = guild.get_role(role_id)
    if role is None:
        problem = _("{what}: the role (id {id}) was deleted.").format(what=what_for, id=f"`{role_id}`")
        return [Finding(problem, if_gone, repair=repair_gone)]
    reason = why_not_give(guild, role)
    if reason is None:
        return []
    return [
        Finding(
            _("{what}: I can't give {role}.").format(
                what=what_for, role="`@everyone`" if role.is_default() else role.mention
            ),
            reason,
        )
    ]


def allow_myself(
    guild: discord.Guild, channels: Sequence[discord.abc.GuildChannel | discord.Thread], missing: Sequence[str]
) -> Repair | None:
    """Let the bot give itself permissions in channels, where Discord lets it: it must hold them in the server."""
    me = guild.me
    own = [channel for channel in channels if not isinstance(channel, discord.Thread) and _may_manage(channel)]
    if not own or not all(getattr(me.guild_permissions, name) for name in missing):
        return None

    async def allow(member: discord.Member) -> None:
        for channel in own:
            overwrite = channel.overwrites_for(me)
            overwrite.update(**dict.fromkeys(missing, True))
            await channel.set_permissions(me, overwrite=overwrite, reason=f"{member} ({member.id})")

    permissions = format_list([name.replace("*", "") for name in permission_names(missing)])
    if len(own) == 1:
        does = _("Allow me {permissions} in #{channel}").format(permissions=permissions, channel=own[0].name)
    else:
        does = _("Allow me {permissions} in {count} channels").format(permissions=permissions, count=len(own))
    return Repair(does, allow, ("manage_roles",), own)


def _may_manage(channel: discord.abc.GuildChannel) -> bool:
    here = channel.permissions_for(channel.guild.me)
    return here.manage_roles and here.view_channel

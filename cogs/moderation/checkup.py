"""What `doctor` finds in moderation: the jail, the role that reports notify, rules of automod that only watch."""

from collections.abc import Sequence
from typing import Final

import discord

from cogs.moderation.jail.actions import JAIL_ROLE
from cogs.moderation.settings import REPORT_PING
from database.automod import AutomodRule, AutomodStore
from database.moderation_channels import ChannelState, ChannelStatesStore
from utils.bot import Hearth
from utils.cog import Cog
from utils.findings import Finding, Repair, Severity
from utils.formatting import code, truncate
from utils.i18n import _, format_list, format_number, ngettext
from utils.permissions import permission_names

MOST_NAMED: Final = 8  # channels


class ModerationCheckup(Cog):
    """What is wrong with moderation."""

    def __init__(self, bot: Hearth) -> None:
        super().__init__(bot)
        self.automod = AutomodStore(bot.db)
        self.states = ChannelStatesStore(bot.db)

    async def findings(self, guild: discord.Guild) -> Sequence[Finding]:
        """All of it."""
        rules = await self.automod.of(guild.id)
        locked = await self.states.of_guild(guild.id, "lock")
        return [
            *self._jail_findings(guild), *self._ping(guild), *_only_watching(rules), *_stay_locked(guild, locked)
        ]  # fmt: skip

    def _ping(self, guild: discord.Guild) -> list[Finding]:
        ping = guild.get_role(self.bot.guild_settings.get(guild.id, REPORT_PING) or 0)
        if ping is None or ping.mentionable or guild.me.guild_permissions.mention_everyone:
            return []
        return [
            Finding(
                _("Reports don't notify {role}: it can't be mentioned.").format(role=ping.mention),
                _("Switch on “Allow anyone to @mention this role” in the role's settings."),
                Severity.WARNING,
                _make_mentionable(guild, ping),
            )
        ]

    def _jail_findings(self, guild: discord.Guild) -> list[Finding]:
        role = guild.get_role(self.bot.guild_settings.get(guild.id, JAIL_ROLE) or 0)
        if role is None:
            return []
        found = []
        if role.permissions.value & discord.Permissions.elevated().value:
            found.append(
                Finding(
                    _("The jail role {role} has rights of staff, so I jail nobody.").format(role=role.mention),
                    _("Take these rights from it, or choose another with `config set jail-role`."),
                )
            )
        seen = [channel for channel in guild.channels if _is_seen(channel, role)]
        meant = [channel for channel in seen if channel.overwrites_for(role).view_channel]
        others = [channel for channel in seen if channel not in meant]
        if len(seen) > 1 and others:
            found.append(_jail_sees(guild, role, others))
        elif not seen:
            found.append(
                Finding(
                    _("Who is jailed sees no channel: {role} sees none.").format(role=role.mention),
                    _("Let {role} see the channel where you talk to jailed people.").format(role=role.mention),
                    Severity.HINT,
                )
            )
        return found


def _is_seen(channel: discord.abc.GuildChannel, role: discord.Role) -> bool:
    """Whether people with only this role see a channel; categories show nothing by themselves."""
    if isinstance(channel, discord.CategoryChannel):
        return False
    return channel.permissions_for(role).view_channel


def _jail_sees(guild: discord.Guild, role: discord.Role, channels: Sequence[discord.abc.GuildChannel]) -> Finding:
    named = [channel.mention for channel in channels[:MOST_NAMED]]
    problem = ngettext(
        "Who is jailed still sees {count} other channel: {channels}.",
        "Who is jailed still sees {count} other channels: {channels}.",
        len(channels),
    ).format(
        count=format_number(len(channels)), channels=format_list([*named, *["…"] * (len(channels) > MOST_NAMED)])
    )
    advice = _("Deny {permission} to {role} in these channels or their categories.").format(
        permission=permission_names(["view_channel"])[0], role=role.mention
    )

    async def hide(member: discord.Member) -> None:
        for channel in channels:
            overwrite = channel.overwrites_for(role)
            overwrite.update(view_channel=False)
            await channel.set_permissions(role, overwrite=overwrite, reason=f"{member} ({member.id})")

    can = all(channel.permissions_for(guild.me).manage_roles for channel in channels)
    does = ngettext(
        "Hide {count} channel from jailed people", "Hide {count} channels from jailed people", len(channels)
    ).format(count=format_number(len(channels)))
    repair = Repair(does, hide, ("manage_roles",), channels) if can else None
    return Finding(problem, advice, Severity.BROKEN, repair)


def _make_mentionable(guild: discord.Guild, role: discord.Role) -> Repair | None:
    if not guild.me.guild_permissions.manage_roles or role >= guild.me.top_role:
        return None

    async def allow(member: discord.Member) -> None:
        await role.edit(mentionable=True, reason=f"{member} ({member.id})")

    return Repair(_("Let everybody mention {role}").format(role=truncate(role.name, 50)), allow, ("manage_roles",))


def _only_watching(rules: Sequence[AutomodRule]) -> list[Finding]:
    watching = [code(rule.name) for rule in rules if rule.mode == "observe"]
    if not watching:
        return []
    return [
        Finding(
            _("These rules of automod only watch: {rules}.").format(rules=format_list(watching[:MOST_NAMED])),
            _("`automod enable` lets one act, when what it found is right."),
            Severity.HINT,
        )
    ]


def _stay_locked(guild: discord.Guild, locked: Sequence[ChannelState]) -> list[Finding]:
    """Locked channels that the bot can't open again."""
    found = [guild.get_channel(state.channel_id) for state in locked]
    closed = [one for one in found if one is not None and not one.permissions_for(guild.me).manage_roles]
    if not closed:
        return []
    permission = permission_names(["manage_roles"])[0]
    values = {"channels": format_list([one.mention for one in closed[:MOST_NAMED]]), "permission": permission}
    return [
        Finding(
            _("I locked {channels} and can't unlock: I lack {permission} there.").format(**values),
            _("Give me {permission} there, which a channel's settings call “Manage Permissions”.").format(**values),
        )
    ]

"""What moderation says to `why` and `doctor`: removed messages, roles that it gave, and the jail."""

from collections.abc import Sequence
from datetime import timedelta

import discord

from cogs.moderation.jail.actions import JAIL_ROLE
from cogs.moderation.kinds import title_of
from cogs.moderation.pipeline import Pipeline
from cogs.moderation.purge.cog import KIND as PURGE
from cogs.moderation.settings import REPORT_PING
from database.moderation import Case, CaseFilter
from database.sanctions import JAIL, Sanction, SanctionsStore
from utils.cog import Cog
from utils.explanations import Explanation, RemovedMessageQuestion, RoleQuestion, explains
from utils.findings import Finding, Repair, Severity
from utils.formatting import safe, truncate
from utils.i18n import _, format_list, format_number, ngettext
from utils.permissions import permission_names
from utils.time import timestamp

LONGEST_REASON = 300  # characters
MOST_NAMED = 8  # channels
ROLE_KINDS = ("role-add", "role-temp", "role-remove")
DELETING_KINDS = ("ban", "softban", "massban")
BAN_DELETES_AT_MOST = timedelta(days=7)


class ModerationInsight(Cog):
    """What moderation did and why, and what is wrong with it."""

    def __init__(self, pipeline: Pipeline) -> None:
        super().__init__(pipeline.bot)
        self.cases = pipeline.cases
        self.sanctions = SanctionsStore(self.bot.db)

    # --- messages

    @explains(RemovedMessageQuestion)
    async def why_removed(self, question: RemovedMessageQuestion) -> list[Explanation]:
        """The purge that took it, or the ban with which its author's messages went."""
        removed = question.removed
        if removed is None:
            return await self._banned(question)
        if removed.by != PURGE:
            return []
        case = await self.cases.get(question.guild.id, int(removed.details.get("case", 0)))
        if case is None:
            return [Explanation(_("A moderator deleted it together with others."), decides=True)]
        asked = str(case.details.get("asked", ""))
        values = {**_values(case), "asked": f"`purge {asked}`".replace(" `", "`")}
        text = _("A moderator deleted it with others by {asked} {when} (case {number}).").format(**values)
        return [Explanation(_with_reason(text, case), decides=True)]

    async def _banned(self, question: RemovedMessageQuestion) -> list[Explanation]:
        """Bans that may have deleted it: Discord deletes up to seven days of messages with one."""
        if question.author_id is None:
            return []
        sent_at = discord.utils.snowflake_time(question.message_id)
        bans = CaseFilter(
            target_id=question.author_id, kinds=DELETING_KINDS, statuses=("done", "undone"), since=sent_at,
            until=sent_at + BAN_DELETES_AT_MOST,
        )  # fmt: skip
        found = await self.cases.find(question.guild.id, bans, limit=3)
        return [Explanation(self._of_ban(case)) for case in found]

    def _of_ban(self, case: Case) -> str:
        values = {**_values(case), "what": title_of(case.kind)}
        if case.kind == "softban":
            text = _("{what} {when} (case {number}): the latest messages of who is softbanned go with it.")
        else:
            text = _("{what} {when} (case {number}): messages of up to seven days may have gone with it.")
        return _with_reason(text.format(**values), case)

    # --- roles

    @explains(RoleQuestion)
    async def why_role(self, question: RoleQuestion) -> list[Explanation]:
        """Jail, roles for a time, and the latest case in which a moderator gave or took it."""
        guild, member, role = question.guild, question.member, question.role
        jail = next((one for one in await self.sanctions.of(guild.id, member.id) if one.kind == JAIL), None)
        found = [] if jail is None else await self._jail(question, jail)
        wanted = CaseFilter(target_id=member.id, kinds=ROLE_KINDS, statuses=("done",))
        for case in await self.cases.find(guild.id, wanted, limit=50):
            if case.details.get("role_id") == role.id:
                if (case.kind == "role-remove") != question.has:
                    found.append(_of_case(case))
                break
        if not found and question.has and role.id == self.bot.guild_settings.get(guild.id, JAIL_ROLE):
            found.append(Explanation(_("It is the role for jailed people, but they aren't in jail by me.")))
        return found

    async def _jail(self, question: RoleQuestion, jail: Sanction) -> list[Explanation]:
        """What jail has to do with a role: it is the one for that, or was taken with all the others."""
        case, role_id = await self.cases.get(question.guild.id, jail.number), question.role.id
        lost = () if case is None else case.state_before.get("roles", ())
        if question.has and role_id == jail.role_id:
            if jail.ends_at is None:
                text = _("They are in jail (case {number}): it is the role for that.")
            else:
                text = _("They are in jail until {until} (case {number}): it is the role for that.")
        elif not question.has and role_id in {int(one) for one in lost}:
            text = _("They are in jail (case {number}), and get their roles back after it.")
        else:
            return []
        until = "" if jail.ends_at is None else timestamp(jail.ends_at, "f")
        text = text.format(number=format_number(jail.number), until=until)
        return [Explanation(text if case is None else _with_reason(text, case), decides=True)]

    # --- what is wrong

    async def findings(self, guild: discord.Guild) -> Sequence[Finding]:
        """The jail, and the role that reports are to notify."""
        found = self._jail_findings(guild)
        ping = guild.get_role(self.bot.guild_settings.get(guild.id, REPORT_PING) or 0)
        if ping is not None and not (ping.mentionable or guild.me.guild_permissions.mention_everyone):
            found.append(
                Finding(
                    _("Reports don't notify {role}: it can't be mentioned.").format(role=ping.mention),
                    _("Switch on “Allow anyone to @mention this role” in the role's settings."),
                    Severity.WARNING,
                    _make_mentionable(guild, ping),
                )
            )
        return found

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


def _of_case(case: Case) -> Explanation:
    values = _values(case)
    if case.kind == "role-temp" and case.ends_at is not None:
        text = _("A moderator gave it {when}, until {until} (case {number}).")
        text = text.format(until=timestamp(case.ends_at, "f"), **values)
    elif case.kind == "role-remove":
        text = _("A moderator took it {when} (case {number}).").format(**values)
    else:
        text = _("A moderator gave it {when} (case {number}).").format(**values)
    return Explanation(_with_reason(text, case), decides=True)


def _values(case: Case) -> dict[str, str]:
    return {"when": timestamp(case.opened_at, "f"), "number": format_number(case.number)}


def _with_reason(text: str, case: Case) -> str:
    if not case.reason:
        return text
    return "\n".join([text, _("The reason: {reason}").format(reason=safe(truncate(case.reason, LONGEST_REASON)))])

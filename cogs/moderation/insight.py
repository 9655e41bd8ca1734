"""What moderation says to `why`: who is held back, removed messages, and roles that it gave and took."""

from datetime import timedelta

import discord

from cogs.moderation.jail.actions import JAIL_ROLE
from cogs.moderation.kinds import title_of
from cogs.moderation.pipeline import Pipeline
from cogs.moderation.purge.cog import KIND as PURGE
from database.moderation import Case, CaseFilter
from database.moderation_channels import ChannelStatesStore
from database.sanctions import JAIL, Sanction, SanctionsStore
from utils.cog import Cog
from utils.explanations import CommandQuestion, Explanation, RemovedMessageQuestion, RoleQuestion, explains
from utils.formatting import code, safe, truncate
from utils.i18n import _, format_number
from utils.time import timestamp

LONGEST_REASON = 300  # characters
MOST_NAMED = 8  # channels
ROLE_KINDS = ("role-add", "role-temp", "role-remove")
DELETING_KINDS = ("ban", "softban", "massban")
IN_THE_WAY = ("timeout", JAIL)
BAN_DELETES_AT_MOST = timedelta(days=7)


class ModerationInsight(Cog):
    """What moderation did and why."""

    def __init__(self, pipeline: Pipeline) -> None:
        super().__init__(pipeline.bot)
        self.cases = pipeline.cases
        self.sanctions = SanctionsStore(self.bot.db)
        self.states = ChannelStatesStore(self.bot.db)

    # --- commands

    @explains(CommandQuestion)
    async def why_not_command(self, question: CommandQuestion) -> list[Explanation]:
        """What moderation did to them or to the channel: it is behind permissions that they lack."""
        guild, member, channel = question.guild, question.member, question.channel
        found = []
        state = await self.states.get(guild.id, channel.id, "lock")
        if state is not None and not channel.permissions_for(member).send_messages:
            text = _("{channel} is locked (case {number}).").format(
                channel=channel.mention, number=format_number(state.number)
            )
            found.append(Explanation(await self._because(text, guild.id, state.number)))
        for one in await self.sanctions.of(guild.id, member.id):
            if one.kind in IN_THE_WAY:
                text = _("{what} is in force for {member} (case {number}).").format(
                    what=title_of(one.kind), member=member.mention, number=format_number(one.number)
                )
                found.append(Explanation(await self._because(text, guild.id, one.number)))
        return found

    async def _because(self, text: str, guild_id: int, number: int) -> str:
        case = await self.cases.get(guild_id, number)
        return text if case is None else _with_reason(text, case)

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
        if question.asker.guild_permissions.manage_messages:  # which words are looked for isn't everybody's business
            asked = code(f"purge {case.details.get('asked', '')}".strip())
            text = _("A moderator deleted it with others by {asked} {when} (case {number}).")
            text = text.format(asked=asked, **_values(case))
        else:
            text = _("A moderator deleted it with others {when} (case {number}).").format(**_values(case))
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

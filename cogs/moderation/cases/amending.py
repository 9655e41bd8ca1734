"""Changing what a case says: its reason, and when it ends. The log follows, and who did it is written down."""

from collections.abc import Sequence
from datetime import datetime

import discord

from cogs.moderation.actions import Target
from cogs.moderation.cases.words import no_such
from cogs.moderation.kinds import KINDS, title_of
from cogs.moderation.pipeline import Pipeline
from cogs.moderation.punishments import longest_timeout, renew_at
from cogs.moderation.refusals import REFUSALS, why_refused
from database.moderation import Case, Sanction
from database.moderation_channels import ChannelStatesStore
from utils.errors import HierarchyError, UserError
from utils.events import ChannelTimer
from utils.formatting import AUDIT_LOG_REASON_LIMIT, truncate
from utils.i18n import _, format_list, ngettext
from utils.members import get_member
from utils.permissions import permission_names, why_not_on

TIMEOUT = "timeout"
WARNING = "warn"
OF_CHANNELS = frozenset({"lock", "slowmode"})
WITH_LENGTH = frozenset({TIMEOUT, "ban", "jail", "role-temp"})
"""What of people lasts for as long as a moderator says; the rest waits for who left."""


class Amending:
    """Changes cases for moderators: their own, or any if they manage the server."""

    def __init__(self, pipeline: Pipeline) -> None:
        self.pipeline = pipeline
        self.bot = pipeline.bot
        self.cases = pipeline.cases
        self.sanctions = pipeline.sanctions
        self.channels = ChannelStatesStore(pipeline.bot.db)
        self.case_log = pipeline.case_log

    async def cases_of(self, guild: discord.Guild, numbers: Sequence[int], moderator: discord.Member) -> list[Case]:
        """The cases of these numbers, which the moderator may change. Raises UserError unless all are."""
        found = await self.cases.numbered(guild.id, numbers)
        missing = sorted(set(numbers) - {case.number for case in found})
        if missing:
            raise UserError(no_such(missing))
        others = [case for case in found if not may_change(case, moderator)]
        if others:
            named = format_list([f"**#{case.number}**" for case in others])
            sentence = ngettext(
                "Case {numbers} is another moderator's: you need {permission} to change it.",
                "Cases {numbers} are other moderators': you need {permission} to change them.",
                len(others),
            )
            (permission,) = permission_names(["manage_guild"])
            raise UserError(sentence.format(numbers=named, permission=permission))
        return found

    async def reason(self, cases: Sequence[Case], reason: str, moderator: discord.Member) -> None:
        """Give cases another reason: all of them, or none."""
        now = discord.utils.utcnow()
        async with self.bot.db.transaction():
            amended = [await self.cases.amend(case, {"reason": reason}, by=moderator.id, at=now) for case in cases]
        for case in amended:
            await self.case_log.show(case)

    async def end(self, case: Case, ends_at: datetime | None, moderator: discord.Member) -> Case:
        """Let a case end at another time, or never (None). Raises UserError if that can't be."""
        async with self.pipeline.lock(Target(moderator.guild, case.target_id or 0, case.target_name or "")):
            return await self._end(case, ends_at, moderator)

    async def _end(self, case: Case, ends_at: datetime | None, moderator: discord.Member) -> Case:
        if case.kind == WARNING:
            if case.status != "done":
                raise UserError(_("Case **#{number}** doesn't count, so it has no end.").format(number=case.number))
            return await self._written(case, ends_at, moderator)
        if case.kind in OF_CHANNELS:
            await self._check(case, moderator)
            await self._move_channels(case, ends_at)
            return await self._written(case, ends_at, moderator)
        sanction = await self._in_force(case)
        if case.kind == TIMEOUT and ends_at is None:
            raise UserError(_("A timeout has an end: write a length, like `28d`. For good there is `ban`."))
        await self._check(case, moderator)
        moved = await self._move(sanction, ends_at)
        if case.kind == TIMEOUT:
            assert ends_at is not None
            try:
                await self._time_out(case, ends_at, moderator)
            except REFUSALS as error:
                await self._move(moved, sanction.ends_at)
                raise UserError(why_refused(error)) from error
        return await self._written(case, ends_at, moderator)

    async def _written(self, case: Case, ends_at: datetime | None, moderator: discord.Member) -> Case:
        changes = {"ends_at": ends_at}
        amended = await self.cases.amend(case, changes, by=moderator.id, at=discord.utils.utcnow())
        await self.case_log.show(amended)
        return amended

    async def _in_force(self, case: Case) -> Sanction:
        for sanction in await self.sanctions.store.of(case.guild_id, case.target_id or 0):
            if sanction.number == case.number and sanction.kind in WITH_LENGTH:
                return sanction
        raise _over(case)

    async def _check(self, case: Case, moderator: discord.Member) -> None:
        """Who may not do it may not make it longer either."""
        kind = KINDS.get(case.kind)
        if kind and kind.invoker and not getattr(moderator.guild_permissions, kind.invoker):
            (name,) = permission_names([kind.invoker])
            raise UserError(_("You need {permission} for this.").format(permission=name))
        target = await get_member(moderator.guild, case.target_id) if case.target_id is not None else None
        if target is None:
            return
        reason = why_not_on(moderator, target, actor_is_bot=False)
        if reason is None and kind and kind.bot:
            reason = why_not_on(moderator.guild.me, target, actor_is_bot=True)
        if reason is not None:
            raise HierarchyError(reason)

    async def _move(self, sanction: Sanction, ends_at: datetime | None) -> Sanction:
        """Give what is in force another end and timer. Raises UserError if it ended meanwhile."""
        wake_at = ends_at
        if sanction.kind == TIMEOUT and ends_at is not None:
            wake_at = renew_at(ends_at, discord.utils.utcnow())
        moved = await self.sanctions.move_end(sanction, ends_at, wake_at=wake_at)
        if moved is None:
            raise UserError(_("It ended a moment ago."))
        return moved

    async def _move_channels(self, case: Case, ends_at: datetime | None) -> None:
        """Give the channels of a lock or slow mode another timer. Raises UserError if they were put back."""
        async with self.bot.db.transaction():
            old = {state.timer_id for state in await self.channels.of_case(case.guild_id, case.number)}
            timer_id = None
            if ends_at is not None:
                timer_id = await self.bot.timers.schedule(ChannelTimer, ends_at, guild_id=case.guild_id)
            if not await self.channels.set_timer(case.guild_id, case.number, timer_id):
                raise _over(case)
            for useless in old - {None}:
                assert useless is not None
                await self.bot.timers.cancel(useless)

    async def _time_out(self, case: Case, ends_at: datetime, moderator: discord.Member) -> None:
        """Change Discord's own end; who left is timed out again when they come back."""
        member = await get_member(moderator.guild, case.target_id or 0)
        if member is not None:
            until = longest_timeout(ends_at, discord.utils.utcnow())
            reason = truncate(f"{moderator}: #{case.number}", AUDIT_LOG_REASON_LIMIT)
            await member.timeout(until, reason=reason)


def _over(case: Case) -> UserError:
    return UserError(
        _("Nothing of case **#{number}** ({kind}) is in force any more whose end could change.").format(
            number=case.number, kind=title_of(case.kind)
        )
    )


def may_change(case: Case, moderator: discord.Member) -> bool:
    """Whether a moderator may change a case: their own, or any if they manage the server."""
    return case.moderator_id == moderator.id or moderator.guild_permissions.manage_guild

"""Banning many: call after call, each written down before the next, so that neither a crash nor Discord loses any."""

import logging
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from typing import Final

import discord

from cogs.moderation import telling
from cogs.moderation.actions import Target, audit_text
from cogs.moderation.bans import banned_among
from cogs.moderation.massban.rules import KIND, PART, Candidate, Plan, in_calls
from cogs.moderation.massban.settling import Settling
from cogs.moderation.pipeline import Pipeline
from cogs.moderation.punishments import Ban
from cogs.moderation.refusals import REFUSALS, why_refused
from cogs.moderation.unsettled import UnsettledError
from database.errors import DatabaseError
from database.moderation import Case, NewCase
from utils.formatting import truncate
from utils.i18n import _
from utils.members import get_members

log = logging.getLogger("hearth.moderation")

TELLS_UP_TO: Final = 10
"""People; Discord takes the bot for a spammer that writes to hundreds, so then nobody is told."""
LONGEST_ASKED: Final = 200  # characters of the command that the case keeps
NOBODY_BANNED: Final = 500_000  # Discord's code: not one of these
TOO_MANY_STRANGERS: Final = 30_035  # Discord's code: who isn't here is banned only so often a day
SECONDS_A_DAY: Final = 86_400


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be done, for whom, and where it was said."""

    moderator: discord.Member
    plan: Plan
    days: int
    asked: str
    channel_id: int
    message_id: int
    reason: str | None = None

    @property
    def guild(self) -> discord.Guild:
        return self.moderator.guild

    @property
    def audit_reason(self) -> str:
        """What stands in Discord's audit log."""
        return audit_text(str(self.moderator), self.reason)


@dataclass(slots=True)
class Outcome:
    """What came of it, so far."""

    case: Case
    banned: list[Candidate] = field(default_factory=list)
    failed: list[tuple[Candidate, str]] = field(default_factory=list)
    """With the sentence that says why."""
    unknown: list[Candidate] = field(default_factory=list)
    """Discord had trouble and doesn't even say whether they are banned; their cases wait for that."""
    stopped: str | None = None
    """Why the calls after that weren't made."""


Progress = Callable[[Outcome], Awaitable[None]]


class MassBans:
    """Carries them out."""

    def __init__(self, pipeline: Pipeline) -> None:
        self.pipeline = pipeline
        self.bot = pipeline.bot
        self.settling = Settling(pipeline.bot)

    async def carry_out(self, order: Order, progress: Progress) -> Outcome:
        """Write down, ban, settle. `progress` is told after each call. Raises DoneBeforeError,
        and UnsettledError if the database fails.

        What the outcome's case says is for its caller to log: they know who else was meant.
        """
        whole, parts = await self.open(order)
        outcome = Outcome(whole)
        try:
            await self._call_after_call(order, parts, outcome, progress)
            outcome.case = await self._end(outcome, len(parts))
        except DatabaseError as error:
            self.pipeline.unsettled.report(whole, error)
            sentence = _(
                "I couldn't write down what was done, and stopped: case {number} stays under way until I can."
            )
            raise UnsettledError(sentence.format(number=f"**{whole.number}**")) from error
        return outcome

    async def _call_after_call(
        self, order: Order, parts: Sequence[Case], outcome: Outcome, progress: Progress
    ) -> None:
        people = order.plan.chosen
        for places in in_calls(people):
            batch = [(people[place], parts[place]) for place in places]
            if outcome.stopped is None:
                await self._call(order, batch, outcome)
            else:
                await self._leave(batch, outcome)
            await progress(outcome)

    async def open(self, order: Order) -> tuple[Case, list[Case]]:
        """Write the case of them all and one for each person down as pending."""
        guild, people = order.guild, order.plan.chosen
        now, before = discord.utils.utcnow(), await self.settling.states_before(guild.id, people)

        def new(kind: str, target: Candidate | None) -> NewCase:
            return NewCase(
                guild_id=guild.id, kind=kind, source="command", moderator_id=order.moderator.id,
                moderator_name=str(order.moderator), reason=order.reason, opened_at=now,
                target_id=target.id if target else None, target_name=target.name if target else None,
                state_before=before[target.id] if target else {}, details=PART if target else self._details(order),
                channel_id=order.channel_id, message_id=order.message_id,
            )  # fmt: skip

        return await self.settling.open(new(KIND, None), [new(Ban.kind_key, one) for one in people])

    @staticmethod
    def _details(order: Order) -> dict[str, object]:
        return {
            "people": len(order.plan.chosen),
            "skipped": order.plan.counts(),
            "days": order.days,
            "asked": truncate(order.asked, LONGEST_ASKED),
        }

    async def _call(self, order: Order, batch: Sequence[tuple[Candidate, Case]], outcome: Outcome) -> None:
        """Ban as many as one call takes, and settle their cases."""
        parts = [part for _one, part in batch]
        ids = sorted(one.id for one, _part in batch)
        async with AsyncExitStack() as stack:
            for user_id in ids:  # in their order: else two who lock many might wait for each other
                await stack.enter_async_context(self.pipeline.lock(Target(order.guild, user_id, str(user_id))))
            told = await self._tell(order, parts) if len(order.plan.chosen) <= TELLS_UP_TO else []
            banned, whys = await self._ban(order, ids, outcome)
            if banned is None:
                outcome.unknown += [one for one, _part in batch]
                return
            await self.settling.settle(parts, banned, whys)
            for action in told:
                if action.target.id not in banned:
                    await telling.take_back(self.bot, action)
        outcome.banned += [one for one, _part in batch if one.id in banned]
        outcome.failed += [(one, whys[one.id]) for one, _part in batch if one.id not in banned]

    async def _ban(
        self, order: Order, ids: Sequence[int], outcome: Outcome
    ) -> tuple[set[int] | None, dict[int, str]]:
        """Whom this call banned, None if nobody knows; and why the others aren't banned by it."""
        try:
            answer = await order.guild.bulk_ban(
                [discord.Object(user_id) for user_id in ids], reason=order.audit_reason,
                delete_message_seconds=order.days * SECONDS_A_DAY,
            )  # fmt: skip
        except REFUSALS as error:
            code = error.code if isinstance(error, discord.HTTPException) else 0
            if code == NOBODY_BANNED:
                return await self._with_the_list(order, ids, set())
            outcome.stopped = why_refused(error)
            if code == TOO_MANY_STRANGERS:
                outcome.stopped = _("Discord lets me ban no more people today who aren't in the server.")
            log.warning("A ban of many in guild %d stops: %s", order.guild.id, error)
            return await self._after(error, order.guild, ids), dict.fromkeys(ids, outcome.stopped)
        return await self._with_the_list(order, ids, {user.id for user in answer.banned})

    @staticmethod
    async def _with_the_list(order: Order, ids: Sequence[int], banned: set[int]) -> tuple[set[int], dict[int, str]]:
        """The same, looked up in the list of bans if Discord says that some aren't banned.

        discord.py makes a call again that ended in an error, and whom the first one banned is none of those that the
        second one bans; but their ban has our reason.
        """
        others = set(ids) - banned
        try:
            listed = await banned_among(order.guild, others)
        except REFUSALS:
            listed = {}
        ours = {user_id for user_id, reason in listed.items() if _same(reason or "", order.audit_reason)}
        gone = _("Discord didn't ban them and doesn't say why: perhaps there is no such account any more.")
        faster = _("Somebody else banned them first.")
        return banned | ours, {user_id: faster if user_id in listed else gone for user_id in others - ours}

    @staticmethod
    async def _after(error: Exception, guild: discord.Guild, ids: Sequence[int]) -> set[int] | None:
        """Who of these is banned after an error: it may have come when some of them were. None if nobody knows."""
        try:
            return set(await banned_among(guild, ids))
        except REFUSALS:
            refused = isinstance(error, discord.HTTPException) and error.status < 500
            return set() if refused else None

    async def _leave(self, batch: Sequence[tuple[Candidate, Case]], outcome: Outcome) -> None:
        """Say of people that it didn't come to them."""
        stopped = outcome.stopped or ""
        why = _("It didn't come to this. {why}").format(why=stopped)
        whys = {one.id: why for one, _part in batch}
        await self.settling.settle([part for _one, part in batch], (), whys)
        outcome.failed += [(one, stopped) for one, _part in batch]

    async def _tell(self, order: Order, parts: Sequence[Case]) -> list[Ban]:
        """Tell those who are here, before the ban makes that impossible; who was told."""
        try:
            members = await get_members(order.guild, [part.target_id for part in parts if part.target_id is not None])
        except REFUSALS:
            return []
        told = []
        for part in parts:
            member = members.get(part.target_id or 0)
            if member is None:
                continue
            action = Ban(self.bot, Target.of(order.guild, member), order.reason)
            answer = await telling.tell(self.bot, action, part)
            if answer is not None:
                await self.pipeline.cases.was_told(part, answer)
            if answer == "sent":
                told.append(action)
        return told

    async def _end(self, outcome: Outcome, wanted: int) -> Case:
        """Settle the case of them all; it stays pending while some of its parts do."""
        case = outcome.case
        banned, failed = await self.settling.sum_up(case)
        if outcome.unknown:
            self.pipeline.unsettled.look_soon(case)
        else:
            failure = None
            if failed:
                why = outcome.stopped or outcome.failed[0][1]
                failure = _("Banned: {banned} of {wanted}. {why}").format(banned=banned, wanted=wanted, why=why)
            status = "done" if banned else "failed"
            await self.pipeline.cases.settle(case, status, discord.utils.utcnow(), failure=failure)
        return await self.pipeline.cases.get(case.guild_id, case.number) or case


def _same(reason: str, other: str) -> bool:
    """Whether two reasons say the same; Discord may trim one."""
    return reason.split() == other.split()

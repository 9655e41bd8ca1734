"""The way of every action: checks, case, message to the target, act, settle, log, news.

The case is written before the action, so that none is lost to a crash in between; what was left pending is looked
into at the next start (`recovery.py`).
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Protocol
from weakref import WeakValueDictionary

import discord

from cogs.moderation import rights, telling
from cogs.moderation.actions import Action, HalfDoneError, Target, audit_text
from cogs.moderation.cases.log import CaseLog
from cogs.moderation.kinds import KINDS, UNDO, performed_by
from cogs.moderation.questions import question_about
from cogs.moderation.refusals import (
    REFUSALS,
    ActionFailedError,
    DoneBeforeError,
    may_have_happened,
    why_refused,
)
from cogs.moderation.sanctions import Sanctions
from cogs.moderation.unsettled import Known, Unsettled
from database.errors import ConstraintViolated, DatabaseError
from database.moderation import Case, CasesStore, NewCase
from utils import events
from utils.commands import AnyCommand
from utils.context import Context
from utils.errors import UserError
from utils.events import ModAction
from utils.i18n import _
from utils.lookup import Channel
from utils.members import get_member
from utils.time import timestamp

if TYPE_CHECKING:
    from utils.bot import Hearth

log = logging.getLogger("hearth.moderation")


Ask = Callable[[str], Awaitable[bool]]
"""Puts a question to a moderator; whether they said yes."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Who wants it, and where from. `moderator` is None for the bot's own doing."""

    source: str
    """command, button, escalation, timer, client, automod."""
    moderator: discord.Member | None
    channel_id: int | None = None
    message_id: int | None = None
    parent: int | None = None
    command: AnyCommand | None = None
    """The command that was typed: a rule of the server may allow it."""

    @classmethod
    def of_command(cls, ctx: Context) -> "Origin":
        """Whoever typed a command, where they did."""
        assert isinstance(ctx.author, discord.Member)
        return cls("command", ctx.author, ctx.channel.id, ctx.message.id, command=ctx.command)


class Consequence(Protocol):
    """A rule by which one action leads to another."""

    async def foresee(self, action: Action) -> str | None:
        """The question for whoever is about to do it; None if it leads to nothing."""

    async def begin(self, action: Action, case: Case) -> Sequence[Case]:
        """Open the cases of what a case leads to, in the transaction that settles it: so no crash loses them."""

    async def follow(self, action: Action, begun: Case) -> str:
        """Do it, while nobody else acts on the target; what came of it. Doesn't raise for what Discord refuses."""


class Pipeline:
    """Does actions, each with a case of its own."""

    def __init__(self, bot: "Hearth") -> None:
        self.bot = bot
        self.cases = CasesStore(bot.db)
        self.sanctions = Sanctions(bot)
        self.case_log = CaseLog(bot, self.cases)
        self.unsettled = Unsettled(bot)
        self.consequences: list[Consequence] = []
        self.learn_first: list[Callable[[discord.Guild], Awaitable[None]]] = []
        """What to ask of Discord before a clock strikes: what others did meanwhile may have stopped it."""
        self.after_absence: list[Callable[[discord.Guild, datetime], Awaitable[None]]] = []
        """What to look at when the bot hears of a guild again, and since when it may have missed something."""
        self._locks: WeakValueDictionary[tuple[int, int], asyncio.Lock] = WeakValueDictionary()

    def lock(self, target: Target) -> asyncio.Lock:
        """Actions on one person happen one after the other, so that each sees what the one before did."""
        return self.lock_on(target.guild.id, target.id)

    def lock_on(self, guild_id: int, what_id: int) -> asyncio.Lock:
        """The same for a channel."""
        return self._locks.setdefault((guild_id, what_id), asyncio.Lock())

    # --- the whole way

    async def perform(self, action: Action, origin: Origin) -> Case:
        """Check, write down, tell, do, settle, log, publish. Returns the settled case.

        Raises UserError for what isn't allowed or possible, ActionFailedError if Discord refuses, and
        DoneBeforeError for a message that was handled before.
        """
        async with self.lock(action.target):
            await self.check(action, origin)
            return await self._carry_out(action, origin)

    async def perform_by_rule(self, action: Action, case: Case) -> Case:
        """Do what a rule of the guild asks for and has opened a case of. Its caller holds the target's lock.

        What the moderator may do themselves doesn't count. Raises ActionFailedError.
        """
        try:
            await self.check(action, Origin(case.source, None))
        except (*REFUSALS, UserError) as error:
            raise ActionFailedError(why_refused(error), await self.failed(case, why_refused(error))) from error
        return await self._act(action, case, audit_text(case.moderator_name, case.reason))

    async def _carry_out(self, action: Action, origin: Origin) -> Case:
        return await self._act(action, await self.open(action, origin), audit_reason(action, origin))

    async def _act(self, action: Action, case: Case, reason: str) -> Case:
        if action.tells == "before":
            case = await self._tell(action, case)
        try:
            await action.act(reason)
        except (*REFUSALS, HalfDoneError) as error:
            if not await _happened_anyway(action, case, error):
                failed = await self.failed(case, why_refused(error))
                if case.told == "sent" and not isinstance(error, HalfDoneError):
                    await telling.take_back(self.bot, action)
                raise ActionFailedError(why_refused(error), failed) from error
        with self.unsettled.settling(case):
            return await self.done(action, case)

    async def done(self, action: Action, case: Case) -> Case:
        """Settle a case whose action took effect: what is in force, the message, the log, the news."""
        begun: list[tuple[Consequence, Sequence[Case]]] = []
        async with self.bot.db.transaction():
            settled = await self.cases.settle(case, "done", discord.utils.utcnow())
            if settled is not None:
                await action.in_force(settled)
                begun = [(consequence, await consequence.begin(action, settled)) for consequence in self.consequences]
        if settled is None:
            return await self.cases.get(case.guild_id, case.number) or case  # somebody else was faster
        if action.tells == "after":
            settled = await self._tell(action, settled)
        await self.finish(settled)
        for consequence, next_cases in begun:
            for next_case in next_cases:
                action.outcomes.append(await consequence.follow(action, next_case))
        return settled

    async def failed(self, case: Case, why: str, *, file: discord.File | None = None) -> Case:
        """Settle a case whose action came to nothing, and show it in the log."""
        log.info("Case %d in guild %d failed: %s", case.number, case.guild_id, why)
        try:
            settled = await self.cases.settle(case, "failed", discord.utils.utcnow(), failure=why)
            case = settled or await self.cases.get(case.guild_id, case.number) or case
        except DatabaseError as error:  # why it failed is what people have to know
            self.unsettled.report(case, error, Known(why))
            return case
        await self.case_log.show(case, file=file)
        return case

    async def check(self, action: Action, origin: Origin) -> None:
        """Raise UserError unless both moderator and bot may do it."""
        # Undoing also asks for what the case did, which no rule about undoing lifts.
        as_asked = action.kind.invoker == KINDS[action.kind_key].invoker
        is_allowed = as_asked and self.is_allowed(origin, action.kind_key)
        await rights.check(action, origin.moderator, is_allowed=is_allowed)

    def is_allowed(self, origin: Origin, kind_key: str, channel: Channel | None = None) -> bool:
        """Whether a rule of the server lets the moderator do it, in a channel or where they typed the command."""
        command, moderator = origin.command, origin.moderator
        if command is None or moderator is None or kind_key not in performed_by(command):
            return False
        place = channel or moderator.guild.get_channel_or_thread(origin.channel_id or 0)
        return place is not None and self.bot.access.rules.verdict(moderator.guild, moderator, place, command) is True

    # --- the steps

    async def open(self, action: Action, origin: Origin) -> Case:
        """Write the case of an action down as pending. Raises DoneBeforeError."""
        moderator = origin.moderator or action.target.guild.me
        before, now = await action.state_before(), discord.utils.utcnow()
        action.count_from(now)
        return await self.write_down(
            NewCase(
                guild_id=action.target.guild.id, kind=action.kind_key, source=origin.source,
                moderator_id=moderator.id, moderator_name=str(moderator),
                target_id=action.target.id, target_name=action.target.name, reason=action.reason,
                opened_at=now, ends_at=action.ends_at, points=action.points,
                state_before=before, details=action.details,
                channel_id=origin.channel_id, message_id=origin.message_id, parent=origin.parent,
            )
        )  # fmt: skip

    async def write_down(self, new: NewCase) -> Case:
        """Open a case; joins the caller's transaction. Raises DoneBeforeError."""
        try:
            return await self.cases.open(new)
        except ConstraintViolated as error:
            raise DoneBeforeError from error

    async def refuse_repeated(
        self, guild_id: int, message_id: int | None, kind: str, target_id: int | None = None
    ) -> None:
        """Raise DoneBeforeError if a command's message has opened a case of this kind before."""
        if message_id is not None and await self.cases.by_message(guild_id, message_id, kind, target_id):
            raise DoneBeforeError

    async def _tell(self, action: Action, case: Case) -> Case:
        """Never raises: neither Discord's trouble with it nor the database's stops an action."""
        told = None
        try:
            told = await telling.tell(self.bot, action, case)
            if told is not None:
                await self.cases.was_told(case, told)
        except DatabaseError:
            log.warning("Whether case %d in guild %d was told is lost", case.number, case.guild_id, exc_info=True)
        return replace(case, told=told or case.told)

    async def finish(self, case: Case, *, file: discord.File | None = None, found_late: bool = False) -> None:
        """Show a settled case in the log, and tell the other features if it was done.

        One that was `found_late` is one of many, maybe: it waits in the log's list of what to show later.
        """
        if found_late:
            await self.case_log.show_later(case)
        else:
            await self.case_log.show(case, file=file)
        if case.kind == UNDO and case.parent is not None:
            undone = await self.cases.get(case.guild_id, case.parent)
            if undone is not None:
                await self.case_log.show(undone)
        if case.status != "done":
            return
        events.publish(self.bot, news_of(case))

    # --- for commands

    async def do(self, ctx: Context, action: Action) -> Case | None:
        """Do an action for a command and answer it; None if the moderator thought better of it."""
        case = await self.ask_and_do(action, Origin.of_command(ctx), ctx.confirm)
        if case is not None:
            await ctx.success(answer(action, case))
        return case

    async def ask_and_do(self, action: Action, origin: Origin, ask: Ask) -> Case | None:
        """Do an action, after the moderator has said yes to what there is to ask; None if they said no.

        Asks when the target is staff, or another moderator acted on them a moment ago, or the action asks something.
        """
        asked: str | None = None
        try:
            while isinstance(result := await self._unless_asked(action, origin, asked), str):
                # Nobody else waits for the answer, so what was true before it may have changed: look again.
                if not await ask(result):
                    return None
                asked, action.target = result, await action.target.looked_up()
                origin = await self.looked_up(origin)
        except DoneBeforeError:
            return None
        except REFUSALS as error:  # before there was a case
            raise UserError(why_refused(error)) from error
        return result

    async def looked_up(self, origin: Origin) -> Origin:
        """The same with the moderator as they are now: they may have lost roles while they thought."""
        assert origin.moderator is not None
        moderator = await get_member(origin.moderator.guild, origin.moderator.id)
        if moderator is None:
            raise UserError(_("You aren't in this server any more."))
        return replace(origin, moderator=moderator)

    async def _unless_asked(self, action: Action, origin: Origin, asked: str | None) -> Case | str:
        """Do it, or give the question that the moderator has to answer first and wasn't asked yet."""
        target, moderator = action.target, origin.moderator
        assert moderator is not None
        async with self.lock(target):
            await self.refuse_repeated(target.guild.id, origin.message_id, action.kind_key, target.id)
            await self.check(action, origin)
            question = await self._questions(action, moderator)
            if question is not None and question != asked:
                return question
            return await self._carry_out(action, origin)

    async def _questions(self, action: Action, moderator: discord.Member) -> str | None:
        questions = [await action.question(moderator), await question_about(self.bot, action, moderator)]
        questions += [await consequence.foresee(action) for consequence in self.consequences]
        return "\n\n".join(filter(None, questions)) or None


def news_of(case: Case) -> ModAction:
    """What the other features hear of a case that was done."""
    return ModAction(
        case.guild_id,
        case.number,
        case.kind,
        case.target_id,
        case.moderator_id,
        case.reason,
        case.source,
        case.parent,
    )


async def _happened_anyway(action: Action, case: Case, error: Exception) -> bool:
    """Whether it was done although no answer says so: the connection was lost, or Discord failed after it."""
    if isinstance(error, HalfDoneError) or not may_have_happened(error):
        return False
    try:
        action.target = await action.target.looked_up()
        return await action.took_effect(case) is True
    except REFUSALS:
        return False


def answer(action: Action, case: Case) -> str:
    """What the moderator reads: what was done, until when, under which number, and whether the target knows."""
    parts = [action.done_sentence()]
    if case.ends_at is not None and case.kind != "warn":
        parts.append(
            _("Until {when}, {relative}.").format(
                when=timestamp(case.ends_at, "f"), relative=timestamp(case.ends_at, "R")
            )
        )
    parts.append(_("Case {number}.").format(number=f"**{case.number}**"))
    if case.told == "closed":
        parts.append(_("They couldn't be told: their direct messages are closed."))
    elif action.telling_failed:
        parts.append(_("They weren't told: Discord has trouble at the moment."))
    return "\n\n".join([" ".join(parts), *action.outcomes])


def audit_reason(action: Action, origin: Origin) -> str:
    """What stands in Discord's audit log: who wanted it, and why."""
    who = str(origin.moderator) if origin.moderator is not None else origin.source
    return audit_text(who, action.reason)

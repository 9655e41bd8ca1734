"""Locking channels and unlocking them: what was there before is kept as a row before anything is changed."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

import discord

from cogs.moderation.channels import lock_rules, overwrites
from cogs.moderation.channels.places import Place, audit, check_rights, place_now
from cogs.moderation.channels.restoring import everyone_last, forget, restore
from cogs.moderation.pipeline import Origin, Pipeline
from cogs.moderation.refusals import REFUSALS, may_have_happened, why_refused
from database.moderation import Case, NewCase
from database.moderation_channels import ChannelState, ChannelStatesStore
from utils.bot import CANNOT_SAY
from utils.errors import UserError
from utils.events import ChannelTimer
from utils.formatting import safe, truncate
from utils.i18n import _, ngettext, using
from utils.members import get_members
from utils.time import timestamp

if TYPE_CHECKING:
    from utils.bot import Hearth

SHOWN_REASON = 500  # characters, before what could format is escaped: a message takes 2,000


class NeedlessError(UserError):
    """It is so already."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one channel: done, unless `refused` says why not. `note` is what to know besides."""

    channel_id: int
    refused: str | None = None
    note: str | None = None
    needless: bool = False
    """Whether it was refused since it is so already."""
    again: bool = False
    """Whether Discord refused, and may not the next time."""

    @property
    def mention(self) -> str:
        return f"<#{self.channel_id}>"


@dataclass(frozen=True, slots=True)
class Done:
    """What became of all of them, and the case of it; None if nothing was even tried."""

    case: Case | None
    outcomes: list[Outcome]

    @property
    def changed(self) -> list[Outcome]:
        return [outcome for outcome in self.outcomes if outcome.refused is None]

    @property
    def refused(self) -> list[Outcome]:
        return [outcome for outcome in self.outcomes if outcome.refused is not None]


class Locks:
    """Locks channels and unlocks them again, one case for all that are named together."""

    def __init__(self, bot: "Hearth", pipeline: Pipeline) -> None:
        self.bot = bot
        self.pipeline = pipeline
        self.store = ChannelStatesStore(bot.db)

    # --- locking

    async def lock(
        self,
        guild: discord.Guild,
        channels: list[Place],
        origin: Origin,
        *,
        reason: str | None,
        ends_at: datetime | None,
    ) -> Done:
        """Lock what can be locked; the outcomes name the others."""
        await self.pipeline.refuse_repeated(guild.id, origin.message_id, "lock")
        outcomes, planned = [], {}
        people = await _people_spoken_for(guild, channels)
        locked = {state.channel_id for state in await self.store.of_guild(guild.id, "lock")}
        for channel in channels:
            try:
                planned[channel] = self._plan(channel, origin, people, is_locked=channel.id in locked)
            except UserError as error:
                outcomes.append(_not_locked(channel, error))
        if not planned:
            return Done(None, outcomes)
        before = {str(channel.id): state.state_before for channel, (state, _note) in planned.items()}
        async with self.bot.db.transaction():
            case = await self._open("lock", guild, origin, reason=reason, before=before, ends_at=ends_at)
            timer_id = None
            if ends_at is not None:
                timer_id = await self.bot.timers.schedule(ChannelTimer, ends_at, guild_id=guild.id)
        for channel in planned:
            async with self.pipeline.lock_on(guild.id, channel.id):
                try:
                    # Anew, since many channels take a while, and what somebody changes meanwhile is to come back.
                    state, note = self._plan(channel, origin, people, is_locked=False)
                except UserError as error:
                    outcomes.append(_not_locked(channel, error))
                    continue
                outcome = await self._lock(channel, replace(state, number=case.number, timer_id=timer_id), case)
                outcomes.append(replace(outcome, note=note))
        done = Done(await self._settle(case, outcomes), outcomes)
        if timer_id is not None and not done.changed:
            await self.bot.timers.cancel(timer_id)
        return done

    def _plan(
        self,
        channel: Place,
        origin: Origin,
        people: Mapping[int, discord.Member] | None,
        *,
        is_locked: bool,
    ) -> tuple[ChannelState, str | None]:
        """What locking will change in a channel, and what to know. Raises UserError if it can't or needn't be."""
        is_allowed = self.pipeline.is_allowed(origin, "lock", channel)
        check_rights(channel, None if is_allowed else origin.moderator)
        if is_locked:
            raise NeedlessError(_("It is locked already."))
        if isinstance(channel, discord.Thread):
            if channel.locked:
                raise NeedlessError(_("It is locked already."))
            return ChannelState(channel.guild.id, channel.id, "lock", 0, {"locked": False}, {"locked": True}), None
        plan = overwrites.plan_lock(self.bot, channel, people)
        if not plan.overwrites:
            raise NeedlessError(_("Only staff can speak there anyway."))
        now = overwrites.current(channel)
        before = {target_id: now.get(target_id) for target_id in plan.overwrites}
        stored = lock_rules.as_stored(before), lock_rules.as_stored(plan.overwrites)
        return ChannelState(channel.guild.id, channel.id, "lock", 0, *stored), _speak_on(plan.speak_on)

    async def _lock(self, channel: Place, state: ChannelState, case: Case) -> Outcome:
        if not await self.store.add(state):
            return Outcome(channel.id, _("It is locked already."), needless=True)
        # Everyone's overwrite is the last: staff and the bot aren't out for a moment.
        is_thread = isinstance(channel, discord.Thread)
        after = {} if is_thread else lock_rules.from_stored(state.state_after)
        steps, done = everyone_last(after, channel.guild.id), 0
        try:
            if isinstance(channel, discord.Thread):
                await channel.edit(locked=True, reason=audit(case))
            else:
                for target_id, bits in steps:
                    await overwrites.write(self.bot, channel, target_id, bits, reason=audit(case))
                    done += 1
        except REFUSALS as error:
            if may_have_happened(error):
                done += 1
            if done:
                await self._take_back(channel, state, case, [target_id for target_id, _bits in steps[:done]])
            else:
                await self.store.remove(state)
            return Outcome(channel.id, why_refused(error))
        await self._notice(channel, case)
        return Outcome(channel.id)

    async def _take_back(self, channel: Place, state: ChannelState, case: Case, written: list[int]) -> None:
        """Undo a lock of which Discord took a part only. What can't be taken back now stays for `unlock`."""
        try:
            if isinstance(channel, discord.Thread):
                await channel.edit(locked=False, reason=audit(case))
            else:
                before = lock_rules.from_stored(state.state_before)
                for target_id in reversed(written):
                    with suppress(discord.NotFound):  # it wasn't written, after all
                        await overwrites.write(self.bot, channel, target_id, before[target_id], reason=audit(case))
        except REFUSALS:
            return
        await self.store.remove(state)

    # --- unlocking

    async def unlock(
        self, guild: discord.Guild, channel_ids: list[int], origin: Origin, *, reason: str | None = None
    ) -> Done:
        """Put back what was there before the locks; what somebody changed since stays, and the outcomes say so."""
        await self.pipeline.refuse_repeated(guild.id, origin.message_id, "unlock")
        outcomes, found = [], []
        for channel_id in channel_ids:
            state = await self.store.get(guild.id, channel_id, "lock")
            channel = guild.get_channel_or_thread(channel_id) or await place_now(guild, channel_id)
            try:
                if state is None:
                    raise NeedlessError(_("I haven't locked it."))
                if channel is not None:
                    is_allowed = self.pipeline.is_allowed(origin, "unlock", channel)
                    check_rights(channel, None if is_allowed else origin.moderator)
            except UserError as error:
                outcomes.append(Outcome(channel_id, str(error), again=not isinstance(error, NeedlessError)))
                continue
            found.append(state)
        if not found:
            return Done(None, outcomes)
        case = await self._open_unlock(guild, origin, reason, found)
        for state in found:
            async with self.pipeline.lock_on(guild.id, state.channel_id):
                channel, outcome = await self._try(guild, state, audit(case))
                outcomes.append(outcome)
                await self._after(channel, state, outcome, case)
        return Done(await self._settle(case, outcomes), outcomes)

    async def expire(self, guild: discord.Guild, states: list[ChannelState], *, is_last_try: bool) -> bool:
        """Unlock what was locked for a time; True if Discord refused something that is worth another try.

        The case comes after the deed, and only if there is something to tell: what is put back twice is the same.
        """
        tried: list[tuple[Place | None, ChannelState, Outcome]] = []
        for state in states:
            why = _("The lock of case {number} is over.").format(number=state.number)
            async with self.pipeline.lock_on(guild.id, state.channel_id):
                channel, outcome = await self._try(guild, state, why)
            tried.append((channel, state, outcome))
        outcomes = [outcome for _channel, _state, outcome in tried]
        again = any(outcome.again for outcome in outcomes)
        if is_last_try or any(outcome.refused is None for outcome in outcomes):
            origin = Origin("timer", None, parent=states[0].number)
            case = await self._open_unlock(guild, origin, None, states)
            for channel, state, outcome in tried:
                await self._after(channel, state, outcome, case)
            await self._settle(case, outcomes)
        return again

    async def _try(self, guild: discord.Guild, state: ChannelState, reason: str) -> tuple[Place | None, Outcome]:
        """Put a channel back; which one it is now, and what became of it. Its caller holds the channel's lock."""
        channel = await place_now(guild, state.channel_id)
        try:
            if channel is not None:
                check_rights(channel, None)
            note = None if channel is None else await restore(self.bot, channel, state, reason)
        except (*REFUSALS, UserError) as error:
            return channel, Outcome(state.channel_id, why_refused(error), again=True)
        return channel, Outcome(state.channel_id, note=note)

    async def _after(self, channel: Place | None, state: ChannelState, outcome: Outcome, case: Case) -> None:
        if outcome.refused is not None:
            return
        await forget(self.bot, state)
        if channel is not None:
            await self._notice(channel, case)

    # --- cases

    async def _open_unlock(
        self, guild: discord.Guild, origin: Origin, reason: str | None, states: list[ChannelState]
    ) -> Case:
        locked = {str(state.channel_id): state.state_after for state in states}
        locks = sorted({state.number for state in states})
        return await self._open("unlock", guild, origin, reason=reason, before=locked, locks=locks)

    async def _open(
        self, kind: str, guild: discord.Guild, origin: Origin, *, reason: str | None, before: dict[str, Any],
        ends_at: datetime | None = None, locks: Sequence[int] = (),
    ) -> Case:  # fmt: skip
        moderator = origin.moderator or guild.me
        return await self.pipeline.write_down(
            NewCase(
                guild_id=guild.id, kind=kind, source=origin.source, moderator_id=moderator.id,
                moderator_name=str(moderator), reason=reason, opened_at=discord.utils.utcnow(), ends_at=ends_at,
                state_before={"channels": before, "locks": list(locks)},
                details={"channels": [int(key) for key in before]},
                channel_id=origin.channel_id, message_id=origin.message_id, parent=origin.parent,
            )
        )  # fmt: skip

    async def _settle(self, case: Case, outcomes: list[Outcome]) -> Case:
        refused = [outcome for outcome in outcomes if outcome.refused is not None]
        failure = "\n".join(f"{outcome.mention}: {outcome.refused}" for outcome in refused) or None
        if failure is not None and len(refused) == len(outcomes):
            return await self.pipeline.failed(case, failure)
        with self.pipeline.unsettled.settling(case):
            settled = await self.pipeline.cases.settle(case, "done", discord.utils.utcnow(), failure=failure)
        await self.pipeline.finish(settled or case)
        return settled or case

    async def _notice(self, channel: Place, case: Case) -> None:
        """Say in the channel what happened to it; where the moderator wrote, the answer does that."""
        if channel.id == case.channel_id or not isinstance(channel, discord.TextChannel | discord.Thread):
            return
        with using(self.bot.language_of(channel.guild)):
            text = notice(case)
        try:
            await channel.send(text)
        except CANNOT_SAY:
            return


def _not_locked(channel: Place, error: UserError) -> Outcome:
    return Outcome(channel.id, str(error), needless=isinstance(error, NeedlessError))


def notice(case: Case) -> str:
    """What members read in a channel that is locked or open again."""
    if case.kind == "unlock":
        return "🔓 " + _("This channel is open again.")
    parts = [_("This channel is locked for now.")]
    if case.ends_at is not None:
        parts = [_("This channel is locked; it opens {relative}.").format(relative=timestamp(case.ends_at, "R"))]
    if case.reason:
        parts.append(_("Reason: {reason}").format(reason=safe(truncate(case.reason, SHOWN_REASON))))
    return "🔒 " + " ".join(parts)


async def _people_spoken_for(guild: discord.Guild, channels: list[Place]) -> dict[int, discord.Member] | None:
    """The members whom overwrites of their own let speak in channels; None if Discord doesn't say who they are."""
    wanted = {id_ for one in channels if not isinstance(one, discord.Thread) for id_ in overwrites.spoken_for(one)}
    try:
        return await get_members(guild, wanted)
    except TimeoutError:
        return None


def _speak_on(count: int) -> str | None:
    if count == 0:
        return None
    return ngettext(
        "{count} person can still speak there, by permissions of their own.",
        "{count} people can still speak there, by permissions of their own.",
        count,
    ).format(count=count)

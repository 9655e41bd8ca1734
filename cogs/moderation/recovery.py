"""Cases that were never settled, because the bot was ended between writing them down and the end of the action.

Discord is asked whether the action took effect; the case then says so, or says that it came to nothing.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta

import discord

from cogs.moderation.actions import Action, Target
from cogs.moderation.pipeline import Pipeline
from cogs.moderation.refusals import REFUSALS
from cogs.moderation.unsettled import Known
from database.errors import DatabaseError
from database.moderation import Case
from utils.bot import Hearth
from utils.cog import Cog, StartingCog
from utils.i18n import _, using

log = logging.getLogger("hearth.moderation")

LOOK_EVERY = timedelta(hours=6)
TRY_AGAIN_AFTER = (timedelta(seconds=10), timedelta(minutes=1), timedelta(minutes=10), timedelta(hours=1))
"""How long after each try a case is looked at again that the database didn't let settle."""
SURELY_OVER = timedelta(hours=1)
"""No action takes longer, so a case that is pending after this time was left by an error, such as the database's."""


AFTERMATHS: dict[str, Callable[[Hearth, discord.Guild, Case], Awaitable[bool]]] = {}
"""Whether what was done to no person took effect, by the kind of its case; it may be finished or taken back there.

What belongs to such a case, and is pending as well, is settled there, too: hundreds at once.
"""


class Recovery(StartingCog):
    """Settles what was left behind: at the start, when a guild comes back, and every few hours."""

    def __init__(self, bot: Hearth, pipeline: Pipeline) -> None:
        super().__init__(bot)
        self.pipeline = pipeline
        self._one_at_a_time = asyncio.Lock()
        pipeline.unsettled.listeners.append(self._look_soon)

    @Cog.listener()
    async def on_guild_available(self, _guild: discord.Guild) -> None:
        """Settle what waited for a guild that Discord had an outage of. At the start it is heard for each guild."""
        if self.has_begun:
            await self.settle_old_cases(self.bot.started_at)

    @Cog.listener()
    async def on_guild_join(self, _guild: discord.Guild) -> None:
        """Settle what waited for a guild that the bot was removed from."""
        if self.has_begun:
            await self.settle_old_cases(self.bot.started_at)

    async def from_the_start_on(self) -> None:
        await self.settle_old_cases(self.bot.started_at)
        while True:
            await asyncio.sleep(LOOK_EVERY.total_seconds())
            await self.settle_old_cases(discord.utils.utcnow() - SURELY_OVER)

    def _look_soon(self, case: Case, known: Known | None) -> None:
        """Try again with a case that couldn't be settled: what it put in force has no clock until then."""
        self.spawn(self._try_again(case, known))

    async def _try_again(self, case: Case, known: Known | None) -> None:
        for pause in TRY_AGAIN_AFTER:
            await asyncio.sleep(pause.total_seconds())
            try:
                async with self._one_at_a_time:
                    now = await self.pipeline.cases.get(case.guild_id, case.number)
                    if now is None or now.status != "pending":
                        return
                    if known is None or known.failure is None:
                        await self._settle(now, known_done=known is not None)
                        continue
                    if now.kind in AFTERMATHS and (guild := self.bot.get_guild(now.guild_id)) is not None:
                        await AFTERMATHS[now.kind](self.bot, guild, now)  # for what is left of it
                    settled = await self.pipeline.cases.settle(
                        now, "failed", discord.utils.utcnow(), failure=known.failure
                    )
                    await self.pipeline.case_log.show(settled or now)
            except DatabaseError:
                log.info("Case %d in guild %d waits for the database", case.number, case.guild_id)

    async def settle_old_cases(self, opened_before: datetime) -> None:
        """Settle each pending case from before a moment; those that can't be looked into wait for the next time."""
        async with self._one_at_a_time:
            try:
                for case in left_alone(await self.pipeline.cases.pending(discord.utils.utcnow())):
                    # What another process had in its hands when this one took the guild over is in nobody's.
                    taken_at = self.bot.cluster.taken_at(case.guild_id)
                    if case.opened_at < max(opened_before, taken_at or opened_before):
                        await self._settle(case)
            except DatabaseError:
                log.warning("Pending cases wait for the database", exc_info=True)

    async def _settle(self, case: Case, *, known_done: bool = False) -> None:
        guild = self.bot.get_guild(case.guild_id)
        if guild is None or guild.unavailable or await self._comes_again(case):
            return
        target = Target(guild, case.target_id or 0, case.target_name or str(case.target_id))
        with using(self.bot.language_of(guild)):
            async with self.pipeline.lock(target):
                try:
                    await self._look_into(target, case, known_done=known_done)
                except REFUSALS as error:
                    log.warning("Case %d in guild %d stays pending: %s", case.number, case.guild_id, error)
                except DatabaseError:
                    raise
                except Exception as error:  # noqa: BLE001 - one case must not leave all others pending
                    self.bot.error_reports.add(error, f"settling case {case.number} in guild {case.guild_id}")

    async def _look_into(self, target: Target, case: Case, *, known_done: bool) -> None:
        kind = Action.by_kind.get(case.kind)
        action: Action | None = None
        done: bool | None = known_done or None
        if kind is not None and case.target_id is not None:  # else nobody is meant, or the kind is known no more
            action = await kind.of_case(self.bot, await target.looked_up(), case)
            done = done or await action.took_effect(case)
            if not done and action.needs_member and action.target.member is None:
                done = None  # they left, and took with them what could tell
        elif not done and case.kind in AFTERMATHS:
            done = await AFTERMATHS[case.kind](self.bot, target.guild, case)
        if action is not None and done:
            await self.pipeline.done(action, case)
        elif done:
            settled = await self.pipeline.cases.settle(case, "done", discord.utils.utcnow())
            await self.pipeline.finish(settled or case)
        elif done is None:
            sentence = _("I was stopped before I could write down whether this was done; please look yourself.")
            await self.pipeline.failed(case, sentence)
        else:
            await self.pipeline.failed(case, _("I was stopped before this was done."))

    async def _comes_again(self, case: Case) -> bool:
        """Whether it is the end of something whose timer will try again."""
        if case.source != "timer" or case.target_id is None:
            return False
        in_force = await self.pipeline.sanctions.store.of(case.guild_id, case.target_id)
        return any(sanction.number == case.parent and sanction.timer_id is not None for sanction in in_force)


def left_alone(pending: Sequence[Case]) -> list[Case]:
    """Those that no other one is settled with."""
    whole = {(case.guild_id, case.number) for case in pending if case.kind in AFTERMATHS}
    return [case for case in pending if (case.guild_id, case.parent) not in whole]

"""The town's clock: it follows the real one, and can be put ahead of it."""

import asyncio
import logging
import math
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from babel.dates import LOCALTZ
from simcord import Env

from database.errors import DatabaseError
from playground import shapes
from playground.errors import Refused
from playground.life import Life
from playground.memory import Memory
from playground.simulation.adapter import forget_history, watch
from playground.simulation.wire import Call, Go
from utils.time import LONGEST, TimeError, parse_moment

log = logging.getLogger("hearth.playground")

FIRST_SLICE_SECONDS = 60.0
SHORTEST_SLICE_SECONDS = 1.0
SLICE_TAKES_SECONDS = (0.02, 0.08)
"""Real ones. A slice that took less is followed by a longer one, and by a shorter one if it took more: between two
slices, people come to their turn."""
LONGER, SHORTER = 4.0, 0.5
TELLS_EVERY_SECONDS = 0.25
"""Real ones: how often the pages hear of a clock that travels. Each time they look at everything anew."""
TRAVELS_FROM = timedelta(seconds=2)
"""How far behind the clock is said to travel; up to there it is only late by a tick or by a slow command."""
JUST_AFTER = timedelta(milliseconds=10)
"""Past a due moment, so that nothing is left of it by rounding."""
NEXT = "next"

TICK_SECONDS = 0.25  # how late a reminder may come; a tick in which nothing is due costs under a millisecond
KEPT_RECORDS = 2_000  # of what simcord writes down about each call and event


def real_now() -> datetime:
    """The real time: the one thing here that isn't simulated."""
    return datetime.now(UTC)


class TownClock:
    """Moves the town's clock along with the real one, as far ahead of it as `memory` says.

    Time passes in slices, each of them in its `turn`, so that one sees things happen in their order and can still
    act. The clock never goes back: if the real one is set back, it waits.
    """

    def __init__(
        self,
        env: Env,
        life: Life,
        memory: Memory,
        turn: asyncio.Lock,
        *,
        now: Callable[[], datetime] = real_now,
        tell: Callable[[shapes.Toast], None] = lambda toast: None,
        changed: Callable[[], None] = lambda: None,
    ) -> None:
        """`now` is the real time. `tell` hears what people should know; `changed` that `state` is another."""
        self.env = env
        self.turn = turn
        self._life = life
        self._memory = memory
        self._now = now
        self._tell = tell
        self._changed = changed
        self._travelling = False
        self._told_at = 0.0
        self._busy = False
        self._moving = asyncio.Lock()
        self._next_due: datetime | None = None
        self._next_due_is_stale = True
        watch(env, lambda _name, _payload: self._something_happened())
        life.arounds.append(self._around)
        life.on_started(lambda _bot, _db: self._something_happened())

    # --- what it shows

    def now(self) -> datetime:
        """The town's time, with what passed since the last tick."""
        return self.env.now() if self._travelling else max(self.env.now(), self._goal())

    def state(self) -> shapes.Clock:
        """What the page shows."""
        now = self.now()
        return shapes.Clock(
            now=_milliseconds(now),
            ahead_seconds=(now - self._now() if self._travelling else self._memory.ahead).total_seconds(),
            next_timer=None if self._next_due is None else _milliseconds(self._next_due),
            travelling=self._travelling,
        )

    # --- going on

    async def run(self) -> None:
        """Tick until cancelled."""
        while True:
            await asyncio.sleep(TICK_SECONDS)
            try:
                await self.tick()
            except Exception:  # whatever it is, a town without time would be worse
                log.exception("The town's clock missed a tick")

    async def tick(self) -> None:
        """Catch up with the real clock."""
        await self._arrive()
        async with self.turn:
            await self._life.notice_end()
            if self._next_due_is_stale:
                await self._look_for_next_due()

    # --- going ahead

    async def skip(self, seconds: float) -> shapes.Clock:
        """Let time pass, and come back when it has; or before, while the bot is busy: then it goes on by itself.

        Raises Refused for no time, and for more than ten years ahead of the real clock.
        """
        if not math.isfinite(seconds) or seconds <= 0:
            raise Refused("The town's clock only goes forward.")
        if seconds > (LONGEST - self._memory.ahead).total_seconds():
            raise Refused("The town can be ten years ahead of the real clock at most; --fresh brings it back.")
        before = self._memory.ahead
        self._memory.ahead += timedelta(seconds=seconds)
        try:
            # First: what the bot stores on the way must not lie in the future of a town that starts again.
            self._memory.save()
        except OSError as error:
            self._memory.ahead = before
            raise Refused(f"The town's time can't be kept: {error.strerror}.") from error
        await self._arrive()
        async with self.turn:
            await self._look_for_next_due()
        self._changed()
        return self.state()

    async def skip_until(self, text: str) -> shapes.Clock:
        """Let time pass until a moment in words, or until the bot's `next` timer. Raises Refused for any other."""
        moment = await self._when_next() if text.strip().lower() == NEXT else self._read(text)
        return await self.skip((moment - self._goal()).total_seconds())

    async def _when_next(self) -> datetime:
        async with self.turn:
            await self._look_for_next_due()
        if self._next_due is None:
            dead = self._life.bot is None
            raise Refused("The bot doesn't run." if dead else "Nothing of the bot is due at any time.")
        return max(self._next_due, self._goal()) + JUST_AFTER

    def _read(self, text: str) -> datetime:
        try:
            return parse_moment(text, self._goal(), LOCALTZ)
        except TimeError as error:
            raise Refused(
                f"'{text[:60]}' is no moment of the next ten years. "
                "Write it like 'tomorrow 9:00', 'in 3 weeks' or '2027-03-01'."
            ) from error

    # --- moving

    def _goal(self) -> datetime:
        """Where the clock should be now."""
        return self._now() + self._memory.ahead

    async def _arrive(self) -> None:
        """Bring the clock to where it should be, unless the bot is busy."""
        async with self._moving:
            goal = self._goal()
            length = FIRST_SLICE_SECONDS
            while (behind := goal - self.env.now()) > timedelta():
                self._travels(behind > TRAVELS_FROM)
                started = time.perf_counter()
                if not await self._pass(min(behind.total_seconds(), length)):
                    return
                length = _next_length(length, time.perf_counter() - started)
            self._travels(False)

    async def _pass(self, seconds: float) -> bool:
        """Let so much time pass; False if the bot is too busy to let all of it."""
        async with self.turn:
            forget_history(self.env, keep=KEPT_RECORDS)
            try:
                await self.env.advance_time(seconds)
            except TimeoutError as late:
                self._say_that_it_is_busy(late)
                return False
        self._busy = False
        return True

    def _travels(self, travelling: bool) -> None:
        now = time.perf_counter()
        on_the_way = travelling and self._travelling
        if travelling != self._travelling or (on_the_way and now - self._told_at > TELLS_EVERY_SECONDS):
            self._travelling = travelling
            self._told_at = now
            self._changed()

    def _say_that_it_is_busy(self, late: TimeoutError) -> None:
        log.warning("The bot is busy, and the town's clock waits for it: %s", late)
        if not self._busy:
            self._busy = True
            self._tell(
                shapes.Toast(
                    kind="info", title="The bot is busy", text="The town's clock waits for it.", detail=str(late)
                )
            )

    # --- what is due

    def _something_happened(self) -> None:
        self._next_due_is_stale = True

    async def _around(self, _call: Call, go: Go) -> Any:
        try:
            return await go()
        finally:
            self._something_happened()

    async def _look_for_next_due(self) -> None:
        """Ask the bot what it will do next. In its turn: a bot that is killed meanwhile has no database any more."""
        self._next_due_is_stale = False
        bot, found = self._life.bot, None
        if bot is not None and not bot.is_closed():
            try:
                with self.env.time_context():
                    found = await bot.timers.next_due()
            except DatabaseError as error:
                log.warning("What is due next can't be read: %s", error)
        if found != self._next_due:
            self._next_due = found
            self._changed()


def _next_length(length: float, took: float) -> float:
    """How much time shall pass in the next slice, after one that took so many real seconds."""
    quick, slow = SLICE_TAKES_SECONDS
    if took < quick:
        return length * LONGER
    return max(length * SHORTER, SHORTEST_SLICE_SECONDS) if took > slow else length


def _milliseconds(moment: datetime) -> int:
    return round(moment.timestamp() * 1000)

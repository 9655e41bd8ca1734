"""Work for later that survives a restart.

A timer is a row. One task sleeps until the nearest due time, hands the row out under a lease and dispatches its
event; the row goes only when the handler calls `done`. So a crash between any two steps delays the work and never
loses it, and a handler may hear the same timer twice.
"""

import asyncio
import contextlib
import contextvars
import logging
from collections.abc import Awaitable, Callable, Coroutine
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, TypeVar

import discord

from database.errors import DatabaseError
from database.timers import Backlog, TimerRow, TimersStore
from utils.events import CATALOGUE, TimerEvent, name_of, publish

if TYPE_CHECKING:
    from utils.bot import Hearth

log = logging.getLogger("hearth.timers")

Event = TypeVar("Event", bound=TimerEvent)

LEASE = timedelta(minutes=1)
LONGEST_LEASE = timedelta(hours=1)
LONGEST_SLEEP = timedelta(days=1)
LONGEST_SLEEP_OF_SEVERAL = timedelta(seconds=30)
"""Another process may have added a timer for this one, and its word of it may have been lost."""
TOPIC = "timers"
AFTER_DATABASE_TROUBLE = timedelta(seconds=5)
AFTER_OUR_BUG = timedelta(minutes=1)
EXPECTED_FOR = timedelta(seconds=10)  # how long past its due time an uncommitted row is looked for
BATCH = 100  # rows handed out before the event loop gets a breath

GONE_GUILD_KEPT = timedelta(days=30)
"""How long after its due time a timer waits for a guild that the bot is not in any more."""
GONE_GUILD_LOOK = timedelta(hours=6)
"""How often such a timer is looked at. Joining the guild again releases its timers at once."""


class InHand:
    """The timers that a handler is at work on.

    It may take longer than a lease, while Discord is slow or many wait for their turn; then a timer is heard again,
    which must not begin the same work beside. Of `at_once` timers at most the work goes on together.
    """

    def __init__(self, at_once: int | None = None) -> None:
        self._timer_ids: set[int] = set()
        self._turns = contextlib.nullcontext() if at_once is None else asyncio.Semaphore(at_once)

    def __contains__(self, timer_id: int) -> bool:
        return timer_id in self._timer_ids

    async def handle(self, event: Event, work: Callable[[Event], Awaitable[None]]) -> None:
        """Do the work of a timer, unless it is being done. Raises what the work does."""
        if event.timer_id in self._timer_ids:
            return
        self._timer_ids.add(event.timer_id)
        try:
            async with self._turns:
                await work(event)
        finally:
            self._timer_ids.discard(event.timer_id)


class Timers:
    """Schedules events and dispatches them when they are due."""

    def __init__(self, bot: "Hearth", store: TimersStore) -> None:
        self.bot = bot
        self.store = store
        self.hearers: list[Callable[[TimerEvent], None]] = []
        """Told of each timer that is handed out; plain functions that do no I/O and don't raise."""
        self._task: asyncio.Task[None] | None = None
        self._context: contextvars.Context | None = None
        self._sleeping = False
        self._look_again = False
        # Due times of rows that a transaction may not have committed yet when the task looks at the table.
        self._expected: set[datetime] = set()
        bot.bus.listen(TOPIC, self._hear)

    # --- for features

    async def schedule(
        self,
        event: type[TimerEvent],
        due_at: datetime,
        *,
        guild_id: int | None = None,
        user_id: int | None = None,
        payload: dict[str, Any] | None = None,
        near_guild_id: int | None = None,
    ) -> int:
        """Dispatch `event` at `due_at` (aware); returns the timer's id. Joins the caller's transaction.

        One with a `guild_id` waits until the guild is there; one that only has a `near_guild_id` comes all the same,
        in the process that would have that guild. Others come in the process that leads.
        """
        timer_id = await self.store.add(
            name_of(event), due_at, guild_id=guild_id, user_id=user_id, payload=payload or {},
            near_guild_id=near_guild_id,
        )  # fmt: skip
        if self.bot.cluster.owns(guild_id or near_guild_id):
            self._expect(due_at)
        else:
            await self.bot.bus.send(TOPIC, {"due_at": due_at.timestamp()})
        return timer_id

    async def cancel(self, timer_id: int) -> bool:
        """Forget a timer; False when it was done already."""
        return await self.store.remove(timer_id)

    async def reschedule(self, timer_id: int, due_at: datetime) -> bool:
        """Move a timer, also one that is being handled, to another time; False when it was done already."""
        moved = await self.store.move(timer_id, due_at)
        self._expect(due_at)
        return moved

    async def done(self, event: TimerEvent) -> None:
        """Say that the work of a timer is finished."""
        await self.store.remove(event.timer_id)

    async def next_due(self) -> datetime | None:
        """When something is due next, of what a loaded feature listens for; None if nothing is.

        What failed is due again when it is tried again. Raises DatabaseError.
        """
        names = self._heard_names()
        return await self.store.next_due(discord.utils.utcnow(), names, self.bot.cluster.timers) if names else None

    async def backlog(self) -> Backlog:
        """How many wait, and how many that a loaded feature hears could be handed out now. Raises DatabaseError."""
        return await self.store.backlog(discord.utils.utcnow(), self._heard_names())

    # --- life cycle

    def start(self) -> None:
        """Begin to hand out what is due."""
        # Timers run in no command's language or log context, whoever wakes them.
        self._context = contextvars.copy_context()
        self._task = self._spawn(self._run())

    async def stop(self) -> None:
        """Hand out nothing more."""
        task, self._task = self._task, None
        if task is None:
            return
        if self._sleeping or not self.bot.is_ready():
            task.cancel()
        # Else it ends by itself after the row in its hands: cut off there, that row would wait for its lease.
        await asyncio.gather(task, return_exceptions=True)

    def wake(self) -> None:
        """Look again now: something became due earlier, or a listener appeared."""
        if self._task is None:
            return
        if self._sleeping:
            self._task.cancel()
            self._sleeping = False
            self._task = self._spawn(self._run())
        else:
            # It is at work; cancelling it there could leave a leased row undelivered.
            self._look_again = True

    async def _hear(self, news: dict[str, Any]) -> None:
        """Another process added a timer that may be this one's, and may not have committed it yet."""
        self._expect(datetime.fromtimestamp(news["due_at"], UTC))

    def _expect(self, due_at: datetime) -> None:
        self._expected.add(due_at)
        self.wake()

    def _spawn(self, coroutine: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        assert self._context is not None
        return self._context.copy().run(asyncio.get_running_loop().create_task, coroutine, name="timers")

    # --- the task

    async def _run(self) -> None:
        await self.bot.wait_until_ready()
        while self._task is not None:
            self._look_again = False
            try:
                await self.bot.cluster.end_leases(self.store)
                pause = await self._hand_out_due()
            except DatabaseError:
                log.warning("Timers wait for the database", exc_info=True)
                pause = AFTER_DATABASE_TROUBLE
            except Exception as error:  # noqa: BLE001 - without this task nobody is reminded of anything again
                self.bot.error_reports.add(error, "the timers")
                pause = AFTER_OUR_BUG
            if self._look_again or self._task is None:
                continue
            self._sleeping = True
            await asyncio.sleep(pause.total_seconds())
            self._sleeping = False

    async def _hand_out_due(self) -> timedelta:
        """Dispatch all that is due, in order, and tell how long there is nothing to do."""
        names = self._heard_names()
        if not names:
            return LONGEST_SLEEP
        scope = self.bot.cluster.timers
        while rows := await self.store.due(discord.utils.utcnow(), names, limit=BATCH, scope=scope):
            for row in rows:
                if self._task is None:
                    return timedelta(0)
                await self._hand_out(row)
        now = discord.utils.utcnow()
        next_due = await self.store.next_due(now, names, scope)
        longest = LONGEST_SLEEP if scope is None else LONGEST_SLEEP_OF_SEVERAL
        pause = LONGEST_SLEEP if next_due is None else max(next_due - now, timedelta(0))
        # What is due later than the next look is committed by then, and found without being expected.
        self._expected = {due_at for due_at in self._expected if now - EXPECTED_FOR < due_at < now + LONGEST_SLEEP}
        if self._expected:
            pause = min(pause, max(min(self._expected) - now, timedelta(seconds=1)))
        return min(pause, longest)

    async def _hand_out(self, row: TimerRow) -> None:
        now = discord.utils.utcnow()
        if row.guild_id is not None and self._is_away(row.guild_id):
            await self._wait_for_guild(row, now)
            return
        # A handler that keeps failing is tried again after 1, 2, 4 … minutes, at most hourly.
        lease = min(LEASE * 2 ** min(row.attempt, 10), LONGEST_LEASE)
        claimed = await self.store.claim(row.id, now, now + lease)
        if claimed is None:
            return
        event = CATALOGUE[row.name](
            claimed.id, claimed.due_at, now - claimed.due_at,
            claimed.guild_id, claimed.user_id, claimed.payload, claimed.attempt,
        )  # fmt: skip
        for hear in self.hearers:
            hear(event)
        publish(self.bot, event)

    def _heard_names(self) -> list[str]:
        """The timers that a loaded cog listens for; the others wait until one does."""
        timers = [name for name, event in CATALOGUE.items() if issubclass(event, TimerEvent)]
        return [name for name in timers if self.bot.extra_events.get(f"on_{name}")]

    def _is_away(self, guild_id: int) -> bool:
        guild = self.bot.get_guild(guild_id)
        return guild is None or guild.unavailable

    async def _wait_for_guild(self, row: TimerRow, now: datetime) -> None:
        if now - row.due_at > GONE_GUILD_KEPT:
            await self.store.remove(row.id)
            log.warning("Dropped timer %d (%s): guild %s is gone", row.id, row.name, row.guild_id)
            return
        await self.store.postpone(row.id, now + GONE_GUILD_LOOK)

    async def guild_is_back(self, guild_id: int) -> None:
        """Hand out what waited for a guild that the bot joined again."""
        await self.store.release_guild(guild_id)
        self.wake()

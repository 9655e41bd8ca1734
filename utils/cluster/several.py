"""One of several processes: it claims its shards, gives signs of life, and stands in for others.

What a process runs is what it has claimed in the database, so a shard is run by one process at a time. Each looks at
all of them at each beat and decides by itself (`plan.decide`); a claim that two try for is one's.
"""

import asyncio
import logging
import socket
import time
from collections.abc import AsyncIterator, Collection, Coroutine
from contextlib import asynccontextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

import discord

from database.cluster import GIVEN_BACK, ClusterStore
from database.errors import DatabaseError
from database.timers import TimerScope, TimersStore
from utils.cluster import shards
from utils.cluster.base import Cluster
from utils.cluster.gate import CANNOT_ASK, Gate, NoTurnError
from utils.cluster.plan import Decision, Process, Share, View, decide, in_ranges, shard_of

if TYPE_CHECKING:
    from utils.bot import Hearth

log = logging.getLogger("hearth.cluster")

DEAD_AFTER_SECONDS: Final = 60.0
"""Where nobody takes anything over: so long a claim counts without a sign of life."""
BEATS_UNTIL_DEAD: Final = 6
LONGEST_BEAT_SECONDS: Final = 5.0
BEATS_UNTIL_NAME_IS_FREE: Final = 3
"""A run that was killed is followed by the next one of the same name after so many beats without a sign of life."""
SAID_AGAIN_SECONDS: Final = 60.0
LOCK_PAUSE_SECONDS: Final = 0.5
TRIES_TO_FREE: Final = 10
FORGOTTEN_AFTER_MILLISECONDS: Final = 7 * 86_400_000


class Several(Cluster):
    """One process among others."""

    def __init__(self, bot: "Hearth", share: Share, store: ClusterStore, takeover_seconds: float) -> None:
        super().__init__()
        self.bot = bot
        self.store = store
        self.process_name = share.process_name
        self.home = frozenset(share.home)
        self.shard_count = share.shard_count
        self.takes_over = takeover_seconds > 0
        self.dead_after = takeover_seconds or DEAD_AFTER_SECONDS
        self.beat_seconds = min(self.dead_after / BEATS_UNTIL_DEAD, LONGEST_BEAT_SECONDS)
        self.gate = Gate(store, bot.fetch_session_start_limits)
        self._running: set[int] = set()
        """Claimed shards, also those that Discord has yet to tell of."""
        self._there: set[int] = set()
        self._taken_at: dict[int, datetime] = {}
        self._left_behind: set[int] = set()
        self._launching: set[int] = set()
        self._orphan_since: dict[int, float] = {}
        self._steady_since: float | None = None
        self._beat_at = 0.0
        self._awake_at = time.monotonic()
        self._sure = asyncio.Event()
        self._sure.set()
        self._tasks: set[asyncio.Task[Any]] = set()

    # --- what this process does

    @property
    def leads(self) -> bool:
        """Whether shard 0 is this process's."""
        return 0 in self._running

    def owns(self, guild_id: int | None) -> bool:
        """Whether the guild's shard is this process's."""
        return (0 if guild_id is None else shard_of(guild_id, self.shard_count)) in self._running

    @property
    def is_sure(self) -> bool:  # type: ignore[override]
        """False after standing still for so long that others may have taken the shards, until they were asked."""
        if time.monotonic() - self._awake_at > self.dead_after:
            self._sure.clear()
        return self._sure.is_set()

    async def owns_after_all(self, guild_id: int | None) -> bool:
        """`owns`, after the others were asked: what came meanwhile may be done already where the shard is now."""
        await self._sure.wait()
        return self.owns(guild_id)

    def sees(self, guild_id: int) -> bool:
        """Whether Discord has told this process of all guilds of that shard."""
        return shard_of(guild_id, self.shard_count) in self._running & self._there

    def taken_at(self, guild_id: int) -> datetime | None:
        """When the guild's shard was taken over."""
        return self._taken_at.get(shard_of(guild_id, self.shard_count))

    @property
    def timers(self) -> TimerScope:
        """The timers of the shards that Discord has told of."""
        return self._scope(self._running & self._there)

    def _scope(self, shard_ids: Collection[int]) -> TimerScope:
        return TimerScope(self.shard_count, frozenset(shard_ids), 0 in shard_ids)

    async def end_leases(self, store: TimersStore) -> None:
        """Hand out again what was in the hands of a run that is gone; not what somebody gave back in order."""
        shard_ids = self._left_behind & self._there & self._running
        if shard_ids:
            await store.release_all(self._scope(shard_ids))
            self._left_behind -= shard_ids

    @property
    def healthy(self) -> bool:
        """Whether the others have heard of this process lately."""
        return bool(self._running) and time.monotonic() - self._beat_at < self.dead_after

    @property
    def waits(self) -> bool:
        """Whether it runs none: it goes on as soon as it may."""
        return not self._running

    @property
    def state(self) -> str:
        """Which process of which this is, and what it runs."""
        if self.waits:
            return f"process {self.process_name} waits for its shards of {self.shard_count}"
        said = f"process {self.process_name} runs shards {in_ranges(self._running)} of {self.shard_count}"
        return said if self.healthy else f"{said}, and can't tell the others"

    @asynccontextmanager
    async def lock(self, name: str) -> AsyncIterator[None]:
        """Keep everybody else, in all processes, from what has this name. Not inside a transaction.

        A process that is gone holds nothing. Raises `DatabaseError`.
        """
        async with super().lock(name):
            while not await self.store.take_lock(name, dead_after_milliseconds=self._dead_after_milliseconds):  # noqa: ASYNC110 - it is another process that frees it
                await asyncio.sleep(LOCK_PAUSE_SECONDS)
            try:
                yield
            finally:
                await self._free(name)

    async def _free(self, name: str) -> None:
        for _try in range(TRIES_TO_FREE):
            try:
                await self.store.free_lock(name)
            except DatabaseError as error:
                log.warning("The lock %r can't be freed yet: %s", name, error)
                await asyncio.sleep(LOCK_PAUSE_SECONDS)
            else:
                return

    @property
    def _dead_after_milliseconds(self) -> int:
        return int(self.dead_after * 1000)

    # --- joining and leaving

    async def join(self) -> None:
        """Take the shards of this process, waiting as long as somebody else runs them."""
        await self.gate.look_at_limits(len(self.home))
        said, said_at = "", 0.0
        while (why_not := await self._try_to_join()) is not None:
            if why_not != said or time.monotonic() - said_at > SAID_AGAIN_SECONDS:
                log.warning("%s", why_not)
                said, said_at = why_not, time.monotonic()
            await asyncio.sleep(self.beat_seconds)
        self._beat_at = self._steady_since = self._awake_at = time.monotonic()
        self._spawn(self._stay_awake())
        self._spawn(self._beat_for_ever())  # at once: loading the features takes longer than some are waited for
        log.info("Process %s runs shards %s of %d", self.process_name, in_ranges(self._running), self.shard_count)

    async def _try_to_join(self) -> str | None:
        """Claim all shards, or say why that can't be."""
        try:
            free_after = int(self.beat_seconds * BEATS_UNTIL_NAME_IS_FREE * 1000)
            if not await self.store.register(
                self.process_name, socket.gethostname(), self.shard_count, self.home,
                free_after_milliseconds=free_after,
            ):  # fmt: skip
                return (
                    f"A process {self.process_name} runs already, or was killed a moment ago: waiting until it is "
                    "gone. If it is another one, correct CLUSTER or SHARD_IDS."
                )
            await self.store.forget_before(FORGOTTEN_AFTER_MILLISECONDS)
            view = await self._view()
            others = [one for one in view.alive(self.dead_after).values() if one.run_id != self.store.run_id]
            for other in others:
                if other.shard_count != self.shard_count:
                    return (
                        f"Process {other.name} runs with SHARD_COUNT={other.shard_count}, and this one with "
                        f"{self.shard_count}: waiting until it is gone. Stop all of them to change the number."
                    )
            before = await self.store.claim(self.home, dead_after_milliseconds=self._dead_after_milliseconds)
        except DatabaseError as error:
            return f"The shards can't be claimed while the database is away: {error}"
        if before is None:
            return self._who_has_them(view, others)
        self._running |= self.home
        self._left_behind |= {shard for shard, run in before.items() if run != GIVEN_BACK}
        return None

    def _who_has_them(self, view: View, others: list[Process]) -> str:
        sentences = []
        for other in others:
            held = {shard for shard in self.home if view.claims.get(shard) == other.run_id}
            if held & other.home:
                sentences.append(
                    f"Process {other.name} is set to run shards {in_ranges(held & other.home)} as well: "
                    "waiting until it ends. Correct CLUSTER or SHARD_IDS."
                )
            elif held:
                sentences.append(f"Process {other.name} gives shards {in_ranges(held)} back in a moment.")
        return " ".join(sentences) or f"Shards {in_ranges(self.home)} are free in a moment."

    async def stop(self) -> None:
        """Give no more signs of life, and start nothing."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def leave(self) -> None:
        """Let the others know at once; without the database they find out by themselves."""
        try:
            await self.store.leave(self.process_name)
        except DatabaseError as error:
            log.warning("The other processes aren't told that this one ends: %s", error)

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    # --- beats

    async def _stay_awake(self) -> None:
        """Notice when the process was stopped, or the machine, as a beat can't that waits for the database."""
        while True:
            if self.is_sure:
                self._awake_at = time.monotonic()
            await asyncio.sleep(self.beat_seconds / 2)

    async def _beat_for_ever(self) -> None:
        while self.why_ended is None:
            await asyncio.sleep(self.beat_seconds)
            try:
                await self._beat()
            except DatabaseError as error:
                # While nobody can be asked, everybody goes on with what they have.
                if self._steady_since is not None:
                    log.warning("The other processes can't be told of this one: %s", error)
                self._steady_since = None
                self._know()
            except Exception as error:  # noqa: BLE001 - without beats the others would take everything
                self.bot.error_reports.add(error, "the cluster")

    async def _beat(self) -> None:
        began = time.monotonic()
        silent = await self.store.beat(self.process_name)
        if silent is None:
            await self._end(f"Another process runs as {self.process_name} now, so this one ends.")
            return
        now = time.monotonic()
        self._beat_at = now
        if self._steady_since is None:
            self._steady_since = now
            log.info("The other processes hear of this one again")
        if silent > self._dead_after_milliseconds:
            log.warning("This process was not heard of for %.0f s", silent / 1000)
            self._steady_since = now  # the others may have stood still as well, with the machine or the database
        if not self.bot.is_ready():
            self._steady_since = now  # the others may be starting at this moment as well
        decision = self._decide(await self._view(), now)
        self._running -= decision.lost
        if time.monotonic() - began < self.dead_after:  # else what was seen is from before it stood still
            self._know()
        await self._act(decision)

    def _know(self) -> None:
        """Be sure again of the shards that are left."""
        self._awake_at = time.monotonic()
        self._sure.set()

    def _decide(self, view: View, now: float) -> Decision:
        # After an outage of the database everybody seems dead until they have had time to give a sign of life.
        steady = self._steady_since is not None and now - self._steady_since >= self.dead_after
        alive = view.alive(self.dead_after)
        dead = {shard for shard, run in view.claims.items() if run != GIVEN_BACK and run not in alive}
        waited = {shard for shard, since in self._orphan_since.items() if now - since >= self.dead_after}
        decision = decide(
            view, run_id=self.store.run_id, home=self.home, running=self._running,
            dead_after_seconds=self.dead_after, ripe=dead | waited if self.takes_over and steady else (),
        )  # fmt: skip
        self._orphan_since = {shard: self._orphan_since.get(shard, now) for shard in decision.orphans}
        return decision

    async def _act(self, decision: Decision) -> None:
        if decision.lost:
            log.warning("Shards %s are another process's now", in_ranges(decision.lost))
            await self._let_go(decision.lost)
        if decision.give_back:
            log.info("Giving back shards %s, which are another process's", in_ranges(decision.give_back))
            await self._let_go(decision.give_back)
            await self.store.give_back(decision.give_back)
        taken: list[int] = []
        try:
            for shard_id in sorted(decision.take):
                if await self._claim(shard_id):
                    taken.append(shard_id)  # noqa: PERF401 - those before one that failed count
        finally:  # the database may go away after some: what is claimed is run, or nobody would
            if taken:
                log.warning("Taking over shards %s, which nobody runs", in_ranges(taken))
                self._spawn(self._launch(taken))

    async def _claim(self, shard_id: int) -> bool:
        before = await self.store.claim([shard_id], dead_after_milliseconds=self._dead_after_milliseconds)
        if before is None:
            return False
        self._running.add(shard_id)
        self._taken_at[shard_id] = discord.utils.utcnow()
        if before[shard_id] != GIVEN_BACK:
            self._left_behind.add(shard_id)
        return True

    async def _launch(self, shard_ids: Collection[int]) -> None:
        await self.bot.wait_until_ready()
        await self.bot.shared_memory.read_all()
        try:
            await self.gate.look_at_limits(len(shard_ids))
        except CANNOT_ASK as error:
            log.warning("How many sessions may be started isn't known: %s", error)
        for shard_id in shard_ids:
            if shard_id in self._running:
                await shards.launch(self.bot, shard_id)

    async def _let_go(self, shard_ids: Collection[int]) -> None:
        self._running -= set(shard_ids)
        self._there -= set(shard_ids)
        self._left_behind -= set(shard_ids)
        for shard_id in shard_ids:
            await shards.let_go(self.bot, shard_id)

    async def _end(self, why: str) -> None:
        log.critical("%s", why)
        self.why_ended = why
        self._ending = asyncio.create_task(self.bot.stop())  # a task of its own: stopping cancels this one

    async def _view(self) -> View:
        processes = tuple(
            Process(one.name, one.run_id, one.shard_count, one.home, one.silent_milliseconds / 1000)
            for one in await self.store.processes()
        )
        return View(self.shard_count, processes, await self.store.claims())

    # --- sessions

    async def before_launch(self, shard_id: int) -> bool:
        """Wait for the shard's turn, over all processes."""
        if shard_id not in self._running:
            return False
        self._launching.add(shard_id)
        await self.gate.take(shard_id)
        return shard_id in self._running

    async def before_identify(self, shard_id: int | None) -> bool:
        """Start with the turn that was taken, or wait for one."""
        assert shard_id is not None
        if shard_id not in self._running:
            if shard_id in self._launching:
                raise NoTurnError(f"Shard {shard_id} is another process's now.")
            raise asyncio.CancelledError
        await self.gate.begin(shard_id)
        self._launching.discard(shard_id)
        return True

    async def shard_is_there(self, shard_id: int) -> None:
        """Begin with a shard's timers; of one that was taken over, read anew what is kept of its guilds."""
        if shard_id not in self._running:
            await shards.let_go(self.bot, shard_id)
            return
        if shard_id in self._there:
            return
        guilds = [guild for guild in self.bot.guilds if guild.shard_id == shard_id]
        if self.bot.is_ready():
            await self.bot.shared_memory.read_guilds([guild.id for guild in guilds])
            # Heard before that was read, and heard again: whoever catches up with a guild does it anew.
            for guild in guilds:
                if not guild.unavailable:
                    self.bot.dispatch("guild_available", guild)
            log.info("Shard %d is here now, with %d servers", shard_id, len(guilds))
            self.bot.dispatch("ready")  # for discord.py it isn't: that comes when all shards are new
        self._there.add(shard_id)
        self.bot.timers.wake()

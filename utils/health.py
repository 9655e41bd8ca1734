"""How the bot is, in one word and a few facts, for whoever restarts it, sends it traffic or looks after it."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from utils.bot import Hearth

GATEWAY_STALLED_SECONDS: Final = 900.0
"""How long the gateway may be away, with no shard coming, before a restart is worth trying.

discord.py reconnects by itself, and Discord allows a thousand new sessions a day: a restart is the last resort.
"""
DATABASE_SECONDS: Final = 3.0
"""How long the database may take for an answer to nothing."""
FRESH_SECONDS: Final = 1.0
"""How long an answer of the database counts: many may ask for the health."""


class State(StrEnum):
    """What the bot is doing."""

    STARTING = "starting"
    SERVING = "serving"
    GATEWAY_LOST = "gateway lost"
    DATABASE_LOST = "database lost"
    STOPPING = "stopping"


@dataclass(frozen=True, slots=True)
class Health:
    """How the bot is at one moment."""

    started: bool
    """Whether every shard was ready once."""
    stopping: bool
    shards: int
    connected: int
    away_seconds: float
    """How long not every shard has been connected, or since the start none was ready; 0 if all is well."""
    stalled_seconds: float
    """The same since another shard came, or the process stopped waiting for shards that others run."""
    database: bool
    bus: bool
    bus_state: str
    cluster: bool
    """Whether this process can tell the others that it runs its shards."""
    cluster_state: str
    uptime_seconds: float

    @property
    def state(self) -> State:
        """The one word. Without the database nothing works, and without the gateway nothing is asked for."""
        if self.stopping:
            return State.STOPPING
        if not self.started:
            return State.STARTING
        if not self.database:
            return State.DATABASE_LOST
        if not self.connected or self.connected < self.shards:
            return State.GATEWAY_LOST
        return State.SERVING

    @property
    def ready(self) -> bool:
        """Whether it does its work. Without the bus it does: each goes on with its servers."""
        return self.state is State.SERVING

    @property
    def alive(self) -> bool:
        """Whether it is to be left running. That a database is back is noticed without a restart."""
        return self.stopping or self.stalled_seconds < GATEWAY_STALLED_SECONDS

    def facts(self) -> dict[str, Any]:
        """All of it for JSON."""
        return {
            "state": self.state.value,
            "shards": self.shards,
            "shards_connected": self.connected,
            "gateway_away_seconds": round(self.away_seconds, 1),
            "database": "reachable" if self.database else "lost",
            "bus": "healthy" if self.bus else "lost",
            "bus_state": self.bus_state,
            "cluster": "healthy" if self.cluster else "lost",
            "cluster_state": self.cluster_state,
            "uptime_seconds": round(self.uptime_seconds, 1),
        }


class Absence:
    """Since when not all shards are connected, and since when nothing got better. Times are a clock's seconds."""

    def __init__(self, now: float) -> None:
        self.since: float | None = now
        self.moved_at = now
        self._most_connected = 0

    def note(self, now: float, *, whole: bool, connected: int, waits: bool) -> None:
        """Take down how it is: all are there, or so many; a process may have to wait for shards to be free."""
        if whole:
            self.since, self.moved_at = None, now
            return
        if self.since is None:
            self.since, self._most_connected = now, connected
        # Shards come one after the other, and a process may wait hours for its own: a restart would begin it anew.
        if connected > self._most_connected or waits:
            self.moved_at = now
        self._most_connected = max(self._most_connected, connected)


class HealthWatch:
    """Looks after one bot: `look` every second or so, `read` when somebody asks."""

    def __init__(self, bot: "Hearth", clock: Callable[[], float] = time.monotonic) -> None:
        self._bot = bot
        self._clock = clock
        self._began = clock()
        self._absence = Absence(self._began)
        self._database = False
        self._asked_at = float("-inf")
        self._asking: asyncio.Task[None] | None = None

    def look(self) -> None:
        """Notice, without I/O, whether the gateway is there."""
        shards, connected = self._shards()
        whole = self._bot.is_ready() and 0 < connected >= shards
        self._absence.note(self._clock(), whole=whole, connected=connected, waits=self._bot.cluster.waits)

    async def read(self) -> Health:
        """How the bot is now. Raises nothing."""
        database = await self._database_answers()
        self.look()
        shards, connected = self._shards()
        now = self._clock()
        return Health(
            started=self._bot.is_ready(),
            stopping=self._bot.stopping,
            shards=shards,
            connected=connected,
            away_seconds=0.0 if self._absence.since is None else now - self._absence.since,
            stalled_seconds=now - self._absence.moved_at,
            database=database,
            bus=self._bot.bus.healthy,
            bus_state=self._bot.bus.state,
            cluster=self._bot.cluster.healthy,
            cluster_state=self._bot.cluster.state,
            uptime_seconds=now - self._began,
        )

    def _shards(self) -> tuple[int, int]:
        """How many shards this process runs, and how many of them are connected."""
        shards = self._bot.shards
        connected = sum(not shard.is_closed() for shard in shards.values())
        return len({*(self._bot.shard_ids or ()), *shards}), connected

    async def _database_answers(self) -> bool:
        """Whether it answers, known in time: a connection that is cut off may hold up the question itself."""
        if self._clock() - self._asked_at <= FRESH_SECONDS:
            return self._database
        if self._asking is None or self._asking.done():
            self._asking = asyncio.create_task(self._ask(), name="is the database there")
        done, _asking = await asyncio.wait({self._asking}, timeout=DATABASE_SECONDS)
        return self._database if done else False

    async def _ask(self) -> None:
        self._database = await self._bot.db.answers(DATABASE_SECONDS)
        self._asked_at = self._clock()

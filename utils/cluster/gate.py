"""Starting sessions one after another, over all processes.

Discord lets a bot start one session in five seconds for each of `max_concurrency` groups of shards, and ends all
sessions of whoever doesn't keep to it. A turn is a row, and nobody holds a lock: a crash leaves nothing to free.
"""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from typing import Final

import aiohttp
import discord

from database.cluster import ClusterStore
from database.errors import DatabaseError

log = logging.getLogger("hearth.cluster")

SPACE_SECONDS: Final = 5.2
"""Discord says five; the rest is for the way there."""
TURN_KEPT_SECONDS: Final = 4.0
"""So long after a turn was taken its session may start: less than the space to the next turn."""
LONGEST_WAIT_CONNECTED_SECONDS: Final = 40.0
"""A connection that says nothing for longer is taken for dead; then it is tried anew."""
LONGEST_PAUSE_SECONDS: Final = 2.0
DATABASE_PAUSE_SECONDS: Final = 1.0
CANNOT_ASK: Final = (discord.HTTPException, discord.GatewayNotFound, aiohttp.ClientError, OSError, TimeoutError)
"""What asking Discord for its limits may end with."""

AskLimits = Callable[[], Awaitable[discord.SessionStartLimits]]


class NoTurnError(OSError):
    """It took too long until a session could start. discord.py tries again after an OSError."""


class Gate:
    """Lets this process's shards start sessions when it is their turn."""

    def __init__(self, store: ClusterStore, ask_limits: AskLimits, space_seconds: float = SPACE_SECONDS) -> None:
        self.store = store
        self._ask_limits = ask_limits
        self.max_concurrency = 1  # what Discord says is known after the login
        self._space = int(space_seconds * 1000)
        self._turns: dict[int, float] = {}
        self._says_database_is_away = False

    async def look_at_limits(self, wanted: int) -> None:
        """Keep to how many sessions Discord lets the bot start in a day; whoever goes on loses the token.

        Raises `CANNOT_ASK`.
        """
        while True:
            limits = await self._ask_limits()
            self.max_concurrency = max(1, limits.max_concurrency)
            hours = limits.reset_after / 3_600_000
            log.info(
                "Discord lets %d of %d sessions start within %.1f hours, %d at once",
                limits.remaining, limits.total, hours, limits.max_concurrency,
            )  # fmt: skip
            if limits.remaining >= wanted:
                return
            log.critical("That is too few for %d shards: waiting for %.1f hours", wanted, hours)
            await asyncio.sleep(limits.reset_after / 1000)

    async def take(self, shard_id: int, clock: Callable[[], float] = time.monotonic) -> None:
        """Wait for a turn, before a connection is opened."""
        await self._wait(shard_id, None)
        self._turns[shard_id] = clock()

    async def begin(self, shard_id: int, clock: Callable[[], float] = time.monotonic) -> None:
        """Start a session now: with the turn that was taken, or wait for one. Raises `NoTurnError`."""
        taken_at = self._turns.pop(shard_id, None)
        if taken_at is not None and await self._begin_turn(shard_id) and clock() - taken_at < TURN_KEPT_SECONDS:
            return
        await self._wait(shard_id, time.monotonic() + LONGEST_WAIT_CONNECTED_SECONDS)

    async def _begin_turn(self, shard_id: int) -> bool:
        try:
            await self.store.begin_turn(shard_id % self.max_concurrency, self._space)
        except DatabaseError:
            return False
        return True

    async def _wait(self, shard_id: int, until: float | None) -> None:
        while (pause := await self._try(shard_id)) > 0:
            if until is not None and time.monotonic() + pause > until:
                raise NoTurnError(f"Shard {shard_id} had no turn to start a session for too long.")
            await asyncio.sleep(pause)

    async def _try(self, shard_id: int) -> float:
        """Take a turn; 0 if that worked, else the seconds until it may."""
        try:
            left = await self.store.take_turn(shard_id % self.max_concurrency, self._space)
        except DatabaseError as error:
            if not self._says_database_is_away:
                log.warning("No shard is started while the database is away: %s", error)
            self._says_database_is_away = True
            return DATABASE_PAUSE_SECONDS
        self._says_database_is_away = False
        # Looked at again within two seconds: who waits may give up, and then the turn comes sooner than it seemed.
        return min(left / 1000, LONGEST_PAUSE_SECONDS)

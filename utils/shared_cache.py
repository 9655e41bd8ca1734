"""A cache that all processes share, where that saves queries: in Redis, if it carries the events too.

What is read from it is never older than the last change that has ended. A change holds its name before it writes
(what is cached goes, and nothing new may be put there) and lets go after the commit. Who read from the database
meanwhile may not put that there either: a read takes a ticket first, and a change tears all tickets.

Redis may be away: then everything is read from the database. Whoever couldn't reach it begins a new age of the cache
before using it again, by which all that is in it is forgotten: a change may have passed it by. What is cached goes
after some minutes anyway.
"""

import asyncio
import json
import logging
import secrets
import time
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from typing import Any, Final

from utils.config import Config

log = logging.getLogger("hearth.cache")

KEPT_SECONDS: Final = 300
HELD_SECONDS: Final = 120
"""How long a name stays held if the process dies in the middle of a change: longer than a statement may take."""
TICKET_SECONDS: Final = 30
ANSWER_SECONDS: Final = 1.0
"""A database answers sooner than a cache that is slower than this."""
TRY_AGAIN_SECONDS: Final = 5.0
AGE: Final = "hearth:cache:age"

Value = dict[str, Any]
Load = Callable[[], Awaitable[Value]]

# A script is one step for Redis. What is cached belongs to an age, so that a new one leaves it to be forgotten; that
# a name is held doesn't, because the change goes on.
_NAMES: Final = (
    f"local name = 'hearth:cache:' .. (redis.call('GET', '{AGE}') or '0') .. ':' .. ARGV[1] "
    "local ticket, held = name .. ':ticket', 'hearth:cache:held:' .. ARGV[1] "
)
_READ: Final = _NAMES + (
    "local value = redis.call('GET', name) if value then return value end "
    "if redis.call('EXISTS', held) == 0 then redis.call('SET', ticket, ARGV[2], 'EX', ARGV[3]) end return false"
)
_PUT: Final = _NAMES + (
    "if redis.call('GET', ticket) ~= ARGV[2] then return 0 end "
    "redis.call('DEL', ticket) redis.call('SET', name, ARGV[4], 'EX', ARGV[3]) return 1"
)
_HOLD: Final = _NAMES + "redis.call('DEL', name, ticket) redis.call('SET', held, ARGV[2], 'EX', ARGV[3]) return 1"
_LET_GO: Final = _NAMES + (
    "redis.call('DEL', name, ticket) if redis.call('GET', held) == ARGV[2] then redis.call('DEL', held) end return 1"
)


class SharedCache(ABC):
    """What all processes share."""

    @abstractmethod
    async def read(self, name: str, load: Load) -> Value:
        """What is cached under a name, else what `load` reads. Raises what `load` raises."""

    @abstractmethod
    def changing(self, name: str) -> Any:
        """`async with` around a change, its commit included, of what a name stands for. Raises nothing itself."""

    async def drop(self, name: str) -> None:
        """Forget a name whose change is done."""
        async with self.changing(name):
            pass

    @abstractmethod
    async def close(self) -> None:
        """Let the connections go."""


class NoCache(SharedCache):
    """Every process reads for itself."""

    async def read(self, name: str, load: Load) -> Value:
        """Read it."""
        return await load()

    @asynccontextmanager
    async def changing(self, name: str) -> AsyncIterator[None]:
        """Nothing to hold."""
        yield

    async def close(self) -> None:
        """Nothing to let go."""


class RedisCache(SharedCache):
    """The cache in Redis."""

    def __init__(self, url: str, *, try_again_seconds: float = TRY_AGAIN_SECONDS) -> None:
        """Take the server's address, and how long it is left alone when it couldn't be used."""
        self._url = url
        self._try_again_seconds = try_again_seconds
        self._redis: Any = None
        self._usable = False
        self._try_at = 0.0
        self._beginning = asyncio.Lock()
        self._coming_back: asyncio.Task[None] | None = None
        self._said_away = False

    async def read(self, name: str, load: Load) -> Value:
        """Read it from Redis, else load it and put it there."""
        ticket = secrets.token_hex(8)
        cached = await self._run(_READ, name, ticket, TICKET_SECONDS)
        if cached:
            with suppress(ValueError):
                read = json.loads(cached)
                if isinstance(read, dict):
                    return read
        value = await load()
        await self._run(_PUT, name, ticket, KEPT_SECONDS, json.dumps(value))
        return value

    @asynccontextmanager
    async def changing(self, name: str) -> AsyncIterator[None]:
        """Hold the name, and let go when the change has ended, well or not."""
        mine = secrets.token_hex(8)
        held = await self._run(_HOLD, name, mine, HELD_SECONDS)
        try:
            yield
        finally:
            # Also if the task is cancelled here: the change may be done.
            await asyncio.shield(self._let_go(name, mine, held=held is not None))

    async def close(self) -> None:
        """Let the connections go."""
        if self._coming_back is not None:
            self._coming_back.cancel()
        if self._redis is not None:
            with suppress(Exception):
                await self._redis.aclose()
            self._redis = None

    async def _let_go(self, name: str, mine: str, *, held: bool) -> None:
        let_go = await self._run(_LET_GO, name, mine, HELD_SECONDS)
        # The change passed the cache by, or only its beginning did: others may have put there what was before it.
        if let_go is None and not held:
            self._away(ConnectionError("a change passed it by"))
        if let_go is None and (self._coming_back is None or self._coming_back.done()):
            self._coming_back = asyncio.create_task(self._come_back())

    async def _come_back(self) -> None:
        """Begin a new age as soon as it can be: nobody may read here after the change."""
        while True:
            if await self._begin():
                return
            await asyncio.sleep(self._try_again_seconds)

    async def _run(self, script: str, *arguments: object) -> Any:
        """What a script gives; None if Redis can't be used now."""
        if not self._usable and not await self._begin():
            return None
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                return await self._redis.eval(script, 0, *arguments)
        except Exception as error:  # noqa: BLE001 - whatever a driver raises, the database has it all
            self._away(error)
            return None

    async def _begin(self) -> bool:
        """Begin to use it, with nothing of what is in it."""
        async with self._beginning:
            if self._usable:
                return True
            if time.monotonic() < self._try_at:
                return False
            try:
                async with asyncio.timeout(ANSWER_SECONDS):
                    await self._client().incr(AGE)
            except Exception as error:  # noqa: BLE001 - as above
                self._away(error)
                return False
            self._usable = True
            if self._said_away:
                log.info("The shared cache in Redis is used again")
                self._said_away = False
            return True

    def _client(self) -> Any:
        if self._redis is None:
            from utils.bus.redis import client  # noqa: PLC0415 - most bots have no Redis

            self._redis = client(self._url, answer_seconds=ANSWER_SECONDS)
        return self._redis

    def _away(self, error: Exception) -> None:
        self._usable = False
        self._try_at = time.monotonic() + self._try_again_seconds
        if not self._said_away:
            self._said_away = True
            log.warning("The shared cache in Redis can't be used; the database is asked instead (%r)", error)


def create_cache(config: Config) -> SharedCache:
    """The cache that the settings allow; it connects when it is used."""
    return RedisCache(config.redis_url) if config.bus == "redis" else NoCache()

"""The bus over Redis: a stream, which each process reads on from where it was."""

import random
import time
from collections.abc import AsyncIterator, Sequence
from typing import Any, ClassVar, Final

from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import ResponseError

from utils.bus.line import Line

STREAM: Final = "hearth:bus"
MOST_KEPT: Final = 10_000  # messages, roughly
KEPT_SECONDS: Final = 600.0
WAIT_SECONDS: Final = 5.0
ANSWER_SECONDS: Final = 15.0  # more than the wait, which the server answers with nothing
CONNECT_SECONDS: Final = 5.0
READ_AT_ONCE: Final = 50  # messages; each may be a megabyte
CLEAN_EVERY_SECONDS: Final = 60.0
BEFORE_ALL: Final = "0-0"


def client(url: str, *, answer_seconds: float = ANSWER_SECONDS) -> Any:
    """Make a client that fails at once and leaves trying again to us; it connects when it is used."""
    return Redis.from_url(
        url,
        socket_timeout=answer_seconds,
        socket_connect_timeout=CONNECT_SECONDS,
        socket_keepalive=True,
        retry=Retry(NoBackoff(), 0),
        client_name="hearth",
    )


class RedisLine(Line):
    """Reads on from the last entry it saw; if the server has that no more, newer ones may be gone too."""

    server: ClassVar[str] = "Redis"

    def __init__(self, url: str, reader: str) -> None:
        super().__init__(url, reader)
        self._redis: Any = None
        self._place: str | None = None
        self._clean_at = 0.0

    async def open(self) -> bool:
        """Connect, and look whether what came after the last entry is all there."""
        self._redis = client(self.url)
        latest = await self._latest()
        whole = self._place is None or await self._reaches_back(self._place, latest)
        if self._place is None or not whole:
            self._place = latest
        return whole

    async def send(self, envelopes: Sequence[str]) -> None:
        """Add them to the stream, in one round trip."""
        async with self._redis.pipeline(transaction=False) as pipeline:
            for envelope in envelopes:
                entry = {"sender": self.reader, "envelope": envelope}
                pipeline.xadd(STREAM, entry, maxlen=MOST_KEPT, approximate=True)
            await pipeline.execute()

    async def receive(self) -> AsyncIterator[str | bytes | None]:
        """Read what is new as it comes."""
        while True:
            found = await self._redis.xread({STREAM: self._place}, count=READ_AT_ONCE, block=int(WAIT_SECONDS * 1000))
            for place, entry in _entries(found):
                self._place = place
                if (envelope := entry.get(b"envelope")) is not None:
                    yield envelope
            if not found and await self._was_set_back():
                yield None
            await self._clean()

    async def close(self, *, for_good: bool) -> None:
        """Let the connections go; what was sent stays for the others."""
        redis, self._redis = self._redis, None
        if redis is not None:
            await redis.aclose()

    async def _latest(self) -> str:
        """The id of the newest entry that the stream ever had."""
        try:
            about = await self._redis.xinfo_stream(STREAM)
        except ResponseError as error:
            if "no such key" not in str(error):
                raise
            return BEFORE_ALL
        return str(_text(about["last-generated-id"]))

    async def _reaches_back(self, place: str, latest: str) -> bool:
        return place == latest or bool(await self._redis.xrange(STREAM, place, place))

    async def _was_set_back(self) -> bool:
        """Whether the stream was emptied and began anew below where this process reads: else it waited for ever."""
        latest = await self._latest()
        assert self._place is not None
        if _order(latest) >= _order(self._place):
            return False
        self._place = latest
        return True

    async def _clean(self) -> None:
        if time.monotonic() < self._clean_at:
            return
        self._clean_at = time.monotonic() + CLEAN_EVERY_SECONDS * random.uniform(1.0, 1.5)
        seconds, _microseconds = await self._redis.time()
        await self._redis.xtrim(STREAM, minid=f"{int((seconds - KEPT_SECONDS) * 1000)}-0", approximate=True)


def _entries(found: Any) -> list[tuple[str, dict[bytes, bytes]]]:
    """Read the two shapes that answers have by the protocol's version: a list of streams, or a mapping."""
    if not found:
        return []
    entries = next(iter(found.values()))[0] if isinstance(found, dict) else found[0][1]
    return [(_text(place), entry or {}) for place, entry in entries]


def _text(read: bytes | str) -> str:
    return read.decode() if isinstance(read, bytes) else read


def _order(place: str) -> tuple[int, int]:
    milliseconds, _, number = place.partition("-")
    return int(milliseconds), int(number or 0)

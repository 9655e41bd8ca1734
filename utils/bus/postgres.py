"""The bus over PostgreSQL: rows that NOTIFY rings for, on a connection of its own beside the pool."""

import random
import time
from collections.abc import AsyncIterator, Sequence
from typing import ClassVar, Final

from database.bus_messages import BusMessages, Place
from utils.bus.line import Line

KEPT_SECONDS: Final = 600.0
LOOK_EVERY_SECONDS: Final = 5.0
"""Also without the bell: it notices a connection that died silently, and hears through a pooler."""
CLEAN_EVERY_SECONDS: Final = 60.0


class PostgresLine(Line):
    """Reads on from the last message it saw, and knows by it whether the ones behind are all there."""

    server: ClassVar[str] = "PostgreSQL"

    def __init__(self, url: str, reader: str) -> None:
        super().__init__(url, reader)
        self._messages = BusMessages(url)
        self._place: Place | None = None
        self._clean_at = 0.0

    async def open(self) -> bool:
        """Listen first, then look how far it came."""
        await self._messages.open()
        whole = self._place is None or await self._messages.still_holds(self._place)
        if self._place is None or not whole:
            self._place = await self._messages.latest()
        return whole

    async def send(self, envelopes: Sequence[str]) -> None:
        """Keep the rows and ring."""
        await self._messages.append(self.reader, envelopes)

    async def receive(self) -> AsyncIterator[str | bytes | None]:
        """Read what is new whenever the bell rings."""
        assert self._place is not None
        while True:
            while kept := await self._messages.after(self._place, self.reader):
                for one in kept:
                    if one.place.id != self._place.id + 1:
                        yield None
                    self._place = one.place
                    if one.envelope is not None:
                        yield one.envelope
            await self._clean()
            await self._messages.rung(LOOK_EVERY_SECONDS)

    async def close(self, *, for_good: bool) -> None:
        """Let the connection go; what was sent stays for the others."""
        await self._messages.close()

    async def _clean(self) -> None:
        if time.monotonic() >= self._clean_at:
            self._clean_at = time.monotonic() + CLEAN_EVERY_SECONDS * random.uniform(1.0, 1.5)
            await self._messages.clean(KEPT_SECONDS)

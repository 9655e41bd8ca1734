"""Messages that show a count which many people change: each is edited at most once in a few seconds."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Final
from weakref import WeakValueDictionary

from database.errors import DatabaseError
from utils.bot import CANNOT_SAY

if TYPE_CHECKING:
    from utils.cog import Cog

log = logging.getLogger("hearth.utility")

EVERY_SECONDS: Final = 5.0
LAST_SECONDS: Final = 3.0
"""For what has yet to be shown when the bot ends."""


class Refresher:
    """Brings messages up to date some seconds after the first change, with all the changes until then."""

    def __init__(self, cog: "Cog", refresh: Callable[[int], Awaitable[bool]]) -> None:
        """`refresh` edits the message of the thing with this id, and gives False when it is gone."""
        self.cog = cog
        self.refresh = refresh
        self._waiting: set[int] = set()
        self._locks: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()

    def changed(self, about_id: int) -> None:
        """Something about it is different now."""
        if about_id not in self._waiting:
            self._waiting.add(about_id)
            self.cog.spawn(self._later(about_id))

    async def _later(self, about_id: int) -> None:
        await asyncio.sleep(EVERY_SECONDS)
        self._waiting.discard(about_id)  # what changes from here on isn't in it for sure
        await self._attempt(about_id)

    async def now(self, about_id: int) -> bool:
        """Bring its message up to date at once; False when that is gone.

        One at a time, else the older look could come last. Raises what Discord or the database answers where that
        may pass.
        """
        async with self._locks.setdefault(about_id, asyncio.Lock()):
            return await self.refresh(about_id)

    async def finish(self) -> None:
        """Show what changed last: after this nobody would, until it changes again."""
        waiting, self._waiting = self._waiting, set()
        with suppress(TimeoutError):
            async with asyncio.timeout(LAST_SECONDS):
                await asyncio.gather(*map(self._attempt, waiting))

    async def _attempt(self, about_id: int) -> None:
        try:
            await self.now(about_id)
        except (DatabaseError, *CANNOT_SAY) as error:
            log.info("The message about %d stays as it is until the next change: %r", about_id, error)

"""What is kept in memory of the database, and read anew where another process changed it.

Whoever keeps rows in memory is a `Part` here. After the commit of a change it tells `changed`; the other processes
then read those rows. Nothing but the name of the part and an id travels: what holds is what the database says.
"""

import asyncio
import logging
from collections import Counter
from collections.abc import Awaitable, Callable, Collection, Iterable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import Any, Final, Literal

from database.errors import DatabaseError
from utils.bus import Bus

log = logging.getLogger("hearth.memory")

TOPIC: Final = "memory"
FIRST_TRY_AGAIN_SECONDS: Final = 1.0
LAST_TRY_AGAIN_SECONDS: Final = 60.0
MOST_ONE_BY_ONE: Final = 20
"""Guilds of which each is read for itself."""

About = Literal["guild", "person", "bot"]
Read = Callable[[int | None], Awaitable[None]]
Changed = Callable[[int | None], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Part:
    """One thing that is kept in memory.

    `read` reads the rows of an id anew, or with None all of them; it may raise DatabaseError. `about` says what the
    id is of. `here_alone` is for what changes all the time and in the process that runs the guild alone: it is read
    when another process takes the guild over, and its changes are told to nobody.
    """

    name: str
    read: Read
    about: About = "guild"
    here_alone: bool = False


async def told_nobody(_id: int | None) -> None:
    """Stands for `SharedMemory.teller` where there is no other process, as in tests of one service."""


class SharedMemory:
    """All parts of this process."""

    def __init__(self, bus: Bus) -> None:
        self.bus = bus
        self.parts: dict[str, Part] = {}
        self._changes: Counter[str] = Counter()
        self._owed: set[tuple[str, int | None]] = set()
        self._paying: asyncio.Task[None] | None = None
        bus.listen(TOPIC, self._hear)
        bus.on_gap(self.read_all)

    # --- for who keeps something

    def keep(self, parts: Iterable[Part]) -> None:
        """Have these read anew from now on."""
        for part in parts:
            if part.name in self.parts:
                raise ValueError(f"there is a part {part.name!r} in memory already")
            self.parts[part.name] = part

    def release(self, parts: Iterable[Part]) -> None:
        """Have these read no more."""
        for part in parts:
            self.parts.pop(part.name, None)

    async def changed(self, name: str, changed_id: int | None = None) -> None:
        """Tell the other processes of a change, after its commit and when memory here has it. Raises nothing."""
        self._changes[name] += 1
        if self.bus.joins:
            await self.bus.send(TOPIC, {"part": name, "id": changed_id})

    def teller(self, name: str) -> Changed:
        """`changed` of one part, for who doesn't know the bot."""
        return partial(self.changed, name)

    # --- reading anew

    async def read_guilds(self, guild_ids: Collection[int]) -> None:
        """Read anew all that is kept of guilds that this process takes over. What can't be read is tried again."""
        parts = [part for part in self.parts.values() if part.about == "guild"]
        for part in parts:
            # Of many guilds it costs less to read all at once; but what changes here alone is newer in memory.
            at_once = len(guild_ids) > MOST_ONE_BY_ONE and not part.here_alone
            for wanted in [None] if at_once else guild_ids:
                await self._read(part, wanted)

    async def read_all(self) -> None:
        """Read anew all that other processes may have changed. What can't be read is tried again."""
        for part in [one for one in self.parts.values() if not one.here_alone]:
            await self._read(part, None)

    async def close(self) -> None:
        """Try nothing again."""
        if self._paying is not None:
            self._paying.cancel()
            with suppress(asyncio.CancelledError):
                await self._paying

    async def _hear(self, news: dict[str, Any]) -> None:
        part = self.parts.get(news["part"])
        if part is not None:  # else the feature isn't loaded here
            await self._read(part, news["id"])

    async def _read(self, part: Part, wanted: int | None) -> bool:
        """Read, and once more if something changed here meanwhile: what was read may be from before that."""
        try:
            while True:
                before = self._changes[part.name]
                await part.read(wanted)
                if self._changes[part.name] == before:
                    return True
        except DatabaseError as error:
            log.warning("%s can't be read anew, and is tried again: %s", part.name, error)
            self._owed.add((part.name, wanted))
            if self._paying is None or self._paying.done():
                self._paying = asyncio.create_task(self._pay())
            return False

    async def _pay(self) -> None:
        """Read what could not be read, until nothing is owed."""
        pause = FIRST_TRY_AGAIN_SECONDS
        while self._owed:
            await asyncio.sleep(pause)
            pause = min(2 * pause, LAST_TRY_AGAIN_SECONDS)
            for name, wanted in sorted(self._owed, key=str):
                self._owed.discard((name, wanted))
                part = self.parts.get(name)
                if part is not None and not await self._read(part, wanted):
                    break
        log.info("Memory is up to date again")

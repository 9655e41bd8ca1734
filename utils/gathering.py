"""What members gain while they chat: gathered in memory, and written every few seconds, a batch for each guild.

A kill loses what was gathered since the last writing, and never a part of a batch. When the database is away, the
batches are kept and tried again under their ids, so that one whose answer was lost isn't written twice.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Generic, TypeVar

import discord

from database.errors import DatabaseError, DatabaseUnavailable
from database.ids import new_id
from utils.cog import Cog
from utils.usage import BatchWritten

log = logging.getLogger("hearth.gathering")

WRITTEN_AFTER_SECONDS: Final = 5.0
MOST_HELD: Final = 20_000
"""Members whose gains wait to be written. Beyond, nobody else gets any until some are."""
MOST_WAITING: Final = 50_000
"""Members who have to wait for their next gain. Beyond, nobody else gets any until some needn't wait any more."""

Gain = TypeVar("Gain")


@dataclass(frozen=True, slots=True)
class Batch(Generic[Gain]):
    """Gains of one guild that are written together; under the same id however often that is tried."""

    id: int
    guild_id: int
    gains: dict[int, Gain]


class Waits:
    """Who gained something and has to wait for more."""

    def __init__(self) -> None:
        self._until: dict[tuple[int, int], datetime] = {}

    def must(self, guild_id: int, user_id: int, now: datetime) -> bool:
        """Whether somebody has to wait, or there is no room for them."""
        until = self._until.get((guild_id, user_id))
        if until is not None:
            return now < until
        return len(self._until) >= MOST_WAITING

    def until(self, guild_id: int, user_id: int) -> datetime | None:
        """When somebody's wait is over, or was."""
        return self._until.get((guild_id, user_id))

    def begin(self, guild_id: int, user_id: int, until: datetime) -> None:
        """Let somebody wait."""
        self._until[guild_id, user_id] = until

    def forget(self, now: datetime) -> None:
        """Let go of those who don't have to wait any more."""
        self._until = {who: until for who, until in self._until.items() if now < until}


class Gathering(Generic[Gain]):
    """What members gained since the last writing. Pure."""

    def __init__(self, join: Callable[[Gain, Gain], Gain]) -> None:
        """`join` makes one gain of two of the same member."""
        self.batches: dict[int, Batch[Gain]] = {}
        """What is being written, by guild."""
        self._join = join
        self._gains: dict[int, dict[int, Gain]] = {}
        self._held = 0

    def add(self, guild_id: int, user_id: int, gain: Gain) -> bool:
        """Let somebody gain something; False if there is no room for them."""
        of_guild = self._gains.setdefault(guild_id, {})
        if user_id in of_guild:
            of_guild[user_id] = self._join(of_guild[user_id], gain)
            return True
        if self._held >= MOST_HELD:
            return False
        self._held += 1
        of_guild[user_id] = gain
        return True

    def forget(self, user_id: int, guild_id: int | None) -> None:
        """Drop what somebody gained, everywhere or in one guild, also of what couldn't be written yet."""
        for gathered in (self._gains, {one: batch.gains for one, batch in self.batches.items()}):
            for of_guild in [gathered.get(guild_id, {})] if guild_id is not None else list(gathered.values()):
                if of_guild.pop(user_id, None) is not None:
                    self._held -= 1
        self._gains = {one: of_guild for one, of_guild in self._gains.items() if of_guild}

    @property
    def is_empty(self) -> bool:
        """Whether nothing waits to be written."""
        return not self._held

    def guilds(self) -> list[int]:
        """Where something waits to be written."""
        return list(dict.fromkeys([*self.batches, *self._gains]))

    def sealed(self, guild_id: int, new_id: Callable[[], int]) -> Batch[Gain] | None:
        """What is to be written in a guild now: what couldn't be before, as it was, or else all that came since."""
        if guild_id not in self.batches:
            gains = self._gains.pop(guild_id, None)
            if gains:
                self.batches[guild_id] = Batch(new_id(), guild_id, gains)
        return self.batches.get(guild_id)

    def written(self, batch: Batch[Gain]) -> None:
        """Let go of what is in the database."""
        del self.batches[batch.guild_id]
        self._held -= len(batch.gains)


class Writer(Generic[Gain]):
    """Gathers gains, and writes them a few seconds after the first."""

    def __init__(
        self, cog: Cog, what: str, join: Callable[[Gain, Gain], Gain], write: Callable[[Batch[Gain]], Awaitable[None]]
    ) -> None:
        """`what` names the gains in the log. `write` writes a batch once, and raises `DatabaseError` if it can't."""
        self.waits = Waits()
        self.gathering = Gathering(join)
        self._cog = cog
        self._what = what
        self._write = write
        self._writing = asyncio.Lock()
        self._soon: asyncio.Task[None] | None = None

    def add(self, guild_id: int, user_id: int, gain: Gain) -> bool:
        """Let somebody gain something, without I/O; False if there is no room for them."""
        added = self.gathering.add(guild_id, user_id, gain)
        if self._soon is None or self._soon.done():
            self._soon = self._cog.spawn(self._write_soon())
        return added

    async def _write_soon(self) -> None:
        """Write after a while, and again as long as anything is left."""
        while True:
            await asyncio.sleep(WRITTEN_AFTER_SECONDS)
            await self.write()
            if self.gathering.is_empty:
                return

    async def write(self, guild_id: int | None = None) -> None:
        """Write all that was gathered, or all of one guild; what the database doesn't take is kept for the next time.

        Guilds are written one after the other, and who asks for one waits for no more than the one under way.
        """
        if guild_id is not None:
            await self._write_guild(guild_id)
            return
        self.waits.forget(discord.utils.utcnow())
        for one in self.gathering.guilds():
            if not await self._write_guild(one):
                return

    async def _write_guild(self, guild_id: int) -> bool:
        """Write a guild's gains; False if the database is away, so that other guilds needn't be tried."""
        async with self._writing:
            was_kept = guild_id in self.gathering.batches
            while (batch := self.gathering.sealed(guild_id, new_id)) is not None:
                try:
                    await self._write(batch)
                except DatabaseError as error:
                    log.warning("%s in guild %d wait to be written: %s", self._what, guild_id, error)
                    return not isinstance(error, DatabaseUnavailable)
                except Exception as error:  # noqa: BLE001 - it is reported, and the other guilds' are written
                    self._cog.bot.error_reports.add(error, f"{self._what} in guild {guild_id}")
                    return True
                self.gathering.written(batch)
                self._cog.bot.usage.wrote(BatchWritten(self._what, len(batch.gains)))
                if not was_kept:
                    break
                was_kept = False  # what came since then is left
        return True

    async def forget(self, user_id: int, guild_id: int | None) -> None:
        """Drop what somebody gained and isn't written; what is being written is waited for."""
        async with self._writing:
            self.gathering.forget(user_id, guild_id)

    async def write_the_last(self) -> None:
        """Write all, for nothing is gathered after it; what the database doesn't take now is lost."""
        await self.write()
        if not self.gathering.is_empty:
            log.error("%s are lost: the database took none of them to the end", self._what)

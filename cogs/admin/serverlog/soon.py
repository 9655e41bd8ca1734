"""Things that are dealt with a moment later, all of one guild together."""

import asyncio
from collections.abc import Callable, Coroutine
from datetime import UTC, datetime, timedelta
from typing import Any, Final, Generic, TypeVar

import discord

from utils.cog import Cog

Thing = TypeVar("Thing")

MOST_HELD: Final = 1_000
"""Things of one guild that wait. Beyond, they are only counted."""
BUSY_FROM: Final = 5
"""After more things at once the next are gathered for longer, until it is quiet."""
THE_LAST_SECONDS: Final = 3.0
NEVER: Final = datetime.min.replace(tzinfo=UTC)


class Soon(Generic[Thing]):
    """Gathers things, and hands over those of a guild some seconds after the first."""

    def __init__(
        self,
        cog: Cog,
        seconds: float,
        deal_with: Callable[[int, list[Thing], int], Coroutine[Any, Any, None]],
        *,
        busy_seconds: float | None = None,
    ) -> None:
        """`deal_with` gets the guild's id, what came, and how many more came than were held.

        `busy_seconds` is how long is waited where much came just before.
        """
        self._cog = cog
        self._seconds = seconds
        self._busy_seconds = busy_seconds or seconds
        self._busy_until: dict[int, datetime] = {}
        self._deal_with = deal_with
        self._held: dict[int, list[Thing]] = {}
        self._waiting: dict[int, asyncio.Task[None]] = {}
        self._beyond: dict[int, int] = {}

    def add(self, guild_id: int, thing: Thing) -> None:
        """Deal with something soon."""
        held = self._held.get(guild_id)
        if held is None:
            held = self._held[guild_id] = []
            self._waiting[guild_id] = self._cog.spawn(self._hand_over(guild_id))
        if len(held) < MOST_HELD:
            held.append(thing)
        else:
            self._beyond[guild_id] = self._beyond.get(guild_id, 0) + 1

    async def _hand_over(self, guild_id: int) -> None:
        is_busy = discord.utils.utcnow() < self._busy_until.pop(guild_id, NEVER)
        await asyncio.sleep(self._busy_seconds if is_busy else self._seconds)
        things, beyond = self._take(guild_id)
        if len(things) > BUSY_FROM:
            self._busy_until[guild_id] = discord.utils.utcnow() + timedelta(seconds=self._busy_seconds)
        await self._deal_with(guild_id, things, beyond)

    def _take(self, guild_id: int) -> tuple[list[Thing], int]:
        self._waiting.pop(guild_id, None)
        return self._held.pop(guild_id), self._beyond.pop(guild_id, 0)

    async def deal_with_the_last(self) -> None:
        """Deal at once with all there is: the cog goes. What takes long is let go."""
        last = []
        for guild_id, task in list(self._waiting.items()):
            task.cancel()
            last.append(self._cog.spawn(self._deal_with(guild_id, *self._take(guild_id))))
        if last:
            await asyncio.wait(last, timeout=THE_LAST_SECONDS)

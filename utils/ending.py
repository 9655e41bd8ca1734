"""What ends once, at its time, and has its end told: a poll, a giveaway, a lottery."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar

import discord

from database.errors import DatabaseError
from utils.bot import CANNOT_SAY
from utils.events import TimerEvent
from utils.timers import InHand

if TYPE_CHECKING:
    from utils.bot import Hearth

log = logging.getLogger("hearth.timers")


class Ending(Protocol):
    """Something that ends: its row names the timer that ends it and tells of that."""

    @property
    def id(self) -> int: ...
    @property
    def guild_id(self) -> int: ...
    @property
    def timer_id(self) -> int | None: ...
    @property
    def due_at(self) -> datetime | None:
        """When its timer has something to do; None if it doesn't end by itself."""


AnyEnding = TypeVar("AnyEnding", bound=Ending)
Ending_co = TypeVar("Ending_co", bound=Ending, covariant=True)


class EndingStore(Protocol[Ending_co]):
    """Where the rows are."""

    async def get(self, about_id: int, /) -> Ending_co | None:
        """One of them."""

    async def unfinished_in(self, guild_id: int, /) -> Sequence[Ending_co]:
        """Those of a guild that are open, or whose end isn't told yet."""
        ...

    async def set_timer(self, about_id: int, timer_id: int, /) -> None:
        """Let another timer end it and tell of that."""


class Ends(Generic[AnyEnding]):
    """Ends what is due, and sees to it that what will be due has a timer.

    A cog has one, lets it hear its timers (`heard`) and of guilds that the bot is back in (`is_back_in`).
    """

    def __init__(
        self,
        bot: "Hearth",
        event: type[TimerEvent],
        id_key: str,
        store: EndingStore[AnyEnding],
        end: Callable[[AnyEnding], Awaitable[bool]],
    ) -> None:
        """`id_key` is where the payload of the timer `event` has the row's id.

        `end` ends what is due, once, and tells of it; again for what was ended and isn't told. It gives False where
        its timer was moved meanwhile, and raises what Discord or the database answers.
        """
        self.bot = bot
        self._event = event
        self._id_key = id_key
        self._store = store
        self._end = end
        self._in_hand = InHand()

    # --- what is due

    async def heard(self, event: TimerEvent) -> None:
        """End what a timer is for. While the database or Discord is away nothing is lost: the timer comes again."""
        try:
            await self._in_hand.handle(event, self._due)
        except (DatabaseError, *CANNOT_SAY):
            log.warning("%s %d comes again", type(event).__name__, event.timer_id, exc_info=True)

    async def _due(self, event: TimerEvent) -> None:
        one = await self._store.get(event.payload[self._id_key])
        if one is not None and one.timer_id == event.timer_id:
            if one.due_at is not None and one.due_at > discord.utils.utcnow():
                return  # moved since, and the timer with it
            if not await self._end(one):
                return
        await self.bot.timers.done(event)

    def is_ending(self, one: AnyEnding) -> bool:
        """Whether its timer is at work."""
        return one.timer_id is not None and one.timer_id in self._in_hand

    # --- their timers

    async def schedule(self, guild_id: int, about_id: int, due_at: datetime) -> int:
        """A timer for something new."""
        payload = {self._id_key: about_id}
        return await self.bot.timers.schedule(self._event, due_at, guild_id=guild_id, payload=payload)

    async def arm(self, one: AnyEnding, due_at: datetime) -> int:
        """Let its timer come at that time, or a new one where it has none; which that is. Inside a transaction."""
        if one.timer_id is not None and await self.bot.timers.reschedule(one.timer_id, due_at):
            return one.timer_id
        timer_id = await self.schedule(one.guild_id, one.id, due_at)
        await self._store.set_timer(one.id, timer_id)
        return timer_id

    async def disarm(self, one: AnyEnding) -> None:
        """Let no timer come for it any more."""
        if one.timer_id is not None:
            await self.bot.timers.cancel(one.timer_id)

    async def wake(self, guild_id: int) -> None:
        """See to it that what will be due has a timer: one of a guild that the bot left is dropped in time."""
        for one in await self._store.unfinished_in(guild_id):
            if one.due_at is None or await self._has_timer(one):
                continue
            async with self.bot.db.transaction():
                await self.arm(one, max(one.due_at, discord.utils.utcnow()))  # nobody looks for timers of long ago
            await asyncio.sleep(0)

    async def is_back_in(self, guild: discord.Guild) -> None:
        """Wake what waits in a guild that the bot joined again."""
        try:
            await self.wake(guild.id)
        except DatabaseError:
            log.warning("What ends by a %s waits in guild %d", self._event.__name__, guild.id, exc_info=True)

    async def _has_timer(self, one: AnyEnding) -> bool:
        return one.timer_id is not None and await self.bot.timers.store.get(one.timer_id) is not None

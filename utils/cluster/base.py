"""`bot.cluster`: which part of the bot's work this process does. Here, where it is the only one: all of it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from weakref import WeakValueDictionary

from database.timers import TimerScope, TimersStore


class Cluster:
    """The only process: it leads, owns every guild, and asks nobody."""

    process_name = "1/1"
    is_sure: bool = True
    """Whether this process still has its shards as far as it can know: it hasn't stood still for long."""

    def __init__(self) -> None:
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._leases_ended = False
        self.why_ended: str | None = None
        """Why this process must not go on, as a sentence for the operator."""

    @property
    def leads(self) -> bool:
        """Whether this process does what only one may do. It runs shard 0, where direct messages come."""
        return True

    def owns(self, guild_id: int | None) -> bool:
        """Whether this process does what is to be done about a guild, or about none (the leader)."""
        return True

    async def owns_after_all(self, guild_id: int | None) -> bool:
        """`owns`, once this process is sure: for what may have come while it stood still."""
        return self.owns(guild_id)

    def sees(self, guild_id: int) -> bool:
        """Whether this process would have the guild if the bot is in it: else its absence here says nothing."""
        return True

    def taken_at(self, guild_id: int) -> datetime | None:
        """When this process took a guild over from another that is gone; None for its own."""
        return None

    @asynccontextmanager
    async def lock(self, name: str) -> AsyncIterator[None]:
        """Keep everybody else, in all processes, from what has this name. Not to be taken twice by one task.

        Raises `DatabaseError` while the database is away.
        """
        lock = self._locks.setdefault(name, asyncio.Lock())
        async with lock:
            yield

    @property
    def timers(self) -> TimerScope | None:
        """The timers that this process hands out; None for all."""
        return None

    async def end_leases(self, store: TimersStore) -> None:
        """Hand out again what an earlier run, or a process that is gone, had in its hands. Raises `DatabaseError`."""
        if not self._leases_ended:
            await store.release_all()
            self._leases_ended = True

    @property
    def healthy(self) -> bool:
        """Whether this process runs its shards, and can tell the others so."""
        return True

    @property
    def waits(self) -> bool:
        """Whether it waits for its shards, which others run or Discord doesn't allow yet."""
        return False

    @property
    def state(self) -> str:
        """How it is, in a few words for the operator."""
        return "the only process"

    # --- for the bot

    async def join(self) -> None:
        """Take the shards of this process, waiting as long as somebody else runs them.

        From then on give signs of life, and look after the shards of processes that give none.
        """

    async def stop(self) -> None:
        """Take no more shards."""

    async def leave(self) -> None:
        """Let the others know at once that this process has ended. Raises nothing."""

    async def before_launch(self, shard_id: int) -> bool:
        """Wait until a session of a shard may start; False if it is this process's no more."""
        return True

    async def before_identify(self, shard_id: int | None) -> bool:
        """The same where the connection is there already; False if discord.py's own pause has to do.

        Raises OSError when that takes too long, and CancelledError for a shard that is this process's no more: by
        these discord.py tries again, or lets the shard be.
        """
        return False

    async def shard_is_there(self, shard_id: int) -> None:
        """Discord has told of all guilds of a shard, in a new session or in the old one."""

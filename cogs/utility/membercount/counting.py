"""Counting who comes and goes: in memory, and written every few seconds."""

from datetime import date

from database.server_counts import Coming, ServerCountsStore
from utils.cog import Cog
from utils.gathering import Batch, Writer


class MemberCounts:
    """Gathers joins and leaves by the day; a raid is one row."""

    def __init__(self, cog: Cog, store: ServerCountsStore) -> None:
        self.store = store
        # What is gathered for each "member" here is gathered for each day.
        self.writer: Writer[Coming] = Writer(cog, "Joins and leaves", Coming.__add__, self._write)

    def count(self, guild_id: int, today: date, *, joined: int = 0, gone: int = 0) -> None:
        """Count somebody who joined or left, without I/O."""
        self.writer.add(guild_id, today.toordinal(), Coming(joined, gone))

    async def since(self, guild_id: int, day: date) -> dict[date, Coming]:
        """What was counted from a day on, with what came this moment."""
        await self.writer.write(guild_id)
        return await self.store.members(guild_id, day)

    async def _write(self, batch: Batch[Coming]) -> None:
        await self.store.add_members(batch.guild_id, batch.id, batch.gains)

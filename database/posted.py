"""What a guild's members take part in until it ends: a row with a number, a message and a timer."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, Generic, TypeVar

from database.manager import DatabaseManager, Row
from database.values import moment


@dataclass(frozen=True, slots=True, kw_only=True)
class Posted:
    """Something that is posted for members and ends. `number` is what people call it."""

    id: int
    guild_id: int
    number: int = 0
    channel_id: int
    message_id: int | None = None
    """None until it is posted."""
    opened_at: datetime
    ends_at: datetime | None
    timer_id: int | None = None
    """The timer that ends it and tells of that."""

    @property
    def due_at(self) -> datetime | None:
        """When its timer has something to do; None if it doesn't end by itself."""
        return self.ends_at


AnyPosted = TypeVar("AnyPosted", bound=Posted)


class PostedStore(Generic[AnyPosted]):
    """The base of the stores of what is posted and ends."""

    table: ClassVar[str]
    unfinished: ClassVar[str]
    """The condition under which one is open, or its end isn't told yet."""

    def __init__(self, db: DatabaseManager) -> None:
        self.db = db

    async def add(self, new: AnyPosted, *, most: int) -> AnyPosted | None:
        """Keep one under the guild's next number (the one given doesn't count).

        None when `most` are open. Raises ConstraintViolated when two of a guild come at the same moment; try again
        then.
        """
        raise NotImplementedError

    def read(self, row: Row) -> AnyPosted:
        """One of them, from its row."""
        raise NotImplementedError

    async def remove(self, about_id: int) -> None:
        """Forget one that couldn't be posted."""
        await self.db.execute(f"DELETE FROM {self.table} WHERE id = $1", about_id)

    async def posted(self, about_id: int, channel_id: int, message_id: int) -> None:
        """Write down where its message is."""
        await self.db.execute(
            f"UPDATE {self.table} SET channel_id = $2, message_id = $3 WHERE id = $1",
            about_id, channel_id, message_id,
        )  # fmt: skip

    async def set_timer(self, about_id: int, timer_id: int) -> None:
        """Let another timer end it and tell of that."""
        await self.db.execute(f"UPDATE {self.table} SET timer_id = $2 WHERE id = $1", about_id, timer_id)

    async def get(self, about_id: int) -> AnyPosted | None:
        """One of them."""
        return self._maybe(await self.db.fetchone(f"SELECT * FROM {self.table} WHERE id = $1", about_id))

    async def numbered(self, guild_id: int, number: int) -> AnyPosted | None:
        """A guild's by its number."""
        return self._maybe(
            await self.db.fetchone(
                f"SELECT * FROM {self.table} WHERE guild_id = $1 AND number = $2", guild_id, number
            )
        )

    async def unfinished_in(self, guild_id: int) -> Sequence[AnyPosted]:
        """Those of a guild that are open, or whose end isn't told yet; the oldest first."""
        rows = await self.db.fetchall(
            f"SELECT * FROM {self.table} WHERE guild_id = $1 AND ({self.unfinished}) ORDER BY number", guild_id
        )
        return [self.read(row) for row in rows]

    def _maybe(self, row: Row | None) -> AnyPosted | None:
        return None if row is None else self.read(row)


def shared_fields(row: Row) -> dict[str, Any]:
    """What `Posted` has of a row."""
    kept = ("id", "guild_id", "number", "channel_id", "message_id", "timer_id")
    return {name: row[name] for name in kept} | {name: moment(row[name]) for name in ("opened_at", "ends_at")}

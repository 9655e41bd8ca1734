"""Work for later, as rows."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from database.ids import new_id
from database.manager import DatabaseManager, Row
from database.placeholders import placeholders
from database.values import json_value, moment


@dataclass(frozen=True, slots=True)
class TimerRow:
    """One scheduled piece of work; `attempt` counts how often it was handed out."""

    id: int
    name: str
    due_at: datetime
    guild_id: int | None
    user_id: int | None
    payload: dict[str, Any]
    attempt: int


@dataclass(frozen=True, slots=True)
class Backlog:
    """How many timers there are, how many of them could be handed out, and since when the first of those could."""

    waiting: int
    overdue: int
    oldest: datetime | None


_HOME: Final = "COALESCE(guild_id, near_guild_id)"


@dataclass(frozen=True, slots=True)
class TimerScope:
    """The timers of some shards' guilds, and perhaps those of no guild."""

    shard_count: int
    shard_ids: frozenset[int]
    without_guild: bool

    def condition(self, first: int) -> tuple[str, list[int]]:
        """As SQL whose values are `$first` and the following."""
        if not self.shard_ids:
            return (f" AND {_HOME} IS NULL" if self.without_guild else " AND 1 = 0"), []
        values = [self.shard_count, *sorted(self.shard_ids)]
        # Written out, for what is a parameter may be of another type than the column.
        places = ", ".join(f"CAST(${first + 1 + index} AS BIGINT)" for index in range(len(self.shard_ids)))
        inside = f"({_HOME} >> 22) % CAST(${first} AS BIGINT) IN ({places})"
        return f" AND ({inside}{f' OR {_HOME} IS NULL' if self.without_guild else ''})", values


def _within(scope: TimerScope | None, first: int) -> tuple[str, list[int]]:
    return ("", []) if scope is None else scope.condition(first)


class TimersStore:
    """The table `timers`."""

    def __init__(self, db: DatabaseManager) -> None:
        self.db = db

    async def add(
        self,
        name: str,
        due_at: datetime,
        *,
        guild_id: int | None,
        user_id: int | None,
        payload: dict[str, Any],
        near_guild_id: int | None = None,
    ) -> int:
        """Keep a timer and return its id. Where it is no guild's, the process of `near_guild_id` hands it out."""
        timer_id = new_id()
        await self.db.execute(
            "INSERT INTO timers (id, name, due_at, guild_id, user_id, payload, near_guild_id)"
            " VALUES ($1, $2, $3, $4, $5, $6, $7)",
            timer_id, name, due_at, guild_id, user_id, json.dumps(payload), near_guild_id,
        )  # fmt: skip
        return timer_id

    async def get(self, timer_id: int) -> TimerRow | None:
        """The timer, or None when it is done or was cancelled."""
        row = await self.db.fetchone("SELECT * FROM timers WHERE id = $1", timer_id)
        return None if row is None else _timer(row)

    async def remove(self, timer_id: int) -> bool:
        """Forget a timer; False when there was none."""
        return await self.db.execute("DELETE FROM timers WHERE id = $1", timer_id) == 1

    async def move(self, timer_id: int, due_at: datetime) -> bool:
        """Give a timer another due time and a fresh start; False when there is none."""
        changed = await self.db.execute(
            "UPDATE timers SET due_at = $2, leased_until = 0, attempt = 0 WHERE id = $1", timer_id, due_at
        )
        return changed == 1

    async def due(
        self, now: datetime, names: list[str], *, limit: int, scope: TimerScope | None = None
    ) -> list[TimerRow]:  # fmt: skip
        """What is due, of these names, and nobody's work in progress; the oldest first."""
        within, values = _within(scope, 3 + len(names))
        wanted = ", ".join(f"${index}" for index in range(3, 3 + len(names)))
        rows = await self.db.fetchall(
            "SELECT * FROM timers WHERE due_at <= $1 AND leased_until <= $1"
            f" AND name IN ({wanted}){within} ORDER BY due_at, id LIMIT $2",
            now, limit, *names, *values,
        )  # fmt: skip
        return [_timer(row) for row in rows]

    async def next_due(
        self, now: datetime, names: list[str], scope: TimerScope | None = None
    ) -> datetime | None:  # fmt: skip
        """When the next timer of these names can be handed out, by due time or by the end of a lease."""
        wanted = ", ".join(f"${index}" for index in range(2, 2 + len(names)))
        within, values = _within(scope, 2 + len(names))
        # Two queries, each along an index: a MIN over both columns would read the whole table.
        free = await self.db.fetchval(
            "SELECT due_at FROM timers WHERE leased_until <= $1"
            f" AND name IN ({wanted}){within} ORDER BY due_at LIMIT 1",
            now, *names, *values,
        )  # fmt: skip
        leased = await self.db.fetchval(
            "SELECT MIN(CASE WHEN leased_until > due_at THEN leased_until ELSE due_at END) FROM timers"
            f" WHERE leased_until > 0 AND leased_until > $1 AND name IN ({wanted}){within}",
            now, *names, *values,
        )  # fmt: skip
        return moment(min((at for at in (free, leased) if at is not None), default=None))

    async def backlog(self, now: datetime, names: list[str]) -> Backlog:
        """What waits; overdue are those of these names that nobody has in hand."""
        waiting: int = await self.db.fetchval("SELECT COUNT(*) FROM timers")
        wanted = placeholders(len(names), first=2) or "NULL"
        row = await self.db.fetchone(
            "SELECT COUNT(*) AS overdue, MIN(due_at) AS oldest FROM timers"
            f" WHERE due_at <= $1 AND leased_until <= $1 AND name IN ({wanted})",
            now, *names,
        )  # fmt: skip
        assert row is not None
        return Backlog(waiting, row["overdue"], moment(row["oldest"]))

    async def claim(self, timer_id: int, now: datetime, until: datetime) -> TimerRow | None:
        """Take a timer for a while; None when it is gone or somebody else has it."""
        row = await self.db.fetchone(
            "UPDATE timers SET leased_until = $3, attempt = attempt + 1"
            " WHERE id = $1 AND due_at <= $2 AND leased_until <= $2 RETURNING *",
            timer_id, now, until,
        )  # fmt: skip
        return None if row is None else _timer(row)

    async def postpone(self, timer_id: int, until: datetime) -> None:
        """Leave a timer alone until then; nobody has it in hand, and its attempts count anew."""
        await self.db.execute("UPDATE timers SET leased_until = $2, attempt = 0 WHERE id = $1", timer_id, until)

    async def release_all(self, scope: TimerScope | None = None) -> None:
        """End every lease: what a process that died had in its hands is handed out again."""
        within, values = _within(scope, 1)
        await self.db.execute(f"UPDATE timers SET leased_until = 0 WHERE leased_until > 0{within}", *values)

    async def release_guild(self, guild_id: int) -> None:
        """Hand out the timers of a guild at once that were postponed; not those that somebody has in hand."""
        # Asked for each guild at every start: without the first condition it would read the whole table.
        await self.db.execute(
            "UPDATE timers SET leased_until = 0 WHERE leased_until > 0 AND attempt = 0 AND guild_id = $1", guild_id
        )


def _timer(row: Row) -> TimerRow:
    due_at = moment(row["due_at"])
    assert due_at is not None
    return TimerRow(
        row["id"],
        row["name"],
        due_at,
        row["guild_id"],
        row["user_id"],
        json_value(row["payload"]),
        row["attempt"],
    )

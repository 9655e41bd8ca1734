"""Moderation: cases with their changes, as rows; what is in force for people is in `database.sanctions`."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from database.case_filter import CaseFilter, conditions
from database.ids import new_id
from database.manager import DatabaseManager, Row
from database.sanctions import Sanction, SanctionsStore
from database.values import json_value, moment


@dataclass(frozen=True, slots=True)
class NewCase:
    """A case that is about to be opened."""

    guild_id: int
    kind: str
    source: str
    moderator_name: str
    opened_at: datetime
    target_id: int | None = None
    target_name: str | None = None
    moderator_id: int | None = None
    reason: str | None = None
    ends_at: datetime | None = None
    points: int = 0
    state_before: dict[str, Any] = field(default_factory=dict)
    details: dict[str, Any] = field(default_factory=dict)
    channel_id: int | None = None
    message_id: int | None = None
    parent: int | None = None
    entry_id: int | None = None
    """Of the audit log, for what was done in Discord's own client."""


@dataclass(frozen=True, slots=True)
class Case(NewCase):
    """What a moderator did, with its number in the guild. `status` is pending, done, failed or undone."""

    number: int = 0
    status: str = "pending"
    settled_at: datetime | None = None
    failure: str | None = None
    told: str | None = None
    log_channel_id: int | None = None
    log_message_id: int | None = None


@dataclass(frozen=True, slots=True)
class CaseChange:
    """Somebody amended a case."""

    field: str
    old_value: str | None
    new_value: str | None
    changed_by: int
    changed_at: datetime


__all__ = ["AMENDABLE", "Case", "CaseChange", "CaseFilter", "CasesStore", "NewCase", "Sanction", "SanctionsStore"]

AMENDABLE = ("reason", "ends_at", "points", "status")
INSERT_CASE = (
    "INSERT INTO cases (guild_id, number, kind, status, target_id, target_name, moderator_id, moderator_name, reason,"
    " source, opened_at, ends_at, points, state_before, details, channel_id, message_id, parent, search_text,"
    " entry_id) VALUES ($1, $2, $3, 'pending', $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18,"
    " $19)"
)
"""A case that is opened; `case_values` has its values."""


class CasesStore:
    """The tables `cases`, `case_numbers` and `case_changes`."""

    def __init__(self, db: DatabaseManager) -> None:
        self.db = db

    async def open(self, case: NewCase) -> Case:
        """Write a case down as pending, under the guild's next number.

        Joins the caller's transaction. Raises ConstraintViolated if the same message did the same to the same person
        before, or the same entry of the audit log has a case; then no number is used up.
        """
        async with self.db.transaction():
            number = await self.db.fetchval(
                "INSERT INTO case_numbers (guild_id, last) VALUES ($1, 1)"
                " ON CONFLICT (guild_id) DO UPDATE SET last = case_numbers.last + 1 RETURNING last",
                case.guild_id,
            )
            row = await self.db.fetchone(f"{INSERT_CASE} RETURNING *", *case_values(case, number))
        assert row is not None
        return case_of(row)

    async def settle(
        self, case: Case, status: str, at: datetime, *, failure: str | None = None, told: str | None = None
    ) -> Case | None:
        """Say how a pending case ended; None if it was settled already."""
        return _maybe(
            await self.db.fetchone(
                "UPDATE cases SET status = $3, settled_at = $4, failure = $5, told = COALESCE($6, told)"
                " WHERE guild_id = $1 AND number = $2 AND status = 'pending' RETURNING *",
                case.guild_id,
                case.number,
                status,
                at,
                failure,
                told,
            )
        )

    async def describe(self, case: Case, details: dict[str, Any]) -> None:
        """Keep what there is to know about a case besides, in place of what was kept."""
        await self.db.execute(
            "UPDATE cases SET details = $3 WHERE guild_id = $1 AND number = $2", case.guild_id, case.number, details
        )

    async def was_told(self, case: Case, told: str) -> None:
        """Write down whether the target could be told: `sent` or `closed`."""
        await self.db.execute(
            "UPDATE cases SET told = $3 WHERE guild_id = $1 AND number = $2", case.guild_id, case.number, told
        )

    async def undone(self, guild_id: int, number: int, *, by: int, at: datetime) -> bool:
        """Mark a case that was done as undone, and write down who did; False if it isn't one.

        Joins the caller's transaction.
        """
        async with self.db.transaction():
            changed = await self.db.execute(
                "UPDATE cases SET status = 'undone' WHERE guild_id = $1 AND number = $2 AND status = 'done'",
                guild_id, number,
            )  # fmt: skip
            if changed == 1:
                await self._write_change((guild_id, number), "status", ("done", "undone"), by, at)
        return changed == 1

    async def logged(self, case: Case, channel_id: int, message_id: int) -> None:
        """Keep where the case stands in the log."""
        await self.db.execute(
            "UPDATE cases SET log_channel_id = $3, log_message_id = $4 WHERE guild_id = $1 AND number = $2",
            case.guild_id, case.number, channel_id, message_id,
        )  # fmt: skip

    async def get(self, guild_id: int, number: int) -> Case | None:
        """A case by its number."""
        return _maybe(
            await self.db.fetchone("SELECT * FROM cases WHERE guild_id = $1 AND number = $2", guild_id, number)
        )

    async def by_message(self, guild_id: int, message_id: int, kind: str, target_id: int | None) -> Case | None:
        """The case of a kind that a command's message opened for somebody, or for nobody if there is no target."""
        return _maybe(
            await self.db.fetchone(
                "SELECT * FROM cases WHERE guild_id = $1 AND message_id = $2 AND kind = $3"
                " AND COALESCE(target_id, 0) = COALESCE(CAST($4 AS BIGINT), 0) AND source = 'command'",
                guild_id,
                message_id,
                kind,
                target_id,
            )
        )

    async def pending_of(self, guild_id: int, parent: int, kind: str) -> Case | None:
        """The case of a kind that was begun because of another one, and isn't settled."""
        return _maybe(
            await self.db.fetchone(
                "SELECT * FROM cases WHERE guild_id = $1 AND parent = $2 AND kind = $3 AND status = 'pending'"
                " ORDER BY number LIMIT 1",
                guild_id,
                parent,
                kind,
            )
        )

    async def targets_named(self, guild_id: int, name: str) -> list[int]:
        """The ids of up to two people who have cases under a user name."""
        rows = await self.db.fetchall(
            "SELECT DISTINCT target_id FROM cases WHERE guild_id = $1 AND target_name = $2 AND target_id IS NOT NULL"
            " ORDER BY target_id LIMIT 2",
            guild_id, name,
        )  # fmt: skip
        return [row["target_id"] for row in rows]

    async def latest(self, guild_id: int, *, moderator_id: int | None = None) -> Case | None:
        """The newest case, of one moderator if given."""
        found = await self.find(guild_id, CaseFilter(moderator_id=moderator_id), limit=1)
        return found[0] if found else None

    async def pending(self, opened_before: datetime) -> list[Case]:
        """Cases that were never settled: the bot ended between writing them down and the action's end."""
        rows = await self.db.fetchall(
            "SELECT * FROM cases WHERE status = 'pending' AND opened_at < $1 ORDER BY guild_id, number", opened_before
        )
        return [case_of(row) for row in rows]

    async def numbered(self, guild_id: int, numbers: Sequence[int]) -> list[Case]:
        """The cases of these numbers that exist, the lowest first."""
        if not numbers:
            return []
        places = ", ".join(f"${index}" for index in range(2, 2 + len(numbers)))
        rows = await self.db.fetchall(
            f"SELECT * FROM cases WHERE guild_id = $1 AND number IN ({places}) ORDER BY number", guild_id, *numbers
        )
        return [case_of(row) for row in rows]

    async def find(
        self, guild_id: int, wanted: CaseFilter, *, limit: int, offset: int = 0, oldest_first: bool = False
    ) -> list[Case]:
        """Cases that fit, the newest first unless asked otherwise."""
        where, values = conditions(guild_id, wanted)
        rows = await self.db.fetchall(
            f"SELECT * FROM cases WHERE {where} ORDER BY number {'ASC' if oldest_first else 'DESC'}"
            f" LIMIT ${len(values) + 1} OFFSET ${len(values) + 2}",
            *values, limit, offset,
        )  # fmt: skip
        return [case_of(row) for row in rows]

    async def count(self, guild_id: int, wanted: CaseFilter) -> int:
        """How many cases fit."""
        where, values = conditions(guild_id, wanted)
        return int(await self.db.fetchval(f"SELECT COUNT(*) FROM cases WHERE {where}", *values))

    async def counts_by_kind(self, guild_id: int, wanted: CaseFilter) -> dict[str, int]:
        """How many cases of each kind fit, the most frequent first."""
        where, values = conditions(guild_id, wanted)
        rows = await self.db.fetchall(
            f"SELECT kind, COUNT(*) AS cases FROM cases WHERE {where} GROUP BY kind ORDER BY cases DESC, kind",
            *values,
        )
        return {row["kind"]: row["cases"] for row in rows}

    async def counts_by_moderator(self, guild_id: int, wanted: CaseFilter) -> dict[int | None, dict[str, int]]:
        """How many cases of each kind each moderator has that fit."""
        where, values = conditions(guild_id, wanted)
        rows = await self.db.fetchall(
            f"SELECT moderator_id, kind, COUNT(*) AS cases FROM cases WHERE {where} GROUP BY moderator_id, kind",
            *values,
        )
        found: dict[int | None, dict[str, int]] = {}
        for row in rows:
            found.setdefault(row["moderator_id"], {})[row["kind"]] = row["cases"]
        return found

    async def points(self, guild_id: int, target_id: int, *, since: datetime | None, now: datetime) -> int:
        """The points of warnings that count at `now`: done, not undone, not expired, and none older than `since`."""
        return int(
            await self.db.fetchval(
                "SELECT COALESCE(SUM(points), 0) FROM cases WHERE guild_id = $1 AND target_id = $2"
                " AND status = 'done' AND points > 0 AND (ends_at IS NULL OR ends_at > $4)"
                " AND (CAST($3 AS BIGINT) IS NULL OR opened_at >= $3)",
                guild_id,
                target_id,
                since,
                now,
            )
        )

    async def amend(self, case: Case, changes: dict[str, Any], *, by: int, at: datetime) -> Case:
        """Change fields of a case (`AMENDABLE`), and write down who did. Raises LookupError if it is gone.

        What stays the same is not written down. Joins the caller's transaction.
        """
        async with self.db.transaction():
            # Its number, to itself: so the row is ours, and the old values are those that were there just before.
            row = await self.db.fetchone(
                "UPDATE cases SET number = number WHERE guild_id = $1 AND number = $2 RETURNING *",
                case.guild_id, case.number,
            )  # fmt: skip
            if row is None:
                raise LookupError(case.number)
            before = case_of(row)
            for name, value in changes.items():
                assert name in AMENDABLE
                if getattr(before, name) != value:
                    await self._amend(before, name, value, by, at)
            found = await self.get(case.guild_id, case.number)
        assert found is not None
        return found

    async def _amend(self, before: Case, name: str, value: Any, by: int, at: datetime) -> None:
        await self.db.execute(
            f"UPDATE cases SET {name} = $3 WHERE guild_id = $1 AND number = $2",
            before.guild_id, before.number, value,
        )  # fmt: skip
        if name == "reason":
            await self.db.execute(
                "UPDATE cases SET search_text = $3 WHERE guild_id = $1 AND number = $2",
                before.guild_id, before.number, _search_text(value, before.target_name),
            )  # fmt: skip
        values = (_text(getattr(before, name)), _text(value))
        await self._write_change((before.guild_id, before.number), name, values, by, at)

    async def _write_change(
        self, case: tuple[int, int], name: str, values: tuple[str | None, str | None], by: int, at: datetime
    ) -> None:
        await self.db.execute(
            "INSERT INTO case_changes (id, guild_id, number, field, old_value, new_value, changed_by, changed_at)"
            " VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
            new_id(), *case, name, *values, by, at,
        )  # fmt: skip

    async def changes(self, guild_id: int, number: int) -> list[CaseChange]:
        """Who amended a case, the first change first."""
        return (await self.changes_between(guild_id, number, number)).get(number, [])

    async def changes_between(self, guild_id: int, first: int, last: int) -> dict[int, list[CaseChange]]:
        """Who amended the cases of these numbers, both included, by number."""
        rows = await self.db.fetchall(
            "SELECT * FROM case_changes WHERE guild_id = $1 AND number BETWEEN $2 AND $3 ORDER BY number, id",
            guild_id, first, last,
        )  # fmt: skip
        found: dict[int, list[CaseChange]] = {}
        for row in rows:
            change = CaseChange(
                row["field"], row["old_value"], row["new_value"], row["changed_by"], _at(row["changed_at"])
            )
            found.setdefault(row["number"], []).append(change)
        return found

    async def log_is_in_trouble(self, guild_id: int, channel_id: int) -> bool:
        """Write down that a guild's log doesn't work; False if it was told about that channel before."""
        changed = await self.db.execute(
            "INSERT INTO case_log_troubles (guild_id, channel_id) VALUES ($1, $2) ON CONFLICT (guild_id) DO UPDATE"
            " SET channel_id = excluded.channel_id WHERE case_log_troubles.channel_id <> excluded.channel_id",
            guild_id, channel_id,
        )  # fmt: skip
        return changed == 1

    async def log_works(self, guild_id: int) -> None:
        """Forget about a trouble with a guild's log: the next one is told again."""
        await self.db.execute("DELETE FROM case_log_troubles WHERE guild_id = $1", guild_id)


def case_values(case: NewCase, number: int) -> list[Any]:
    """The values of `INSERT_CASE`."""
    return [
        case.guild_id, number, case.kind, case.target_id, case.target_name, case.moderator_id, case.moderator_name,
        case.reason, case.source, case.opened_at, case.ends_at, case.points, case.state_before, case.details,
        case.channel_id, case.message_id, case.parent, _search_text(case.reason, case.target_name), case.entry_id,
    ]  # fmt: skip


def _search_text(reason: str | None, target_name: str | None) -> str:
    return f"{reason or ''}\n{target_name or ''}".casefold()


def _text(value: Any) -> str | None:
    return value.isoformat() if isinstance(value, datetime) else None if value is None else str(value)


def _at(milliseconds: int) -> datetime:
    found = moment(milliseconds)
    assert found is not None
    return found


def _maybe(row: Row | None) -> Case | None:
    return None if row is None else case_of(row)


def case_of(row: Row) -> Case:
    """A row of the table `cases`."""
    values = {name: value for name, value in row.items() if name != "search_text"}
    for name in ("opened_at", "settled_at", "ends_at"):
        values[name] = moment(values[name])
    for name in ("state_before", "details"):
        values[name] = json_value(values[name])
    return Case(**values)

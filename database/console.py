"""Statements that whoever runs the bot types: what may be asked, within which limits, and what came of it.

Each runs on a connection of its own, which is closed behind it, so nothing of it stays on one that the bot uses.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, Literal

from database.errors import DatabaseError
from database.placeholders import Dialect, Statement, start_of, statement

Mode = Literal["read", "try", "write"]
"""`read` in a read-only transaction; `try` a change that is rolled back, to see what it would do; `write` it."""

_READING: Final = {
    "sqlite": {"SELECT", "VALUES", "WITH", "EXPLAIN", "PRAGMA"},
    "postgresql": {"SELECT", "VALUES", "WITH", "EXPLAIN", "SHOW", "TABLE"},
}
_WRITING: Final = {"INSERT", "UPDATE", "DELETE", "REPLACE", "WITH", "MERGE"}


class NotAllowed(DatabaseError):  # noqa: N818 - it reads as a sentence
    """A statement of a kind that isn't run by hand: what changes the schema, settings or transactions."""


class TookTooLong(DatabaseError):  # noqa: N818 - it reads as a sentence
    """A statement was stopped by the time limit."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How much a statement may take."""

    rows: int = 200
    """How many are read; the rest stays in the database."""
    seconds: float = 10.0
    value_bytes: int = 1_000_000
    """The longest text or blob that SQLite makes or reads; PostgreSQL has no such limit."""
    all_bytes: int = 4_000_000
    """How much text and blobs is read in all, about; the rest stays in the database."""


@dataclass(frozen=True, slots=True)
class Found:
    """What a statement gave."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]
    more: bool
    """Whether there were more rows than the limit."""
    changed: int
    """How many rows it changed."""


def checked(sql: str, dialect: Dialect, mode: Mode) -> Statement:
    """Read a statement, and refuse what this mode isn't for.

    Raises `NotAllowed`, and `DatabaseError` for several statements at once or one that waits for values. This is for
    the sake of clear sentences: that nothing is written is up to the connection.
    """
    read = statement(sql, dialect)
    if read.parameters:
        raise DatabaseError(f"There are no values for the parameters: {start_of(sql)}")
    if read.verb not in (_READING[dialect] if mode == "read" else _WRITING):
        raise NotAllowed(f"Not a statement for this: {start_of(sql)}")
    return read


class Taken:
    """Rows as they are read one by one, until there are enough."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._rows: list[tuple[Any, ...]] = []
        self._bytes = 0
        self.is_full = False
        """Whether a row came that is beyond the limits."""

    def take(self, row: tuple[Any, ...]) -> None:
        """Keep a row, if there is room for it."""
        self._bytes += sum(len(value) for value in row if isinstance(value, str | bytes))
        if len(self._rows) >= self._limits.rows or (self._rows and self._bytes > self._limits.all_bytes):
            self.is_full = True
        if not self.is_full:
            self._rows.append(row)

    def found(self, columns: tuple[str, ...], changed: int = 0) -> Found:
        """The answer."""
        return Found(columns, tuple(self._rows), self.is_full, changed)

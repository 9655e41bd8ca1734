"""What is typed by hand, on SQLite: a connection that the file's own open mode keeps from writing."""

from __future__ import annotations

import sqlite3
import time
from pathlib import Path
from typing import Final

from database.console import Found, Limits, Mode, NotAllowed, Taken, TookTooLong
from database.engine import to_the_end
from database.placeholders import Statement
from database.sqlite_connection import BUSY_TIMEOUT_MILLISECONDS, Connection

_STEPS_BETWEEN_LOOKS: Final = 1_000  # of SQLite's virtual machine; some microseconds each thousand
_READING: Final = {
    sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_FUNCTION, sqlite3.SQLITE_RECURSIVE,
}  # fmt: skip
_WRITING: Final = _READING | {sqlite3.SQLITE_INSERT, sqlite3.SQLITE_UPDATE, sqlite3.SQLITE_DELETE}
_PRAGMAS: Final = {
    "compile_options", "database_list", "foreign_key_check", "foreign_key_list", "freelist_count", "index_info",
    "index_list", "index_xinfo", "integrity_check", "page_count", "page_size", "quick_check", "table_info",
    "table_list", "table_xinfo", "user_version",
}  # fmt: skip


async def look(path: Path, statement: Statement, mode: Mode, limits: Limits) -> Found:
    """Run a statement on a connection of its own."""
    pragmas = (f"busy_timeout={BUSY_TIMEOUT_MILLISECONDS}", "foreign_keys=ON", "synchronous=FULL")
    connection = Connection(path, *pragmas, read_only=mode == "read")
    await connection.open()
    try:
        return await connection.run(lambda raw: _look(raw, statement, mode, limits), to_completion=mode != "read")
    finally:
        await to_the_end(connection.close())


# What follows runs in the connection's thread.


def _look(raw: sqlite3.Connection, statement: Statement, mode: Mode, limits: Limits) -> Found:
    deadline = time.monotonic() + limits.seconds
    raw.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, limits.value_bytes)
    raw.execute("BEGIN" if mode == "read" else "BEGIN IMMEDIATE")
    # Also what a read-only connection may do: open other files.
    raw.set_authorizer(_Guard(mode))
    raw.set_progress_handler(lambda: int(time.monotonic() > deadline), _STEPS_BETWEEN_LOOKS)
    try:
        answer = _run(raw, statement, limits)
    except sqlite3.DatabaseError as error:
        if getattr(error, "sqlite_errorcode", 0) == sqlite3.SQLITE_INTERRUPT and time.monotonic() > deadline:
            raise TookTooLong(f"It took longer than {limits.seconds:g} seconds.") from error
        if getattr(error, "sqlite_errorcode", 0) == sqlite3.SQLITE_AUTH:
            raise NotAllowed(str(error)) from error
        raise
    finally:
        raw.set_progress_handler(None, 0)
        raw.set_authorizer(None)
    raw.execute("COMMIT" if mode == "write" else "ROLLBACK")  # closing rolls back what raised
    return answer


def _run(raw: sqlite3.Connection, statement: Statement, limits: Limits) -> Found:
    cursor = raw.execute(statement.text)
    columns = tuple(column[0] for column in cursor.description or ())
    only_reads = statement.reads or statement.verb in {"EXPLAIN", "PRAGMA"}
    taken = Taken(limits)
    for row in cursor:  # to the end where it changes something: with RETURNING it is done only after its last row
        taken.take(row)
        if taken.is_full and only_reads:
            break
    if only_reads:
        cursor.close()
        return taken.found(columns)
    changed = cursor.rowcount if cursor.rowcount >= 0 else raw.execute("SELECT changes()").fetchone()[0]
    return taken.found(columns, changed)


class _Guard:
    """Asked by SQLite about each thing that a statement is about to do."""

    def __init__(self, mode: Mode) -> None:
        self._allowed = _READING if mode == "read" else _WRITING

    def __call__(self, action: int, first: str | None, second: str | None, *_where: str | None) -> int:
        if action == sqlite3.SQLITE_PRAGMA:
            return sqlite3.SQLITE_OK if (first or "").lower() in _PRAGMAS else sqlite3.SQLITE_DENY
        if action == sqlite3.SQLITE_FUNCTION and (second or "").lower() == "load_extension":
            return sqlite3.SQLITE_DENY
        return sqlite3.SQLITE_OK if action in self._allowed else sqlite3.SQLITE_DENY

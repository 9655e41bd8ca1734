"""The SQLite back end: one writer, a few readers, one hop to a thread per statement.

Every connection lives in its own thread (aiosqlite); what costs time under asyncio is the hops to that thread and not
SQLite. So a statement with its fetching is one hop, a transaction's BEGIN travels with its first statement, and a
savepoint with the statement after it.
"""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import Any, ClassVar, Final, Literal, TypeVar

from database import sqlite_console
from database.backup import Keeper
from database.console import Found, Limits, Mode
from database.engine import Engine, Load, MigrationSession, Parameters, Row, Session, to_the_end
from database.errors import DatabaseError
from database.placeholders import Dialect, Statement
from database.sqlite_backup import SqliteKeeper
from database.sqlite_connection import BUSY_TIMEOUT_MILLISECONDS, Connection, Work

log = logging.getLogger("hearth.database")

OLDEST_VERSION: Final = (3, 39, 0)  # RETURNING needs 3.35, ->> 3.38, IS DISTINCT FROM 3.39
MIGRATION_BUSY_TIMEOUT_MILLISECONDS: Final = 60_000  # another process may be migrating a large table
WRITER_CACHE_KIBIBYTES: Final = 16_384  # measured: in a large file a batch takes half as long as with 2,000
READERS: Final = 2  # measured: 2 double the rate of heavy queries, 4 halve that of small ones

# Immediate: a transaction that reads first and then wants to write can't wait for another writer.
_BEGIN: Final = "BEGIN IMMEDIATE"

T = TypeVar("T")


class _Turns(asyncio.Lock):
    """A lock that knows how many wait for it."""

    def __init__(self) -> None:
        super().__init__()
        self.waiting = 0

    async def acquire(self) -> Literal[True]:
        self.waiting += 1
        try:
            return await super().acquire()
        finally:
            self.waiting -= 1


class SqliteEngine(Engine):
    """A SQLite file in WAL mode with `synchronous=FULL`: what was acknowledged survives a power cut."""

    dialect: ClassVar[Dialect] = "sqlite"

    def __init__(self, path: Path) -> None:
        self.path = path
        self.writer = Connection(
            path,
            f"busy_timeout={BUSY_TIMEOUT_MILLISECONDS}",
            "synchronous=FULL",
            "foreign_keys=ON",
            f"cache_size=-{WRITER_CACHE_KIBIBYTES}",
            write_ahead_log=True,
        )
        self.writing = _Turns()
        """Held by whoever writes: for one statement, or for a whole transaction."""
        self._readers = [
            Connection(path, f"busy_timeout={BUSY_TIMEOUT_MILLISECONDS}", "query_only=ON") for _ in range(READERS)
        ]

    async def connect(self) -> None:
        if sqlite3.sqlite_version_info < OLDEST_VERSION:
            wanted = ".".join(map(str, OLDEST_VERSION))
            raise DatabaseError(
                f"Python here comes with SQLite {sqlite3.sqlite_version}, but {wanted} or newer is needed. "
                "Use a newer Python or PostgreSQL."
            )
        # Parameters and results would fill a debug log, and they are what members wrote.
        logging.getLogger("aiosqlite").setLevel(logging.INFO)
        try:
            await self.writer.open()  # first: it makes the file
            for reader in self._readers:
                await reader.open()
        except BaseException:
            await to_the_end(self._close_all())
            raise

    async def close(self) -> None:
        async with self.writing:
            await to_the_end(self._close_all())

    async def _close_all(self) -> None:
        for connection in (*self._readers, self.writer):  # the last one to close tidies the WAL up
            await connection.close()

    async def begin(self) -> Session:
        await self.writing.acquire()
        return _SqliteSession(self)

    def load(self) -> Load:
        connections = (self.writer, *self._readers)
        asked = [reader.waiting for reader in self._readers]
        return Load(
            open=sum(one.is_open for one in connections),
            most=len(connections),
            in_use=sum(count > 0 for count in asked) + self.writing.locked(),
            waiting=sum(max(count - 1, 0) for count in asked) + self.writing.waiting,
        )

    @property
    def keeper(self) -> Keeper:
        return SqliteKeeper(self.path)

    async def migration_session(self) -> MigrationSession:
        connection = Connection(
            self.path,
            f"busy_timeout={MIGRATION_BUSY_TIMEOUT_MILLISECONDS}",
            "synchronous=FULL",
            # Rebuilding a table drops the old one, which would delete the rows that refer to it.
            # Foreign keys are checked as a whole before the commit instead.
            "foreign_keys=OFF",
            write_ahead_log=True,
        )
        await connection.open()
        return _SqliteMigrationSession(connection)

    async def look(self, statement: Statement, mode: Mode, limits: Limits) -> Found:
        if mode == "read":
            return await sqlite_console.look(self.path, statement, mode, limits)
        async with self.writing:
            return await sqlite_console.look(self.path, statement, mode, limits)

    async def execute(self, statement: Statement, parameters: Parameters) -> int:
        return await self._run(statement, lambda raw: _change(raw, statement, parameters))

    async def execute_many(self, statement: Statement, rows: Sequence[Parameters]) -> None:
        async with self.writing:
            await self.writer.run(lambda raw: _change_many_at_once(raw, statement, rows))

    async def fetch_all(self, statement: Statement, parameters: Parameters) -> list[Row]:
        return await self._run(statement, lambda raw: _rows(raw, statement, parameters))

    async def fetch_one(self, statement: Statement, parameters: Parameters) -> Row | None:
        return await self._run(statement, lambda raw: _first_row(raw, statement, parameters))

    async def fetch_value(self, statement: Statement, parameters: Parameters) -> Any:
        return await self._run(statement, lambda raw: _first_value(raw, statement, parameters))

    async def _run(self, statement: Statement, work: Work[T]) -> T:
        if statement.reads:
            return await min(self._readers, key=_waiting).run(work)
        async with self.writing:
            return await self.writer.run(work)


class _SqliteSession(Session):
    """A transaction on the writer. What opens it or marks a point in it waits for the next statement's hop."""

    def __init__(self, engine: SqliteEngine) -> None:
        self._engine = engine
        self._before = [_BEGIN]
        self._untouched = True

    async def execute(self, statement: Statement, parameters: Parameters) -> int:
        return await self._run(lambda raw: _change(raw, statement, parameters))

    async def execute_many(self, statement: Statement, rows: Sequence[Parameters]) -> None:
        await self._run(lambda raw: _change_many(raw, statement, rows))

    async def fetch_all(self, statement: Statement, parameters: Parameters) -> list[Row]:
        return await self._run(lambda raw: _rows(raw, statement, parameters))

    async def fetch_one(self, statement: Statement, parameters: Parameters) -> Row | None:
        return await self._run(lambda raw: _first_row(raw, statement, parameters))

    async def fetch_value(self, statement: Statement, parameters: Parameters) -> Any:
        return await self._run(lambda raw: _first_value(raw, statement, parameters))

    async def savepoint(self, name: str) -> None:
        self._before.append(f"SAVEPOINT {name}")

    async def release(self, name: str) -> None:
        if self._before and self._before[-1] == f"SAVEPOINT {name}":
            self._before.pop()  # nothing happened since
        else:
            self._before.append(f"RELEASE {name}")

    async def rollback_to(self, name: str) -> None:
        mark = f"SAVEPOINT {name}"
        if mark in self._before:
            del self._before[self._before.index(mark) :]
        else:
            self._before += [f"ROLLBACK TO {name}", f"RELEASE {name}"]

    async def commit(self) -> None:
        try:
            if not self._untouched:
                before = self._take_before()
                await self._engine.writer.run(lambda raw: _commit(raw, before), to_completion=True)
        finally:
            self._engine.writing.release()

    async def rollback(self) -> None:
        try:
            if not self._untouched:
                await self._engine.writer.run(_rollback, to_completion=True)
        except DatabaseError as error:
            log.warning("A transaction couldn't be rolled back: %s", error)
        finally:
            self._engine.writing.release()

    async def _run(self, work: Work[T]) -> T:
        before = self._take_before()

        def run(raw: sqlite3.Connection) -> T:
            _prepare(raw, before)
            return work(raw)

        # Stopping a statement would undo the whole transaction and not just what follows the last savepoint.
        return await self._engine.writer.run(run, to_completion=True)

    def _take_before(self) -> tuple[str, ...]:
        self._untouched = False
        before = tuple(self._before)
        self._before.clear()
        return before


class _SqliteMigrationSession(MigrationSession):
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def begin(self) -> None:
        await self.run(_BEGIN)

    async def run(self, sql: str) -> None:
        await self._connection.run(lambda raw: raw.execute(sql).fetchall(), to_completion=True)

    async def query(self, statement: Statement, parameters: Parameters = ()) -> list[Row]:
        return await self._connection.run(lambda raw: _rows(raw, statement, parameters), to_completion=True)

    async def commit(self) -> None:
        await self._connection.run(_checked_commit, to_completion=True)

    async def rollback(self) -> None:
        await self._connection.run(_rollback, to_completion=True)

    async def close(self) -> None:
        await to_the_end(self._connection.close())


def _waiting(connection: Connection) -> int:
    return connection.waiting


# What follows runs in a connection's thread.


def _change(raw: sqlite3.Connection, statement: Statement, parameters: Parameters) -> int:
    cursor = raw.execute(statement.text, parameters)
    rows = cursor.fetchall()  # a statement with RETURNING is done only after its last row
    if statement.reads:
        return len(rows)
    if cursor.rowcount >= 0:
        return cursor.rowcount
    if statement.verb == "WITH":
        changes: int = raw.execute("SELECT changes()").fetchone()[0]
        return changes
    return 0


def _change_many(raw: sqlite3.Connection, statement: Statement, rows: Sequence[Parameters]) -> None:
    raw.executemany(statement.text, rows)  # its cursor stays here: one that is kept keeps the file open


def _change_many_at_once(raw: sqlite3.Connection, statement: Statement, rows: Sequence[Parameters]) -> None:
    raw.execute(_BEGIN)
    try:
        raw.executemany(statement.text, rows)
        raw.execute("COMMIT")
    except BaseException:
        _rollback(raw)
        raise


def _rows(raw: sqlite3.Connection, statement: Statement, parameters: Parameters) -> list[Row]:
    cursor = raw.execute(statement.text, parameters)
    rows = cursor.fetchall()
    if not rows:
        return []
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in rows]


def _first_row(raw: sqlite3.Connection, statement: Statement, parameters: Parameters) -> Row | None:
    row, description = _first(raw, statement, parameters)
    if row is None:
        return None
    return {column[0]: value for column, value in zip(description, row, strict=True)}


def _first_value(raw: sqlite3.Connection, statement: Statement, parameters: Parameters) -> Any:
    row, _ = _first(raw, statement, parameters)
    return None if row is None else row[0]


def _first(
    raw: sqlite3.Connection, statement: Statement, parameters: Parameters
) -> tuple[tuple[Any, ...] | None, Any]:
    """Return the first row and the description of its columns."""
    cursor = raw.execute(statement.text, parameters)
    row: tuple[Any, ...] | None = cursor.fetchone()
    description = cursor.description
    # A rest still to come would keep a read snapshot, or the write, open.
    if statement.reads:
        cursor.close()
    else:
        cursor.fetchall()
    return row, description


def _prepare(raw: sqlite3.Connection, before: Sequence[str]) -> None:
    if not raw.in_transaction and (not before or before[0] != _BEGIN):
        # A full disk, for one, ends the transaction by itself; what follows must not commit on its own.
        raise sqlite3.OperationalError("the transaction was rolled back by SQLite")
    for control in before:
        raw.execute(control)


def _commit(raw: sqlite3.Connection, before: Sequence[str]) -> None:
    try:
        _prepare(raw, before)
        raw.execute("COMMIT")
    except BaseException:
        _rollback(raw)
        raise


def _checked_commit(raw: sqlite3.Connection) -> None:
    broken = raw.execute("PRAGMA foreign_key_check").fetchone()
    if broken is not None:
        raise sqlite3.IntegrityError(f"a row of {broken[0]} refers to a row of {broken[2]} that doesn't exist")
    raw.execute("COMMIT")


def _rollback(raw: sqlite3.Connection) -> None:
    if raw.in_transaction:
        raw.execute("ROLLBACK")

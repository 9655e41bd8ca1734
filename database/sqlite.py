"""The SQLite back end: one writer, a few readers, one hop to a thread per statement.

Every connection lives in its own thread (aiosqlite); what costs time under asyncio is the hops to that thread and not
SQLite. So a statement with its fetching is one hop, a transaction's BEGIN travels with its first statement, and a
savepoint with the statement after it.
"""

from __future__ import annotations

import asyncio
import logging
import sqlite3
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, ClassVar, Final, TypeVar

import aiosqlite

from database.engine import Engine, MigrationSession, Parameters, Row, Session, to_the_end
from database.errors import ConstraintKind, ConstraintViolated, DatabaseError, DatabaseUnavailable
from database.placeholders import Dialect, Statement

log = logging.getLogger("hearth.database")

OLDEST_VERSION: Final = (3, 39, 0)  # RETURNING needs 3.35, ->> 3.38, IS DISTINCT FROM 3.39
BUSY_TIMEOUT_MILLISECONDS: Final = 5_000
MIGRATION_BUSY_TIMEOUT_MILLISECONDS: Final = 60_000  # another process may be migrating a large table
READERS: Final = 2  # measured: 2 double the rate of heavy queries, 4 halve that of small ones
CACHED_STATEMENTS: Final = 256

# How long a thread whose connection couldn't be opened takes to tell the loop so, at the very most.
_THREAD_END_SECONDS: Final = 1
_WAL_ATTEMPTS: Final = 100
_WAL_PAUSE_SECONDS: Final = 0.05

# Immediate: a transaction that reads first and then wants to write can't wait for another writer.
_BEGIN: Final = "BEGIN IMMEDIATE"
_CONSTRAINTS: Final[dict[str, ConstraintKind]] = {
    "SQLITE_CONSTRAINT_UNIQUE": "unique",
    "SQLITE_CONSTRAINT_PRIMARYKEY": "unique",
    "SQLITE_CONSTRAINT_ROWID": "unique",
    "SQLITE_CONSTRAINT_CHECK": "check",
    "SQLITE_CONSTRAINT_FOREIGNKEY": "foreign_key",
    "SQLITE_CONSTRAINT_NOTNULL": "not_null",
}
_UNAVAILABLE: Final = {
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_CANTOPEN,
}
_DRIVER_ERRORS: Final = (sqlite3.Error, sqlite3.Warning, OverflowError, UnicodeError)

T = TypeVar("T")
Work = Callable[[sqlite3.Connection], T]

# Columns declared BOOLEAN come back as bool, as on PostgreSQL. The type is known to this project alone.
sqlite3.register_converter("BOOLEAN", lambda stored: stored != b"0")


class _Job:
    """Work on its way through a connection's thread, which can be given up from outside."""

    __slots__ = ("_abandoned", "_connection", "_work")

    def __init__(self, connection: _Connection, work: Work[Any]) -> None:
        self._connection = connection
        self._work = work
        self._abandoned = False

    def __call__(self) -> Any:
        connection = self._connection
        with connection.guard:
            if self._abandoned:
                return None  # nobody waits for it any more
            connection.current = self
        try:
            return self._work(connection.raw)
        finally:
            with connection.guard:
                connection.current = None

    def abandon(self) -> None:
        """Don't start it; if it runs, stop it. A statement stopped half-way leaves nothing behind."""
        connection = self._connection
        with connection.guard:
            self._abandoned = True
            if connection.current is self:
                connection.raw.interrupt()


class _Connection:
    """One SQLite connection in a thread of its own."""

    raw: sqlite3.Connection

    def __init__(self, path: Path, *pragmas: str, write_ahead_log: bool = False) -> None:
        self._write_ahead_log = write_ahead_log
        self.guard = threading.Lock()
        self.current: _Job | None = None
        self.waiting = 0
        self._path = path
        self._pragmas = pragmas
        self._threaded: aiosqlite.Connection | None = None

    async def open(self) -> None:
        threaded = aiosqlite.Connection(self._make, iter_chunk_size=1)
        # A process that dies of an error, or forgets to close, must still end: aiosqlite's thread would keep it.
        threaded._thread.daemon = True
        try:
            await threaded
        except _DRIVER_ERRORS as error:
            threaded._thread.join(_THREAD_END_SECONDS)
            raise _unopened(self._path, error) from error
        except OSError as error:
            threaded._thread.join(_THREAD_END_SECONDS)
            raise DatabaseError(
                f"The folder of the database file {self._path} can't be made: {error.strerror}."
            ) from error
        self._threaded = threaded

    async def close(self) -> None:
        threaded, self._threaded = self._threaded, None
        if threaded is not None:
            await threaded.close()

    async def run(self, work: Work[T], *, to_completion: bool = False) -> T:
        """Run `work` in the thread: one hop.

        If the task is cancelled meanwhile, the work is given up, or, `to_completion`, waited for: then the
        cancellation comes out of this call when the work is done.
        """
        if self._threaded is None:
            raise DatabaseUnavailable("The database isn't connected.")
        job = _Job(self, work)
        self.waiting += 1
        try:
            # Private, but the public calls need two or three hops for what this does in one.
            result: T = await self._threaded._execute(job)  # type: ignore[no-untyped-call]
        except asyncio.CancelledError:
            if to_completion:
                # The thread takes its jobs in order: when an empty one is through, so is this one.
                await to_the_end(self._threaded._execute(_nothing))  # type: ignore[no-untyped-call]
            else:
                job.abandon()
            raise
        except _DRIVER_ERRORS as error:
            raise _translated(error) from error
        finally:
            self.waiting -= 1
        return result

    def _make(self) -> sqlite3.Connection:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        raw = sqlite3.connect(
            self._path,
            isolation_level=None,  # we say BEGIN and COMMIT ourselves
            detect_types=sqlite3.PARSE_DECLTYPES,
            cached_statements=CACHED_STATEMENTS,
            timeout=BUSY_TIMEOUT_MILLISECONDS / 1000,
        )
        try:
            for pragma in self._pragmas:
                raw.execute(f"PRAGMA {pragma}")
            if self._write_ahead_log:
                _use_wal(raw, self._path)
        except BaseException:
            raw.close()
            raise
        self.raw = raw
        return raw


class SqliteEngine(Engine):
    """A SQLite file in WAL mode with `synchronous=FULL`: what was acknowledged survives a power cut."""

    dialect: ClassVar[Dialect] = "sqlite"

    def __init__(self, path: Path) -> None:
        self.path = path
        self.writer = _Connection(
            path,
            f"busy_timeout={BUSY_TIMEOUT_MILLISECONDS}",
            "synchronous=FULL",
            "foreign_keys=ON",
            write_ahead_log=True,
        )
        self.writing = asyncio.Lock()
        """Held by whoever writes: for one statement, or for a whole transaction."""
        self._readers = [
            _Connection(path, f"busy_timeout={BUSY_TIMEOUT_MILLISECONDS}", "query_only=ON") for _ in range(READERS)
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

    async def migration_session(self) -> MigrationSession:
        connection = _Connection(
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
        await self._run(lambda raw: raw.executemany(statement.text, rows))

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
    def __init__(self, connection: _Connection) -> None:
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


def _nothing() -> None:
    """Be a job that has nothing to do."""


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


def _use_wal(raw: sqlite3.Connection, path: Path) -> None:
    # Two processes that switch a new file at once can get "locked" without the busy timeout being asked.
    for _ in range(_WAL_ATTEMPTS):
        try:
            mode = raw.execute("PRAGMA journal_mode=WAL").fetchone()[0]
        except sqlite3.OperationalError as error:
            if _code(error) != sqlite3.SQLITE_BUSY:
                raise
            time.sleep(_WAL_PAUSE_SECONDS)
            continue
        if mode != "wal":
            log.warning("%s can't use a write-ahead log here (%s): readers wait for writers.", path, mode)
        return
    raise sqlite3.OperationalError("database is locked")


def _waiting(connection: _Connection) -> int:
    return connection.waiting


def _code(error: Exception) -> int:
    return getattr(error, "sqlite_errorcode", 0) & 0xFF  # the upper bits hold the extended code


def _unopened(path: Path, error: Exception) -> DatabaseError:
    if _code(error) == sqlite3.SQLITE_NOTADB:
        return DatabaseError(f"{path} isn't an SQLite database.")
    return DatabaseError(f"The database file {path} can't be opened: {error}.")


def _translated(error: Exception) -> DatabaseError:
    kind = _CONSTRAINTS.get(getattr(error, "sqlite_errorname", ""))
    if kind is not None:
        return ConstraintViolated(kind, str(error))
    if _code(error) in _UNAVAILABLE:
        return DatabaseUnavailable(f"SQLite can't be used now: {error}.")
    return DatabaseError(f"SQLite refused a statement: {error}.")

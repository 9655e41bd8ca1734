"""One SQLite connection in a thread of its own, and the errors that come out of it."""

from __future__ import annotations

import asyncio
import logging
import sqlite3
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, TypeVar

import aiosqlite

from database.engine import to_the_end
from database.errors import ConstraintKind, ConstraintViolated, DatabaseError, DatabaseUnavailable

log = logging.getLogger("hearth.database")

BUSY_TIMEOUT_MILLISECONDS: Final = 5_000
CACHED_STATEMENTS: Final = 256

# How long a thread whose connection couldn't be opened takes to tell the loop so, at the very most.
_THREAD_END_SECONDS: Final = 1
_WAL_ATTEMPTS: Final = 100
_WAL_PAUSE_SECONDS: Final = 0.05

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

    def __init__(self, connection: Connection, work: Work[Any]) -> None:
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


class Connection:
    """One SQLite connection in a thread of its own."""

    raw: sqlite3.Connection

    def __init__(self, path: Path, *pragmas: str, write_ahead_log: bool = False, read_only: bool = False) -> None:
        self._write_ahead_log = write_ahead_log
        self._read_only = read_only
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

    @property
    def is_open(self) -> bool:
        """Whether work can be given to it."""
        return self._threaded is not None

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
            f"{self._path.resolve().as_uri()}?mode={'ro' if self._read_only else 'rwc'}",
            uri=True,
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


def _nothing() -> None:
    """Be a job that has nothing to do."""


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

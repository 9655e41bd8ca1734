"""The PostgreSQL back end: an asyncpg pool.

Connections aren't reset when they go back to the pool (a round trip a query, three times slower reads).
So nothing may leave state on one: no SET without LOCAL, no LISTEN, no session locks
(`pg_advisory_xact_lock` is fine).
"""

from __future__ import annotations

import asyncio
import logging
import os
import socket
import time
from collections.abc import Awaitable, Callable, Sequence
from types import TracebackType
from typing import Any, ClassVar, Final, TypeVar
from urllib.parse import urlsplit

import asyncpg

from database import postgres_console
from database.backup import Keeper
from database.console import Found, Limits, Mode
from database.engine import Engine, Load, MigrationSession, Parameters, Row, Session, to_the_end
from database.errors import ConstraintKind, ConstraintViolated, DatabaseError, DatabaseUnavailable
from database.placeholders import Dialect, Statement
from database.postgres_backup import PostgresKeeper

log = logging.getLogger("hearth.database")
_pool_log = logging.getLogger("asyncpg.pool")

CONNECT_TIMEOUT_SECONDS: Final = 10
STATEMENT_TIMEOUT_MILLISECONDS: Final = 60_000
# A server that vanishes without a word (a host down, a cable out) is given up after about a minute.
UNANSWERED_MILLISECONDS: Final = 60_000
KEEPALIVE: Final = {"TCP_KEEPIDLE": 30, "TCP_KEEPINTVL": 10, "TCP_KEEPCNT": 3}  # seconds, seconds, tries
FIRST_PAUSE_SECONDS: Final = 0.25
LONGEST_PAUSE_SECONDS: Final = 5.0
MIGRATION_LOCK: Final = 0x48656172_7468  # "Hearth"; any number does, if all processes use the same

UNREADABLE_ADDRESS: Final = (
    "This isn't an address that PostgreSQL's driver understands. It should look like "
    "postgresql://user:password@host:5432/database, with special characters as %XX."
)

_SETTINGS: Final = {"application_name": "hearth"}
_CONSTRAINTS: Final[dict[str, ConstraintKind]] = {
    "23505": "unique",
    "23P01": "unique",  # an exclusion constraint
    "23514": "check",
    "23503": "foreign_key",
    "23001": "foreign_key",  # ON DELETE RESTRICT
    "23502": "not_null",
}
# Shut down, crashed, starting, and full: all pass by themselves. Class 08 is a broken connection.
_UNAVAILABLE_STATES: Final = {"57P01", "57P02", "57P03", "57P05", "53300"}
_DRIVER_ERRORS: Final = (
    asyncpg.PostgresError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,
    OSError,  # TimeoutError is one too
    UnicodeError,
)

T = TypeVar("T")


class _Translating:
    """Turns what the driver raises inside a `with` block into our exceptions."""

    __slots__ = ()

    def __enter__(self) -> None:
        return None

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if isinstance(error, _DRIVER_ERRORS):
            raise _translated(error) from error


translating = _Translating()


class PostgresEngine(Engine):
    """A PostgreSQL server, through a pool of connections that heals itself after a restart of the server."""

    dialect: ClassVar[Dialect] = "postgresql"

    def __init__(self, url: str, *, pool_min: int, pool_max: int, startup_wait: float) -> None:
        self._url = url
        self._pool_min = pool_min
        self._pool_max = pool_max
        self._startup_wait = startup_wait
        self._pool: Any = None
        self._waiting = 0

    @property
    def pool(self) -> Any:
        """The open pool. Raises `DatabaseUnavailable` before `connect` and after `close`."""
        if self._pool is None:
            raise DatabaseUnavailable("The database isn't connected.")
        return self._pool

    async def connect(self) -> None:
        """Open the pool, waiting up to `startup_wait` seconds for a server that isn't there yet.

        Raises `DatabaseUnavailable` when that time is over, and `DatabaseError` at once for what waiting doesn't
        cure: a wrong password, an unknown database, an address that can't be read.
        """
        _pool_log.addFilter(_without_traceback)
        started = time.perf_counter()
        pause = FIRST_PAUSE_SECONDS
        while True:
            try:
                with translating:
                    self._pool = await self._open()
            except DatabaseUnavailable as error:
                left = self._startup_wait - (time.perf_counter() - started)
                if left <= 0:
                    raise DatabaseUnavailable(
                        f"PostgreSQL at {self._place()} didn't answer within {self._startup_wait:g} seconds. "
                        f"Is it running, and is DATABASE_URL right? ({error})"
                    ) from error
                pause = min(pause, left)
                log.warning("Waiting for PostgreSQL at %s, next try in %.2g s: %s", self._place(), pause, error)
            else:
                return
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE_SECONDS)

    async def close(self) -> None:
        pool, self._pool = self._pool, None
        if pool is not None:
            with translating:
                await pool.close()

    async def begin(self) -> Session:
        with translating:
            pool = self.pool
            connection = await self._acquired(pool)
            session = _PostgresSession(pool, connection)
            try:
                await connection.execute("BEGIN")
            except BaseException:
                await session.rollback()
                raise
        return session

    @property
    def keeper(self) -> Keeper:
        return PostgresKeeper(self._url, _translated, MIGRATION_LOCK)

    async def migration_session(self) -> MigrationSession:
        with translating:
            connection = await asyncpg.connect(self._url, timeout=CONNECT_TIMEOUT_SECONDS, server_settings=_SETTINGS)
        return _PostgresMigrationSession(connection)

    def load(self) -> Load:
        pool = self._pool
        if pool is None:
            return Load(0, self._pool_max, 0, self._waiting)
        size = pool.get_size()
        return Load(size, pool.get_max_size(), size - pool.get_idle_size(), self._waiting)

    async def look(self, statement: Statement, mode: Mode, limits: Limits) -> Found:
        with translating:
            return await postgres_console.look(self._url, statement, mode, limits)

    async def execute(self, statement: Statement, parameters: Parameters) -> int:
        return await self._run(lambda connection: _execute(connection, statement, parameters))

    async def execute_many(self, statement: Statement, rows: Sequence[Parameters]) -> None:
        await self._run(lambda connection: connection.executemany(statement.text, rows))

    async def fetch_all(self, statement: Statement, parameters: Parameters) -> list[Row]:
        return await self._run(lambda connection: _fetch_all(connection, statement, parameters))

    async def fetch_one(self, statement: Statement, parameters: Parameters) -> Row | None:
        return await self._run(lambda connection: _fetch_one(connection, statement, parameters))

    async def fetch_value(self, statement: Statement, parameters: Parameters) -> Any:
        return await self._run(lambda connection: connection.fetchval(statement.text, *parameters))

    async def _run(self, call: Callable[[Any], Awaitable[T]]) -> T:
        with translating:
            pool = self.pool
            connection = await self._acquired(pool)
            try:
                return await call(connection)
            except asyncpg.InternalClientError:
                # The server said goodbye between two queries, and the driver can't make sense of it.
                connection.terminate()
                raise
            finally:
                await pool.release(connection)

    async def _acquired(self, pool: Any) -> Any:
        self._waiting += 1
        try:
            return await pool.acquire()
        finally:
            self._waiting -= 1

    async def _open(self) -> Any:
        try:
            return await asyncpg.create_pool(
                self._url,
                min_size=self._pool_min,
                max_size=self._pool_max,
                timeout=CONNECT_TIMEOUT_SECONDS,
                server_settings=_SETTINGS,
                init=_prepare_connection,
                reset=_keep_connection,
            )
        except (asyncpg.ClientConfigurationError, ValueError):
            # The driver quotes the address, and the address holds the password.
            raise DatabaseError(f"DATABASE_URL isn't right. {UNREADABLE_ADDRESS}") from None

    def _place(self) -> str:
        return without_password(self._url)


class _PostgresSession(Session):
    """A transaction on one connection of the pool."""

    def __init__(self, pool: Any, connection: Any) -> None:
        self._pool = pool
        self._connection = connection

    async def execute(self, statement: Statement, parameters: Parameters) -> int:
        with translating:
            return await _execute(self._connection, statement, parameters)

    async def execute_many(self, statement: Statement, rows: Sequence[Parameters]) -> None:
        with translating:
            await self._connection.executemany(statement.text, rows)

    async def fetch_all(self, statement: Statement, parameters: Parameters) -> list[Row]:
        with translating:
            return await _fetch_all(self._connection, statement, parameters)

    async def fetch_one(self, statement: Statement, parameters: Parameters) -> Row | None:
        with translating:
            return await _fetch_one(self._connection, statement, parameters)

    async def fetch_value(self, statement: Statement, parameters: Parameters) -> Any:
        with translating:
            return await self._connection.fetchval(statement.text, *parameters)

    async def savepoint(self, name: str) -> None:
        with translating:
            await self._connection.execute(f"SAVEPOINT {name}")

    async def release(self, name: str) -> None:
        with translating:
            await self._connection.execute(f"RELEASE {name}")

    async def rollback_to(self, name: str) -> None:
        with translating:
            await self._connection.execute(f"ROLLBACK TO {name}; RELEASE {name}")

    async def commit(self) -> None:
        with translating:
            try:
                status: str = await self._connection.execute("COMMIT")
            except BaseException:
                await self.rollback()
                raise
            await self._pool.release(self._connection)
        if status != "COMMIT":  # PostgreSQL answers ROLLBACK, without an error, after a failed statement
            raise DatabaseError("The transaction was rolled back by PostgreSQL.")

    async def rollback(self) -> None:
        await to_the_end(self._rollback())

    async def _rollback(self) -> None:
        try:
            if not _is_gone(self._connection):
                await self._connection.execute("ROLLBACK")
        except _DRIVER_ERRORS as error:
            log.warning("A transaction couldn't be rolled back, its connection is dropped: %s", error)
            if not _is_gone(self._connection):
                self._connection.terminate()
        finally:
            await self._pool.release(self._connection)


class _PostgresMigrationSession(MigrationSession):
    def __init__(self, connection: Any) -> None:
        self._connection = connection

    async def begin(self) -> None:
        with translating:
            await self._connection.execute("BEGIN")
            await self._connection.execute("SELECT pg_advisory_xact_lock($1)", MIGRATION_LOCK)

    async def run(self, sql: str) -> None:
        with translating:
            await self._connection.execute(sql)

    async def query(self, statement: Statement, parameters: Parameters = ()) -> list[Row]:
        with translating:
            return await _fetch_all(self._connection, statement, parameters)

    async def commit(self) -> None:
        with translating:
            await to_the_end(self._connection.execute("COMMIT"))

    async def rollback(self) -> None:
        with translating:
            if not self._connection.is_closed():
                await to_the_end(self._connection.execute("ROLLBACK"))

    async def close(self) -> None:
        with translating:
            await to_the_end(self._connection.close())


async def _execute(connection: Any, statement: Statement, parameters: Parameters) -> int:
    # "INSERT 0 3", "UPDATE 3", "CREATE TABLE"
    last = (await connection.execute(statement.text, *parameters)).rpartition(" ")[2]
    return int(last) if last.isdecimal() else 0


async def _fetch_all(connection: Any, statement: Statement, parameters: Parameters) -> list[Row]:
    return [dict(record) for record in await connection.fetch(statement.text, *parameters)]


async def _fetch_one(connection: Any, statement: Statement, parameters: Parameters) -> Row | None:
    record = await connection.fetchrow(statement.text, *parameters)
    return None if record is None else dict(record)


def _without_traceback(record: logging.LogRecord) -> bool:
    """Say in one line that the pool can't reconnect yet; the driver logs a traceback at each try of an outage."""
    if record.exc_info:
        record.msg, record.args = "%s (%s)", (record.getMessage(), record.exc_info[1])
        record.exc_info = None
    return True


def without_password(url: str) -> str:
    """Return host, port and database of an address: all that a log may hold of it."""
    try:
        parts = urlsplit(url)
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        return "an unreadable address"
    return f"{parts.hostname or 'localhost'}{port}{parts.path}"


def _is_gone(connection: Any) -> bool:
    try:
        return bool(connection.is_closed())
    except asyncpg.InterfaceError:  # the pool took the broken connection back already
        return True


async def _prepare_connection(connection: Any) -> None:
    watch(connection)
    # By the server's clock: a timer of the driver's for each query takes a tenth off the rate of transactions.
    await connection.execute(f"SET statement_timeout = {STATEMENT_TIMEOUT_MILLISECONDS}")
    # SUM and AVG of integers are NUMERIC here and plain numbers on SQLite.
    await connection.set_type_codec("numeric", schema="pg_catalog", encoder=str, decoder=_number, format="text")


def watch(connection: Any) -> None:
    """Let the operating system notice when the server's host is gone."""
    outer = connection._transport.get_extra_info("socket")  # the driver has no public way to its socket
    if outer is None or outer.family not in {socket.AF_INET, socket.AF_INET6}:
        return
    # uvloop shows a stand-in for the socket; a duplicate is a real one, and its options are the same socket's.
    with socket.socket(fileno=os.dup(outer.fileno())) as inner:
        inner.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        for name, value in {**KEEPALIVE, "TCP_USER_TIMEOUT": UNANSWERED_MILLISECONDS}.items():
            if hasattr(socket, name):  # not every system has them all
                inner.setsockopt(socket.IPPROTO_TCP, getattr(socket, name), value)


async def _keep_connection(connection: Any) -> None:
    """Do nothing when a connection goes back to the pool."""


def _number(text: str) -> int | float:
    return int(text) if text.lstrip("-").isdecimal() else float(text)


def _translated(error: Exception) -> DatabaseError:
    state = getattr(error, "sqlstate", None) or ""
    kind = _CONSTRAINTS.get(state)
    if kind is not None:
        return ConstraintViolated(kind, str(error))
    if _is_unavailable(error, state):
        return DatabaseUnavailable(f"PostgreSQL can't be reached now: {str(error) or type(error).__name__}")
    return DatabaseError(f"PostgreSQL refused: {error}")


def _is_unavailable(error: Exception, state: str) -> bool:
    if isinstance(error, asyncpg.PostgresError):
        return state.startswith("08") or state in _UNAVAILABLE_STATES
    if isinstance(error, asyncpg.InterfaceError):
        # "connection is closed", "pool is closing", "connection has been released back to the pool"
        return "clos" in str(error) or "released" in str(error)
    return isinstance(error, (OSError, asyncpg.InternalClientError))

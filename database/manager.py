"""`DatabaseManager`: one SQL text, two engines, transactions that follow the task."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterable, Sequence
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar
from urllib.parse import unquote

from database import migrations
from database.backup import Keeper
from database.console import Found, Limits, Mode, checked
from database.engine import Engine, Load, Row, Runner, Session
from database.errors import DatabaseError
from database.placeholders import Dialect, Statement, for_all_rows, start_of, statement
from database.postgres import PostgresEngine, without_password
from database.sqlite import SqliteEngine
from database.values import encode_all

__all__ = ["DatabaseManager", "Row"]

MIGRATIONS = Path(__file__).resolve().parent.parent / "migrations"

T = TypeVar("T")
Observer = Callable[[str, float, int | BaseException], None]


class _Transaction:
    """The transaction a task is in."""

    __slots__ = ("depth", "failed", "session")

    def __init__(self, session: Session) -> None:
        self.session = session
        self.depth = 0
        """How many savepoints deep."""
        self.failed = False
        """Whether a statement failed since the last savepoint; then only rolling back is left."""


class _Block:
    """One `async with db.transaction()`: the outermost holds the session, the ones inside it are savepoints."""

    __slots__ = ("_engine", "_savepoint", "_task", "_transaction", "_transactions")

    def __init__(self, engine: Engine, transactions: dict[asyncio.Task[Any], _Transaction]) -> None:
        self._engine = engine
        self._transactions = transactions

    async def __aenter__(self) -> None:
        task = asyncio.current_task()
        if task is None:
            raise DatabaseError("A transaction belongs to a task, and there is none.")
        self._task = task
        transaction = self._transactions.get(task)
        if transaction is None:
            self._savepoint = ""
            self._transaction = self._transactions[task] = _Transaction(await self._engine.begin())
            return
        _check(transaction)
        self._transaction = transaction
        self._savepoint = f"nested_{transaction.depth + 1}"
        await _or_fail(transaction, transaction.session.savepoint(self._savepoint))
        transaction.depth += 1

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        transaction = self._transaction
        whole = error is None and not transaction.failed
        if self._savepoint:
            transaction.depth -= 1
            if whole:
                await _or_fail(transaction, transaction.session.release(self._savepoint))
            else:
                await self._undo_nested()
        else:
            del self._transactions[self._task]
            if whole:
                await transaction.session.commit()
            else:
                await transaction.session.rollback()
        if error is None and not whole:
            raise DatabaseError("A statement failed inside the transaction, so it was rolled back.")

    async def _undo_nested(self) -> None:
        transaction = self._transaction
        transaction.failed = True  # until the savepoint is reached
        try:
            await transaction.session.rollback_to(self._savepoint)
        except DatabaseError:
            return  # the connection is gone: the error that brought us here says so, and the outer part can't go on
        transaction.failed = False


class DatabaseManager:
    """A database, SQLite or PostgreSQL, behind the same calls with the same behaviour.

    SQL is written once, in the portable subset, with `$1` placeholders (which may repeat and come in any order).
    Values: bool, int (64 bits), str, bytes, float and None as they are; an aware datetime is stored as epoch
    milliseconds (read it back with `database.values.moment`); a dict or list as JSON text (`json_value`). Columns
    declared BOOLEAN come back as bool; an expression such as `count(*) > 0` may be 0 or 1 on SQLite.

    Give a number that grows a CHECK with an upper limit: beyond 64 bits PostgreSQL refuses a sum and SQLite makes it
    a float.

    **Alone**, each call commits by itself. If the calling task is cancelled meanwhile, the statement was either
    done whole or not at all, and nobody can tell which.

    **Inside `async with db.transaction():`** every call *by the same task* belongs to that transaction, so methods of
    stores compose. Other tasks see nothing of it until it commits. A task started inside it is another task: don't
    await one there that uses the database (`asyncio.gather`, and `asyncio.wait_for` before Python 3.12, start tasks),
    because on SQLite a write of it waits for the transaction that waits for it.
    Once a statement has failed, the transaction (or the innermost nested one) can only be rolled back, on both
    engines; catch the error outside the nested `transaction()`.

    On SQLite transactions that write come one after the other. On PostgreSQL they run side by side at READ COMMITTED:
    check and change in one statement (`UPDATE … SET coins = coins - $1 WHERE coins >= $1 RETURNING coins`), and touch
    rows in a fixed order, or two of them may block each other. Nothing is ever retried behind the caller's back.

    Every call may raise `DatabaseError` (a bad statement or value), its subclasses `ConstraintViolated` (with `kind`)
    and `DatabaseUnavailable` (server away, file locked; the next call tries again), `ValueError` (a naive datetime)
    and `TypeError` (a type no column holds).
    """

    def __init__(self, url: str, *, pool_min: int = 5, pool_max: int = 20, startup_wait: float = 60.0) -> None:
        """Choose the engine by `url`; nothing is opened yet.

        `url` is `sqlite:///relative/file.db`, `sqlite:////absolute/file.db` or `postgresql://user:password@host/name`.
        The rest is for PostgreSQL: the least and most connections, and how many seconds `connect` waits for the
        server. Raises `ValueError` for any other address.
        """
        self._engine = _engine(url, pool_min=pool_min, pool_max=pool_max, startup_wait=startup_wait)
        self._where = str(getattr(self._engine, "path", "")) or without_password(url)
        self._transactions: dict[asyncio.Task[Any], _Transaction] = {}
        self.on_statement: Observer | None = None
        """Told of each statement after it ran: its text (without the values), the seconds it took, waiting for its
        turn included, and how many rows it changed or gave, or else what it raised.

        It is called in the task that ran the statement and must neither block nor raise.
        """

    @property
    def dialect(self) -> Dialect:
        """`"sqlite"` or `"postgresql"`."""
        return self._engine.dialect

    @property
    def load(self) -> Load:
        """How busy its connections are; known without I/O, and also while it isn't connected."""
        return self._engine.load()

    async def answers(self, seconds: float) -> bool:
        """Whether it answers a question within so many seconds. Raises nothing."""
        try:
            async with asyncio.timeout(seconds):
                await self.fetchval("SELECT 1")
        except (DatabaseError, TimeoutError):
            return False
        return True

    def __repr__(self) -> str:
        return f"<DatabaseManager {self.dialect} {self._where}>"

    async def connect(self) -> None:
        """Open the database. SQLite makes the file and its folder; PostgreSQL is waited for.

        Raises `DatabaseError` with a sentence for the operator if it can't be opened.
        """
        await self._engine.connect()

    async def close(self) -> None:
        """Wait for running statements and transactions, then close. Does nothing if it isn't open.

        Raises `DatabaseError` inside a transaction, which would wait for itself.
        """
        if self.in_transaction:
            raise DatabaseError("The database can't be closed inside a transaction.")
        await self._engine.close()

    async def __aenter__(self) -> Self:
        await self.connect()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self.close()

    @property
    def keeper(self) -> Keeper:
        """What makes and restores backups of this database, whether it is connected here or not."""
        return self._engine.keeper

    async def migrate(self, folder: Path = MIGRATIONS, *, before: migrations.Before | None = None) -> list[str]:
        """Bring the schema up to date and return the names of the migrations applied now, oldest first.

        `before` is called with the names of those that are missing, if there are some and the database has been used:
        the moment for a backup. What it raises stops the migration.

        Raises `MigrationError`, whose message is a sentence for the operator.
        """
        return await migrations.migrate(self._engine, folder, before)

    def check_history(self, history: Sequence[Row], folder: Path = MIGRATIONS) -> list[str]:
        """Compare migrations that were applied somewhere (version, name, checksum) with the files.

        Returns the names of those that would follow. Raises `MigrationError` if they don't go together, such as when
        the program is the older one.
        """
        return migrations.check(self.dialect, folder, history)

    async def execute(self, sql: str, *args: Any) -> int:
        """Run a statement and return how many rows it changed (0 for one that changes no rows)."""
        read, parameters = self._read(sql, args)
        return await self._run(read, lambda runner: runner.execute(read, parameters), int)

    async def executemany(self, sql: str, rows: Iterable[Sequence[Any]]) -> None:
        """Run a statement once for each row of parameters: all of them, or none."""
        read = statement(sql, self.dialect)
        encoded = [self._encoded(read, row) for row in rows]
        if encoded:
            await self._run(read, lambda runner: runner.execute_many(read, encoded), lambda _: len(encoded))

    async def insert_all(self, sql: str, rows: Iterable[Sequence[Any]]) -> None:
        """Insert rows, all of them or none: as `executemany` does, but on PostgreSQL in one statement for all.

        Each value has its type, `VALUES ($1::bigint, $2::text)`, and there are no other parameters: `ON CONFLICT`
        says `excluded.coins`. No two of the rows may have the same key.
        """
        if self.dialect == "sqlite":
            await self.executemany(sql, rows)
            return
        read, rows = statement(for_all_rows(sql), self.dialect), list(rows)
        for row in rows:
            _check_width(read, row)
        if rows:
            columns = [encode_all(column) for column in zip(*rows, strict=True)]
            await self._run(read, lambda runner: runner.execute(read, columns), int)

    async def fetchone(self, sql: str, *args: Any) -> Row | None:
        """Run a SELECT, or a change with RETURNING, and return its first row or None."""
        read, parameters = self._read(sql, args)
        return await self._run(read, lambda runner: runner.fetch_one(read, parameters), _one_or_none)

    async def fetchall(self, sql: str, *args: Any) -> list[Row]:
        """Run a SELECT, or a change with RETURNING, and return all its rows."""
        read, parameters = self._read(sql, args)
        return await self._run(read, lambda runner: runner.fetch_all(read, parameters), len)

    async def fetchval(self, sql: str, *args: Any) -> Any:
        """Run a SELECT, or a change with RETURNING, and return the first value of its first row, or None."""
        read, parameters = self._read(sql, args)
        return await self._run(read, lambda runner: runner.fetch_value(read, parameters), _one_or_none)

    async def look(self, sql: str, mode: Mode = "read", limits: Limits | None = None) -> Found:
        """Run one statement that somebody typed, apart from what the bot does; `read` can't write, whatever it says.

        Raises `NotAllowed`, `TookTooLong` and the rest of `DatabaseError`; and `DatabaseError` inside a transaction,
        which on SQLite a change would wait for.
        """
        if self.in_transaction:
            raise DatabaseError("What is typed by hand doesn't run inside a transaction.")
        return await self._engine.look(checked(sql, self.dialect, mode), mode, limits or Limits())

    def transaction(self) -> AbstractAsyncContextManager[None]:
        """Make what this task does inside the block happen whole or not at all.

        It commits at the end of the block, and rolls back if the block raises or its task is cancelled; the rollback
        is finished even if the task is cancelled again. A cancellation in the very moment of the commit leaves
        everything or nothing. Inside another transaction of the same task it is a savepoint: an error undoes the
        inner part, and the outer one can go on if it catches the error.

        Raises `DatabaseError` at the end if a statement failed inside and the error was swallowed: then nothing of
        the block is kept.
        """
        return _Block(self._engine, self._transactions)

    @property
    def in_transaction(self) -> bool:
        """Whether the calling task is inside a transaction."""
        return self._current() is not None

    def _current(self) -> _Transaction | None:
        task = asyncio.current_task()
        return None if task is None else self._transactions.get(task)

    def _read(self, sql: str, args: Sequence[Any]) -> tuple[Statement, list[Any]]:
        read = statement(sql, self._engine.dialect)
        return read, self._encoded(read, args)

    def _encoded(self, read: Statement, args: Sequence[Any]) -> list[Any]:
        _check_width(read, args)
        return encode_all(args)

    async def _run(self, read: Statement, call: Callable[[Runner], Awaitable[T]], rows_in: Callable[[T], int]) -> T:
        observer = self.on_statement
        if observer is None:
            return await self._call(call)
        started = time.perf_counter()
        try:
            result = await self._call(call)
        except BaseException as error:
            observer(read.source, time.perf_counter() - started, error)
            raise
        observer(read.source, time.perf_counter() - started, rows_in(result))
        return result

    async def _call(self, call: Callable[[Runner], Awaitable[T]]) -> T:
        transaction = self._current()
        if transaction is None:
            return await call(self._engine)
        _check(transaction)
        return await _or_fail(transaction, call(transaction.session))


def _check_width(read: Statement, values: Sequence[Any]) -> None:
    if len(values) != read.parameters:
        raise DatabaseError(
            f"{read.parameters} values are wanted and {len(values)} were given: {start_of(read.source)}"
        )


def _one_or_none(found: Any) -> int:
    return 0 if found is None else 1


def _check(transaction: _Transaction) -> None:
    if transaction.failed:
        raise DatabaseError("A statement failed before in this transaction: it can only be rolled back.")


async def _or_fail(transaction: _Transaction, work: Awaitable[T]) -> T:
    try:
        return await work
    except BaseException:
        transaction.failed = True
        raise


def _engine(url: str, *, pool_min: int, pool_max: int, startup_wait: float) -> Engine:
    scheme, separator, rest = url.partition("://")
    if separator and scheme == "sqlite":
        path = unquote(rest.removeprefix("/"))
        if rest.startswith("/") and path and path != ":memory:" and "?" not in rest:
            return SqliteEngine(Path(path))
        raise ValueError("An SQLite address looks like sqlite:///data/hearth.db: three slashes, then the file.")
    if separator and scheme in {"postgresql", "postgres"}:
        return PostgresEngine(url, pool_min=pool_min, pool_max=pool_max, startup_wait=startup_wait)
    raise ValueError("A database address begins with sqlite:/// or postgresql://.")

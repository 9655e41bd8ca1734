"""What the manager asks of an engine, and the helper both engines need to end transactions safely."""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Coroutine, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, TypeVar

from database.backup import Keeper
from database.console import Found, Limits, Mode
from database.placeholders import Dialect, Statement

Row = dict[str, Any]
Parameters = Sequence[Any]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Load:
    """How busy a database's connections are at this moment."""

    open: int
    most: int
    """How many there can be."""
    in_use: int
    waiting: int
    """Calls that wait for a connection, or on SQLite for their turn."""


class Runner(ABC):
    """Something that runs statements: the engine (each commits by itself) or a session (inside a transaction)."""

    @abstractmethod
    async def execute(self, statement: Statement, parameters: Parameters) -> int:
        """Run a statement and return the number of rows it changed."""

    @abstractmethod
    async def execute_many(self, statement: Statement, rows: Sequence[Parameters]) -> None:
        """Run a statement once a row of parameters: all or none."""

    @abstractmethod
    async def fetch_all(self, statement: Statement, parameters: Parameters) -> list[Row]:
        """Run a statement and return all its rows."""

    @abstractmethod
    async def fetch_one(self, statement: Statement, parameters: Parameters) -> Row | None:
        """Run a statement and return its first row."""

    @abstractmethod
    async def fetch_value(self, statement: Statement, parameters: Parameters) -> Any:
        """Run a statement and return the first column of its first row, None without a row."""


class Session(Runner):
    """One connection held by one task for one transaction. It ends with `commit` or `rollback`, exactly once."""

    @abstractmethod
    async def savepoint(self, name: str) -> None:
        """Mark a point to return to."""

    @abstractmethod
    async def release(self, name: str) -> None:
        """Forget a savepoint and keep what happened since."""

    @abstractmethod
    async def rollback_to(self, name: str) -> None:
        """Undo what happened since a savepoint, and forget it."""

    @abstractmethod
    async def commit(self) -> None:
        """Make the transaction last, and give the connection back. Rolls back if that fails."""

    @abstractmethod
    async def rollback(self) -> None:
        """Undo the transaction and give the connection back. Never raises because of the connection."""


class MigrationSession(ABC):
    """A connection of its own, on which the runner applies migrations one transaction at a time."""

    @abstractmethod
    async def begin(self) -> None:
        """Open a transaction that no other process's migration can be in at the same time."""

    @abstractmethod
    async def run(self, sql: str) -> None:
        """Run one statement without parameters, exactly as written."""

    @abstractmethod
    async def query(self, statement: Statement, parameters: Parameters = ()) -> list[Row]:
        """Run a statement with parameters and return its rows."""

    @abstractmethod
    async def commit(self) -> None:
        """Check what the engine hasn't checked yet, and commit."""

    @abstractmethod
    async def rollback(self) -> None:
        """Undo the transaction."""

    @abstractmethod
    async def close(self) -> None:
        """Give the connection back."""


class Engine(Runner):
    """A database: SQLite or PostgreSQL."""

    dialect: ClassVar[Dialect]

    @abstractmethod
    async def connect(self) -> None:
        """Open the connections."""

    @abstractmethod
    async def close(self) -> None:
        """Wait for running work, then close the connections."""

    @abstractmethod
    async def begin(self) -> Session:
        """Open a transaction on a connection of its own."""

    @abstractmethod
    async def look(self, statement: Statement, mode: Mode, limits: Limits) -> Found:
        """Run what was typed by hand, on a connection of its own."""

    @abstractmethod
    def load(self) -> Load:
        """How busy it is, without I/O; also while it isn't open."""

    @property
    @abstractmethod
    def keeper(self) -> Keeper:
        """What makes and restores its backups."""

    @abstractmethod
    async def migration_session(self) -> MigrationSession:
        """Open the connection that migrations run on."""


async def to_the_end(work: Coroutine[Any, Any, T]) -> T:
    """Await `work` to its end even if the waiting task is cancelled meanwhile; then let the cancellation through.

    Cleaning up goes through here: half of a ROLLBACK would leave the connection inside a transaction, and the next
    task's work would silently join it.
    """
    task = asyncio.ensure_future(work)
    cancelled: asyncio.CancelledError | None = None
    while not task.done():
        try:
            await asyncio.shield(task)
        except asyncio.CancelledError as error:
            if task.cancelled():
                raise
            cancelled = error
        except Exception:  # noqa: BLE001 - it comes out of task.result() below
            break
    if cancelled is not None:
        if not task.cancelled():
            task.exception()  # seen: the cancellation is what the caller hears of
        raise cancelled
    return task.result()

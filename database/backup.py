"""What a backup is to the database: writing all of it into one file while it is used, and taking it out of one."""

from __future__ import annotations

import asyncio
import threading
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, TypeVar

from database.errors import DatabaseError
from database.placeholders import Dialect

Row = dict[str, Any]
T = TypeVar("T")


class BackupError(DatabaseError):
    """A backup can't be made or restored. The message is a sentence for the operator."""


class DamagedError(BackupError):
    """A backup, or a database, isn't whole. The message is a sentence for the operator."""


class InUseError(BackupError):
    """Somebody else uses the database. The message is a sentence for the operator."""


@dataclass(frozen=True, slots=True)
class Contents:
    """What is in a database, or in a dump of one."""

    history: tuple[Row, ...]
    """The migrations that were applied, oldest first: version, name, checksum."""
    rows: Mapping[str, int]
    """How many rows each table has."""
    restored: bool = True
    """Whether it was found by restoring, and not just by reading to the end."""

    @property
    def schema(self) -> int:
        """The number of the newest migration, 0 without any."""
        return max((row["version"] for row in self.history), default=0)

    def difference(self, other: Contents) -> str:
        """In which table `other` has another number of rows, as words; empty if they are the same."""
        for table in sorted(self.rows.keys() | other.rows.keys()):
            one, two = self.rows.get(table), other.rows.get(table)
            if one != two:
                return f"{table} has {_rows(two)} in place of {_rows(one)}"
        return "" if self.schema == other.schema else f"its schema is {other.schema:04} and not {self.schema:04}"


class Held(ABC):
    """A database that nobody else uses, as long as the block lasts that gave this."""

    @abstractmethod
    async def is_empty(self) -> bool:
        """Whether there is nothing in it that could be lost. Raises `DamagedError` if it can't be read."""

    @abstractmethod
    async def contents(self) -> Contents:
        """Count what is in it. Raises `DamagedError` if it can't be read, `BackupError` if it isn't ours."""

    @abstractmethod
    async def dump(self, target: Path) -> Contents:
        """As `Keeper.dump`."""

    @abstractmethod
    async def replace(self, dump: Path, contents: Contents) -> None:
        """Put what is in a dump in place of all that is there: whole or not at all, whenever it is cut off.

        Raises `BackupError`; then all is as before.
        """


class Keeper(ABC):
    """Makes dumps of one database and takes them back. It opens connections of its own for each call."""

    dialect: ClassVar[Dialect]
    suffix: ClassVar[str]
    """What the name of a finished backup ends with."""
    compresses: ClassVar[bool]
    """Whether its dumps are small already."""

    @property
    @abstractmethod
    def name(self) -> str:
        """The database's name, by which its backups are told from another's."""

    @property
    @abstractmethod
    def where(self) -> str:
        """Where the database is, as an operator may read it."""

    @abstractmethod
    async def dump(self, target: Path) -> Contents:
        """Write all that is in the database at one moment into a new file, while others go on writing.

        Returns what was in it at that moment. Raises `BackupError`; a file that was begun may be left.
        """

    @abstractmethod
    async def try_out(self, dump: Path) -> Contents:
        """Restore a dump into a scratch database, and return what is in it then.

        Where no scratch database may be made it is read to the end (`Contents.restored` says so). Raises
        `DamagedError` if it isn't whole, and `BackupError`.
        """

    @abstractmethod
    def hold(self) -> AbstractAsyncContextManager[Held]:
        """Keep everybody else away from the database, which may have to be made first.

        Raises `InUseError` if somebody uses it, and `DamagedError` for a file that is no database.
        """

    @abstractmethod
    def set_aside(self, mark: str) -> Path | None:
        """Move a damaged database away, so that a new one can be made; None where that can't be done.

        `mark` becomes a part of its name.
        """


def checked(history: Sequence[Row], tables: Mapping[str, int]) -> Contents:
    """Contents, of which the history is one that migrations wrote. Raises `BackupError`."""
    if not history or not tables:
        raise BackupError("There is no database of Hearth in it: no table says which migrations were applied.")
    return Contents(tuple(history), tables)


async def in_thread(work: Callable[[threading.Event], T]) -> T:
    """Run blocking work in a thread. It gets an event to look at now and then: set, its result isn't wanted any more.

    A cancellation comes out of this call only when the work has ended, so that its files can be removed.
    """
    unwanted = threading.Event()
    running = asyncio.ensure_future(asyncio.to_thread(work, unwanted))
    try:
        return await asyncio.shield(running)
    except asyncio.CancelledError:
        unwanted.set()
        await asyncio.wait({running})
        if not running.cancelled():
            running.exception()  # seen: the cancellation is what the caller hears of
        raise


class UnwantedError(Exception):
    """Raised in a thread whose work isn't wanted any more."""


def go_on(unwanted: threading.Event) -> None:
    """Raise `UnwantedError` if the work isn't wanted any more."""
    if unwanted.is_set():
        raise UnwantedError


def _rows(count: int | None) -> str:
    return "no such table" if count is None else f"{count} rows"

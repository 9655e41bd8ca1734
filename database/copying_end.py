"""One end of a copy: a database that is read in one snapshot, or filled in one transaction."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Iterable, Sequence
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from typing import ClassVar, Final, TypeAlias

from database.copying_values import KINDS, CannotCopy, Column, Kind, Row
from database.engine import Row as NamedRow
from database.placeholders import Dialect

ROWS_AT_ONCE: Final = 5_000
"""How many rows of a table are in memory."""
NOT_COPIED: Final = frozenset({"schema_migrations"})
"""What each database says about itself."""

Batches: TypeAlias = AsyncIterator[list[Row]]


@dataclass(frozen=True, slots=True)
class CopyTable:
    """A table as a copy sees it."""

    name: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    """The columns of its primary key."""
    counter: str | None
    """The column that numbers itself, if there is one."""

    @property
    def quoted(self) -> str:
        """Its name in a statement."""
        return quoted(self.name)

    @property
    def listed(self) -> str:
        """Its columns in a statement."""
        return ", ".join(quoted(column.name) for column in self.columns)


class End(ABC):
    """A database at one end. `open` and either `read` or `write` come first, `close` last."""

    dialect: ClassVar[Dialect]
    place: str
    """Where it is, without a password."""

    @abstractmethod
    async def exists(self) -> bool:
        """Tell whether there is anything to open. Raises `DatabaseError` for what can't be reached."""

    @abstractmethod
    async def is_used(self) -> bool:
        """Tell whether a bot, or somebody else, has it open."""

    @abstractmethod
    async def read(self) -> None:
        """Begin a snapshot: nothing that others write from now on is seen."""

    @abstractmethod
    async def write(self) -> None:
        """Begin the transaction that fills it, and keep bots from starting on it meanwhile."""

    @abstractmethod
    async def fill(self, table: CopyTable, batches: Batches) -> None:
        """Write rows."""

    @abstractmethod
    def rows(self, table: CopyTable) -> Batches:
        """Read all rows of a table, as the driver gives them."""

    @abstractmethod
    async def query(self, sql: str) -> list[NamedRow]:
        """Run a SELECT in the snapshot or the transaction."""

    @abstractmethod
    async def has(self, table: str) -> bool:
        """Tell whether there is a table of that name."""

    @abstractmethod
    async def tables(self) -> list[CopyTable]:
        """Every table, each behind those that it refers to."""

    @abstractmethod
    async def last_number(self, table: CopyTable) -> int:
        """The last number that the table's counter gave out; 0 for none."""

    @abstractmethod
    async def set_number(self, table: CopyTable, last: int) -> None:
        """Let the table's counter go on behind `last`."""

    @abstractmethod
    async def commit(self) -> None:
        """Make it last."""

    @abstractmethod
    async def close(self) -> None:
        """Give the connection back. What wasn't committed is rolled back."""

    async def count(self, table: CopyTable) -> int:
        """How many rows a table has."""
        return int((await self.query(f"SELECT COUNT(*) AS n FROM {table.quoted}"))[0]["n"])


def quoted(name: str) -> str:
    """A name in a statement."""
    return '"' + name.replace('"', '""') + '"'


def kind_of(table: str, column: str, declared: str) -> Kind:
    """What a column holds. Raises `CannotCopy` for a type that isn't known."""
    try:
        return KINDS[declared.upper()]
    except KeyError:
        raise CannotCopy(f"{table}.{column} is of the type {declared}, which can't be copied.") from None


def in_order(tables: Iterable[CopyTable], references: Sequence[tuple[str, str]]) -> list[CopyTable]:
    """Put each table behind those that it refers to, else by name.

    `references` are pairs of a table and one that it refers to. Raises `CannotCopy` for a circle of several tables.
    """
    by_name = {table.name: table for table in tables if table.name not in NOT_COPIED}
    sorter = TopologicalSorter({name: [] for name in sorted(by_name)})
    for child, parent in sorted(references):
        if child != parent and child in by_name and parent in by_name:
            sorter.add(child, parent)
    try:
        return [by_name[name] for name in sorter.static_order()]
    except CycleError as error:
        raise CannotCopy(f"These tables refer to each other in a circle: {', '.join(error.args[1])}.") from None

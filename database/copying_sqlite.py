"""An SQLite file at one end of a copy."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import Any, ClassVar, Final

from database.copying_end import ROWS_AT_ONCE, Batches, CopyTable, End, in_order, kind_of, quoted
from database.copying_values import CannotCopy, Column, Row
from database.engine import Row as NamedRow
from database.engine import to_the_end
from database.errors import DatabaseError, DatabaseUnavailable
from database.placeholders import Dialect, placeholders
from database.sqlite_connection import BUSY_TIMEOUT_MILLISECONDS, Connection

LOOK_MILLISECONDS: Final = 1_000  # how long a bot that is just stopping is waited for
CACHE_KIBIBYTES: Final = 65_536

_COLUMNS: Final = (
    "SELECT m.name AS table_name, c.name AS column_name, c.type AS type, c.pk AS key_place,"
    " m.sql LIKE '%AUTOINCREMENT%' AS counts"
    " FROM sqlite_master m JOIN pragma_table_info(m.name) c"
    " WHERE m.type = 'table' AND substr(m.name, 1, 7) <> 'sqlite_' ORDER BY m.name, c.cid"
)
_REFERENCES: Final = (
    'SELECT m.name AS child, f."table" AS parent FROM sqlite_master m JOIN pragma_foreign_key_list(m.name) f'
    " WHERE m.type = 'table'"
)


class SqliteEnd(End):
    """A file. While it is filled nobody else can open it; a reader sees what was there when it began."""

    dialect: ClassVar[Dialect] = "sqlite"

    def __init__(self, path: Path) -> None:
        self.path = path
        self.place = str(path)
        self._connection = Connection(path, read_only=True)

    async def exists(self) -> bool:
        return self.path.exists()

    async def is_used(self) -> bool:
        """Tell whether it is open elsewhere: in exclusive mode SQLite opens a file alone or not at all."""
        if not self.path.exists():
            return False
        try:
            await self._open(f"busy_timeout={LOOK_MILLISECONDS}", "locking_mode=EXCLUSIVE")
            await self._connection.run(_take_alone)
        except DatabaseUnavailable:
            return True
        except DatabaseError:  # it may only be read; what else is wrong with it, reading will tell
            return False
        finally:
            await self.close()
        return False

    async def read(self) -> None:
        if not self.path.exists():
            raise CannotCopy(f"There is no database at {self.place}.")
        # The last one looks into the file: one of something else is told of by its name.
        await self._open(
            f"busy_timeout={BUSY_TIMEOUT_MILLISECONDS}", "query_only=ON", "schema_version", read_only=True
        )
        await self._connection.run(_begin_snapshot)

    async def write(self) -> None:
        await self._open(
            f"busy_timeout={BUSY_TIMEOUT_MILLISECONDS}",
            "locking_mode=EXCLUSIVE",
            "synchronous=FULL",
            "foreign_keys=OFF",  # they are checked at the end
            f"cache_size=-{CACHE_KIBIBYTES}",
        )
        try:
            await self._connection.run(lambda raw: raw.execute("BEGIN EXCLUSIVE").close())
        except DatabaseUnavailable:
            raise CannotCopy(f"{self.place} is in use: stop what has it open first.") from None

    async def _open(self, *pragmas: str, read_only: bool = False) -> None:
        self._connection = Connection(self.path, *pragmas, read_only=read_only)
        await self._connection.open()

    async def fill(self, table: CopyTable, batches: Batches) -> None:
        marks = placeholders(len(table.columns)).replace("$", "?")
        sql = f"INSERT INTO {table.quoted} ({table.listed}) VALUES ({marks})"
        async for rows in batches:
            await self._connection.run(lambda raw, rows=rows: _insert(raw, sql, rows))  # type: ignore[misc]

    async def rows(self, table: CopyTable) -> Batches:
        # By a plus a column loses its declared type, by which the driver would convert what it holds.
        listed = ", ".join(f"+{quoted(column.name)}" for column in table.columns)
        cursor = await self._run_text(table.name, lambda raw: raw.execute(f"SELECT {listed} FROM {table.quoted}"))
        try:
            while rows := await self._run_text(table.name, lambda _: cursor.fetchmany(ROWS_AT_ONCE)):
                yield rows
        finally:
            await to_the_end(self._connection.run(lambda _: cursor.close()))

    async def _run_text(self, table: str, work: Any) -> Any:
        try:
            return await self._connection.run(work)
        except DatabaseError as error:
            if "decode" in str(error):  # the driver quotes the text, which somebody wrote
                raise CannotCopy(f"{table} holds text that isn't UTF-8, which can't be copied.") from None
            raise

    async def query(self, sql: str) -> list[NamedRow]:
        return await self._connection.run(lambda raw: _named(raw, sql))

    async def has(self, table: str) -> bool:
        return bool(await self.query(f"SELECT 1 AS it FROM sqlite_master WHERE name = {_literal(table)}"))

    async def tables(self) -> list[CopyTable]:
        found: dict[str, list[NamedRow]] = {}
        for row in await self.query(_COLUMNS):
            found.setdefault(row["table_name"], []).append(row)
        references = [(row["child"], row["parent"]) for row in await self.query(_REFERENCES)]
        return in_order([_table(name, rows) for name, rows in found.items()], references)

    async def last_number(self, table: CopyTable) -> int:
        rows = await self.query(f"SELECT seq FROM sqlite_sequence WHERE name = {_literal(table.name)}")
        return max((int(row["seq"]) for row in rows), default=0)

    async def set_number(self, table: CopyTable, last: int) -> None:
        name = table.name

        def change(raw: sqlite3.Connection) -> None:
            raw.execute("DELETE FROM sqlite_sequence WHERE name = ?", (name,))
            raw.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)", (name, last))

        await self._connection.run(change)

    async def commit(self) -> None:
        await self._connection.run(_check_references)
        await self._connection.run(lambda raw: raw.execute("COMMIT").close(), to_completion=True)

    async def close(self) -> None:
        await to_the_end(self._connection.close())


def _table(name: str, rows: Sequence[NamedRow]) -> CopyTable:
    key = sorted((row for row in rows if row["key_place"]), key=lambda row: int(row["key_place"]))
    names = tuple(row["column_name"] for row in key)
    columns = tuple(Column(row["column_name"], kind_of(name, row["column_name"], row["type"])) for row in rows)
    return CopyTable(name, columns, names, names[0] if rows[0]["counts"] else None)


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


# What follows runs in the connection's thread.


def _take_alone(raw: sqlite3.Connection) -> None:
    raw.execute("BEGIN EXCLUSIVE")
    raw.execute("ROLLBACK")


def _begin_snapshot(raw: sqlite3.Connection) -> None:
    raw.execute("BEGIN")
    raw.execute("SELECT COUNT(*) FROM sqlite_master").fetchone()  # a snapshot begins with the first look


def _insert(raw: sqlite3.Connection, sql: str, rows: list[Row]) -> None:
    if not raw.in_transaction:  # a full disk, for one, ends it
        raise sqlite3.OperationalError("the transaction was rolled back by SQLite")
    raw.executemany(sql, rows)


def _check_references(raw: sqlite3.Connection) -> None:
    """Only now, and not row by row: a row may refer to a later one of its own table, and as long as one does, SQLite
    would search the whole table again for each that comes.
    """
    broken = raw.execute("PRAGMA foreign_key_check").fetchone()
    if broken is not None:
        raise CannotCopy(f"A row of {broken[0]} refers to one of {broken[2]} that isn't there. Nothing was kept.")


def _named(raw: sqlite3.Connection, sql: str) -> list[NamedRow]:
    cursor = raw.execute(sql)
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

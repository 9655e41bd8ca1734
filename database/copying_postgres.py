"""A PostgreSQL database at one end of a copy."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from typing import Any, ClassVar, Final

import asyncpg

from database.copying_end import ROWS_AT_ONCE, Batches, CopyTable, End, in_order, kind_of
from database.copying_values import CannotCopy, Column, Row
from database.engine import Row as NamedRow
from database.engine import to_the_end
from database.errors import DatabaseError
from database.placeholders import Dialect
from database.postgres import (
    CONNECT_TIMEOUT_SECONDS,
    MIGRATION_LOCK,
    UNREADABLE_ADDRESS,
    translating,
    watch,
    without_password,
)

LOOK_SECONDS: Final = 3.0  # connections that were just closed are shown for a moment
PAUSE_SECONDS: Final = 0.1
CLOSE_SECONDS: Final = 5.0
_SETTINGS: Final = {
    "application_name": "hearth copy",
    "statement_timeout": "0",
    "idle_in_transaction_session_timeout": "0",
}

_OTHERS: Final = (
    "SELECT COUNT(*) AS n FROM pg_stat_activity WHERE datname = current_database()"
    " AND application_name LIKE 'hearth%' AND application_name <> 'hearth copy'"
)
_COLUMNS: Final = (
    "SELECT t.relname AS table_name, c.attname AS column_name, format_type(c.atttypid, NULL) AS type,"
    " COALESCE(array_position(k.conkey, c.attnum), 0) AS key_place,"
    " pg_get_serial_sequence(quote_ident(t.relname), c.attname) IS NOT NULL AS counts"
    " FROM pg_class t JOIN pg_attribute c ON c.attrelid = t.oid AND c.attnum > 0 AND NOT c.attisdropped"
    " AND c.attgenerated = ''"
    " LEFT JOIN pg_constraint k ON k.conrelid = t.oid AND k.contype = 'p'"
    " WHERE t.relkind IN ('r', 'p') AND NOT t.relispartition AND t.relnamespace = current_schema()::regnamespace"
    " ORDER BY t.relname, c.attnum"
)
_REFERENCES: Final = (
    "SELECT c.relname AS child, p.relname AS parent FROM pg_constraint f"
    " JOIN pg_class c ON c.oid = f.conrelid JOIN pg_class p ON p.oid = f.confrelid"
    " WHERE f.contype = 'f' AND c.relnamespace = current_schema()::regnamespace"
)


class PostgresEnd(End):
    """A database on a server, through one connection."""

    dialect: ClassVar[Dialect] = "postgresql"

    def __init__(self, url: str) -> None:
        self._url = url
        self.place = without_password(url)
        self._open: Any = None

    @property
    def _connection(self) -> Any:
        if self._open is None:
            raise DatabaseError("The database isn't connected.")
        return self._open

    async def exists(self) -> bool:
        await self._connect()
        if (await self.query("SELECT current_setting('server_encoding') AS name"))[0]["name"] != "UTF8":
            raise CannotCopy(
                f"{self.place} can't hold every letter: make a database with CREATE DATABASE … ENCODING 'UTF8'."
            )
        return True

    async def is_used(self) -> bool:
        await self._connect()
        end = time.monotonic() + LOOK_SECONDS
        while (await self.query(_OTHERS))[0]["n"]:
            if time.monotonic() > end:
                return True
            await asyncio.sleep(PAUSE_SECONDS)
        return False

    async def read(self) -> None:
        await self._connect()
        await self._run("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")

    async def write(self) -> None:
        await self._connect()
        await self._run("BEGIN")
        # What a bot asks for before anything else when it starts: so it waits, and then finds all.
        await self._run("SELECT pg_advisory_xact_lock($1)", MIGRATION_LOCK)

    async def _connect(self) -> None:
        if self._open is not None:
            return
        try:
            with translating:
                self._open = await asyncpg.connect(
                    self._url, timeout=CONNECT_TIMEOUT_SECONDS, server_settings=_SETTINGS
                )
        except (asyncpg.ClientConfigurationError, ValueError):
            raise DatabaseError(UNREADABLE_ADDRESS) from None
        except DatabaseError as error:
            raise type(error)(f"{self.place}: {error}") from error
        watch(self._open)

    async def _run(self, sql: str, *values: Any) -> str:
        with translating:
            status: str = await self._connection.execute(sql, *values)
        return status

    async def fill(self, table: CopyTable, batches: Batches) -> None:
        # One COPY a table: a row may refer to one of its own table that comes later.
        names = [column.name for column in table.columns]
        with translating:
            await self._connection.copy_records_to_table(table.name, records=_one_by_one(batches), columns=names)

    async def rows(self, table: CopyTable) -> Batches:
        sql = f"SELECT {table.listed} FROM {table.quoted}"
        with translating:
            cursor = await self._connection.cursor(sql)
            while rows := await cursor.fetch(ROWS_AT_ONCE):
                yield [tuple(row) for row in rows]

    async def query(self, sql: str) -> list[NamedRow]:
        with translating:
            return [dict(row) for row in await self._connection.fetch(sql)]

    async def has(self, table: str) -> bool:
        with translating:
            return bool(await self._connection.fetchval("SELECT to_regclass(quote_ident($1)) IS NOT NULL", table))

    async def tables(self) -> list[CopyTable]:
        found: dict[str, list[NamedRow]] = {}
        for row in await self.query(_COLUMNS):
            found.setdefault(row["table_name"], []).append(row)
        references = [(row["child"], row["parent"]) for row in await self.query(_REFERENCES)]
        return in_order([_table(name, rows) for name, rows in found.items()], references)

    async def last_number(self, table: CopyTable) -> int:
        with translating:
            last = await self._connection.fetchval(
                "SELECT pg_sequence_last_value(pg_get_serial_sequence($1, $2)::regclass)", table.quoted, table.counter
            )
        return int(last or 0)

    async def set_number(self, table: CopyTable, last: int) -> None:
        sql = "SELECT setval(pg_get_serial_sequence($1, $2)::regclass, $3)"
        await self._run(sql, table.quoted, table.counter, last)

    async def commit(self) -> None:
        status = await to_the_end(self._run("COMMIT"))
        if status != "COMMIT":  # PostgreSQL answers ROLLBACK, without an error, after a failed statement
            raise DatabaseError("The transaction was rolled back by PostgreSQL.")

    async def close(self) -> None:
        connection, self._open = self._open, None
        if connection is not None:
            await to_the_end(_close(connection))


async def _close(connection: Any) -> None:
    try:
        await connection.close(timeout=CLOSE_SECONDS)
    except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError):
        connection.terminate()


async def _one_by_one(batches: Batches) -> AsyncIterator[Row]:
    async for rows in batches:
        for row in rows:
            yield row


def _table(name: str, rows: Sequence[NamedRow]) -> CopyTable:
    key = sorted((row for row in rows if row["key_place"]), key=lambda row: int(row["key_place"]))
    columns = tuple(Column(row["column_name"], kind_of(name, row["column_name"], row["type"])) for row in rows)
    counter = next((row["column_name"] for row in rows if row["counts"]), None)
    return CopyTable(name, columns, tuple(row["column_name"] for row in key), counter)

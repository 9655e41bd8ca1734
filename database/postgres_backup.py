"""Backups of PostgreSQL: `pg_dump` in its custom format, of the very snapshot in which the rows were counted."""

from __future__ import annotations

import asyncio
import time
import uuid
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, ClassVar, Final
from urllib.parse import unquote, urlsplit

import asyncpg

from database.backup import BackupError, Contents, DamagedError, Held, InUseError, Keeper, checked
from database.engine import to_the_end
from database.errors import DatabaseError
from database.placeholders import Dialect
from database.postgres_dumps import COPY_COLUMNS, rows_in
from database.postgres_programs import Address, Programs, find_programs, run, said, started

CONNECT_TIMEOUT_SECONDS: Final = 10
LOCK_MILLISECONDS: Final = 10_000
SCRATCH: Final = "hearth_scratch"
FORGOTTEN_SECONDS: Final = 86_400  # a scratch database as old as this was left by a process that was killed
PIECE_BYTES: Final = 1 << 16

_TABLES: Final = "SELECT tablename FROM pg_tables WHERE schemaname = $1 ORDER BY tablename"
_HISTORY_TABLE: Final = "schema_migrations"
# Others' sessions are shown without what they do, and without their type, to who isn't a superuser.
_OTHERS: Final = (
    "SELECT COALESCE(NULLIF(application_name, ''), 'somebody') AS name FROM pg_stat_activity"
    " WHERE datname = current_database() AND pid <> pg_backend_pid() AND usesysid IS NOT NULL"
    " AND COALESCE(backend_type, 'client backend') = 'client backend' ORDER BY 1"
)
_FORGOTTEN: Final = (
    "SELECT d.datname FROM pg_database d WHERE d.datname LIKE $1 AND pg_get_userbyid(d.datdba) = current_user"
    " AND NOT EXISTS (SELECT 1 FROM pg_stat_activity a WHERE a.datid = d.oid)"
)
_DRIVER_ERRORS: Final = (asyncpg.PostgresError, asyncpg.InterfaceError, OSError)
_AS_IT_IS: Final = ("--no-owner", "--no-privileges")

Unavailable = Callable[[Exception], DatabaseError]


class PostgresKeeper(Keeper):
    """Dumps are archives of `pg_dump`."""

    dialect: ClassVar[Dialect] = "postgresql"
    suffix: ClassVar[str] = "pgdump"
    compresses: ClassVar[bool] = True

    def __init__(self, url: str, translated: Unavailable, lock: int) -> None:
        """`translated` makes our exceptions of the driver's; `lock` is the advisory lock that migrations take."""
        self._url = url
        self._address = Address.of(url)
        self._translated = translated
        self._lock = lock

    @property
    def name(self) -> str:
        return unquote(urlsplit(self._url).path.lstrip("/"))

    @property
    def where(self) -> str:
        parts = urlsplit(self._url)
        return f"{parts.hostname or 'localhost'}{f':{parts.port}' if parts.port else ''}{parts.path}"

    async def dump(self, target: Path) -> Contents:
        async with self._connection() as connection:
            programs = await find_programs(connection.get_server_version().major)
            async with connection.transaction(isolation="repeatable_read", readonly=True):
                await connection.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
                await connection.execute("SET LOCAL statement_timeout = 0")
                schema: str = await connection.fetchval("SELECT current_schema()")
                contents = await _contents(connection, schema)
                snapshot: str = await connection.fetchval("SELECT pg_export_snapshot()")
                await run(self._dumping(programs, schema, snapshot, target), self._address, "pg_dump failed")
        return contents

    def _dumping(self, programs: Programs, schema: str, snapshot: str, target: Path) -> list[str]:
        # The tables by a pattern, and not the schema itself: where it is restored there is one already.
        pattern = '"{}".*'.format(schema.replace('"', '""'))
        return [
            programs.path("pg_dump"), "--format=custom", *_AS_IT_IS, "--no-password", f"--snapshot={snapshot}",
            f"--table={pattern}", f"--file={target}", f"--dbname={self._address.url}",
        ]  # fmt: skip

    async def try_out(self, dump: Path) -> Contents:
        async with self._connection() as connection:
            programs = await find_programs(connection.get_server_version().major)
            schema: str = await connection.fetchval("SELECT current_schema()")
            await _drop_forgotten(connection)
            name = f"{SCRATCH}_{int(time.time())}_{uuid.uuid4().hex[:8]}"
            try:
                await connection.execute(f'CREATE DATABASE "{name}" TEMPLATE template0')
            except asyncpg.InsufficientPrivilegeError:
                return await self._read(programs, dump)
            try:
                return await self._restored(programs, dump, schema, name)
            finally:
                await to_the_end(connection.execute(f'DROP DATABASE IF EXISTS "{name}"'))

    async def _restored(self, programs: Programs, dump: Path, schema: str, name: str) -> Contents:
        scratch = self._address.to_database(name)
        async with self._connection(database=name) as connection:
            await connection.execute(f"CREATE SCHEMA IF NOT EXISTS {_quoted(schema)}")
        command = [
            programs.path("pg_restore"), *_AS_IT_IS, "--no-password", "--single-transaction", "--exit-on-error",
            f"--dbname={scratch.url}", str(dump),
        ]  # fmt: skip
        try:
            await run(command, scratch, "The backup can't be restored")
        except BackupError as error:
            raise DamagedError(str(error)) from error
        async with self._connection(database=name) as connection:
            return await _contents(connection, schema)

    async def _read(self, programs: Programs, dump: Path) -> Contents:
        """Read a dump to its end: for a role that may not make databases."""
        command = [programs.path("pg_restore"), *_AS_IT_IS, "--file=-", str(dump)]
        async with started(command, self._address) as process:
            assert process.stdout is not None
            assert process.stderr is not None
            complaints = asyncio.create_task(process.stderr.read())
            counts, history = await rows_in(process.stdout, _HISTORY_TABLE)
            errors = await complaints
            status = await process.wait()
        if status != 0:
            raise DamagedError(f"The backup can't be read: {said(errors, self._address)}")
        found = checked([dict(zip(COPY_COLUMNS, row, strict=True)) for row in history], counts)
        return Contents(found.history, found.rows, restored=False)

    @asynccontextmanager
    async def hold(self) -> AsyncIterator[Held]:
        async with self._connection() as connection:
            # A bot that starts now waits for this lock before it looks at a table.
            if not await connection.fetchval("SELECT pg_try_advisory_lock($1)", self._lock):
                raise InUseError(f"Somebody is bringing {self.where} up to date. Stop the bot first.")
            others = [row["name"] for row in await connection.fetch(_OTHERS)]
            if others:
                named = ", ".join(sorted(set(others)))
                raise InUseError(f"{self.where} has {len(others)} other connections ({named}). Stop the bot first.")
            yield _PostgresHeld(self, connection)

    def set_aside(self, mark: str) -> Path | None:
        return None

    @asynccontextmanager
    async def _connection(self, database: str | None = None) -> AsyncIterator[Any]:
        options = {"database": database} if database else {}
        try:
            connection = await asyncpg.connect(
                self._url, timeout=CONNECT_TIMEOUT_SECONDS, server_settings={"application_name": "hearth backup"},
                **options,
            )  # fmt: skip
        except (*_DRIVER_ERRORS, ValueError) as error:
            raise self._unconnected(error) from None
        try:
            yield connection
        except _DRIVER_ERRORS as error:
            raise self._translated(error) from error
        finally:
            await to_the_end(_close(connection))

    def _unconnected(self, error: Exception) -> DatabaseError:
        if isinstance(error, (asyncpg.ClientConfigurationError, ValueError)):
            return BackupError("The database's address isn't one that PostgreSQL's driver understands.")
        return self._translated(error)

    async def put_back(self, connection: Any, dump: Path, contents: Contents) -> None:
        """Replace all tables by those of a dump, in one transaction of `psql`."""
        programs = await find_programs(connection.get_server_version().major)
        schema: str = await connection.fetchval("SELECT current_schema()")
        tables = [row["tablename"] for row in await connection.fetch(_TABLES, schema)]
        reading = [programs.path("pg_restore"), *_AS_IT_IS, "--file=-", str(dump)]
        writing = [
            programs.path("psql"), "--no-psqlrc", "--quiet", "--no-password", "--set=ON_ERROR_STOP=1",
            f"--dbname={self._address.url}",
        ]  # fmt: skip
        async with (
            started(reading, self._address) as reader,
            started(writing, self._address, stdin=asyncio.subprocess.PIPE) as writer,
        ):
            await self._pass_on(reader, writer, _opening(schema, tables), _ending(schema, contents))

    async def _pass_on(
        self, reader: asyncio.subprocess.Process, writer: asyncio.subprocess.Process, first: str, last: str
    ) -> None:
        assert reader.stdout is not None
        assert reader.stderr is not None
        assert writer.stdin is not None
        complaints = [asyncio.create_task(stream.read()) for stream in (reader.stderr, writer.stderr, writer.stdout)
                      if stream is not None]  # fmt: skip
        try:
            writer.stdin.write(first.encode())
            while piece := await reader.stdout.read(PIECE_BYTES):
                writer.stdin.write(piece)
                await writer.stdin.drain()
            if await reader.wait() != 0:
                raise DamagedError(f"The backup can't be read: {said(await complaints[0], self._address)}")
            # Only now: without COMMIT, whatever ends this process or that one leaves all as it was.
            writer.stdin.write(last.encode())
            await writer.stdin.drain()
            writer.stdin.close()
        except (BrokenPipeError, ConnectionResetError):
            pass  # it says why, below
        if await writer.wait() != 0:
            raise BackupError(f"The backup can't be restored: {said(await complaints[1], self._address)}")


class _PostgresHeld(Held):
    def __init__(self, keeper: PostgresKeeper, connection: Any) -> None:
        self._keeper = keeper
        self._connection = connection

    async def is_empty(self) -> bool:
        schema: str = await self._connection.fetchval("SELECT current_schema()")
        counts = await _counts(self._connection, schema)
        return not counts or counts == {_HISTORY_TABLE: 0}

    async def contents(self) -> Contents:
        return await _contents(self._connection, await self._connection.fetchval("SELECT current_schema()"))

    async def dump(self, target: Path) -> Contents:
        return await self._keeper.dump(target)

    async def replace(self, dump: Path, contents: Contents) -> None:
        await self._keeper.put_back(self._connection, dump, contents)


async def _counts(connection: Any, schema: str) -> dict[str, int]:
    names = [row["tablename"] for row in await connection.fetch(_TABLES, schema)]
    place = _quoted(schema)
    return {name: await connection.fetchval(f"SELECT COUNT(*) FROM {place}.{_quoted(name)}") for name in names}


async def _contents(connection: Any, schema: str) -> Contents:
    counts = await _counts(connection, schema)
    history = (
        await connection.fetch(
            f"SELECT version, name, checksum FROM {_quoted(schema)}.{_HISTORY_TABLE} ORDER BY version"
        )
        if _HISTORY_TABLE in counts
        else []
    )
    return checked([dict(row) for row in history], counts)


def _opening(schema: str, tables: Sequence[str]) -> str:
    lines = ["BEGIN;", f"SET LOCAL lock_timeout = {LOCK_MILLISECONDS};"]
    if tables:
        names = ", ".join(f"{_quoted(schema)}.{_quoted(table)}" for table in tables)
        lines.append(f"DROP TABLE {names} CASCADE;")
    return "\n".join(lines) + "\n"


def _ending(schema: str, contents: Contents) -> str:
    """Count what came, and commit only if it is all."""
    counted = "\n".join(
        f"  IF (SELECT COUNT(*) FROM {_quoted(schema)}.{_quoted(table)}) <> {count:d} THEN"
        f" RAISE EXCEPTION 'the table % came with another number of rows', {_literal(table)}; END IF;"
        for table, count in contents.rows.items()
    )
    return f"\nDO $hearth$ BEGIN\n{counted}\nEND $hearth$;\nCOMMIT;\n"


async def _drop_forgotten(connection: Any) -> None:
    latest = time.time() - FORGOTTEN_SECONDS
    for row in await connection.fetch(_FORGOTTEN, f"{SCRATCH}\\_%"):
        made = row["datname"].removeprefix(f"{SCRATCH}_").partition("_")[0]
        if made.isdecimal() and int(made) < latest:
            await connection.execute(f"DROP DATABASE IF EXISTS {_quoted(row['datname'])}")


def _quoted(name: str) -> str:
    return '"{}"'.format(name.replace('"', '""'))


def _literal(text: str) -> str:
    return "'{}'".format(text.replace("'", "''"))


async def _close(connection: Any) -> None:
    try:
        await connection.close(timeout=CONNECT_TIMEOUT_SECONDS)
    except _DRIVER_ERRORS:
        connection.terminate()

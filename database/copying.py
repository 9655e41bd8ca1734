"""All data of one database into another, empty one: SQLite or PostgreSQL at either end.

The source is read in one snapshot. The target is filled in one transaction, in which all of it is read again and
compared before it is committed: a copy that ends early, however it ends, leaves an empty database and can be begun
anew.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import unquote

from database import migrations
from database.copying_end import Batches, CopyTable, End
from database.copying_postgres import PostgresEnd
from database.copying_sqlite import SqliteEnd
from database.copying_values import CannotCopy, Checksum, checked, for_engine, same
from database.errors import MigrationError
from database.manager import MIGRATIONS, DatabaseManager

__all__ = ["CannotCopy", "Copied", "Progress", "copy"]

SCHEMA_TABLE = "schema_migrations"
HISTORY = "SELECT version, name, checksum FROM schema_migrations ORDER BY version"
NAMES_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Copied:
    """A table that was copied, and what both ends agree on."""

    table: str
    rows: int
    checksum: str


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a copy is. Each row is counted twice: when it is written, and when it is read again."""

    doing: str
    table: str
    done: int
    total: int


Told = Callable[[Progress], None]


async def copy(
    source_url: str, target_url: str, told: Told, *, anyway: bool = False, folder: Path = MIGRATIONS
) -> list[Copied]:
    """Copy all data, and return what was copied, in the order of the tables.

    `told` hears of each batch. `anyway` copies although a bot is using the source: what it writes after the snapshot
    isn't in the copy. Raises `CannotCopy`, `MigrationError` and the rest of `DatabaseError`, with a sentence for the
    operator; then the target is as empty as it was.
    """
    source, target = end_of(source_url), end_of(target_url)
    if source.place == target.place:
        raise CannotCopy(f"Source and target are the same database, {source.place}.")
    try:
        await _open_source(source, folder, anyway=anyway)
        await _make_target(target, target_url, folder)
        await target.write()
        return await _Copy(source, target, told).run()
    finally:
        try:
            await target.close()
        finally:
            await source.close()


def end_of(url: str) -> End:
    """The end of a copy at an address; nothing is opened yet. Raises `ValueError` for what is no address."""
    DatabaseManager(url)  # raises for what is no address
    scheme, _, rest = url.partition("://")
    return SqliteEnd(Path(unquote(rest.removeprefix("/"))).resolve()) if scheme == "sqlite" else PostgresEnd(url)


async def _open_source(source: End, folder: Path, *, anyway: bool) -> None:
    if not await source.exists():
        raise CannotCopy(f"There is no database at {source.place}.")
    if not anyway and await source.is_used():
        raise CannotCopy(
            f"A bot, or another program, is using {source.place}: what it writes from now on wouldn't be in the "
            "copy. Stop it first, or add --anyway."
        )
    await source.read()
    if not await source.has(SCHEMA_TABLE):
        raise CannotCopy(f"{source.place} isn't a database of this bot: it has no table {SCHEMA_TABLE}.")
    missing = migrations.check(source.dialect, folder, await source.query(HISTORY))
    if missing:
        raise MigrationError(
            f"The schema of {source.place} is older than this program (it lacks {', '.join(missing)}). "
            "Start the bot on it once, then copy."
        )


async def _make_target(target: End, url: str, folder: Path) -> None:
    """Bring the target's schema up to date, unless it is in use or somebody else's."""
    if await target.exists():
        if await target.is_used():
            raise CannotCopy(f"A bot, or another program, is using {target.place}: stop it first.")
        await target.read()
        if not await target.has(SCHEMA_TABLE) and await target.tables():
            raise CannotCopy(f"{target.place} holds tables of something else: make a new database for the copy.")
        await target.close()
    await DatabaseManager(url).migrate(folder)
    if await target.is_used():
        raise CannotCopy(f"A bot, or another program, is using {target.place}: stop it first.")


class _Copy:
    """One copy between two ends that are open."""

    def __init__(self, source: End, target: End, told: Told) -> None:
        self._source = source
        self._target = target
        self._told = told
        self._done = 0
        self._total = 0

    async def run(self) -> list[Copied]:
        tables = await self._tables()
        counts = {table.name: await self._source.count(table) for table in tables}
        self._total = 2 * sum(counts.values())
        written = {table.name: await self._fill(table) for table in tables}
        for table in tables:
            await self._go_on_counting(table)
        copied = [await self._compare(table, counts[table.name], written[table.name]) for table in tables]
        await self._target.commit()
        return copied

    async def _tables(self) -> list[CopyTable]:
        """The tables, as both ends have them. Raises `CannotCopy` if they differ or the target holds anything."""
        theirs = {table.name: table for table in await self._source.tables()}
        ours = await self._target.tables()
        names = {table.name for table in ours}
        if names != set(theirs):
            raise CannotCopy(f"These tables are at one end only: {', '.join(sorted(names ^ set(theirs)))}.")
        tables = []
        for table in ours:
            columns = same(table.columns, theirs[table.name].columns)
            if columns is None:
                raise CannotCopy(f"The table {table.name} has other columns at the other end.")
            tables.append(replace(table, columns=columns))
        filled = [table.name for table in tables if await self._target.count(table)]
        if filled:
            more = ", …" if len(filled) > NAMES_SHOWN else ""
            raise CannotCopy(
                f"{self._target.place} isn't empty: there are rows in {', '.join(filled[:NAMES_SHOWN])}{more}. "
                "Copy into a new database; nothing is ever overwritten."
            )
        return tables

    async def _fill(self, table: CopyTable) -> Checksum:
        checksum = Checksum(table.columns)

        async def batches() -> Batches:
            async for rows in self._source.rows(table):
                ready = checked(table.name, table.columns, table.key, rows)
                checksum.add(ready)
                yield for_engine(table.columns, ready, self._target.dialect)
                self._tell("copying", table, len(rows))

        await self._target.fill(table, batches())
        return checksum

    async def _go_on_counting(self, table: CopyTable) -> None:
        if table.counter is None:
            return
        top = await self._source.query(f'SELECT MAX("{table.counter}") AS top FROM {table.quoted}')
        last = max(await self._source.last_number(table), top[0]["top"] or 0)
        if last:
            await self._target.set_number(table, last)

    async def _compare(self, table: CopyTable, rows: int, written: Checksum) -> Copied:
        found = Checksum(table.columns)
        async for batch in self._target.rows(table):
            found.add(checked(table.name, table.columns, table.key, batch))
            self._tell("comparing", table, len(batch))
        if not rows == written.rows == found.rows or found.text != written.text:
            raise CannotCopy(
                f"The table {table.name} came out different: {rows} rows in the source (checksum {written.short}), "
                f"{found.rows} in the target (checksum {found.short}). Nothing was kept."
            )
        return Copied(table.name, found.rows, found.short)

    def _tell(self, doing: str, table: CopyTable, rows: int) -> None:
        self._done += rows
        self._told(Progress(doing, table.name, self._done, self._total))

"""What a database can tell about its own health, without changing anything."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from database.copying import HISTORY, SCHEMA_TABLE, end_of
from database.copying_end import End
from database.copying_sqlite import SqliteEnd
from database.engine import Row

MOST_DAMAGE: Final = 5  # lines of what is broken

_POSTGRESQL: Final = (
    "SELECT current_setting('server_version') AS version, current_setting('server_encoding') AS encoding,"
    " CAST(current_setting('max_connections') AS BIGINT) AS most,"
    " (SELECT COUNT(*) FROM pg_stat_activity WHERE backend_type = 'client backend') AS used,"
    " pg_database_size(current_database()) AS bytes,"
    " has_schema_privilege(current_schema(), 'CREATE') AS may_create"
)


@dataclass(frozen=True, slots=True)
class Checkup:
    """How a database is."""

    engine: str
    """Its name and version."""
    bytes: int
    history: Sequence[Row] | None
    """Its migrations; None if none was ever applied."""
    path: Path | None = None
    """The file, on SQLite."""
    log_bytes: int = 0
    """Of SQLite's write-ahead log."""
    journal: str = ""
    """SQLite's journal mode."""
    damage: tuple[str, ...] = ()
    """What SQLite finds broken."""
    encoding: str = "UTF8"
    connections: int = 0
    most_connections: int = 0
    may_create: bool = True
    """Whether migrations may make tables, on PostgreSQL."""

    @property
    def major(self) -> int:
        """The first number of the engine's version."""
        return int(self.engine.split()[1].partition(".")[0])


async def checkup(url: str) -> Checkup:
    """Look at a database. Raises `DatabaseError` if it can't be opened, or if there is none yet (`CannotCopy`)."""
    end = end_of(url)
    try:
        await end.read()
        history = await end.query(HISTORY) if await end.has(SCHEMA_TABLE) else None
        return await (_sqlite(end, history) if isinstance(end, SqliteEnd) else _postgresql(end, history))
    finally:
        await end.close()


async def _sqlite(end: SqliteEnd, history: Sequence[Row] | None) -> Checkup:
    version = (await end.query("SELECT sqlite_version() AS version"))[0]["version"]
    journal = (await end.query("PRAGMA journal_mode"))[0]["journal_mode"]
    lines = [str(row["quick_check"]) for row in await end.query(f"PRAGMA quick_check({MOST_DAMAGE})")]
    log = end.path.with_name(f"{end.path.name}-wal")
    return Checkup(
        engine=f"SQLite {version}",
        bytes=end.path.stat().st_size,
        history=history,
        path=end.path,
        log_bytes=log.stat().st_size if log.exists() else 0,
        journal=str(journal),
        damage=() if lines == ["ok"] else tuple(lines),
    )


async def _postgresql(end: End, history: Sequence[Row] | None) -> Checkup:
    row = (await end.query(_POSTGRESQL))[0]
    return Checkup(
        engine=f"PostgreSQL {row['version']}",
        bytes=row["bytes"],
        history=history,
        encoding=row["encoding"],
        connections=row["used"],
        most_connections=row["most"],
        may_create=row["may_create"],
    )

"""What tests of copies share: directions, rows to find again, and what is in a database on either engine."""

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from typing import Any

import pytest

from database.copying import Progress, copy
from database.errors import DatabaseError
from database.manager import DatabaseManager
from database.schema import shapes

Empty = Callable[[str], str]
JsonColumns = set[tuple[str, str]]
DIRECTIONS = pytest.mark.parametrize(
    ("source_engine", "target_engine"),
    [("sqlite", "postgresql"), ("postgresql", "sqlite"), ("sqlite", "sqlite"), ("postgresql", "postgresql")],
)
ENGINES = pytest.mark.parametrize("engine", ["sqlite", "postgresql"])


def quietly(progress: Progress) -> None:
    """Nobody looks."""


async def contents(url: str, json_columns: JsonColumns) -> dict[str, list[str]]:
    """All rows of all tables, as the bot's own door reads them, in an order that both engines share."""
    async with DatabaseManager(url, pool_min=1) as db:
        found = {}
        for name in await shapes(db):
            rows = await db.fetchall(f"SELECT * FROM {name}")
            found[name] = sorted(repr(_comparable(name, row, json_columns)) for row in rows)
    del found["schema_migrations"]
    return found


def _comparable(table: str, row: dict[str, Any], json_columns: JsonColumns) -> dict[str, Any]:
    def parsed(value: Any) -> Any:
        return json.loads(value, object_pairs_hook=lambda pairs: dict(sorted(pairs)))

    values = {
        column: parsed(value) if value is not None and (table, column) in json_columns else value
        for column, value in row.items()
    }
    return {column: _whole(value) for column, value in sorted(values.items())}


def _whole(value: Any) -> Any:
    """JSONB writes 1e20 and 100.0 as whole numbers."""
    if isinstance(value, list):
        return [_whole(each) for each in value]
    if isinstance(value, dict):
        return {key: _whole(each) for key, each in value.items()}
    return int(value) if isinstance(value, float) and value in {1e20, 100.0, 0.0} else value


def raw(url: str) -> sqlite3.Connection:
    return sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)


def run_sqlite(url: str, *statements: str) -> None:
    with closing(raw(url)) as connection:
        for statement in statements:
            connection.execute(statement)


def reminder(number: int, text: str = "tea") -> str:
    return (
        "INSERT INTO reminders (id, user_id, number, channel_id, message_id, text, set_at, due_at, timezone)"
        f" VALUES ({number}, 1, {number}, 3, {number}, '{text}', 5, 6, 'UTC')"
    )


async def rows_in(url: str, table: str) -> int:
    async with DatabaseManager(url, pool_min=1) as db:
        return int(await db.fetchval(f"SELECT COUNT(*) FROM {table}"))


async def refused(source: str, target: str, **options: Any) -> str:
    with pytest.raises(DatabaseError) as caught:
        await copy(source, target, quietly, **options)
    return str(caught.value)

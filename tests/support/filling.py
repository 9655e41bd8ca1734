"""Rows for every table there is, made from the schema alone: a new table needs nothing here."""

from __future__ import annotations

import json
import random
import re
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

JsonColumns = set[tuple[str, str]]
"""Table and column: only PostgreSQL knows which they are."""

ROWS = 12
ATTEMPTS = 40_000  # a table with many rules takes some guesses

TEXTS = (
    "", " ", "plain", "Grüße, 日本語, 😀", "tab\tnew\nline\r\n", "quote ' \" \\ $1 %s", "\\N",
    "\u2028", "true", "12", "x" * 9_000,
)  # fmt: skip
NUMBERS = (0, 1, 2, 3, 50, 86_400_000, 2**53 + 1, 1_234_567_890_123_456_789, 2**63 - 1, -1, -(2**63))
JSONS = (
    {}, [], None, 7, "text", {"a": [1, 2.5, True, None]}, [2**63, 2**53 + 1, 1e20, 0.1, -0.0],
    {"z": 1, "a": {"Größe": "😀 \\u0041 \\"}}, [[[]]], 1e-7, 100.0,
)  # fmt: skip


def fill_every_table(file: Path, json_columns: JsonColumns, seed: int = 1, rows: int = ROWS) -> dict[str, int]:
    """Put rows into every table of an SQLite file that keep all its rules; returns how many rows each has now."""
    chance = random.Random(seed)
    with closing(sqlite3.connect(file)) as raw:
        raw.execute("PRAGMA foreign_keys = ON")
        tables = dict(
            raw.execute("SELECT name, sql FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
        )
        tables.pop("schema_migrations")
        left = dict(tables)
        while left:
            parents = {name: _parents(raw, name) for name in left}
            ready = [name for name in left if not (parents[name].keys() - {name}) & left.keys()]
            assert ready, f"tables in a circle: {left.keys()}"
            for name in ready:
                _fill(raw, name, left.pop(name), json_columns, chance, rows)
        raw.commit()
        return {name: raw.execute(f'SELECT COUNT(*) FROM "{name}"').fetchone()[0] for name in tables}


def _parents(raw: sqlite3.Connection, table: str) -> dict[str, list[tuple[str, str]]]:
    found: dict[str, list[tuple[str, str]]] = {}
    for _, _, parent, mine, theirs, *_rest in raw.execute(f'PRAGMA foreign_key_list("{table}")'):
        found.setdefault(parent, []).append((mine, theirs))
    return found


def _fill(
    raw: sqlite3.Connection,
    table: str,
    sql: str,
    json_columns: JsonColumns,
    chance: random.Random,
    rows: int,
) -> None:
    columns = raw.execute(f'PRAGMA table_info("{table}")').fetchall()
    words = re.findall(r"'([^']*)'", sql)
    parents = _parents(raw, table)
    marks = ", ".join("?" * len(columns))
    done = 0
    for _ in range(ATTEMPTS):
        row = {name: _value(table, name, kind, words, json_columns, chance) for _, name, kind, *_rest in columns}
        for _, name, _, needed, _, key in columns:
            if not needed and not key and chance.random() < 0.4:
                row[name] = None
        for parent, pairs in parents.items():
            _refer(raw, row, table, parent, pairs, chance)
        try:
            raw.execute(f'INSERT INTO "{table}" VALUES ({marks})', tuple(row.values()))
        except sqlite3.IntegrityError:
            continue
        done += 1
        if done == rows:
            return
    assert done, f"no row fits into {table}"


def _refer(
    raw: sqlite3.Connection, row: dict[str, Any], table: str, parent: str, pairs: Sequence[tuple[str, str]],
    chance: random.Random,
) -> None:  # fmt: skip
    listed = ", ".join(f'"{theirs}"' for _, theirs in pairs)
    keys = raw.execute(f'SELECT {listed} FROM "{parent}"').fetchall()
    chosen = chance.choice(keys) if keys else [None] * len(pairs)
    row.update({mine: value for (mine, _), value in zip(pairs, chosen, strict=True)})


def _value(
    table: str, column: str, kind: str, words: list[str], json_columns: JsonColumns, chance: random.Random
) -> Any:
    if (table, column) in json_columns:
        return json.dumps(chance.choice(JSONS), ensure_ascii=False, separators=(",", ":"))
    if kind == "BOOLEAN":
        return chance.choice((0, 1))
    if kind == "TEXT":
        return (
            chance.choice(words) if words and chance.random() < 0.7 else chance.choice(TEXTS) + str(chance.random())
        )
    if kind in {"BYTEA", "BLOB"}:
        return chance.randbytes(20)
    if kind in {"REAL", "DOUBLE PRECISION"}:
        return chance.uniform(-1e9, 1e9)
    assert kind in {"BIGINT", "INTEGER"}, f"{table}.{column} is of the type {kind}"
    return chance.choice(NUMBERS) if chance.random() < 0.8 else chance.randrange(1, 2**40)

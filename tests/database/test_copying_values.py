"""Any value goes to the other engine and back unchanged; its checksum tells of any difference."""

import asyncio
import json
import math
import shutil
import struct
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from database.copying import Progress, copy
from database.copying_values import Checksum, Column, canonical_json, checked, compact_json
from database.manager import DatabaseManager
from tests.support.postgres import Databases

SCHEMA = """
CREATE TABLE things (
    id {{IDENTITY}}, whole BIGINT, words TEXT, truth BOOLEAN, blob BYTEA, single REAL, precise DOUBLE PRECISION,
    tree {{JSON}}
);
"""
COLUMNS = ("whole", "words", "truth", "blob", "single", "precise", "tree")

Places = tuple[Path, str, Path]

wholes = st.integers(-(2**63), 2**63 - 1)
texts = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=30)
floats = st.floats(allow_nan=False)
singles = st.floats(width=32, allow_nan=False)
trees = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**25), 10**25) | st.floats(-1e250, 1e250, allow_subnormal=False)
    .filter(lambda number: not 0 < abs(number) < 1e-250) | texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=12,
)  # fmt: skip
things = st.tuples(
    st.none() | wholes, st.none() | texts, st.none() | st.booleans(), st.none() | st.binary(max_size=30),
    st.none() | singles, st.none() | floats, st.none() | trees,
)  # fmt: skip


@pytest.fixture(scope="module")
def places(
    tmp_path_factory: pytest.TempPathFactory, postgres_databases: Databases
) -> Iterator[tuple[Path, str, Path]]:
    """The folder of a small schema, a PostgreSQL database with it, and a folder for files."""
    folder = tmp_path_factory.mktemp("migrations")
    (folder / "0001_things.sql").write_text(SCHEMA)
    name = f"hearth_values_{uuid.uuid4().hex[:12]}"
    url = postgres_databases.create(name)
    asyncio.run(_migrate(url, folder))
    empty = tmp_path_factory.mktemp("files")
    asyncio.run(_migrate(f"sqlite:///{empty / 'template.db'}", folder))
    yield folder, url, empty
    postgres_databases.drop(name)


async def _migrate(url: str, folder: Path) -> None:
    await DatabaseManager(url).migrate(folder)


def quietly(progress: Progress) -> None:
    """Nobody looks."""


@settings(max_examples=40)
@given(rows=st.lists(things, max_size=8))
def test_there_and_back_nothing_changes(places: Places, rows: list[tuple[Any, ...]]):
    folder, postgres, files = places
    source, back = files / "source.db", files / "back.db"
    for file in (source, back):
        shutil.copyfile(files / "template.db", file)
    asyncio.run(_there_and_back(f"sqlite:///{source}", postgres, f"sqlite:///{back}", folder, rows))


async def _there_and_back(source: str, there: str, back: str, folder: Path, rows: list[tuple[Any, ...]]) -> None:
    async with DatabaseManager(there, pool_min=1) as db:
        await db.execute("DELETE FROM things")
    async with DatabaseManager(source) as db:
        insert = f"INSERT INTO things ({', '.join(COLUMNS)}) VALUES ($1, $2, $3, $4, $5, $6, $7)"
        await db.executemany(insert, [(*row[:6], json_text(row[6])) for row in rows])
    first = await copy(source, there, quietly, folder=folder)
    second = await copy(there, back, quietly, folder=folder)
    assert first == second
    for url in (there, back):
        async with DatabaseManager(url, pool_min=1) as db:
            found = await db.fetchall("SELECT * FROM things ORDER BY id")
        assert [thing(tuple(row[column] for column in COLUMNS)) for row in found] == [
            thing((*row[:6], json_text(row[6]))) for row in rows
        ]


def json_text(value: Any) -> str | None:
    return None if value is None else json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def thing(row: tuple[Any, ...]) -> str:
    """What a row means, with the numbers in JSON as exact as Python reads them."""
    single = None if row[4] is None else struct.unpack("f", struct.pack("f", row[4]))[0] + 0.0
    precise = None if row[5] is None else row[5] + 0.0
    tree = None if row[6] is None else plain(json.loads(row[6]))
    return repr((*row[:4], single, precise, tree))


def plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: plain(value[key]) for key in sorted(value)}
    if isinstance(value, list):
        return [plain(each) for each in value]
    if isinstance(value, float | int) and not isinstance(value, bool):
        # JSONB writes 1e100 as a whole number; as a float it is the same.
        return value if isinstance(value, int) and abs(value) < 2**53 else float(value) + 0.0
    return value


SAME = [
    ('{"a":1,"b":2}', '{"b": 2, "a": 1}'), ("1e2", "100"), ("1.50", "1.5"), ("-0.0", "0"), ('"\\u0041"', '"A"'),
    ('{"a":1,"a":2}', '{"a":2}'), ("1e22", "10000000000000000000000"), ("0.1", "1e-1"),
]  # fmt: skip
DIFFERENT = [
    ("1", '"1"'), ("1", "true"), ("[1,2]", "[2,1]"), ("0.1", "0.10000000000000001"), ("null", '"null"'),
    ("9007199254740993", "9007199254740992"), ('{"a":null}', "{}"), ('["\\\\u0041"]', '["A"]'),
]  # fmt: skip


@pytest.mark.parametrize(("one", "other"), SAME)
def test_the_same_json(one: str, other: str):
    assert canonical_json(one) == canonical_json(other)


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_different_json(one: str, other: str):
    assert canonical_json(one) != canonical_json(other)


@given(trees)
def test_compact_json_means_the_same(value: Any):
    for text in (json.dumps(value, ensure_ascii=False, indent=1), json.dumps(value)):
        assert canonical_json(compact_json(text)) == canonical_json(text)


def test_numbers_that_no_float_holds_stay_exact():
    for number in ("0.1000000000000000055511151231257827", "1.5e309", "123456789012345678901234567890.5"):
        assert canonical_json(compact_json(number)) == canonical_json(number)


def checksum_of(rows: list[Any]) -> str:
    columns = [Column(name, kind) for name, kind in zip("wtbxdj", KINDS, strict=True)]
    checksum = Checksum(columns)
    for row in rows:  # in batches of one, and all at once, is the same
        checksum.add(checked("things", columns, (), [row]))
    whole = Checksum(columns)
    whole.add(checked("things", columns, (), rows))
    assert whole.text == checksum.text
    return checksum.text


KINDS: Any = ("whole", "text", "bool", "bytes", "double", "json")
rows_of_values = st.lists(
    st.tuples(wholes, texts, st.booleans(), st.binary(max_size=5), floats, trees.map(json_text)), max_size=6
)


@given(rows_of_values, st.randoms())
def test_a_checksum_knows_no_order_but_each_value(rows: list[tuple[Any, ...]], chance: Any):
    shuffled = chance.sample(rows, len(rows))
    assert checksum_of(shuffled) == checksum_of(rows)
    if rows:
        index, column = chance.randrange(len(rows)), chance.randrange(6)
        row = list(rows[index])
        changed = {
            0: lambda value: value ^ 1,
            1: lambda value: f"{value} ",
            2: lambda value: not value,
            3: lambda value: value + b"\0",
            4: lambda value: math.nextafter(value, 0.0) if value else 1.0,
            5: lambda value: json.dumps([json.loads(value or "null")]),
        }[column]
        row[column] = changed(row[column])
        assert checksum_of([*rows[:index], tuple(row), *rows[index + 1 :]]) != checksum_of(rows)
        assert checksum_of([*rows, rows[0]]) != checksum_of(rows), "twice is another number"

"""What a copy brings along: every table, in every direction, and where its counters go on."""

import shutil
import time
from pathlib import Path

import asyncpg

from database.copying import Copied, Progress, copy
from database.manager import DatabaseManager
from tests.support.copies import (
    DIRECTIONS,
    ENGINES,
    Empty,
    JsonColumns,
    contents,
    quietly,
    refused,
    rows_in,
    run_sqlite,
)


@DIRECTIONS
async def test_every_table_arrives(
    source_engine: str, target_engine: str, full: str, empty: Empty, json_columns: JsonColumns
):
    source = full
    if source_engine == "postgresql":
        source = empty("postgresql")
        await copy(full, source, quietly)
    target = empty(target_engine)
    seen: list[Progress] = []
    copied = await copy(source, target, seen.append)
    expected = await contents(full, json_columns)
    assert await contents(target, json_columns) == expected
    assert {one.table: one.rows for one in copied} == {name: len(rows) for name, rows in expected.items()}
    assert seen[-1].done == seen[-1].total == 2 * sum(one.rows for one in copied)
    assert {progress.doing for progress in seen} == {"copying", "comparing"}


async def test_checksums_are_the_same_on_both_engines_and_tell_of_any_change(full: str, empty: Empty):
    def sums(copied: list[Copied]) -> dict[str, str]:
        return {one.table: one.checksum for one in copied}

    there, back = empty("postgresql"), empty("sqlite")
    first = sums(await copy(full, there, quietly))
    assert sums(await copy(there, back, quietly)) == first
    run_sqlite(back, "UPDATE reminders SET text = text || '!' WHERE id = (SELECT MIN(id) FROM reminders)")
    changed = sums(await copy(back, empty("postgresql"), quietly))
    assert {name for name, checksum in first.items() if changed[name] != checksum} == {"reminders"}


async def test_json_is_as_the_bot_writes_it_on_sqlite(full: str, empty: Empty):
    there, back = empty("postgresql"), empty("sqlite")
    run_sqlite(
        full, "DELETE FROM guild_settings", """INSERT INTO guild_settings VALUES (1, 'k', '{"b":1,"a":[1,2]}')"""
    )
    await copy(full, there, quietly)
    await copy(there, back, quietly)
    async with DatabaseManager(back) as db:
        assert await db.fetchval("SELECT value FROM guild_settings") == '{"a":[1,2],"b":1}'


@DIRECTIONS
async def test_rows_may_refer_to_later_ones(source_engine: str, target_engine: str, empty: Empty):
    source, target = empty(source_engine), empty(target_engine)
    insert = "INSERT INTO guild_setting_changes (id, guild_id, key, changed_at, undoes) VALUES ($1, 1, 'k', 1, $2)"
    async with DatabaseManager(source) as db:
        await db.migrate()
        await db.execute(insert, 2, None)
        await db.execute(insert, 1, 2)
    await copy(source, target, quietly)
    assert await rows_in(target, "guild_setting_changes") == 2


async def test_many_batches(empty: Empty, sqlite_template: Path, tmp_path: Path):
    file = shutil.copyfile(sqlite_template, tmp_path / "many.db")
    source = f"sqlite:///{file}"
    run_sqlite(
        source,
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 12_001)".replace("_", "")
        + " INSERT INTO operation_numbers (guild_id, last) SELECT i, i FROM n",
    )
    target = empty("postgresql")
    copied = await copy(source, target, quietly)
    assert next(one.rows for one in copied if one.table == "operation_numbers") == 12_001
    assert await rows_in(target, "operation_numbers") == 12_001


async def test_a_row_that_refers_to_a_later_one_holds_up_no_other(
    empty: Empty, sqlite_template: Path, tmp_path: Path
):
    """SQLite by itself would search the whole table for every row until the later one is there."""
    fill = (
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 12000)"
        " INSERT INTO guild_setting_changes (id, guild_id, key, changed_at, undoes)"
        " SELECT i, 1, 'k', 1, CASE WHEN i = 1 THEN {last} END FROM n"
    )
    seconds = {}
    for last in ("NULL", "12000"):
        source = f"sqlite:///{shutil.copyfile(sqlite_template, tmp_path / f'{last}.db')}"
        run_sqlite(source, fill.format(last=last))
        started = time.process_time()
        await copy(source, empty("sqlite"), quietly)
        seconds[last] = time.process_time() - started
    assert seconds["12000"] < 4 * seconds["NULL"], seconds


NUMBERED = "CREATE TABLE notes (number {{IDENTITY}}, text TEXT NOT NULL);"


@DIRECTIONS
async def test_counters_go_on(source_engine: str, target_engine: str, empty: Empty, tmp_path: Path):
    folder = tmp_path / "migrations"
    folder.mkdir()
    (folder / "0001_notes.sql").write_text(NUMBERED)
    source, target = empty(source_engine), empty(target_engine)
    async with DatabaseManager(source) as db:
        await db.migrate(folder)
        for text in ("one", "two", "three"):
            await db.execute("INSERT INTO notes (text) VALUES ($1)", text)
        await db.execute("DELETE FROM notes WHERE text = 'three'")
    await copy(source, target, quietly, folder=folder)
    async with DatabaseManager(target) as db:
        assert await db.fetchval("INSERT INTO notes (text) VALUES ('four') RETURNING number") == 4, "3 was given out"


MEDDLING = {
    "sqlite": [
        (
            "CREATE TRIGGER meddle AFTER INSERT ON user_settings BEGIN"
            " UPDATE user_settings SET value = value || '!' WHERE user_id = NEW.user_id AND key = NEW.key; END"
        )
    ],
    "postgresql": [
        (
            "CREATE FUNCTION meddle() RETURNS trigger LANGUAGE plpgsql AS"
            " 'BEGIN NEW.value := NEW.value || ''!''; RETURN NEW; END'"
        ),
        "CREATE TRIGGER meddle BEFORE INSERT ON user_settings FOR EACH ROW EXECUTE FUNCTION meddle()",
    ],
}


@ENGINES
async def test_a_copy_that_differs_is_not_kept(engine: str, full: str, empty: Empty):
    target = empty(engine)
    async with DatabaseManager(target) as db:
        await db.migrate()
    if engine == "sqlite":
        run_sqlite(target, *MEDDLING[engine])
    else:
        connection = await asyncpg.connect(target)
        for statement in MEDDLING[engine]:
            await connection.execute(statement)
        await connection.close()
    said = await refused(full, target)
    assert "user_settings came out different" in said
    assert await rows_in(target, "user_settings") == 0

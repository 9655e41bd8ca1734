"""Copies of whole databases: every table, in every direction, and whatever comes between."""

import asyncio
import json
import shutil
import sqlite3
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from database.copying import CannotCopy, Copied, Progress, copy
from database.copying_values import Column
from database.errors import DatabaseError, DatabaseUnavailable, MigrationError
from database.manager import MIGRATIONS, DatabaseManager
from database.schema import shapes
from tests.support.filling import fill_every_table
from tests.support.postgres import Databases

Empty = Callable[[str], str]
JsonColumns = set[tuple[str, str]]
DIRECTIONS = pytest.mark.parametrize(
    ("source_engine", "target_engine"),
    [("sqlite", "postgresql"), ("postgresql", "sqlite"), ("sqlite", "sqlite"), ("postgresql", "postgresql")],
)
ENGINES = pytest.mark.parametrize("engine", ["sqlite", "postgresql"])


def quietly(progress: Progress) -> None:
    """Nobody looks."""


@pytest.fixture
def empty(tmp_path: Path, postgres_databases: Databases) -> Iterator[Empty]:
    """Make the address of a new empty database: of PostgreSQL, or of a file that isn't there yet."""
    made: list[str] = []

    def make(engine: str) -> str:
        name = f"hearth_copy_{uuid.uuid4().hex[:12]}"
        if engine == "sqlite":
            return f"sqlite:///{tmp_path / name}.db"
        made.append(name)
        # Its loop can't run in a thread in which another one runs.
        with ThreadPoolExecutor(1) as threads:
            return threads.submit(postgres_databases.create, name).result()

    yield make
    for name in made:
        postgres_databases.drop(name)


@pytest.fixture(scope="session")
def json_columns(postgres_databases: Databases, postgres_template: str) -> JsonColumns:
    """Which columns hold JSON: only PostgreSQL knows."""

    async def ask() -> JsonColumns:
        connection = await asyncpg.connect(postgres_databases.address(postgres_template))
        rows = await connection.fetch(
            "SELECT table_name, column_name FROM information_schema.columns WHERE data_type = 'jsonb'"
        )
        await connection.close()
        return {(row[0], row[1]) for row in rows}

    with ThreadPoolExecutor(1) as threads:
        return threads.submit(lambda: asyncio.run(ask())).result()


@pytest.fixture(scope="session")
def full_file(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path, json_columns: JsonColumns) -> Path:
    """A file with rows in every table."""
    file = tmp_path_factory.mktemp("full") / "full.db"
    shutil.copyfile(sqlite_template, file)
    counts = fill_every_table(file, json_columns)
    assert all(counts.values()), "a table without rows proves nothing"
    return file


@pytest.fixture
def full(full_file: Path, tmp_path: Path) -> str:
    """The address of a file of this test's own with rows in every table."""
    return f"sqlite:///{shutil.copyfile(full_file, tmp_path / 'full.db')}"


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


# --- all of it ------------------------------------------------------------------------------------------------


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


# --- one moment -----------------------------------------------------------------------------------------------


@ENGINES
async def test_the_copy_is_of_one_moment(engine: str, full: str, empty: Empty, json_columns: JsonColumns):
    source, target = empty(engine), empty("sqlite")
    await copy(full, source, quietly)
    before = await contents(source, json_columns)

    async def write() -> None:
        async with DatabaseManager(source, pool_min=1) as db:
            for table in ("xp_boosts", "user_settings"):
                await db.execute(f"DELETE FROM {table}")
            await db.execute("INSERT INTO user_settings VALUES (999, 'late', 'comer')")

    def meanwhile(progress: Progress) -> None:
        if progress.done and not written:
            written.append(True)
            with ThreadPoolExecutor(1) as threads:
                threads.submit(lambda: asyncio.run(write())).result()

    written: list[bool] = []
    await copy(source, target, meanwhile, anyway=True)
    assert written
    assert await rows_in(source, "user_settings") == 1, "it was written meanwhile"
    assert await contents(target, json_columns) == before


@ENGINES
async def test_a_bot_that_starts_meanwhile_waits(engine: str, full: str, empty: Empty):
    target = empty(engine)
    found: list[int] = []

    async def start() -> None:
        db = DatabaseManager(target, pool_min=1)
        await db.migrate()
        async with db:
            found.append(await db.fetchval("SELECT COUNT(*) FROM reminders"))

    starting: list[asyncio.Task[None]] = []

    def meanwhile(progress: Progress) -> None:
        if not starting:
            starting.append(asyncio.create_task(start()))

    await copy(full, target, meanwhile)
    await starting[0]
    assert found == [await rows_in(full, "reminders")]


# --- numbers --------------------------------------------------------------------------------------------------

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


# --- refused --------------------------------------------------------------------------------------------------


async def refused(source: str, target: str, **options: Any) -> str:
    with pytest.raises(DatabaseError) as caught:
        await copy(source, target, quietly, **options)
    return str(caught.value)


@ENGINES
async def test_a_target_in_use_is_left_alone(engine: str, full: str, empty: Empty):
    target = empty(engine)
    async with DatabaseManager(target, pool_min=1) as db:
        await db.migrate()
        assert await db.fetchall("SELECT key FROM guild_settings") == []  # as each bot does at its start
        for anyway in (False, True):
            said = await refused(full, target, anyway=anyway)
            assert "is using" in said
            assert "--anyway" not in said
        assert await db.fetchval("SELECT COUNT(*) FROM reminders") == 0
    await copy(full, target, quietly)


@ENGINES
async def test_a_source_in_use_is_copied_only_if_asked(engine: str, full: str, empty: Empty):
    source = empty(engine)
    await copy(full, source, quietly)
    target = empty("sqlite")
    async with DatabaseManager(source, pool_min=1) as db:
        assert "--anyway" in await refused(source, target)
        await copy(source, target, quietly, anyway=True)
        await db.execute("DELETE FROM user_settings")  # the bot goes on
    assert await rows_in(target, "user_settings") > 0


@ENGINES
async def test_a_target_with_data_is_left_alone(engine: str, full: str, empty: Empty):
    target = empty(engine)
    async with DatabaseManager(target) as db:
        await db.migrate()
        await db.execute(reminder(7))
    said = await refused(full, target)
    assert "isn't empty" in said
    assert "reminders" in said
    assert await rows_in(target, "reminders") == 1
    done = empty(engine)
    await copy(full, done, quietly)
    assert "isn't empty" in await refused(full, done), "twice is too often"


@ENGINES
async def test_a_target_of_something_else_is_left_alone(engine: str, full: str, empty: Empty):
    target = empty(engine)
    async with DatabaseManager(target) as db:
        await db.execute("CREATE TABLE shop (id BIGINT PRIMARY KEY)")
    assert "something else" in await refused(full, target)
    async with DatabaseManager(target) as db:
        assert set(await shapes(db)) == {"shop"}, "nothing was made in it"


@ENGINES
async def test_schemas_have_to_be_the_same(engine: str, empty: Empty, tmp_path: Path):
    folder = tmp_path / "migrations"
    shutil.copytree(MIGRATIONS, folder)
    source = empty(engine)
    assert ("no database" if engine == "sqlite" else "isn't a database of this bot") in await refused(
        source, empty("sqlite")
    )
    await DatabaseManager(source).migrate(folder)
    (folder / "0999_later.sql").write_text("CREATE TABLE later (id BIGINT PRIMARY KEY);")
    said = await refused(source, empty("sqlite"), folder=folder)
    assert "0999_later" in said
    assert "Start the bot on it once" in said
    await DatabaseManager(source).migrate(folder)
    with pytest.raises(MigrationError, match="newer than this program"):
        await copy(source, empty("sqlite"), quietly)
    other = empty(engine)
    await DatabaseManager(other).migrate(folder)
    fine = empty(engine)
    await DatabaseManager(fine).migrate()
    with pytest.raises(MigrationError, match="newer than this program"):
        await copy(fine, other, quietly)


async def test_addresses_that_lead_nowhere(full: str, empty: Empty, postgres_databases: Databases, tmp_path: Path):
    assert "same database" in await refused(full, full.replace("/full.db", "/../" + tmp_path.name + "/full.db"))
    with pytest.raises(DatabaseUnavailable):
        await copy("postgresql://ann:sesame@127.0.0.1:9/hearth", empty("sqlite"), quietly)
    for address in ("postgresql://ann:sesame@127.0.0.1:no/hearth", postgres_databases.address("nowhere")):
        said = await refused(full, address)
        assert "sesame" not in said
    (tmp_path / "text.db").write_text("I am no database at all, whatever my name may say. " * 20)
    assert "isn't an SQLite database" in await refused(f"sqlite:///{tmp_path / 'text.db'}", empty("sqlite"))
    assert "isn't an SQLite database" in await refused(full, f"sqlite:///{tmp_path / 'text.db'}")
    with pytest.raises(ValueError, match="database address begins with"):
        await copy(full, "mysql://ann:sesame@host/db", quietly)


UNFIT = {
    "a NUL character": ("reminders.text", "UPDATE reminders SET text = 'a' || char(0) WHERE id = 7"),
    "isn't UTF-8": ("reminders", "UPDATE reminders SET text = CAST(x'ff' AS TEXT) WHERE id = 7"),
    "a text where a whole number": ("reminders.due_at", "UPDATE reminders SET due_at = 'soon' WHERE id = 7"),
    "a number with a point where": ("reminders.due_at", "UPDATE reminders SET due_at = 1.5 WHERE id = 7"),
    "a blob where text": ("reminders.text", "UPDATE reminders SET text = x'00' WHERE id = 7"),
    "neither true nor false": ("accounts.present", "INSERT INTO accounts VALUES (1, 7, 0, 0, 1, 2)"),
    "isn't JSON": ("guild_settings.value", "INSERT INTO guild_settings VALUES (7, 'k', '{')"),
    "surrogate": ("guild_settings.value", r"""INSERT INTO guild_settings VALUES (7, 'k', '"\ud800"')"""),
    "JSON has a NUL": ("guild_settings.value", r"""INSERT INTO guild_settings VALUES (7, 'k', '["\u0000"]')"""),
    "has NaN": ("guild_settings.value", "INSERT INTO guild_settings VALUES (7, 'k', 'NaN')"),
    "out of all bounds": ("guild_settings.value", "INSERT INTO guild_settings VALUES (7, 'k', '1e99999')"),
}  # fmt: skip


@pytest.mark.parametrize("trouble", UNFIT)
async def test_what_postgresql_could_not_hold_is_refused_with_its_place(
    trouble: str, sqlite_template: Path, empty: Empty, tmp_path: Path
):
    source = f"sqlite:///{shutil.copyfile(sqlite_template, tmp_path / 'odd.db')}"
    place, change = UNFIT[trouble]
    run_sqlite(source, reminder(5), reminder(7), change)
    target = empty("postgresql")
    said = await refused(source, target)
    assert trouble in said
    assert place in said
    assert "7" in said or trouble == "isn't UTF-8"
    assert await rows_in(target, "reminders") == 0, "all or nothing"
    run_sqlite(source, "DELETE FROM reminders", "DELETE FROM accounts", "DELETE FROM guild_settings", reminder(8))
    await copy(source, target, quietly)
    assert await rows_in(target, "reminders") == 1


async def test_what_no_copy_knows_is_refused(empty: Empty, tmp_path: Path):
    folder = tmp_path / "migrations"
    folder.mkdir()
    (folder / "0001_odd.sql").write_text("CREATE TABLE odd (id BIGINT PRIMARY KEY, at DATE);")
    source = empty("sqlite")
    await DatabaseManager(source).migrate(folder)
    assert "odd.at is of the type DATE" in await refused(source, empty("sqlite"), folder=folder)
    (folder / "0002_circle.sql").write_text(
        "DROP TABLE odd; CREATE TABLE a (id BIGINT PRIMARY KEY, b BIGINT REFERENCES b (id));"
        "CREATE TABLE b (id BIGINT PRIMARY KEY, a BIGINT REFERENCES a (id));"
    )
    await DatabaseManager(source).migrate(folder)
    assert "in a circle" in await refused(source, empty("sqlite"), folder=folder)


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


def test_a_cancelled_copy_leaves_nothing_and_can_be_begun_anew(full: str, empty: Empty):
    async def cancelled(target: str) -> None:
        def stop(progress: Progress) -> None:
            task.cancel()

        task = asyncio.create_task(copy(full, target, stop))
        with pytest.raises(asyncio.CancelledError):
            await task
        assert await rows_in(target, "user_settings") == 0
        await copy(full, target, quietly)

    for engine in ("sqlite", "postgresql"):
        asyncio.run(cancelled(empty(engine)))


def test_columns_are_compared_by_name():
    from database.copying_values import same

    one = (Column("a", "text"), Column("b", "whole"))
    assert same(one, (Column("b", "whole"), Column("a", "json"))) == (Column("a", "json"), Column("b", "whole"))
    assert same(one, (Column("a", "text"), Column("b", "bool"))) is None
    assert same(one, (Column("a", "text"),)) is None
    assert same(one, (*one, Column("c", "text"))) is None


def test_a_refusal_is_a_database_error():
    assert issubclass(CannotCopy, DatabaseError)

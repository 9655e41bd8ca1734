"""Migrations: each once, whole or not at all, and a clear sentence when files and database don't go together."""

import asyncio
import subprocess
import sys
from pathlib import Path

import pytest

from database import ConstraintViolated, DatabaseError, DatabaseManager, MigrationError
from database.manager import MIGRATIONS
from database.migrations import read_folder, split

FIRST = "CREATE TABLE houses (id {{IDENTITY}}, name TEXT NOT NULL, plan {{JSON}});\n"
SECOND = (
    "ALTER TABLE houses ADD COLUMN rooms BIGINT NOT NULL DEFAULT 1;\nCREATE INDEX houses_name ON houses (name);\n"
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "migrations"
    path.mkdir()
    write(path, "0001_houses.sql", FIRST)
    return path


def write(folder: Path, name: str, text: str) -> None:
    (folder / name).write_bytes(text.encode())


async def test_each_is_applied_once_and_in_order(empty: DatabaseManager, folder: Path) -> None:
    write(folder, "0002_rooms.sql", SECOND)
    assert await empty.migrate(folder) == ["0001_houses", "0002_rooms"]
    assert await empty.migrate(folder) == []
    write(folder, "0010_seed.sql", "INSERT INTO houses (name, rooms) VALUES ('Hearth; home', 4);")
    assert await empty.migrate(folder) == ["0010_seed"]
    assert await empty.fetchone("SELECT name, rooms FROM houses") == {"name": "Hearth; home", "rooms": 4}
    rows = await empty.fetchall("SELECT version, name, applied_at FROM schema_migrations ORDER BY version")
    assert [(row["version"], row["name"]) for row in rows] == [
        (1, "0001_houses"),
        (2, "0002_rooms"),
        (10, "0010_seed"),
    ]
    assert all(row["applied_at"] > 1_700_000_000_000 for row in rows)


async def test_tokens(empty: DatabaseManager, folder: Path) -> None:
    await empty.migrate(folder)
    ids = [
        await empty.fetchval("INSERT INTO houses (name, plan) VALUES ($1, $2) RETURNING id", name, {"name": name})
        for name in ("a", "b")
    ]
    assert ids == [1, 2]
    await empty.execute("DELETE FROM houses WHERE id = 2")
    assert await empty.fetchval("INSERT INTO houses (name) VALUES ('c') RETURNING id") == 3  # never the same again
    assert await empty.fetchval("SELECT plan->>'name' FROM houses WHERE id = 1") == "a"


async def test_a_text_for_one_engine_takes_precedence(empty: DatabaseManager, folder: Path) -> None:
    write(folder, "0002_word.sql", "CREATE TABLE words (word TEXT); INSERT INTO words VALUES ('both');")
    write(folder, "0002_word.sqlite.sql", "CREATE TABLE words (word TEXT); INSERT INTO words VALUES ('sqlite');")
    write(folder, "0003_kind.sqlite.sql", "CREATE TABLE kinds (kind TEXT);")
    write(folder, "0003_kind.postgresql.sql", "CREATE TABLE kinds (kind TEXT);")
    assert await empty.migrate(folder) == ["0001_houses", "0002_word", "0003_kind"]
    assert await empty.fetchval("SELECT word FROM words") == ("sqlite" if empty.dialect == "sqlite" else "both")


@pytest.mark.engines("postgresql")
async def test_a_text_must_exist_for_the_engine(empty: DatabaseManager, folder: Path) -> None:
    write(folder, "0002_word.sqlite.sql", "CREATE TABLE words (word TEXT);")
    with pytest.raises(MigrationError, match=r"0002_word has no text for postgresql: add 0002_word\.postgresql\.sql"):
        await empty.migrate(folder)


async def test_a_failing_one_leaves_nothing_behind(empty: DatabaseManager, folder: Path) -> None:
    write(folder, "0002_bad.sql", "CREATE TABLE gardens (id BIGINT);\nINSERT INTO houses (name) VALUES (NULL);")
    write(folder, "0003_never.sql", "CREATE TABLE never (id BIGINT);")
    with pytest.raises(MigrationError, match=r"0002_bad failed .* statement 2 \(INSERT INTO houses"):
        await empty.migrate(folder)
    assert await empty.fetchval("SELECT max(version) FROM schema_migrations") == 1
    for table in ("gardens", "never"):
        with pytest.raises(DatabaseError):
            await empty.fetchall(f"SELECT * FROM {table}")
    write(folder, "0002_bad.sql", "CREATE TABLE gardens (id BIGINT);")
    assert await empty.migrate(folder) == ["0002_bad", "0003_never"]


async def test_a_cancelled_one_leaves_nothing_half_done(empty: DatabaseManager, folder: Path) -> None:
    await empty.migrate(folder)
    text = "".join(f"CREATE TABLE t{number} (id BIGINT);\n" for number in range(300))
    write(folder, "0002_many.sql", text)
    task = asyncio.create_task(empty.migrate(folder))
    await asyncio.sleep(0.03)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    there = [await _exists(empty, table) for table in ("t0", "t299")]
    assert there in ([False, False], [True, True])  # all of it where the end came in the moment of the commit
    assert await empty.migrate(folder) == ([] if all(there) else ["0002_many"])


async def _exists(db: DatabaseManager, table: str) -> bool:
    try:
        await db.fetchall(f"SELECT * FROM {table}")
    except DatabaseError:
        return False
    return True


async def test_a_changed_file_stops_the_start(empty: DatabaseManager, folder: Path) -> None:
    await empty.migrate(folder)
    write(folder, "0001_houses.sql", FIRST + "-- one more thought")
    with pytest.raises(MigrationError, match=r"0001_houses was changed after it was applied"):
        await empty.migrate(folder)


async def test_line_endings_do_not_count_as_a_change(empty: DatabaseManager, folder: Path) -> None:
    write(folder, "0002_rooms.sql", SECOND)
    await empty.migrate(folder)
    write(folder, "0002_rooms.sql", "\ufeff" + SECOND.replace("\n", "\r\n"))
    assert await empty.migrate(folder) == []


async def test_a_missing_file_stops_the_start(empty: DatabaseManager, folder: Path) -> None:
    write(folder, "0002_rooms.sql", SECOND)
    await empty.migrate(folder)
    (folder / "0001_houses.sql").unlink()
    with pytest.raises(MigrationError, match=r"has migration 0001_houses, but its file is missing"):
        await empty.migrate(folder)


async def test_a_newer_database_stops_the_start(empty: DatabaseManager, folder: Path) -> None:
    write(folder, "0002_rooms.sql", SECOND)
    await empty.migrate(folder)
    (folder / "0002_rooms.sql").unlink()
    with pytest.raises(MigrationError, match=r"newer than this program: it has migration 0002_rooms.* number 0001"):
        await empty.migrate(folder)


async def test_a_late_comer_needs_a_new_number(empty: DatabaseManager, folder: Path) -> None:
    write(folder, "0005_rooms.sql", SECOND)
    await empty.migrate(folder)
    write(folder, "0003_late.sql", "CREATE TABLE late (id BIGINT);")
    with pytest.raises(MigrationError, match=r"0003_late is older than number 0005"):
        await empty.migrate(folder)


@pytest.mark.engines("sqlite")
@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("0002-dash.sql", "SELECT 1;", r"0002-dash\.sql should be named"),
        ("2_short.sql", "SELECT 1;", r"2_short\.sql should be named"),
        ("0001_again.sql", "SELECT 1;", r"0001_again and 0001_houses have the same number"),
        ("0002_token.sql", "CREATE TABLE t (id {{SERIAL}});", r"has \{\{SERIAL\}\}"),
        ("0002_begin.sql", "-- first\nbegin;\nSELECT 1;", r"says BEGIN"),
        ("0002_commit.sql", "SELECT 1;\nCOMMIT;", r"says COMMIT"),
        ("0002_dollar.sql", "CREATE FUNCTION f() AS $$ x $$;", r"dollar-quoted"),
    ],
)
async def test_bad_files(empty: DatabaseManager, folder: Path, name: str, text: str, message: str) -> None:
    write(folder, name, text)
    with pytest.raises(MigrationError, match=message):
        await empty.migrate(folder)
    with pytest.raises(DatabaseError):
        await empty.fetchall("SELECT * FROM houses")


@pytest.mark.engines("sqlite")
async def test_a_missing_folder(empty: DatabaseManager, tmp_path: Path) -> None:
    with pytest.raises(MigrationError, match="isn't there"):
        await empty.migrate(tmp_path / "nowhere")


TRICKY = """-- a comment; with a semicolon
INSERT INTO t VALUES ('a;b', "c;d", 'it''s; $1'); /* a; b */
CREATE TRIGGER tr AFTER INSERT ON t BEGIN
  UPDATE t SET a = 1; -- x;
  DELETE FROM t;
END;
;;
SELECT 1"""


def test_splitting_keeps_strings_comments_and_triggers_whole() -> None:
    statements = split(TRICKY, "sqlite")
    assert [one.splitlines()[-1] for one in statements] == [
        """INSERT INTO t VALUES ('a;b', "c;d", 'it''s; $1');""",
        "END;",
        "SELECT 1",
    ]
    assert split("CREATE TRIGGER t AFTER INSERT ON a EXECUTE FUNCTION f(); SELECT 1;", "postgresql") == [
        "CREATE TRIGGER t AFTER INSERT ON a EXECUTE FUNCTION f();",
        "SELECT 1;",
    ]
    assert split("-- nothing\n ; /* here */", "sqlite") == []


@pytest.mark.engines("sqlite")
async def test_triggers_work_on_sqlite(empty: DatabaseManager, folder: Path) -> None:
    trigger = "CREATE TRIGGER grow AFTER INSERT ON houses BEGIN UPDATE houses SET name = name || '!'; END;"
    write(folder, "0002_trigger.sqlite.sql", trigger)
    await empty.migrate(folder)
    await empty.execute("INSERT INTO houses (name) VALUES ('a')")
    assert await empty.fetchval("SELECT name FROM houses") == "a!"


@pytest.mark.engines("sqlite")
async def test_rebuilding_a_table_keeps_the_rows_that_refer_to_it(empty: DatabaseManager, folder: Path) -> None:
    write(
        folder,
        "0002_rooms.sql",
        "CREATE TABLE rooms (id BIGINT PRIMARY KEY, house BIGINT REFERENCES houses (id) ON DELETE CASCADE);",
    )
    await empty.migrate(folder)
    await empty.execute("INSERT INTO houses (id, name) VALUES (1, 'a')")
    await empty.execute("INSERT INTO rooms VALUES (1, 1)")
    write(
        folder,
        "0003_rebuild.sqlite.sql",
        "CREATE TABLE new_houses (id {{IDENTITY}}, name TEXT);"
        "INSERT INTO new_houses SELECT id, name FROM houses; DROP TABLE houses;"
        "ALTER TABLE new_houses RENAME TO houses;",
    )
    await empty.migrate(folder)
    assert await empty.fetchval("SELECT count(*) FROM rooms") == 1
    with pytest.raises(ConstraintViolated):
        await empty.execute("INSERT INTO rooms VALUES (2, 99)")
    write(folder, "0004_lost.sqlite.sql", "DELETE FROM houses;")
    with pytest.raises(MigrationError, match=r"0004_lost failed.*rooms refers to a row of houses"):
        await empty.migrate(folder)
    assert await empty.fetchval("SELECT count(*) FROM houses") == 1


MIGRATE = """
import asyncio, sys
from pathlib import Path
from database import DatabaseManager

async def main():
    async with DatabaseManager(sys.argv[1], pool_min=1) as db:
        print("ready", flush=True)
        sys.stdin.readline()
        print(*await db.migrate(Path(sys.argv[2])))

asyncio.run(main())
"""


@pytest.mark.slow
async def test_processes_that_start_at_once_apply_each_once(database_url: str, folder: Path) -> None:
    for number in range(2, 12):
        text = f"CREATE TABLE t{number} (id BIGINT); INSERT INTO houses (name) VALUES ('{number}');"
        write(folder, f"{number:04}_t.sql", text)
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", MIGRATE, database_url, str(folder)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=MIGRATIONS.parent,
        )
        for _ in range(4)
    ]
    for process in processes:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    applied = [name for process in processes for name in process.communicate(timeout=60)[0].split()]
    assert [process.returncode for process in processes] == [0, 0, 0, 0]
    assert sorted(applied) == ["0001_houses", *(f"{number:04}_t" for number in range(2, 12))]
    async with DatabaseManager(database_url, pool_min=1) as db:
        assert await db.fetchval("SELECT count(*) FROM houses") == 10


async def test_the_projects_own_migrations(empty: DatabaseManager, db: DatabaseManager) -> None:
    """They apply from nothing, and the `db` fixture has them all."""
    names = await empty.migrate()
    assert names == [migration.name for migration in read_folder(MIGRATIONS, empty.dialect)]
    assert await db.migrate() == []

"""Dumps of a database: of one moment while others write, tried out, and put in place of all that is there."""

import asyncio
import shutil
import uuid
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from database.backup import BackupError, Contents, InUseError, Keeper
from database.errors import DatabaseError
from database.manager import DatabaseManager
from database.postgres_dumps import rows_in
from database.postgres_programs import Address, find_programs, said
from tests.support.backups import add_todos, all_rows, programs_path, todos
from tests.support.postgres import Databases

HOSTILE = ("plain", "a\tb\nc\\.", "\\.", "COPY public.todos (user_id) FROM stdin;", 'O\'Reilly "x" 🦉', "")


@pytest.fixture(autouse=True)
def fitting_programs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", programs_path())


async def differs(keeper: Keeper, dump: Path, contents: Contents) -> bool:
    """Whether trying a dump out shows that it isn't whole."""
    try:
        return bool(contents.difference(await keeper.try_out(dump)))
    except BackupError:
        return True


async def test_what_is_dumped_comes_back(migrated_url: str, tmp_path: Path):
    keeper = DatabaseManager(migrated_url).keeper
    async with DatabaseManager(migrated_url, pool_min=1) as db:
        await add_todos(db, *HOSTILE)
    before = await all_rows(migrated_url)
    contents = await keeper.dump(tmp_path / "dump")
    assert contents.rows["todos"] == len(HOSTILE)
    tried = await keeper.try_out(tmp_path / "dump")
    assert tried.restored
    assert not contents.difference(tried)

    async with DatabaseManager(migrated_url, pool_min=1) as db:
        await db.execute("DELETE FROM todos")
        await db.execute("CREATE TABLE later (number BIGINT)")
    async with keeper.hold() as held:
        await held.replace(tmp_path / "dump", contents)
        assert not contents.difference(await held.contents())
    assert await all_rows(migrated_url) == before
    async with DatabaseManager(migrated_url, pool_min=1) as db:  # and it is a database as before
        assert await db.migrate() == []
        await add_todos(db, "goes on")


async def test_a_dump_is_of_one_moment_while_others_write(migrated_url: str, tmp_path: Path):
    """Each transaction writes to two tables: a dump has both or neither."""
    async with DatabaseManager(migrated_url, pool_min=1) as db:
        writing, done = asyncio.Event(), asyncio.Event()

        async def write() -> None:
            number = 0
            while not done.is_set():
                number += 1
                async with db.transaction():
                    await add_todos(db, f"number {number}")
                    await db.execute(
                        "INSERT INTO todos (user_id, number, text, added_at, message_id) VALUES (1, $1, '', 0, $2)",
                        number, -number,
                    )  # fmt: skip
                if number == 20:
                    writing.set()

        writer = asyncio.create_task(write())
        await writing.wait()
        for attempt in range(3):
            dump = tmp_path / f"dump{attempt}"
            contents = await db.keeper.dump(dump)
            assert not contents.difference(await db.keeper.try_out(dump))
            assert contents.rows["todos"] % 2 == 0
        done.set()
        await writer
        assert await db.fetchval("SELECT COUNT(*) FROM todos") > contents.rows["todos"] >= 40


async def test_it_isnt_held_while_somebody_uses_it(migrated_url: str):
    async with DatabaseManager(migrated_url, pool_min=1) as db:
        await db.fetchval("SELECT COUNT(*) FROM todos")
        with pytest.raises(InUseError, match="Stop the bot first"):
            async with db.keeper.hold():
                pass
    async with db.keeper.hold():
        pass


@pytest.mark.engines("postgresql")
async def test_who_starts_meanwhile_waits(migrated_url: str):
    async with DatabaseManager(migrated_url).keeper.hold(), DatabaseManager(migrated_url, pool_min=1) as other:
        starting = asyncio.create_task(other.migrate())  # before it reads a table
        finished, _waiting = await asyncio.wait({starting}, timeout=0.3)
        assert not finished
        starting.cancel()
        await asyncio.wait({starting})


@pytest.mark.engines("sqlite")
async def test_a_file_that_is_held_is_locked_for_others(migrated_url: str, tmp_path: Path):
    keeper = DatabaseManager(migrated_url).keeper
    async with keeper.hold():
        with pytest.raises(InUseError):
            async with keeper.hold():
                pass
        with pytest.raises(DatabaseError, match="locked"):
            await DatabaseManager(migrated_url).connect()


async def test_a_damaged_dump_is_found_out(migrated_url: str, tmp_path: Path):
    keeper = DatabaseManager(migrated_url).keeper
    async with DatabaseManager(migrated_url, pool_min=1) as db:
        await add_todos(db, *(f"text {number} " * 50 for number in range(200)))
    contents = await keeper.dump(tmp_path / "dump")
    whole = (tmp_path / "dump").read_bytes()
    for name, damaged in {
        "cut off": whole[: len(whole) // 2],
        "nothing": b"",
        "no database": b"Hello" * 1000,
        "overwritten": whole[: len(whole) // 3] + bytes(len(whole) // 3) + whole[2 * len(whole) // 3 :],
    }.items():
        (tmp_path / "damaged").write_bytes(damaged)
        assert await differs(keeper, tmp_path / "damaged", contents), name


async def test_a_replacing_that_fails_leaves_all_as_it_was(migrated_url: str, tmp_path: Path):
    keeper = DatabaseManager(migrated_url).keeper
    async with DatabaseManager(migrated_url, pool_min=1) as db:
        await add_todos(db, "kept")
    before = await all_rows(migrated_url)
    contents = await keeper.dump(tmp_path / "dump")
    whole = (tmp_path / "dump").read_bytes()
    for cut in (len(whole) // 4, len(whole) // 2, len(whole) - 10):
        (tmp_path / "cut").write_bytes(whole[:cut])
        async with keeper.hold() as held:
            with pytest.raises(BackupError):
                await held.replace(tmp_path / "cut", contents)
        assert await all_rows(migrated_url) == before


@pytest.mark.engines("postgresql")
async def test_rows_that_dont_come_keep_the_old_ones(migrated_url: str, tmp_path: Path):
    keeper = DatabaseManager(migrated_url).keeper
    async with DatabaseManager(migrated_url, pool_min=1) as db:
        await add_todos(db, "kept")
    contents = await keeper.dump(tmp_path / "dump")
    async with DatabaseManager(migrated_url, pool_min=1) as db:
        await add_todos(db, "later")
    more = type(contents)(contents.history, {**contents.rows, "todos": 2})
    async with keeper.hold() as held:
        with pytest.raises(BackupError, match="todos"):
            await held.replace(tmp_path / "dump", more)
    assert await todos(migrated_url) == ["kept", "later"]


@pytest.mark.engines("sqlite")
async def test_a_cancelled_dump_ends(migrated_url: str, tmp_path: Path):
    keeper = DatabaseManager(migrated_url).keeper
    dumping = asyncio.create_task(keeper.dump(tmp_path / "dump"))
    await asyncio.sleep(0)
    dumping.cancel()
    with pytest.raises(asyncio.CancelledError):
        await dumping
    async with keeper.hold():  # nothing of it has the file open any more
        pass


@pytest.mark.engines("sqlite")
async def test_a_database_that_isnt_there_is_said(tmp_path: Path):
    keeper = DatabaseManager(f"sqlite:///{tmp_path / 'nowhere.db'}").keeper
    with pytest.raises(BackupError, match=r"nowhere\.db isn't there"):
        await keeper.dump(tmp_path / "dump")
    async with keeper.hold() as held:
        assert await held.is_empty()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.engines("sqlite")
async def test_a_database_of_somebody_else_is_no_backup(tmp_path: Path):
    async with DatabaseManager(f"sqlite:///{tmp_path / 'other.db'}") as db:
        await db.execute("CREATE TABLE notes (text TEXT)")
        with pytest.raises(BackupError, match="no database of Hearth"):
            await db.keeper.dump(tmp_path / "dump")


# --- PostgreSQL


@pytest.fixture
def poor_url(postgres_databases: Databases) -> Iterator[str]:
    """A database of a role that may make no others, with a password that needs escapes."""
    role = f"poor_{uuid.uuid4().hex[:8]}"
    url = postgres_databases.create(role)
    asyncio.run(
        administer(url, f"CREATE ROLE {role} LOGIN PASSWORD 'p%w @x'", f"ALTER DATABASE {role} OWNER TO {role}")
    )
    yield url.replace("hearth@", f"{role}:p%25w%20%40x@")
    postgres_databases.drop(role)
    asyncio.run(administer(postgres_databases.address("postgres"), f"DROP ROLE {role}"))


async def administer(url: str, *statements: str) -> None:
    """Run statements as the server's owner."""
    connection = await asyncpg.connect(url)
    for statement in statements:
        await connection.execute(statement)
    await connection.close()


@pytest.mark.engines("postgresql")
async def test_without_the_right_to_make_databases_it_is_read_to_the_end(poor_url: str, tmp_path: Path):
    async with DatabaseManager(poor_url, pool_min=1) as db:
        await db.migrate()
        await add_todos(db, *HOSTILE)
    contents = await db.keeper.dump(tmp_path / "dump")
    tried = await db.keeper.try_out(tmp_path / "dump")
    assert not tried.restored
    assert not contents.difference(tried)
    assert tried.history == contents.history
    (tmp_path / "dump").write_bytes((tmp_path / "dump").read_bytes()[:-2000])
    assert await differs(db.keeper, tmp_path / "dump", contents)


@pytest.mark.engines("postgresql")
async def test_scratch_databases_go(migrated_url: str, tmp_path: Path):
    keeper = DatabaseManager(migrated_url).keeper
    admin = await asyncpg.connect(migrated_url)
    old = f"hearth_scratch_1000_{uuid.uuid4().hex[:8]}"  # somebody was killed in 1970
    await admin.execute(f"CREATE DATABASE {old} TEMPLATE template0 STRATEGY FILE_COPY")
    await keeper.dump(tmp_path / "dump")
    await keeper.try_out(tmp_path / "dump")
    left = [row["datname"] for row in await admin.fetch("SELECT datname FROM pg_database")]
    await admin.close()
    assert not [name for name in left if name.startswith("hearth_scratch")]


@pytest.mark.engines("postgresql")
async def test_programs_that_are_missing_are_named(
    migrated_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(BackupError, match="postgresql-client-"):
        await find_programs(99)
    old = tmp_path / "old"
    old.mkdir()
    for name in ("pg_dump", "pg_restore", "psql"):
        (old / name).write_text("#!/bin/sh\necho 'pg_dump (PostgreSQL) 98.1'\n")
        (old / name).chmod(0o755)
    monkeypatch.setenv("PATH", str(old))
    with pytest.raises(BackupError, match="The server is PostgreSQL 99, and pg_dump here is 98"):
        await find_programs(99)
    assert (await find_programs(98)).folder == old
    shutil.rmtree(old)


def test_the_password_is_in_no_address():
    for url in (
        "postgresql://hearth:p%40ss%20word@host:5432/db?sslmode=require",
        "postgresql://hearth@host:5432/db?password=p%40ss%20word&sslmode=require",
        "postgresql://hearth:p%40ss%20word@host:5432/db?sslpassword=of-the-key&sslmode=require",
    ):
        address = Address.of(url)
        assert address.url == "postgresql://hearth@host:5432/db?sslmode=require"
        assert address.environment["PGPASSWORD"] == "p@ss word"
        assert address.to_database("other").url == "postgresql://hearth@host:5432/other?sslmode=require"
        assert "p@ss word" not in said(b"psql: error: p@ss word\nis wrong", address)


def test_the_programs_dont_get_the_bots_secrets(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("DISCORD_TOKEN", "swordfish")
    monkeypatch.setenv("DATABASE_URL", "postgresql://a:swordfish@b/c")
    assert "swordfish" not in str(Address.of("postgresql://a@b/c").environment)


names = st.from_regex(r"[a-z_]{1,12}", fullmatch=True)
values = st.text(st.characters(exclude_characters="\n\r\t\\", exclude_categories=["Cs"]), max_size=20)


@given(st.dictionaries(names, st.lists(values, max_size=5), max_size=4), st.integers(1, 50))
def test_rows_of_a_dump_are_counted(tables: dict[str, list[str]], piece: int):
    script = "SET x = 1;\n" + "".join(
        f"COPY public.{name} (a, b) FROM stdin;\n" + "".join(f"{row}\t\\N\n" for row in rows) + "\\.\n\n"
        for name, rows in tables.items()
    )

    async def count() -> dict[str, int]:
        stream = asyncio.StreamReader()
        encoded = script.encode()
        for start in range(0, len(encoded), piece):
            stream.feed_data(encoded[start : start + piece])
        stream.feed_eof()
        return (await rows_in(stream, "schema_migrations"))[0]

    assert asyncio.run(count()) == {name: len(rows) for name, rows in tables.items()}

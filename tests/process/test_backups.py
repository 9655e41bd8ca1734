"""Backups and restores by the real program: beside a bot that writes, killed, with a full disk, by wrong hands."""

import asyncio
import gzip
import json
import os
import shutil
import signal
import sys
from pathlib import Path
from random import Random

import pytest

from database.manager import MIGRATIONS, DatabaseManager
from tests.process.conftest import Start
from tests.support.backups import add_todos, all_rows, backed_up, files_in, programs_path, todos
from tests.support.process import NOWHERE, BotProcess, clean_environment, within

pytestmark = pytest.mark.slow

MANY = 60  # times 64 KB of text in each row: enough that a backup can be met in its middle


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "backups"


@pytest.fixture(autouse=True)
def programs(monkeypatch: pytest.MonkeyPatch) -> None:
    """For backups that a test makes itself: those that it restores, where it isn't about making them."""
    monkeypatch.setenv("PATH", programs_path())


@pytest.fixture
def program(launch: Start, folder: Path):
    """Run a sub-command and wait for its end: the process, which has ended, and its exit status."""

    async def run(*arguments: str, url: str, **settings: str) -> tuple[BotProcess, int]:
        process = await launch(
            *arguments, DATABASE_URL=url, **{"BACKUP_FOLDER": str(folder), "PATH": programs_path(), **settings}
        )
        status = await process.exit_status(60)
        assert "Traceback" not in process.text, process.text
        return process, status

    return run


def manifests(folder: Path) -> list[dict]:
    return [json.loads(path.read_text()) for path in sorted(folder.glob("*.json"))]


async def fill(url: str, *texts: str) -> None:
    async with DatabaseManager(url, pool_min=1) as db:
        await add_todos(db, *texts)


@within(120)
async def test_a_backup_beside_a_bot_that_writes(hearth: Start, migrated_url: str, program, folder: Path) -> None:
    bot = await hearth(migrated_url, COMMAND_PREFIX="!")
    for number in range(3):
        await bot.ask(f"!todo add before {number}")
    done = asyncio.Event()

    async def write() -> int:
        written = 0
        while not done.is_set():
            await bot.ask(f"!todo add meanwhile {written}")
            written += 1
        return written

    writing = asyncio.create_task(write())
    backup, status = await program("backup", url=migrated_url)
    done.set()
    written = await writing
    assert status == 0, backup.text
    [file] = backup.printed
    assert Path(file).is_file()
    [manifest] = manifests(folder)
    assert manifest["restored"] is True
    kept = manifest["rows"]["todos"]
    assert 3 <= kept <= 3 + written

    refused, status = await program("restore", file, "--yes", url=migrated_url)
    assert status == 1
    assert "Stop the bot first" in refused.text
    assert (await bot.ask("!todo list")).count("before") == 3  # it goes on
    bot.signal(signal.SIGTERM)
    assert await bot.exit_status() == 0

    before = await todos(migrated_url)
    restored, status = await program("restore", "newest", "--yes", url=migrated_url)
    assert status == 0, restored.text
    after = await todos(migrated_url)
    assert after == before[:kept]
    assert sorted(one["reason"] for one in manifests(folder)) == ["before-restore", "regular"]
    [way_back] = [one["file"] for one in manifests(folder) if one["reason"] == "before-restore"]
    assert (await program("restore", way_back, "--yes", url=migrated_url))[1] == 0
    assert await todos(migrated_url) == before
    bot = await hearth(migrated_url, COMMAND_PREFIX="!")
    assert "before" in await bot.ask("!todo list")


@within(60)
async def test_nobody_to_ask_means_no(migrated_url: str, program, folder: Path) -> None:
    await fill(migrated_url, "kept")
    await backed_up(migrated_url, folder)
    before = await all_rows(migrated_url)
    process, status = await program("restore", "newest", url=migrated_url)
    assert status == 1
    assert "--yes" in process.text
    assert await all_rows(migrated_url) == before
    assert len(manifests(folder)) == 1


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such terminals")
@pytest.mark.parametrize(("typed", "status"), [(b"yes\n", 0), (b"no\n", 1), (b"\n", 1), (b"\x03", 130)])
@pytest.mark.engines("sqlite")
@within(60)
async def test_who_sits_there_is_asked(
    migrated_url: str, folder: Path, tmp_path: Path, typed: bytes, status: int
) -> None:
    await fill(migrated_url, "kept")
    await backed_up(migrated_url, folder)
    await fill(migrated_url, "later")
    terminal, inside = os.openpty()
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.support.launch", "restore", "newest"),
        cwd=tmp_path,
        env=clean_environment() | NOWHERE | {"DATABASE_URL": migrated_url, "BACKUP_FOLDER": str(folder)},
        stdin=inside, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE, start_new_session=True,
    )  # fmt: skip
    assert process.stdout is not None
    question = await process.stdout.readuntil(b"[yes/no]")
    assert b"in place of all that is in" in question
    if typed == b"\x03":
        process.send_signal(signal.SIGINT)  # as the terminal does for whom it is in front of
    else:
        os.write(terminal, typed)
    _output, errors = await process.communicate()
    os.close(terminal)
    os.close(inside)
    assert process.returncode == status, errors
    assert b"Traceback" not in errors
    assert await todos(migrated_url) == (["kept"] if status == 0 else ["kept", "later"])
    assert not list(folder.glob(".making-*"))


@pytest.mark.engines("sqlite")
@within(90)
async def test_old_ones_go_and_others_stay(migrated_url: str, program, folder: Path, tmp_path: Path) -> None:
    folder.mkdir()
    (folder / "hearth-20200101-000000.sqlite.zst").write_text("somebody's own")
    (folder / "notes.json").write_text("{}")
    for _number in range(3):
        assert (await program("backup", "--keep", "2", url=migrated_url))[1] == 0
    assert len(list(folder.glob("migrated-*.zst"))) == 2 or len({one["made_at"] for one in manifests(folder)}) < 3
    assert {"notes.json", "hearth-20200101-000000.sqlite.zst"} <= files_in(folder)
    listed, status = await program("backup", "--list", url=migrated_url)
    assert status == 0
    assert len(listed.printed) == len(list(folder.glob("migrated-*.zst")))
    assert (await program("backup", "--keep", "0", url=migrated_url))[1] == 2
    elsewhere, status = await program("backup", "--to", str(tmp_path / "new" / "place"), url=migrated_url)
    assert status == 0
    assert Path(elsewhere.printed[0]).parent == tmp_path / "new" / "place"


async def big(url: str) -> None:
    """Text that hardly shrinks: it is the reading and writing that takes time."""
    chance = Random(9)
    await fill(url, *(chance.randbytes(32_000).hex() for _ in range(MANY)))


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
@within(120)
async def test_a_backup_cut_off_leaves_the_earlier_one(
    migrated_url: str, launch: Start, program, folder: Path, number: signal.Signals
) -> None:
    await big(migrated_url)
    await backed_up(migrated_url, folder)
    whole = files_in(folder)
    process = await launch("backup", DATABASE_URL=migrated_url, BACKUP_FOLDER=str(folder), PATH=programs_path())
    await process.until("workplace", lambda: list(folder.glob(".making-*/*")), 30)
    process.signal(number)
    await process.process.wait()
    if number == signal.SIGTERM:
        assert process.process.returncode == 128 + signal.SIGTERM
        assert files_in(folder) == whole  # it cleans up behind itself
    assert {one["file"] for one in manifests(folder)} | {f"{one['file']}.json" for one in manifests(folder)} == whole
    assert (await program("backup", url=migrated_url))[1] == 0  # nothing is locked, and what was left is gone
    assert not list(folder.glob(".making-*"))


@within(240)
async def test_a_restore_that_is_killed_leaves_all_or_nothing(
    migrated_url: str, launch: Start, program, folder: Path, tmp_path: Path
) -> None:
    await big(migrated_url)
    await backed_up(migrated_url, folder)
    restored = await all_rows(migrated_url)
    async with DatabaseManager(migrated_url, pool_min=1) as db:
        await db.execute("DELETE FROM todos WHERE number % 2 = 0")
        await add_todos(db, *(["new"] * 20))
    changed = await all_rows(migrated_url)
    file = folder / manifests(folder)[0]["file"]
    met = 0
    for pause in (0.0, 0.01, 0.03, 0.06, 0.12):
        process = await launch(
            "restore", str(file), "--yes", DATABASE_URL=migrated_url, BACKUP_FOLDER=str(folder), PATH=programs_path()
        )
        # From here on it replaces: what was there is kept already.
        await process.until(
            "way back", lambda: any(one["reason"] == "before-restore" for one in manifests(folder)), 60
        )
        await asyncio.sleep(pause)
        met += process.running
        await process.kill()
        state = await settled(migrated_url)
        assert state in (restored, changed)
        for path in folder.glob("*before-restore*"):
            path.unlink()
        if state == restored:
            break
    assert met
    assert (await program("restore", str(file), "--yes", url=migrated_url))[1] == 0
    assert await all_rows(migrated_url) == restored


async def settled(url: str) -> dict[str, list[str]]:
    """What is there when nobody else is connected any more: a server takes a moment to notice."""
    keeper = DatabaseManager(url).keeper
    while True:
        try:
            async with keeper.hold():
                break
        except Exception:
            await asyncio.sleep(0.02)
    return await all_rows(url)


@pytest.mark.engines("sqlite")
@within(60)
async def test_a_full_disk_is_said_and_nothing_is_left(migrated_url: str, folder: Path) -> None:
    await big(migrated_url)
    await backed_up(migrated_url, folder)
    whole, before = files_in(folder), await all_rows(migrated_url)
    for command in (["backup"], ["restore", "newest", "--yes"]):
        process = await asyncio.create_subprocess_exec(
            "/bin/sh", "-c", 'ulimit -f 1000; exec "$@"', "sh", sys.executable, "-m", "tests.support.launch",
            *command,
            cwd=folder,
            env=clean_environment() | NOWHERE | {"DATABASE_URL": migrated_url, "BACKUP_FOLDER": str(folder)},
            stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
        )  # fmt: skip
        output = (await process.communicate())[0].decode()
        assert process.returncode == 1, output
        assert "Traceback" not in output, output
        assert len(output.splitlines()) <= 2, output
        assert files_in(folder) == whole
        assert await all_rows(migrated_url) == before


@pytest.mark.engines("postgresql")
@within(60)
async def test_without_pg_dump_it_says_what_to_install(
    migrated_url: str, program, folder: Path, tmp_path: Path
) -> None:
    process, status = await program("backup", url=migrated_url, PATH=str(tmp_path))
    assert status == 1
    assert "postgresql-client-" in process.text
    assert files_in(folder) == set()


@pytest.mark.engines("sqlite")
@within(90)
async def test_what_cant_be_restored_is_said(migrated_url: str, program, folder: Path, tmp_path: Path) -> None:
    await fill(migrated_url, "kept")
    await backed_up(migrated_url, folder)
    before = await all_rows(migrated_url)
    file = folder / manifests(folder)[0]["file"]
    whole = file.read_bytes()

    async def refused(*words: str, what: str = "newest") -> None:
        process, status = await program("restore", what, "--yes", url=migrated_url)
        assert status == 1, process.text
        assert all(word in process.text for word in words), process.text
        assert await all_rows(migrated_url) == before
        assert len(manifests(folder)) == 1  # and no backup was made for nothing

    await refused("no file nowhere.zst", what="nowhere.zst")
    file.write_bytes(whole[:100] + b"X" + whole[101:])  # the length is the same
    await refused("damaged", "manifest")
    alone = tmp_path / "alone.zst"
    for damaged in (whole[:100] + b"X" + whole[101:], whole[: len(whole) // 2], whole[:-5]):
        alone.write_bytes(damaged)
        await refused("damaged", what=str(alone))
    alone.write_text("Dear diary")
    await refused("no backup of Hearth", what=str(alone))
    alone.write_bytes(b"PGDMP" + bytes(100))
    await refused("a backup of postgresql", "copy", what=str(alone))
    file.unlink()
    await refused("There is no backup")


@pytest.mark.engines("sqlite")
@within(90)
async def test_a_newer_schema_is_refused(migrated_url: str, program, tmp_path: Path, folder: Path) -> None:
    newer = f"sqlite:///{tmp_path / 'newer.db'}"
    migrations = tmp_path / "migrations"
    shutil.copytree(MIGRATIONS, migrations)
    (migrations / "9999_later.sql").write_text("CREATE TABLE later (number BIGINT);")
    async with DatabaseManager(newer) as db:
        await db.migrate(migrations)
    backup = await backed_up(newer, folder)
    process, status = await program("restore", str(backup.path), "--yes", url=migrated_url)
    assert status == 1
    assert "newer than this program" in process.text


@pytest.mark.engines("sqlite")
@within(90)
async def test_a_damaged_database_is_put_aside(migrated_url: str, program, tmp_path: Path, folder: Path) -> None:
    await fill(migrated_url, "kept")
    await backed_up(migrated_url, folder)
    whole = await all_rows(migrated_url)
    file = tmp_path / "migrated.db"
    bytes_before = file.read_bytes()
    for damaged in (b"no database at all" * 1000, bytes_before[: 3 * 4096] + bytes(60 * 4096)):
        file.write_bytes(damaged)
        process, status = await program("restore", "newest", "--yes", url=migrated_url)
        assert status == 0, process.text
        assert await all_rows(migrated_url) == whole
        aside = max(tmp_path.glob("migrated.db.damaged-*"))
        assert aside.read_bytes() == damaged
        aside.unlink()


@pytest.mark.engines("sqlite")
@within(90)
async def test_into_a_machine_that_has_nothing_yet(migrated_url: str, program, tmp_path: Path, folder: Path) -> None:
    await fill(migrated_url, "moved")
    await backed_up(migrated_url, folder)
    there = f"sqlite:///{tmp_path / 'new' / 'home.db'}"
    file = str(folder / manifests(folder)[0]["file"])
    assert (await program("restore", file, "--yes", url=there))[1] == 0
    assert await all_rows(there) == await all_rows(migrated_url)
    unpacked = tmp_path / "by-hand.gz"  # as somebody keeps it who knows gzip
    unpacked.write_bytes(gzip.compress((tmp_path / "new" / "home.db").read_bytes()))
    assert (await program("restore", str(unpacked), "--yes", url=migrated_url))[1] == 0


@within(90)
async def test_before_a_migration_there_is_a_backup(
    hearth: Start, launch: Start, tmp_path: Path, folder: Path
) -> None:
    url = f"sqlite:///{tmp_path / 'old.db'}"
    migrations = tmp_path / "migrations"
    migrations.mkdir()
    files = sorted(MIGRATIONS.glob("*.sql"))
    for file in files[:5]:
        shutil.copy(file, migrations)
    async with DatabaseManager(url) as db:
        await db.migrate(migrations)
        await add_todos(db, "from before")
    blocked = tmp_path / "blocked"
    blocked.write_text("a file, where the folder should be")
    bot = await launch(
        DATABASE_URL=url, BACKUP_FOLDER=str(blocked), DISCORD_TOKEN="a" * 24 + "." + "b" * 6 + "." + "c" * 27
    )
    assert await bot.exit_status() == 1
    assert "No backup can be written" in bot.text
    async with DatabaseManager(url) as db:
        assert await db.fetchval("SELECT MAX(version) FROM schema_migrations") == 5  # nothing was changed
    bot = await hearth(url, BACKUP_FOLDER=str(folder))
    [manifest] = manifests(folder)
    assert (manifest["reason"], manifest["schema"], manifest["rows"]["todos"]) == ("before-migration", 5, 1)
    assert manifest["file"] in bot.text
    bot.signal(signal.SIGTERM)
    assert await bot.exit_status() == 0
    await hearth(url, BACKUP_FOLDER=str(folder))
    assert len(manifests(folder)) == 1  # nothing to migrate, nothing to keep

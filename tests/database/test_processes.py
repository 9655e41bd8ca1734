"""Processes that die, that don't close, that write beside each other; and files that can't be used."""

# ruff: noqa: PT012 - what a transaction raises at its end is raised by the whole block

import asyncio
import sqlite3
import subprocess
import sys
from pathlib import Path
from urllib.parse import quote

import pytest

from database import DatabaseError, DatabaseManager, DatabaseUnavailable
from database.manager import MIGRATIONS

pytestmark = pytest.mark.slow

ROOT = MIGRATIONS.parent

# Moves coins between two accounts and says each transfer's number once it is committed.
WRITER = """
import asyncio, sys
from database import DatabaseManager

async def main():
    db = DatabaseManager(sys.argv[1], pool_min=1)
    await db.connect()
    for number in range(1, 1_000_000):
        async with db.transaction():
            await db.execute("UPDATE accounts SET coins = coins - 1 WHERE id = 1")
            await db.execute("INSERT INTO entries (account_id, amount) VALUES (2, $1)", number)
            await db.execute("UPDATE accounts SET coins = coins + 1 WHERE id = 2")
        print(number, flush=True)

asyncio.run(main())
"""

# Dies of an error with the database open.
FORGETFUL = """
import asyncio, sys
from database import DatabaseManager

async def main():
    db = DatabaseManager(sys.argv[1], pool_min=1)
    await db.connect()
    await db.fetchval("SELECT 1")
    raise SystemExit(7)

asyncio.run(main())
"""

ADDER = """
import asyncio, sys
from database import DatabaseManager

async def main():
    async with DatabaseManager(sys.argv[1], pool_min=1) as db:
        for _ in range(100):
            async with db.transaction():
                coins = await db.fetchval("UPDATE accounts SET coins = coins + 1 WHERE id = 1 RETURNING coins")
                await db.execute("INSERT INTO entries (account_id, amount) VALUES (1, $1)", coins)

asyncio.run(main())
"""


async def test_a_killed_writer_loses_nothing_acknowledged(bank: DatabaseManager, database_url: str) -> None:
    await bank.executemany("INSERT INTO accounts (id, coins) VALUES ($1, $2)", [(1, 1_000_000), (2, 0)])
    acknowledged = 0
    for kills in range(1, 4):
        process = subprocess.Popen(
            [sys.executable, "-c", WRITER, database_url], stdout=subprocess.PIPE, text=True, cwd=ROOT
        )
        assert process.stdout is not None
        for _ in range(40 * kills):
            assert process.stdout.readline()
            acknowledged += 1
        process.kill()
        acknowledged += len(process.stdout.read().splitlines())
        process.wait()
        coins = await bank.fetchval("SELECT coins FROM accounts WHERE id = 2")
        # One more at most: committed, but killed before it could say so.
        assert acknowledged <= coins <= acknowledged + kills
        assert await bank.fetchval("SELECT sum(coins) FROM accounts") == 1_000_000
        assert await bank.fetchval("SELECT count(*) FROM entries") == coins


def test_a_process_that_forgets_to_close_still_ends(database_url: str) -> None:
    done = subprocess.run([sys.executable, "-c", FORGETFUL, database_url], timeout=30, check=False, cwd=ROOT)
    assert done.returncode == 7


async def test_two_processes_may_write(bank: DatabaseManager, database_url: str) -> None:
    await bank.execute("INSERT INTO accounts (id, coins) VALUES (1, 0)")
    processes = [subprocess.Popen([sys.executable, "-c", ADDER, database_url], cwd=ROOT) for _ in range(2)]
    for _ in range(100):
        await bank.execute("UPDATE accounts SET coins = coins + 1 WHERE id = 1")
    assert [await asyncio.to_thread(process.wait, 60) for process in processes] == [0, 0]
    assert await bank.fetchval("SELECT coins FROM accounts") == 300
    assert await bank.fetchval("SELECT count(*) FROM entries") == 200


class TestSqliteFiles:
    pytestmark = pytest.mark.engines("sqlite")

    async def test_the_folder_is_made(self, tmp_path: Path) -> None:
        async with DatabaseManager(f"sqlite:///{tmp_path}/new/folders/hearth.db") as db:
            assert await db.fetchval("SELECT 1") == 1
        assert (tmp_path / "new/folders/hearth.db").is_file()

    async def test_a_relative_path(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.chdir(tmp_path)
        async with DatabaseManager("sqlite:///data/my%20bot.db") as db:
            await db.execute("CREATE TABLE t (id BIGINT)")
        assert (tmp_path / "data/my bot.db").is_file()

    async def test_signs_that_mean_something_in_addresses(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.chdir(tmp_path)
        for name in ("my bot", "50%", "100%25", "a#b", "who?", "a&mode=memory", "ü☕"):
            for folder in (f"{tmp_path}/far away?", "data"):
                async with DatabaseManager(f"sqlite:///{quote(folder)}/{quote(name)}.db") as db:
                    await db.execute("CREATE TABLE t (id BIGINT)")
                    assert await db.fetchall("SELECT id FROM t") == []
                    assert (await db.look("SELECT id FROM t")).columns == ("id",), "read by another connection"
                assert Path(folder, f"{name}.db").is_file()

    async def test_durable_settings(self, bank: DatabaseManager) -> None:
        assert await bank.fetchval("PRAGMA journal_mode") == "wal"
        assert await bank.fetchval("PRAGMA synchronous") == 2
        assert await bank.fetchval("PRAGMA foreign_keys") == 1
        assert await bank.fetchval("PRAGMA busy_timeout") == 5000

    async def test_what_is_no_database(self, tmp_path: Path) -> None:
        (tmp_path / "notes.txt").write_text("Dear diary, " * 100)
        with pytest.raises(DatabaseError, match=r"notes\.txt isn't an SQLite database"):
            await DatabaseManager(f"sqlite:///{tmp_path}/notes.txt").connect()

    async def test_a_folder_in_the_way(self, tmp_path: Path) -> None:
        with pytest.raises(DatabaseError, match="can't be opened: unable to open"):
            await DatabaseManager(f"sqlite:///{tmp_path}").connect()
        (tmp_path / "file").touch()
        with pytest.raises(DatabaseError, match="The folder of the database file"):
            await DatabaseManager(f"sqlite:///{tmp_path}/file/hearth.db").connect()

    async def test_a_locked_file(self, bank: DatabaseManager, database_url: str) -> None:
        await bank.execute("PRAGMA busy_timeout=50")
        other = sqlite3.connect(database_url.removeprefix("sqlite:///"), isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(DatabaseUnavailable, match="locked"):
            await bank.execute("DELETE FROM things")
        with pytest.raises(DatabaseUnavailable, match="locked"):
            async with bank.transaction():
                await bank.execute("DELETE FROM things")
        assert await bank.fetchval("SELECT count(*) FROM things") == 0  # reading goes on
        other.execute("COMMIT")
        other.close()
        assert await bank.execute("INSERT INTO things (id) VALUES (1)") == 1

    async def test_a_full_disk(self, tmp_path: Path) -> None:
        """With `max_page_count` as the disk: writing fails whole, reading goes on, and it heals."""
        async with DatabaseManager(f"sqlite:///{tmp_path}/small.db") as db:
            await db.execute("CREATE TABLE t (id BIGINT, text TEXT)")
            await db.execute("PRAGMA max_page_count=20")
            with pytest.raises(DatabaseError, match="full"):
                async with db.transaction():
                    await db.execute("INSERT INTO t VALUES (1, '')")
                    await db.execute("INSERT INTO t VALUES (2, $1)", "x" * 500_000)
            with pytest.raises(DatabaseError, match="rolled back"):
                async with db.transaction():
                    await db.execute("INSERT INTO t VALUES (3, '')")
                    with pytest.raises(DatabaseError, match="full"):
                        async with db.transaction():
                            await db.execute("INSERT INTO t VALUES (4, $1)", "x" * 500_000)
                    await db.execute("INSERT INTO t VALUES (5, '')")
            assert await db.fetchval("SELECT count(*) FROM t") == 0
            await db.execute("PRAGMA max_page_count=100000")
            await db.execute("INSERT INTO t VALUES (6, $1)", "x" * 500_000)
            assert await db.fetchval("SELECT id FROM t") == 6

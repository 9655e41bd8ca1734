"""Copies by the command line, killed on the way, and what they print."""

import signal
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from database.manager import DatabaseManager
from tests.process.conftest import Start
from tests.support.process import BotProcess, within

pytestmark = pytest.mark.slow

ROWS = 150_000
FILL = (
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {rows})"
    " INSERT INTO standings (guild_id, user_id, xp) SELECT 1, i, i FROM n"
)


@pytest.fixture
def large(sqlite_template: Path, tmp_path: Path) -> str:
    file = tmp_path / "large.db"
    file.write_bytes(sqlite_template.read_bytes())
    with closing(sqlite3.connect(file)) as raw:
        raw.execute(FILL.format(rows=ROWS))
        raw.commit()
    return f"sqlite:///{file}"


@pytest.fixture
def new_file(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'new.db'}"


async def rows_in(url: str) -> int:
    async with DatabaseManager(url, pool_min=1) as db:
        return int(await db.fetchval("SELECT COUNT(*) FROM standings"))


async def under_way(program: BotProcess) -> None:
    await program.until("first rows", lambda: any("copying standings" in line for line in program.output), 60)


async def copied(program: BotProcess) -> None:
    assert await program.exit_status(120) == 0, program.text
    assert any(line.split()[:2] == ["standings", f"{ROWS:,}"] for line in program.printed), program.text
    assert f"{ROWS:,} rows in 1 tables" in program.printed[-1]


@within(120)
async def test_killed_on_the_way_and_begun_anew(launch: Start, large: str, database_url: str) -> None:
    for number in (signal.SIGKILL, signal.SIGINT):
        program = await launch("copy", "--from", large, "--to", database_url)
        await under_way(program)
        program.signal(number)
        assert await program.exit_status(60) in {-signal.SIGKILL, 128 + signal.SIGINT}
        assert await rows_in(database_url) == 0, "all or nothing"
    await copied(await launch("copy", "--from", large, "--to", database_url))
    assert await rows_in(database_url) == ROWS


@within(120)
async def test_back_to_sqlite_killed_on_the_way(launch: Start, large: str, migrated_url: str, new_file: str) -> None:
    if migrated_url.startswith("postgresql"):
        await copied(await launch("copy", "--from", large, "--to", migrated_url))
        source = migrated_url
    else:
        source = large
    program = await launch("copy", "--to", new_file, DATABASE_URL=source)
    await under_way(program)
    program.signal(signal.SIGKILL)
    await program.exit_status(60)
    assert await rows_in(new_file) == 0, "all or nothing"
    await copied(await launch("copy", "--to", new_file, DATABASE_URL=source))
    program = await launch("copy", "--to", new_file, DATABASE_URL=source)
    assert await program.exit_status(60) == 1
    assert "isn't empty" in program.text


@within(60)
async def test_no_password_is_printed(launch: Start, large: str) -> None:
    for address in (
        "postgresql://ann:sesame@127.0.0.1:9/hearth",
        "postgresql://ann:ses/ame@127.0.0.1/hearth",
        "mysql://ann:sesame@127.0.0.1/hearth",
        "postgresql://127.0.0.1:9/hearth?user=ann&password=sesame",
    ):
        program = await launch("copy", "--from", large, "--to", address)
        assert await program.exit_status(60) == 1
        assert "sesame" not in program.text
        assert "ses/ame" not in program.text
        assert "Traceback" not in program.text
        assert len(program.output) == 1, program.text

"""Copies by the command line, killed on the way, and what they print."""

import signal
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from database.manager import DatabaseManager
from tests.process.conftest import Start
from tests.support.backups import all_rows
from tests.support.process import BotProcess, within

pytestmark = pytest.mark.slow

ROWS = 60_000
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


async def until_it_is(doing: str, program: BotProcess) -> None:
    """Wait for the first batch of a pass: with "comparing", all is written, and nothing committed yet."""
    await program.until(doing, lambda: any(doing in line for line in program.output), 60)


async def is_empty(url: str) -> bool:
    """Nothing of any table is there: neither a batch, nor a table, nor all of it before it was compared."""
    rows = await all_rows(url)
    return not any(found for table, found in rows.items() if table != "schema_migrations")


async def copied(program: BotProcess) -> None:
    assert await program.exit_status(120) == 0, program.text
    assert any(line.split()[:2] == ["standings", f"{ROWS:,}"] for line in program.printed), program.text
    assert f"{ROWS:,} rows in 1 tables" in program.printed[-1]


@within(120)
async def test_killed_on_the_way_and_begun_anew(launch: Start, large: str, database_url: str) -> None:
    for number, doing, status in (
        (signal.SIGINT, "copying", 128 + signal.SIGINT),
        (signal.SIGKILL, "comparing", -signal.SIGKILL),
    ):
        program = await launch("copy", "--from", large, "--to", database_url)
        await until_it_is(doing, program)
        program.signal(number)
        assert await program.exit_status(60) == status
        assert await is_empty(database_url), "all or nothing"
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
    await until_it_is("comparing", program)
    program.signal(signal.SIGKILL)
    assert await program.exit_status(60) == -signal.SIGKILL
    assert await is_empty(new_file), "all or nothing"
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

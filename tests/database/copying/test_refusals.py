"""Which sources and targets a copy refuses, and that it leaves them alone."""

import shutil
from pathlib import Path

import pytest

from database.copying import copy
from database.errors import DatabaseUnavailable, MigrationError
from database.manager import MIGRATIONS, DatabaseManager
from database.schema import shapes
from tests.support.copies import (
    ENGINES,
    Empty,
    quietly,
    refused,
    reminder,
    rows_in,
)
from tests.support.postgres import Databases


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

"""Data that a copy refuses, and where it says that they are."""

import shutil
from pathlib import Path

import pytest

from database.copying import CannotCopy, copy
from database.copying_values import Column, same
from database.errors import DatabaseError
from database.manager import DatabaseManager
from tests.support.copies import (
    Empty,
    quietly,
    refused,
    reminder,
    rows_in,
    run_sqlite,
)

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


@pytest.mark.parametrize("target_engine", ["sqlite", "postgresql"])
async def test_a_row_that_refers_to_nothing_is_told(target_engine: str, full: str, empty: Empty):
    run_sqlite(full, "DELETE FROM tags")  # as a program does that doesn't ask SQLite to look after references
    target = empty(target_engine)
    said = await refused(full, target)
    assert "tag_names" in said
    assert "tags" in said.replace("tag_names", "")
    assert await rows_in(target, "reminders") == 0


def test_columns_are_compared_by_name():
    one = (Column("a", "text"), Column("b", "whole"))
    assert same(one, (Column("b", "whole"), Column("a", "json"))) == (Column("a", "json"), Column("b", "whole"))
    assert same(one, (Column("a", "text"), Column("b", "bool"))) is None
    assert same(one, (Column("a", "text"),)) is None
    assert same(one, (*one, Column("c", "text"))) is None


def test_a_refusal_is_a_database_error():
    assert issubclass(CannotCopy, DatabaseError)

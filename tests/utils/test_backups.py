"""The files of backups: which may go, whose they are, what is packed, and one process at a time."""

import asyncio
import gzip
import json
import os
import stat
import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st

from database.backup import BackupError, DamagedError, UnwantedError
from operations.backup import age, in_bytes
from tests.support.backups import files_in
from utils.backups.files import (
    REASONS,
    REGULAR,
    Backup,
    BackupFolder,
    expired,
    file_stem,
    manifest_path,
    read_manifest,
)
from utils.backups.packing import digest, pack, unpack
from utils.config import Config, ConfigError

NOW = datetime(2026, 1, 31, 4, tzinfo=UTC)
WANTED = threading.Event()


def backup_in(
    folder: Path, number: int, reason: str = REGULAR, *, whole: bool = True, database: str = "hearth"
) -> Backup:
    made_at = NOW + timedelta(hours=number)
    name = f"{file_stem(database, made_at, reason)}.sqlite.zst"
    if whole:
        (folder / name).write_bytes(b"12345")
    return Backup(
        name, database, "sqlite", reason, made_at, 7, {"todos": 1}, 5, "0" * 64, restored=True, folder=folder
    )


@settings(max_examples=60, deadline=None)
@given(
    kept=st.integers(1, 4),
    made=st.lists(st.tuples(st.sampled_from(REASONS), st.booleans()), max_size=12),
)
def test_the_newest_of_each_kind_stay(tmp_path_factory: pytest.TempPathFactory, kept: int, made: list):
    folder = tmp_path_factory.mktemp("backups")
    backups = [backup_in(folder, number, reason, whole=whole) for number, (reason, whole) in enumerate(made)]
    gone = expired(backups, kept)
    left = [backup for backup in backups if backup not in gone]
    whole = [backup for backup in backups if backup.is_there]
    if whole:
        assert max(whole, key=lambda one: one.made_at) in left
    for reason in REASONS:
        of_it = [backup for backup in whole if backup.reason == reason]
        assert [backup for backup in left if backup in of_it] == of_it[-kept:]
        if not of_it:  # where none is whole, what is left of others is no worse than nothing
            assert not [backup for backup in gone if backup.reason == reason]


def test_only_finished_ones_of_ours_are_listed_and_deleted(tmp_path: Path):
    folder = BackupFolder(tmp_path, "hearth", "sqlite")
    with folder.workplace() as place:
        for number in range(3):
            backup = backup_in(tmp_path, number, whole=False)
            (place / "packed").write_bytes(b"12345")
            folder.publish(place / "packed", backup)
        (place / "packed").write_bytes(b"12345")
        folder.publish(place / "packed", backup_in(tmp_path, 9, whole=False, database="other"))
    listed = folder.backups()
    assert [one.made_at.hour for one in listed] == [6, 5, 4]
    assert listed[0] == backup
    # Not finished, somebody's own, copied, changed by hand, of a later program.
    (tmp_path / "hearth-20200101-000000.sqlite.zst").write_text("mine")
    (tmp_path / "notes.json").write_text("[1]")
    (tmp_path / "broken.json").write_text("{")
    said = json.loads(manifest_path(listed[2].path).read_text())
    (tmp_path / "copy.json").write_text(json.dumps(said))
    wrong_values = [{"format": 99}, {"file": "../x"}, {"file": "notes.json"}, {"rows": 3}, {"made_at": "yesterday"}]
    for changed in (*wrong_values, {"file": 3}, {"schema": "7"}, {"bytes": None}):
        (tmp_path / "changed.sqlite.json").write_text(json.dumps({**said, **changed}))
        assert read_manifest(tmp_path / "changed.sqlite.json") is None
    before = files_in(tmp_path)
    assert [one.file for one in folder.rotate(2)] == [listed[2].file]
    assert before - files_in(tmp_path) == {listed[2].file, f"{listed[2].file}.json"}
    assert folder.newest() == listed[0]
    listed[0].path.write_bytes(b"1")  # cut off
    assert folder.newest() == listed[1]


def test_those_of_another_engine_are_left_alone(tmp_path: Path):
    """After a move to PostgreSQL: the way back isn't pushed out by the new database's backups."""
    ours, theirs = BackupFolder(tmp_path, "hearth", "postgresql"), BackupFolder(tmp_path, "hearth", "sqlite")
    with theirs.workplace() as place:
        (place / "packed").write_bytes(b"12345")
        theirs.publish(place / "packed", backup_in(tmp_path, 1, whole=False))
        for number in (2, 3):
            (place / "packed").write_bytes(b"12345")
            newer = replace(backup_in(tmp_path, number, whole=False), engine="postgresql")
            ours.publish(place / "packed", newer)
    assert [one.made_at.hour for one in ours.rotate(1)] == [6]
    assert ours.newest() == newer
    assert [one.engine for one in theirs.backups()] == ["sqlite"]


def test_a_folder_that_cant_be_read_isnt_called_empty(tmp_path: Path):
    (tmp_path / "file").write_text("a file in the folder's place")
    with pytest.raises(BackupError, match="can't be listed: Not a directory"):
        BackupFolder(tmp_path / "file", "hearth", "sqlite").backups()
    assert BackupFolder(tmp_path / "nowhere", "hearth", "sqlite").backups() == []
    (tmp_path / "somebody's.json").mkdir()  # what can't be read as a manifest
    assert BackupFolder(tmp_path, "hearth", "sqlite").backups() == []


@pytest.mark.skipif(os.name == "nt", reason="Windows has other rights")
def test_a_backup_is_for_its_owner_alone(tmp_path: Path):
    tmp_path.chmod(0o755)
    folder = BackupFolder(tmp_path, "hearth", "postgresql")
    with folder.workplace() as place:
        (place / "packed").write_bytes(b"12345")  # as pg_dump makes it
        backup = backup_in(tmp_path, 1, whole=False)
        folder.publish(place / "packed", backup)
    assert stat.S_IMODE(backup.path.stat().st_mode) == 0o600


async def test_one_at_a_time(tmp_path: Path):
    folder = BackupFolder(tmp_path / "new", "hearth", "sqlite")
    async with folder.alone():
        with pytest.raises(BackupError, match="Another backup is being made"):
            async with folder.alone():
                pass
        left = tmp_path / "new" / ".making-x"
        left.mkdir()
        waiting = asyncio.create_task(_enter(folder, 30.0))
        await asyncio.sleep(0)
    await waiting
    assert not left.exists()


async def _enter(folder: BackupFolder, wait_seconds: float) -> None:
    async with folder.alone(wait_seconds):
        pass


def test_a_name_is_used_once(tmp_path: Path):
    folder = BackupFolder(tmp_path, "my/../db", "sqlite")
    first = folder.free_name(NOW, REGULAR, "pgdump")
    assert first == tmp_path / "my_db-20260131-040000.pgdump"
    first.touch()
    assert folder.free_name(NOW, REGULAR, "pgdump").name == "my_db-20260131-040000-2.pgdump"


@settings(max_examples=30, deadline=None)
@given(st.binary(max_size=5_000))
def test_what_is_packed_comes_out(tmp_path_factory: pytest.TempPathFactory, rest: bytes):
    folder = tmp_path_factory.mktemp("packing")
    dump, packed, out = folder / "dump", folder / "packed", folder / "out"
    dump.write_bytes(b"SQLite format 3\0" + rest)
    pack(dump, packed, WANTED)
    assert unpack(packed, out, WANTED) == "sqlite"
    assert out.read_bytes() == dump.read_bytes()
    for form in (dump.read_bytes(), gzip.compress(dump.read_bytes()), zstandard.compress(dump.read_bytes())):
        out.unlink()
        packed.write_bytes(form)
        assert unpack(packed, out, WANTED) == "sqlite"
        assert out.read_bytes() == dump.read_bytes()


@pytest.mark.parametrize("content", [b"", b"x", b"\x28\xb5\x2f\xfdxxxxxxx", b"\x1f\x8bxxxxxx", b"{}" * 100])
def test_what_is_no_backup_is_said(tmp_path: Path, content: bytes):
    (tmp_path / "file").write_bytes(content)
    with pytest.raises(DamagedError):
        unpack(tmp_path / "file", tmp_path / "out", WANTED)


def test_what_isnt_wanted_any_more_stops(tmp_path: Path):
    (tmp_path / "dump").write_bytes(b"x")
    unwanted = threading.Event()
    unwanted.set()
    with pytest.raises(UnwantedError):
        pack(tmp_path / "dump", tmp_path / "packed", unwanted)
    with pytest.raises(BackupError, match="can't be read"):
        digest(tmp_path / "nowhere", WANTED)


def test_what_is_listed_is_readable():
    assert [in_bytes(size) for size in (0, 999, 1_400_000, 2 * 10**12)] == ["0 B", "999 B", "1.4 MB", "2.0 TB"]
    assert age(NOW, NOW + timedelta(seconds=5)) == "just now"
    assert age(NOW, NOW + timedelta(hours=1, minutes=9)) == "1 hour ago"
    assert age(NOW, NOW + timedelta(days=40)) == "40 days ago"
    assert age(NOW, NOW - timedelta(days=1)) == "just now"  # a clock that was set back


def test_the_settings():
    def config(**settings: str) -> Config:
        return Config.from_env(settings, playground=True)

    assert config().backup_every is None
    assert config(BACKUP_EVERY="off").backup_every is None
    assert config(BACKUP_EVERY="1d").backup_every == timedelta(days=1)
    assert config(BACKUP_EVERY="6 hours", BACKUPS_KEPT="30").backups_kept == 30
    for wrong in ({"BACKUP_EVERY": "5"}, {"BACKUP_EVERY": "1m"}, {"BACKUP_EVERY": "never"}, {"BACKUPS_KEPT": "0"}):
        with pytest.raises(ConfigError, match=next(iter(wrong))):
            config(**wrong)

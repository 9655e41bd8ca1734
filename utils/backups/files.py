"""The files of backups: their names, the manifest beside each, and which are old enough to go."""

import asyncio
import json
import logging
import os
import re
import shutil
import tempfile
import time
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from filelock import FileLock, Timeout

from database.backup import BackupError, Contents

log = logging.getLogger("hearth.backups")

REGULAR: Final = "regular"
BEFORE_MIGRATION: Final = "before-migration"
BEFORE_RESTORE: Final = "before-restore"
REASONS: Final = (REGULAR, BEFORE_MIGRATION, BEFORE_RESTORE)

FORMAT: Final = 1
"""Of the manifest."""
STAMP: Final = "%Y%m%d-%H%M%S"
WORKPLACE: Final = ".making-"
LOCK_FILE: Final = ".lock"
MANIFEST: Final = ".json"
LOCK_PAUSE_SECONDS: Final = 0.2
FOLDER_MODE: Final = 0o700  # what is in a backup is as private as the database
FILE_MODE: Final = 0o600  # for a folder that was there before, and is open to others
NOT_IN_NAMES: Final = re.compile(r"[^A-Za-z0-9_-]+")


@dataclass(frozen=True, slots=True)
class Backup:
    """A finished backup, as its manifest tells of it."""

    file: str
    database: str
    engine: str
    reason: str
    made_at: datetime
    schema: int
    """The number of its newest migration."""
    rows: Mapping[str, int]
    """How many each table has."""
    bytes: int
    sha256: str
    restored: bool
    """Whether it was proven by restoring it; else by reading it to the end."""
    folder: Path = field(default=Path(), compare=False)

    @property
    def path(self) -> Path:
        """Where it is."""
        return self.folder / self.file

    @property
    def row_count(self) -> int:
        """Rows of all tables together."""
        return sum(self.rows.values())

    @property
    def is_there(self) -> bool:
        """Whether its file is there with the length that it had: what `ls` can tell."""
        try:
            return self.path.stat().st_size == self.bytes
        except OSError:
            return False

    def difference(self, contents: Contents) -> str:
        """In what a database that was restored from it differs; empty if in nothing."""
        if contents.schema != self.schema:
            return f"its schema is {contents.schema:04} and not {self.schema:04}"
        return Contents(contents.history, self.rows).difference(contents)


def file_stem(database: str, made_at: datetime, reason: str) -> str:
    """What a backup is called, without the ending: `hearth-20260131-040000-before-migration`."""
    name = NOT_IN_NAMES.sub("_", database) or "database"
    return f"{name}-{made_at.astimezone(UTC):{STAMP}}" + ("" if reason == REGULAR else f"-{reason}")


def manifest_path(file: Path) -> Path:
    """Where the manifest of a backup is."""
    return file.with_name(file.name + MANIFEST)


def read_manifest(path: Path) -> Backup | None:
    """What a manifest says; None if it is none of ours. Raises OSError."""
    try:
        said: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        if said.pop("format") != FORMAT:
            return None
        made_at = datetime.fromisoformat(said.pop("made_at"))
        rows = {str(name): int(count) for name, count in said.pop("rows").items()}
        backup = Backup(made_at=made_at.astimezone(UTC), rows=rows, folder=path.parent, **said)
        # Its own name, so that a manifest that was copied or changed by hand never makes another file be deleted.
        is_its_own = manifest_path(backup.path) == path and Path(backup.file).name == backup.file
    except (ValueError, TypeError, KeyError, AttributeError):
        return None
    return backup if is_its_own and type(backup.schema) is int and type(backup.bytes) is int else None


def expired(backups: Iterable[Backup], keep: int) -> list[Backup]:
    """Which backups may go: of each reason those that are older than the `keep` newest that are there.

    Those made before a migration or a restore have their own count, so that hourly ones don't push them out.
    """
    newest_first = sorted(backups, key=lambda backup: backup.made_at, reverse=True)
    gone: list[Backup] = []
    for reason in REASONS:
        of_it = [backup for backup in newest_first if backup.reason == reason]
        kept = [backup for backup in of_it if backup.is_there][: max(1, keep)]
        gone += [backup for backup in of_it if kept and backup.made_at < kept[-1].made_at]
    return gone


class BackupFolder:
    """The folder that backups of one database are in. Others may keep theirs there too.

    They are told apart by name and engine: after a move to PostgreSQL, the database often is called as the file was.
    """

    def __init__(self, path: Path, database: str, engine: str) -> None:
        self.path = path
        self.database = database
        self.engine = engine

    def backups(self) -> list[Backup]:
        """The finished backups of this database, the newest first. Raises `BackupError`."""
        try:
            # Not by glob, which takes a folder that can't be read for an empty one.
            paths = [path for path in self.path.iterdir() if path.name.endswith(MANIFEST)]
        except FileNotFoundError:  # nobody has made any yet
            return []
        except OSError as error:
            raise BackupError(f"The backups in {self.path} can't be listed: {error.strerror}.") from error
        manifests = map(self._manifest, paths)
        found = [one for one in manifests if one and (one.database, one.engine) == (self.database, self.engine)]
        return sorted(found, key=lambda backup: (backup.made_at, backup.file), reverse=True)

    def _manifest(self, path: Path) -> Backup | None:
        """One that can't be read, somebody else's in a folder that is shared, is no reason to list none."""
        try:
            return read_manifest(path)
        except OSError as error:
            log.warning("%s can't be read, and isn't counted: %s", path, error.strerror)
            return None

    def newest(self) -> Backup | None:
        """The newest backup whose file is there."""
        return next((backup for backup in self.backups() if backup.is_there), None)

    @asynccontextmanager
    async def alone(self, wait_seconds: float = 0.0) -> AsyncIterator[None]:
        """Let no other process write here meanwhile. Raises `BackupError` if one does for longer than that."""
        with _written(self.path):
            self.path.mkdir(parents=True, exist_ok=True, mode=FOLDER_MODE)
        lock = FileLock(self.path / LOCK_FILE, thread_local=False)
        end = time.monotonic() + wait_seconds
        while not self._taken(lock):
            if time.monotonic() >= end:
                raise BackupError(f"Another backup is being made in {self.path}.")
            await asyncio.sleep(LOCK_PAUSE_SECONDS)
        try:
            self._tidy()
            yield
        finally:
            lock.release()

    def _taken(self, lock: FileLock) -> bool:
        try:
            with _written(self.path):
                lock.acquire(blocking=False)
        except Timeout:
            return False
        return True

    def _tidy(self) -> None:
        """Remove what somebody who was killed left; nobody else is at work now."""
        for left in self.path.glob(f"{WORKPLACE}*"):
            shutil.rmtree(left, ignore_errors=True)

    @contextmanager
    def workplace(self) -> Iterator[Path]:
        """A folder inside for files that aren't finished; it goes with the block."""
        with _written(self.path):
            place = Path(tempfile.mkdtemp(prefix=WORKPLACE, dir=self.path))  # for its owner's eyes alone
        try:
            yield place
        finally:
            shutil.rmtree(place, ignore_errors=True)

    def free_name(self, made_at: datetime, reason: str, suffix: str) -> Path:
        """A name for a new backup that nothing has yet."""
        stem = file_stem(self.database, made_at, reason)
        names = [f"{stem}.{suffix}", *(f"{stem}-{number}.{suffix}" for number in range(2, 100))]
        return next(path for name in names if not (path := self.path / name).exists())

    def publish(self, unfinished: Path, backup: Backup) -> None:
        """Give a proven backup its name. Raises `BackupError`.

        The manifest comes last: what has none isn't finished.
        """
        manifest = unfinished.with_name("manifest")
        said = {"format": FORMAT, **asdict(backup), "made_at": backup.made_at.isoformat()}
        del said["folder"]
        with _written(self.path):
            manifest.write_text(json.dumps(said, indent=1) + "\n", encoding="utf-8")
            unfinished.chmod(FILE_MODE)
            for file in (unfinished, manifest):
                _sync(file)
            unfinished.replace(backup.path)
            manifest.replace(manifest_path(backup.path))
            _sync(self.path)

    def rotate(self, keep: int) -> Sequence[Backup]:
        """Delete the backups that are old enough, and return them. What can't be deleted is logged."""
        gone = []
        for backup in expired(self.backups(), keep):
            try:
                backup.path.unlink(missing_ok=True)
                manifest_path(backup.path).unlink(missing_ok=True)
            except OSError as error:
                log.warning("The old backup %s can't be deleted: %s", backup.path, error.strerror)
            else:
                gone.append(backup)
        return gone


@contextmanager
def _written(folder: Path) -> Iterator[None]:
    """Turn what the system says against writing into a sentence."""
    try:
        yield
    except Timeout:
        raise
    except OSError as error:
        raise BackupError(f"No backup can be written to {folder}: {error.strerror or error}.") from error


def _sync(path: Path) -> None:
    """Write a file, or which files a folder has, to the disk. Windows can't sync folders."""
    if os.name == "nt":
        return
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)

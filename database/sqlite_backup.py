"""Backups of SQLite: its own backup API, inside one read transaction.

In WAL mode a reader keeps no writer waiting, and the transaction keeps the copy to one moment: without it the API
would begin anew at each commit of somebody else, and never come to an end beside a busy bot.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, closing, contextmanager
from pathlib import Path
from typing import Any, ClassVar, Final, TypeVar

from database.backup import BackupError, Contents, DamagedError, Held, InUseError, Keeper, checked, go_on, in_thread
from database.placeholders import Dialect

PAGES_A_STEP: Final = 1_024  # 4 MiB; between two steps it looks whether to go on
BUSY_SECONDS: Final = 5.0
HOLD_SECONDS: Final = 1.0  # a process that just ends may still have the file open

_TABLES: Final = (
    "SELECT name FROM sqlite_master WHERE type = 'table' AND substr(name, 1, 7) <> 'sqlite_' ORDER BY name"
)
_HISTORY: Final = "SELECT version, name, checksum FROM schema_migrations ORDER BY version"
_DAMAGED: Final = {sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT}
_IN_USE: Final = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}

T = TypeVar("T")


class SqliteKeeper(Keeper):
    """Dumps are database files."""

    dialect: ClassVar[Dialect] = "sqlite"
    suffix: ClassVar[str] = "sqlite.zst"
    compresses: ClassVar[bool] = False

    def __init__(self, path: Path) -> None:
        self._path = path

    @property
    def name(self) -> str:
        return self._path.stem

    @property
    def where(self) -> str:
        return str(self._path)

    async def dump(self, target: Path) -> Contents:
        if not self._path.is_file():
            raise BackupError(f"There is no database to back up: {self._path} isn't there.")

        def work(unwanted: threading.Event) -> Contents:
            with _explained(f"{self._path} can't be backed up"), closing(_opened(self._path, "ro")) as source:
                return _dump(source, target, unwanted)

        return await in_thread(work)

    async def try_out(self, dump: Path) -> Contents:
        def work(unwanted: threading.Event) -> Contents:
            with _explained("The backup can't be restored"), closing(_opened(dump, "rw")) as raw:
                raw.set_progress_handler(unwanted.is_set, 10_000)
                _check_length(raw, dump)
                _check(raw)
                return _contents(raw)

        return await in_thread(work)

    @asynccontextmanager
    async def hold(self) -> AsyncIterator[Held]:
        is_new = not self._path.exists()
        raw = await in_thread(lambda _unwanted: _held(self._path))
        try:
            yield _SqliteHeld(self._path, raw)
        finally:
            is_unused = is_new and not _counts(raw)
            raw.close()
            if is_unused:
                self._path.unlink()

    def set_aside(self, mark: str) -> Path | None:
        aside = self._path.with_name(f"{self._path.name}.{mark}")
        for ending in ("-wal", "-shm", "-journal"):  # they belong to it, and would be taken for the new one's
            beside = self._path.with_name(self._path.name + ending)
            if beside.exists():
                beside.replace(aside.with_name(aside.name + ending))
        self._path.replace(aside)
        return aside


class _SqliteHeld(Held):
    def __init__(self, path: Path, raw: sqlite3.Connection) -> None:
        self._path = path
        self._raw = raw

    async def is_empty(self) -> bool:
        return await self._run(lambda _unwanted: _is_empty(self._raw), f"{self._path} can't be read")

    async def contents(self) -> Contents:
        return await self._run(lambda _unwanted: _contents(self._raw), f"{self._path} can't be read")

    async def dump(self, target: Path) -> Contents:
        return await self._run(
            lambda unwanted: _dump(self._raw, target, unwanted), f"{self._path} can't be backed up"
        )

    async def replace(self, dump: Path, contents: Contents) -> None:
        # SQLite's own journal makes this whole or nothing, also over a kill or a power cut: the next to open the file
        # rolls back what was begun. And it is the same file as before, so nobody goes on with a deleted one.
        await self._run(
            lambda unwanted: _replace(self._raw, dump, contents, unwanted), f"{self._path} can't be written"
        )

    async def _run(self, work: Callable[[threading.Event], T], what: str) -> T:
        def explained(unwanted: threading.Event) -> T:
            with _explained(what):
                return work(unwanted)

        return await in_thread(explained)


# What follows runs in a thread.


def _opened(path: Path, mode: str) -> sqlite3.Connection:
    return sqlite3.connect(
        f"{path.resolve().as_uri()}?mode={mode}",
        uri=True,
        isolation_level=None,
        timeout=BUSY_SECONDS,
        check_same_thread=False,  # each call is a thread of the pool, one after the other
    )


def _dump(source: sqlite3.Connection, target: Path, unwanted: threading.Event) -> Contents:
    source.execute("BEGIN")
    try:
        contents = _contents(source)
        _copy(source, target, unwanted)
    finally:
        source.execute("ROLLBACK")
    return contents


def _copy(source: sqlite3.Connection, target: Path, unwanted: threading.Event) -> None:
    with closing(_opened(target, "rwc")) as copy:
        # Nobody sees this file before it is whole.
        copy.execute("PRAGMA journal_mode=OFF")
        copy.execute("PRAGMA synchronous=OFF")
        source.backup(copy, pages=PAGES_A_STEP, progress=lambda *_left: go_on(unwanted))
        copy.execute("PRAGMA journal_mode=DELETE")  # one file, without a log beside it


def _replace(raw: sqlite3.Connection, dump: Path, contents: Contents, unwanted: threading.Event) -> None:
    with closing(_opened(dump, "ro")) as source:
        _check_length(source, dump)
        if difference := contents.difference(_contents(source)):  # pages are copied as they are, whole or not
            raise DamagedError(f"The backup is damaged: {difference}.")
        source.backup(raw, pages=PAGES_A_STEP, progress=lambda *_left: go_on(unwanted))


def _is_empty(raw: sqlite3.Connection) -> bool:
    counts = _counts(raw)
    return not counts or counts == {"schema_migrations": 0}


def _counts(raw: sqlite3.Connection) -> dict[str, int]:
    names = [name for (name,) in raw.execute(_TABLES)]
    return {name: _count(raw, name) for name in names}


def _contents(raw: sqlite3.Connection) -> Contents:
    counts = _counts(raw)
    history = [
        {"version": version, "name": name, "checksum": checksum}
        for version, name, checksum in (raw.execute(_HISTORY) if "schema_migrations" in counts else ())
    ]
    return checked(history, counts)


def _count(raw: sqlite3.Connection, table: str) -> int:
    quoted = table.replace('"', '""')
    count: int = raw.execute(f'SELECT COUNT(*) FROM "{quoted}"').fetchone()[0]
    return count


def _check(raw: sqlite3.Connection) -> None:
    wrong = raw.execute("PRAGMA integrity_check(1)").fetchone()[0]
    if wrong != "ok":
        raise DamagedError(f"The backup is damaged: {' '.join(str(wrong).split())}.")
    broken = raw.execute("PRAGMA foreign_key_check").fetchone()
    if broken is not None:
        raise DamagedError(
            f"The backup is damaged: a row of {broken[0]} refers to one of {broken[2]} that isn't there."
        )


def _check_length(raw: sqlite3.Connection, file: Path) -> None:
    """SQLite itself takes what is missing at the end of the last page for zeros."""
    pages, page_bytes = (raw.execute(f"PRAGMA {what}").fetchone()[0] for what in ("page_count", "page_size"))
    if pages * page_bytes != file.stat().st_size:
        raise DamagedError("The backup is damaged: its end is missing.")


def _held(path: Path) -> sqlite3.Connection:
    with _explained(f"{path} can't be opened"):
        path.parent.mkdir(parents=True, exist_ok=True)
        raw = _opened(path, "rwc")
        try:
            raw.execute(f"PRAGMA busy_timeout={round(HOLD_SECONDS * 1000)}")
            # Leaving WAL mode needs the file for itself alone, and this locking mode keeps what was got. So it fails
            # while any other connection is open, also one that does nothing.
            raw.execute("PRAGMA locking_mode=EXCLUSIVE")
            if raw.execute("PRAGMA journal_mode=DELETE").fetchone()[0] != "delete":
                raise InUseError(f"{path} is used by somebody else. Stop the bot first.")
            raw.execute("PRAGMA synchronous=FULL")
            raw.execute("BEGIN EXCLUSIVE")
            raw.execute("COMMIT")
        except BaseException:
            raw.close()
            raise
        return raw


@contextmanager
def _explained(what: str) -> Iterator[None]:
    """Turn what SQLite raises into a sentence that begins with `what`."""
    try:
        yield
    except sqlite3.Error as error:
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF
        if code in _IN_USE:
            raise InUseError(f"{what}: somebody else uses it. Stop the bot first.") from error
        if code in _DAMAGED:
            raise DamagedError(f"{what}: it is damaged ({error}).") from error
        raise BackupError(f"{what}: {_reason(error, code)}.") from error
    except OSError as error:
        raise BackupError(f"{what}: {error.strerror or error}.") from error


def _reason(error: Any, code: int) -> str:
    if code == sqlite3.SQLITE_FULL:
        return "there is no space left on its disk"
    return str(error)

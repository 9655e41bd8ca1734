"""`python main.py restore FILE`: what is in a backup in place of all that is in the database, whole or not at all."""

import argparse
import logging
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from database.backup import BackupError, Contents, DamagedError, Held, Keeper, in_thread
from database.errors import MigrationError
from database.manager import DatabaseManager
from operations.running import OperationError, is_wanted, run_operation
from utils.backups import BEFORE_RESTORE, Backup, BackupFolder
from utils.backups.files import manifest_path, read_manifest
from utils.backups.making import make_in
from utils.backups.packing import digest, unpack
from utils.backups.service import folder_of
from utils.config import Config

if TYPE_CHECKING:
    from operations.cli import Subparsers

logger = logging.getLogger("hearth.backups")

NEWEST = "newest"
WAIT_SECONDS = 10.0


def add_to(subparsers: "Subparsers") -> None:
    """Declare the command."""
    parser = subparsers.add_parser(
        "restore",
        help="put a backup in place of the database, while the bot is stopped",
        description="Put what is in a backup in place of all that is in the database in DATABASE_URL: whole, or not "
        "at all. The bot must be stopped. What was there is kept as a backup of its own first.",
    )
    parser.add_argument("file", metavar="FILE", help=f"the backup, or its name in BACKUP_FOLDER, or '{NEWEST}'")
    parser.add_argument("--yes", action="store_true", help="don't ask")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Restore a backup; returns the exit status."""

    async def operation(config: Config) -> None:
        db = DatabaseManager(config.database_url)
        folder = folder_of(db, config)
        await _Restoring(db, folder, _chosen(arguments.file, folder), yes=arguments.yes).run()

    return run_operation(operation)


class _Restoring:
    """One restore, from the file to the database."""

    def __init__(self, db: DatabaseManager, folder: BackupFolder, file: Path, *, yes: bool) -> None:
        self.db = db
        self.keeper: Keeper = db.keeper
        self.folder = folder
        self.file = file
        self.yes = yes

    async def run(self) -> None:
        """Raise `OperationError` or `DatabaseError` if it can't be done; then all is as before."""
        manifest = await self._checked_manifest()
        await self._refuse_while_used()
        async with self.folder.alone(WAIT_SECONDS):
            with self.folder.workplace() as place:
                dump = place / "restored"
                contents = await self._taken_out(dump, manifest)
                await self._ask(contents, manifest)
                await self._replace(dump, contents)
        print(f"Restored {self.file}: {sum(contents.rows.values()):,} rows are in {self.keeper.where} now.")

    async def _refuse_while_used(self) -> None:
        """Say it before the work and the question."""
        with suppress(DamagedError):  # then nobody uses it
            async with self.keeper.hold():
                pass

    async def _checked_manifest(self) -> Backup | None:
        """What the file's manifest says, if it has one and the file is what it tells of."""
        path = manifest_path(self.file)
        try:
            manifest = read_manifest(path) if path.is_file() else None
        except OSError as error:
            raise OperationError(f"{path} can't be read: {error.strerror}.") from error
        if manifest is None:
            logger.warning("%s has no manifest beside it: it can be checked by itself alone", self.file)
        elif await in_thread(lambda unwanted: digest(self.file, unwanted)) != manifest.sha256:
            raise DamagedError(f"{self.file} is damaged: it isn't the file that its manifest tells of.")
        return manifest

    async def _taken_out(self, dump: Path, manifest: Backup | None) -> Contents:
        """Unpack it, restore it into a scratch database, and see whether it is what it should be."""
        dialect = await in_thread(lambda unwanted: unpack(self.file, dump, unwanted))
        if dialect != self.db.dialect:
            raise OperationError(
                f"{self.file} is a backup of {dialect}, and DATABASE_URL is {self.db.dialect}. Restore it into a "
                "database of its own kind, then move the data: python main.py copy --help."
            )
        contents = await self.keeper.try_out(dump)
        if manifest is not None and (difference := manifest.difference(contents)):
            raise DamagedError(f"{self.file} isn't what its manifest tells of: {difference}.")
        try:
            missing = self.db.check_history(contents.history)
        except MigrationError as error:
            raise OperationError(f"{self.file} doesn't fit this program. {error}") from error
        if missing:
            logger.info("The next start brings it up to date: %s", ", ".join(missing))
        return contents

    async def _ask(self, contents: Contents, manifest: Backup | None) -> None:
        if self.yes:
            return
        made = f" of {manifest.made_at:%Y-%m-%d %H:%M} UTC" if manifest else ""
        question = (
            f"Put {self.file}{made}, with {sum(contents.rows.values()):,} rows, in place of all that is in "
            f"{self.keeper.where}?"
        )
        if not await is_wanted(question):
            raise OperationError("Nothing was restored.")

    async def _replace(self, dump: Path, contents: Contents) -> None:
        is_kept = False
        try:
            async with self.keeper.hold() as held:
                await self._keep_what_is_there(held)
                is_kept = True
                await self._put(held, dump, contents)
        except DamagedError as error:
            if is_kept:
                raise
            await self._replace_damaged(error, dump, contents)

    async def _replace_damaged(self, error: DamagedError, dump: Path, contents: Contents) -> None:
        """A damaged file can't be kept as a backup: it is kept as it is, under another name."""
        mark = f"damaged-{datetime.now(UTC):%Y%m%d-%H%M%S}"
        try:
            aside = self.keeper.set_aside(mark)
        except OSError as failure:
            raise BackupError(f"{self.keeper.where} is damaged, and can't be moved away: {failure}.") from failure
        if aside is None:
            raise error
        logger.warning("The database is damaged (%s); it is kept as %s", error, aside)
        async with self.keeper.hold() as held:
            await self._put(held, dump, contents)

    async def _put(self, held: Held, dump: Path, contents: Contents) -> None:
        await held.replace(dump, contents)
        if difference := contents.difference(await held.contents()):
            raise OperationError(f"What was restored isn't what is in the backup: {difference}.")

    async def _keep_what_is_there(self, held: Held) -> None:
        if await held.is_empty():
            logger.info("There is nothing in %s yet that could be lost", self.keeper.where)
            return
        await make_in(self.keeper, held, self.folder, now=datetime.now(UTC), reason=BEFORE_RESTORE)


def _chosen(text: str, folder: BackupFolder) -> Path:
    """The file that somebody means. Raises `OperationError`."""
    if text == NEWEST:
        newest = folder.newest()
        if newest is None:
            raise OperationError(f"There is no backup of {folder.database} in {folder.path}.")
        return newest.path
    for file in (Path(text), folder.path / text):
        if file.is_file():
            return file
    raise OperationError(f"There is no file {text}, neither here nor in {folder.path}.")

"""The bot's own backups: as often as a setting says, and when its owner asks for one."""

import asyncio
import logging
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final

import discord

from database.errors import DatabaseError
from database.manager import DatabaseManager
from utils.backups.files import BEFORE_MIGRATION, Backup, BackupFolder
from utils.backups.making import make_backup
from utils.config import Config

if TYPE_CHECKING:
    from utils.bot import Hearth

log = logging.getLogger("hearth.backups")

FIRST_AFTER: Final = timedelta(minutes=1)
"""Of a start with none, or an old one: a bot that ends again at once makes none."""
AGAIN_AFTER: Final = timedelta(hours=1)
"""At most: when a backup failed, or another process makes them."""
LOOK_AFTER: Final = timedelta(hours=6)
"""When only others make some: a job of the machine, by the command line."""
WAIT_SECONDS: Final = 600.0
"""For another process that makes one, before a migration."""


class Backups:
    """Makes backups; in a cluster the process that leads does."""

    def __init__(self, bot: "Hearth") -> None:
        self.bot = bot
        self.every: timedelta | None = bot.config.backup_every
        self.folder = folder_of(bot.db, bot.config)
        self.newest: datetime | None = None
        """When the newest backup was made that this process knows of."""
        self.trouble: str | None = None
        """Why the latest attempt failed, for the operator; None if it didn't."""
        self._first_due = discord.utils.utcnow() + FIRST_AFTER
        self._task: asyncio.Task[None] | None = None

    @property
    def due_at(self) -> datetime | None:
        """When the next is due, or was; None while the bot is to make none by itself."""
        if self.every is None:
            return None
        return self._first_due if self.newest is None else self.newest + self.every

    # --- life cycle

    async def start(self) -> None:
        """Look which backups there are, and make one whenever the newest is old enough."""
        await self.look()
        self._first_due = discord.utils.utcnow() + FIRST_AFTER
        self._task = asyncio.create_task(self._run(), name="backups")

    async def stop(self) -> None:
        """Make none any more; one that is being made is given up, and leaves nothing."""
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
            await asyncio.wait({task})

    async def _run(self) -> None:
        while True:
            await asyncio.sleep(self._wait().total_seconds())
            await self.look()
            if self.bot.cluster.leads and self._is_due():
                await self._make_and_tell()

    def _wait(self) -> timedelta:
        """How long until it is worth to look again."""
        if self.every is None or self.due_at is None:
            return LOOK_AFTER
        wait = self.due_at - discord.utils.utcnow()
        if self.trouble is not None or not self.bot.cluster.leads:
            wait = max(wait, min(self.every, AGAIN_AFTER))
        return max(wait, FIRST_AFTER)

    def _is_due(self) -> bool:
        return self.due_at is not None and discord.utils.utcnow() >= self.due_at

    async def _make_and_tell(self) -> None:
        try:
            await self.make()
        except DatabaseError as error:
            log.error("The backup failed: %s", error)  # noqa: TRY400 - the sentence says it; nothing is wrong here
        except Exception as error:  # noqa: BLE001 - the next one may work
            self.trouble = str(error)
            self.bot.error_reports.add(error, "backups")

    # --- for the owner

    async def make(self) -> Backup:
        """Make a backup now. Raises `DatabaseError`."""
        try:
            made = await make_backup(
                self.bot.db.keeper, self.folder, keep=self.bot.config.backups_kept, now=discord.utils.utcnow()
            )
        except DatabaseError as error:
            self.trouble = str(error)
            raise
        self.newest, self.trouble = made.made_at, None
        return made

    async def listed(self) -> list[Backup]:
        """The backups that there are, the newest first. Raises `BackupError`."""
        return await asyncio.to_thread(self.folder.backups)

    async def look(self) -> None:
        """Find out when the newest was made, for somebody else may have made or deleted one."""
        try:
            newest = await asyncio.to_thread(self.folder.newest)
        except DatabaseError as error:
            self.trouble = str(error)
            log.warning("%s", error)
        else:
            self.newest = None if newest is None else newest.made_at


def folder_of(db: DatabaseManager, config: Config) -> BackupFolder:
    """Where the backups of a database are."""
    return BackupFolder(Path(config.backup_folder), db.keeper.name, db.dialect)


async def before_migration(db: DatabaseManager, config: Config, missing: list[str]) -> None:
    """Make a backup of an SQLite database that is about to be changed. Raises `DatabaseError`.

    PostgreSQL's schema changes in transactions that others hold up, and whoever runs a server backs it up.
    """
    if db.dialect != "sqlite":
        return
    backup = await make_backup(
        db.keeper, folder_of(db, config), keep=config.backups_kept, now=discord.utils.utcnow(),
        reason=BEFORE_MIGRATION, wait_seconds=WAIT_SECONDS,
    )  # fmt: skip
    log.info("Before %s: the database is kept in %s", ", ".join(missing), backup.path)

"""`python main.py backup`: a backup now, while the bot runs or not."""

import argparse
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from database.manager import DatabaseManager
from operations.running import run_operation
from utils.backups import Backup, make_backup
from utils.backups.files import BackupFolder
from utils.config import Config

if TYPE_CHECKING:
    from operations.cli import Subparsers

WAIT_SECONDS = 60.0
"""For another that is being made in the same folder."""


def add_to(subparsers: "Subparsers") -> None:
    """Declare the command."""
    parser = subparsers.add_parser(
        "backup",
        help="make a backup of the database, while the bot runs or not",
        description="Make a backup of the database in DATABASE_URL, while the bot runs or not, prove it by restoring "
        "it into a scratch database, and delete older ones than are to be kept.",
    )
    parser.add_argument("--to", type=Path, metavar="FOLDER", help="where to (default: BACKUP_FOLDER)")
    parser.add_argument("--keep", type=_count, metavar="N", help="how many are kept there (default: BACKUPS_KEPT)")
    parser.add_argument("--list", action="store_true", help="make none, and list those that there are")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Make a backup, or list those there are; returns the exit status."""

    async def operation(config: Config) -> None:
        keeper = DatabaseManager(config.database_url).keeper
        folder = BackupFolder(arguments.to or Path(config.backup_folder), keeper.name, keeper.dialect)
        if arguments.list:
            print_list(folder.backups(), datetime.now(UTC))
            return
        backup = await make_backup(
            keeper, folder, keep=arguments.keep or config.backups_kept, now=datetime.now(UTC),
            wait_seconds=WAIT_SECONDS,
        )  # fmt: skip
        print(backup.path)

    return run_operation(operation)


def print_list(backups: list[Backup], now: datetime) -> None:
    """Print a line for each backup, the newest first."""
    if not backups:
        print("There are no backups yet.")
    for backup in backups:
        state = "" if backup.is_there else "  (its file is missing, or was cut off)"
        print(
            f"{backup.file}  {in_bytes(backup.bytes)}  {backup.row_count:,} rows  schema {backup.schema:04}  "
            f"{age(backup.made_at, now)}{state}"
        )


def in_bytes(count: int) -> str:
    """A size for people: `1.4 MB`."""
    size = float(count)
    for unit in ("B", "kB", "MB", "GB"):
        if size < 1000:
            return f"{size:.0f} {unit}" if unit == "B" else f"{size:.1f} {unit}"
        size /= 1000
    return f"{size:.1f} TB"


def age(made_at: datetime, now: datetime) -> str:
    """How long ago something was, in the largest unit that fits."""
    seconds = max(0, int((now - made_at).total_seconds()))
    for name, length in (("day", 86_400), ("hour", 3_600), ("minute", 60)):
        if seconds >= length:
            count = seconds // length
            return f"{count} {name}{'' if count == 1 else 's'} ago"
    return "just now"


def _count(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("at least one is kept")
    return number

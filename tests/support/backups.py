"""What tests of backups share: rows to find again, and PostgreSQL's programs that fit the tests' server."""

import os
from datetime import UTC, datetime
from pathlib import Path

from database.ids import new_id
from database.manager import DatabaseManager
from database.schema import shapes
from tests.support.postgres import find_programs
from utils.backups import Backup, BackupFolder, make_backup


def programs_path() -> str:
    """A PATH on which the programs of the server that tests run are the first."""
    return os.pathsep.join([str(find_programs()), os.environ["PATH"]])


async def add_todos(db: DatabaseManager, *texts: str, user_id: int = 77) -> None:
    """Write rows with any text in them."""
    first: int = await db.fetchval("SELECT COALESCE(MAX(number), 0) + 1 FROM todos WHERE user_id = $1", user_id)
    for number, text in enumerate(texts, start=first):
        await db.execute(
            "INSERT INTO todos (user_id, number, text, added_at, message_id) VALUES ($1, $2, $3, 0, $4)",
            user_id, number, text, new_id(),
        )  # fmt: skip


async def backed_up(url: str, folder: Path) -> Backup:
    """Make a backup as the command does, without the start of a process."""
    keeper = DatabaseManager(url).keeper
    return await make_backup(keeper, BackupFolder(folder, keeper.name, keeper.dialect), keep=7, now=datetime.now(UTC))


async def todos(url: str) -> list[str]:
    """The texts that are there."""
    async with DatabaseManager(url, pool_min=1) as db:
        return [row["text"] for row in await db.fetchall("SELECT text FROM todos ORDER BY user_id, number")]


async def all_rows(url: str) -> dict[str, list[str]]:
    """Everything that is in a database."""
    async with DatabaseManager(url, pool_min=1) as db:
        return {table: sorted(map(repr, await db.fetchall(f'SELECT * FROM "{table}"'))) for table in await shapes(db)}


def files_in(folder: Path) -> set[str]:
    """The names of what is in a folder, but for the lock that stays."""
    return {path.name for path in folder.iterdir()} - {".lock"} if folder.is_dir() else set()

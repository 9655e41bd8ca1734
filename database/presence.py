"""Who of those in a table is in their guild: its column `present`, as far as is known."""

from collections.abc import Sequence
from typing import Final

from discord.utils import as_chunks

from database.manager import DatabaseManager
from database.placeholders import placeholders

AT_ONCE: Final = 500


async def thought_otherwise(
    db: DatabaseManager, table: str, guild_id: int, user_ids: Sequence[int], *, present: bool
) -> bool:
    """Whether something else is written down of any of these people."""
    for some in as_chunks(user_ids, AT_ONCE):
        found = await db.fetchval(
            f"SELECT user_id FROM {table} WHERE {_otherwise(some)} LIMIT 1", guild_id, present, *some
        )
        if found is not None:
            return True
    return False


async def write_presence(
    db: DatabaseManager, table: str, guild_id: int, user_ids: Sequence[int], *, present: bool
) -> int:
    """Write down that these people are here, or have left; in how many rows something else stood."""
    changed = 0
    for some in as_chunks(user_ids, AT_ONCE):
        changed += await db.execute(
            f"UPDATE {table} SET present = $2 WHERE {_otherwise(some)}", guild_id, present, *some
        )
    return changed


async def note_presence(
    db: DatabaseManager, table: str, guild_id: int, user_ids: Sequence[int], *, present: bool
) -> None:
    """The same; nobody writes because of who isn't in the table: that are most of those who come and go."""
    if await thought_otherwise(db, table, guild_id, user_ids, present=present):
        await write_presence(db, table, guild_id, user_ids, present=present)


def _otherwise(user_ids: Sequence[int]) -> str:
    return f"guild_id = $1 AND present <> $2 AND user_id IN ({placeholders(len(user_ids), first=3)})"

"""Who isn't listened to in a guild, in a table of its own for each thing that people can abuse."""

from datetime import datetime
from typing import ClassVar

from database.manager import DatabaseManager


class Blocking:
    """What a store with such a table has from it."""

    blocks: ClassVar[str]
    """The table."""

    def __init__(self, db: DatabaseManager) -> None:
        self.db = db

    async def block(self, guild_id: int, user_id: int, by: int, at: datetime) -> bool:
        """Listen to somebody no more; False if it is so already."""
        changed = await self.db.execute(
            f"INSERT INTO {self.blocks} (guild_id, user_id, blocked_by, blocked_at) VALUES ($1, $2, $3, $4)"
            " ON CONFLICT DO NOTHING",
            guild_id, user_id, by, at,
        )  # fmt: skip
        return changed == 1

    async def unblock(self, guild_id: int, user_id: int) -> bool:
        """Listen to somebody again; False if that was so."""
        changed = await self.db.execute(
            f"DELETE FROM {self.blocks} WHERE guild_id = $1 AND user_id = $2", guild_id, user_id
        )
        return changed == 1

    async def is_blocked(self, guild_id: int, user_id: int) -> bool:
        """Whether somebody isn't listened to."""
        found = await self.db.fetchval(
            f"SELECT 1 FROM {self.blocks} WHERE guild_id = $1 AND user_id = $2", guild_id, user_id
        )
        return found is not None

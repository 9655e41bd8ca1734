"""Who wants no message about their levels, and which channel for such messages doesn't work."""

from collections.abc import Collection

from discord.utils import as_chunks

from database.manager import DatabaseManager
from database.placeholders import placeholders

AT_ONCE = 1_000


class LevelUpsStore:
    """The tables `level_up_silences` and `level_up_troubles`."""

    def __init__(self, db: DatabaseManager) -> None:
        self.db = db

    async def silence(self, guild_id: int, user_id: int) -> None:
        """Let somebody hear no more of their levels in a guild."""
        await self.db.execute(
            "INSERT INTO level_up_silences (guild_id, user_id) VALUES ($1, $2) ON CONFLICT DO NOTHING",
            guild_id, user_id,
        )  # fmt: skip

    async def unsilence(self, guild_id: int, user_id: int) -> None:
        """Let somebody hear of their levels again."""
        await self.db.execute("DELETE FROM level_up_silences WHERE guild_id = $1 AND user_id = $2", guild_id, user_id)

    async def silent(self, guild_id: int, user_ids: Collection[int]) -> set[int]:
        """Those of these who want to hear nothing."""
        found = set()
        for some in as_chunks(sorted(user_ids), AT_ONCE):
            rows = await self.db.fetchall(
                "SELECT user_id FROM level_up_silences WHERE guild_id = $1"
                f" AND user_id IN ({placeholders(len(some), first=2)})",
                guild_id, *some,
            )  # fmt: skip
            found |= {row["user_id"] for row in rows}
        return found

    async def is_in_trouble(self, guild_id: int, channel_id: int) -> bool:
        """Write down that a guild's channel doesn't work; False if it was told about that one before."""
        changed = await self.db.execute(
            "INSERT INTO level_up_troubles (guild_id, channel_id) VALUES ($1, $2) ON CONFLICT (guild_id) DO UPDATE"
            " SET channel_id = excluded.channel_id WHERE level_up_troubles.channel_id <> excluded.channel_id",
            guild_id, channel_id,
        )  # fmt: skip
        return changed == 1

    async def works(self, guild_id: int) -> None:
        """Forget about a trouble with a guild's channel: the next one is told again."""
        await self.db.execute("DELETE FROM level_up_troubles WHERE guild_id = $1", guild_id)

"""Cases that couldn't be shown in their guild's log, as rows."""

from database.manager import DatabaseManager


class MissedCasesStore:
    """The table `case_log_missed`."""

    def __init__(self, db: DatabaseManager) -> None:
        self.db = db

    async def add(self, guild_id: int, number: int) -> None:
        """A case couldn't be shown."""
        await self.db.execute(
            "INSERT INTO case_log_missed (guild_id, number) VALUES ($1, $2) ON CONFLICT DO NOTHING", guild_id, number
        )

    async def remove(self, guild_id: int, number: int) -> None:
        """A case is shown now."""
        await self.db.execute("DELETE FROM case_log_missed WHERE guild_id = $1 AND number = $2", guild_id, number)

    async def newest(self, guild_id: int, limit: int) -> list[int]:
        """The numbers of the newest cases that couldn't be shown, the lowest first."""
        rows = await self.db.fetchall(
            "SELECT number FROM case_log_missed WHERE guild_id = $1 ORDER BY number DESC LIMIT $2", guild_id, limit
        )
        return sorted(row["number"] for row in rows)

    async def forget_before(self, guild_id: int, number: int) -> int:
        """Let older ones never be shown; how many these are."""
        return await self.db.execute(
            "DELETE FROM case_log_missed WHERE guild_id = $1 AND number < $2", guild_id, number
        )

    async def forget(self, guild_id: int) -> None:
        """Let none of a guild's be shown: it wants no log any more."""
        await self.db.execute("DELETE FROM case_log_missed WHERE guild_id = $1", guild_id)

    async def guilds(self) -> set[int]:
        """The guilds that have any."""
        rows = await self.db.fetchall("SELECT DISTINCT guild_id FROM case_log_missed")
        return {row["guild_id"] for row in rows}

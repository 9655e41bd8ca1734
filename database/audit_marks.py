"""How far each guild's audit log was read, as rows."""

from database.manager import DatabaseManager


class AuditMarksStore:
    """The table `audit_marks`."""

    def __init__(self, db: DatabaseManager) -> None:
        self.db = db

    async def get(self, guild_id: int) -> int | None:
        """The newest entry that was read; 0 if the log was empty then, None if it was never looked at."""
        found: int | None = await self.db.fetchval("SELECT entry_id FROM audit_marks WHERE guild_id = $1", guild_id)
        return found

    async def advance(self, guild_id: int, entry_id: int) -> None:
        """Everything up to an entry was read. What is older than the mark that stands changes nothing."""
        await self.db.execute(
            "INSERT INTO audit_marks (guild_id, entry_id) VALUES ($1, $2) ON CONFLICT (guild_id) DO UPDATE"
            " SET entry_id = excluded.entry_id WHERE audit_marks.entry_id < excluded.entry_id",
            guild_id, entry_id,
        )  # fmt: skip

"""What a person chose for themselves: language, time zone."""

from database.manager import DatabaseManager


class UserSettingsStore:
    """The table `user_settings`."""

    def __init__(self, db: DatabaseManager) -> None:
        self.db = db

    async def of_user(self, user_id: int) -> dict[str, str]:
        """All that this person chose, by key."""
        rows = await self.db.fetchall("SELECT key, value FROM user_settings WHERE user_id = $1", user_id)
        return {row["key"]: row["value"] for row in rows}

    async def change(self, user_id: int, key: str, value: str | None) -> None:
        """Keep `value`, or forget the choice when it is None."""
        if value is None:
            await self.db.execute("DELETE FROM user_settings WHERE user_id = $1 AND key = $2", user_id, key)
            return
        await self.db.execute(
            "INSERT INTO user_settings (user_id, key, value) VALUES ($1, $2, $3)"
            " ON CONFLICT (user_id, key) DO UPDATE SET value = excluded.value",
            user_id, key, value,
        )  # fmt: skip

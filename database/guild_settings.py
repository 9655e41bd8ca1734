"""What guilds changed from the defaults, and every change."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from database.ids import new_id
from database.manager import DatabaseManager, Row
from database.values import json_value, moment


@dataclass(frozen=True, slots=True)
class StoredSetting:
    """One value that differs from its default."""

    guild_id: int
    key: str
    value: Any


@dataclass(frozen=True, slots=True)
class SettingChange:
    """One entry of a guild's history. `None` as a value stands for the default."""

    id: int
    guild_id: int
    key: str
    old: Any
    new: Any
    changed_by: int | None
    changed_at: datetime
    undoes: int | None
    undone: bool
    import_id: int | None = None


class GuildSettingsStore:
    """The tables `guild_settings` and `guild_setting_changes`."""

    def __init__(self, db: DatabaseManager) -> None:
        self.db = db

    async def all(self) -> list[StoredSetting]:
        """Every stored value of every guild."""
        return _stored(await self.db.fetchall("SELECT guild_id, key, value FROM guild_settings"))

    async def of_guild(self, guild_id: int) -> list[StoredSetting]:
        """The stored values of one guild."""
        return _stored(
            await self.db.fetchall("SELECT guild_id, key, value FROM guild_settings WHERE guild_id = $1", guild_id)
        )

    async def change(
        self,
        guild_id: int,
        key: str,
        new: Any,
        *,
        changed_by: int | None,
        at: datetime,
        undoes: int | None = None,
        import_id: int | None = None,
    ) -> SettingChange:
        """Store `new` (None: back to the default) and write the change down, in one transaction.

        `import_id` is of the import that this is a part of.
        """
        async with self.db.transaction():
            old_row = await self.db.fetchone(
                "SELECT value FROM guild_settings WHERE guild_id = $1 AND key = $2", guild_id, key
            )
            old = None if old_row is None else json_value(old_row["value"])
            if new is None:
                await self.db.execute("DELETE FROM guild_settings WHERE guild_id = $1 AND key = $2", guild_id, key)
            else:
                await self.db.execute(
                    "INSERT INTO guild_settings (guild_id, key, value) VALUES ($1, $2, $3)"
                    " ON CONFLICT (guild_id, key) DO UPDATE SET value = excluded.value",
                    guild_id, key, json.dumps(new),
                )  # fmt: skip
            if undoes is not None:
                await self.db.execute("UPDATE guild_setting_changes SET undone = TRUE WHERE id = $1", undoes)
            change = SettingChange(
                new_id(), guild_id, key, old, new, changed_by, at, undoes, undone=False, import_id=import_id
            )
            await self.db.execute(
                "INSERT INTO guild_setting_changes"
                " (id, guild_id, key, old_value, new_value, changed_by, changed_at, undoes, import_id)"
                " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
                change.id, guild_id, key, _encoded(old), _encoded(new), changed_by, at, undoes, import_id,
            )  # fmt: skip
        return change

    async def history(self, guild_id: int, *, key: str | None = None, limit: int = 100) -> list[SettingChange]:
        """The latest changes, newest first; of one setting if `key` is given, else without those of imports."""
        rows = await self.db.fetchall(
            "SELECT * FROM guild_setting_changes WHERE guild_id = $1"
            " AND (CAST($2 AS TEXT) IS NULL AND import_id IS NULL OR key = $2)"
            " ORDER BY id DESC LIMIT $3",
            guild_id, key, limit,
        )  # fmt: skip
        return [_change(row) for row in rows]

    async def forget_before(self, before: datetime) -> int:
        """Forget old changes, but for those that a newer one took back; how many there were."""
        return await self.db.execute(
            "DELETE FROM guild_setting_changes WHERE changed_at < $1 AND id NOT IN"
            " (SELECT undoes FROM guild_setting_changes WHERE undoes IS NOT NULL AND changed_at >= $1)",
            before,
        )

    async def last_to_undo(self, guild_id: int) -> SettingChange | None:
        """The newest change that was neither taken back nor takes another back, nor is a part of an import."""
        row = await self.db.fetchone(
            "SELECT * FROM guild_setting_changes WHERE guild_id = $1 AND NOT undone AND undoes IS NULL"
            " AND import_id IS NULL ORDER BY id DESC LIMIT 1",
            guild_id,
        )
        return None if row is None else _change(row)


def _encoded(value: Any) -> str | None:
    return None if value is None else json.dumps(value)


def _stored(rows: Iterable[Row]) -> list[StoredSetting]:
    return [StoredSetting(row["guild_id"], row["key"], json_value(row["value"])) for row in rows]


def _change(row: Row) -> SettingChange:
    changed_at = moment(row["changed_at"])
    assert changed_at is not None
    return SettingChange(
        row["id"], row["guild_id"], row["key"], json_value(row["old_value"]), json_value(row["new_value"]),
        row["changed_by"], changed_at, row["undoes"], row["undone"], row["import_id"],
    )  # fmt: skip

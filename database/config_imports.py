"""Imports of configurations: what each changed, so that it can be taken back."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from database.ids import new_id
from database.manager import DatabaseManager, Row
from database.values import json_value, moment

KEPT: Final = 10
"""So many imports of a server, the latest, can be taken back."""

Changes = Mapping[str, Mapping[str, list[Any]]]
"""By section and entry, what was there before and what is there after."""


@dataclass(frozen=True, slots=True)
class ConfigImport:
    """One import. `counts` says how many entries of each section it changed; `changes` is None when it is too old."""

    id: int
    guild_id: int
    imported_by: int | None
    imported_at: datetime
    counts: dict[str, int]
    changes: Changes | None
    undoes: int | None
    undone: bool


class ConfigImportsStore:
    """The table `config_imports`."""

    def __init__(self, db: DatabaseManager) -> None:
        self.db = db

    async def add(
        self, guild_id: int, changes: Changes, *, by: int, at: datetime, undoes: int | None = None
    ) -> ConfigImport:
        """Write an import down, in the caller's transaction; old ones are only remembered as such from now on."""
        counts = {name: len(entries) for name, entries in changes.items()}
        one = ConfigImport(new_id(), guild_id, by, at, counts, changes, undoes, undone=False)
        await self.db.execute(
            "INSERT INTO config_imports (id, guild_id, imported_by, imported_at, counts, changes, undoes)"
            " VALUES ($1, $2, $3, $4, $5, $6, $7)",
            one.id, guild_id, by, at, counts, json.dumps(changes), undoes,
        )  # fmt: skip
        if undoes is not None:
            await self.db.execute("UPDATE config_imports SET undone = TRUE WHERE id = $1", undoes)
        await self.db.execute(
            "UPDATE config_imports SET changes = NULL WHERE guild_id = $1 AND changes IS NOT NULL AND id NOT IN"
            " (SELECT id FROM config_imports WHERE guild_id = $1 ORDER BY id DESC LIMIT $2)",
            guild_id, KEPT,
        )  # fmt: skip
        return one

    async def history(self, guild_id: int, limit: int) -> list[ConfigImport]:
        """The latest imports, newest first."""
        rows = await self.db.fetchall(
            "SELECT * FROM config_imports WHERE guild_id = $1 ORDER BY id DESC LIMIT $2", guild_id, limit
        )
        return [_import(row) for row in rows]

    async def last_to_undo(self, guild_id: int) -> ConfigImport | None:
        """The newest import that was neither taken back nor takes another back."""
        row = await self.db.fetchone(
            "SELECT * FROM config_imports WHERE guild_id = $1 AND NOT undone AND undoes IS NULL"
            " ORDER BY id DESC LIMIT 1",
            guild_id,
        )
        return None if row is None else _import(row)


def _import(row: Row) -> ConfigImport:
    imported_at = moment(row["imported_at"])
    assert imported_at is not None
    changes = None if row["changes"] is None else json.loads(row["changes"])
    return ConfigImport(
        row["id"], row["guild_id"], row["imported_by"], imported_at, json_value(row["counts"]), changes,
        row["undoes"], bool(row["undone"]),
    )  # fmt: skip

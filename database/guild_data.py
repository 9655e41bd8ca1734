"""All that is stored about a guild, deleted in pieces when the bot has been away from it long enough."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from database.manager import DatabaseManager, Row
from database.personal_tables import Table
from database.schema import Shape
from database.values import moment

ROWS_AT_ONCE: Final = 1_000
"""In one transaction: others wait for it on SQLite."""


@dataclass(frozen=True, slots=True)
class Departed:
    """A guild that the bot isn't in any more. `erasing` says that deleting has begun."""

    guild_id: int
    left_at: datetime
    timer_id: int
    erasing: bool


class GuildDataStore:
    """Every declared table, as far as it is about guilds."""

    def __init__(self, db: DatabaseManager, tables: Sequence[Table], shapes: Mapping[str, Shape]) -> None:
        self.db = db
        self.shapes = shapes
        ours = [table for table in tables if not table.outlives_guild and (table.guild or table.parent)]
        # What knows its guild by another table goes before that one.
        self.tables = sorted(ours, key=lambda table: table.parent is None)

    async def delete_some(self, guild_id: int, most: int = ROWS_AT_ONCE) -> int:
        """Delete some rows of a guild; how many there were, and none when all of it is gone.

        What is cut off goes on where it was: nothing is written down about it.
        """
        for table in self.tables:
            deleted = await self._delete(table, guild_id, most)
            if deleted:
                return deleted
        return 0

    async def _delete(self, table: Table, guild_id: int, most: int) -> int:
        key = ", ".join(self.shapes[table.name].key)
        # The newest first: a row may name an older one.
        newest = ", ".join(f"{column} DESC" for column in self.shapes[table.name].key)
        where = _of_guild(table)
        return await self.db.execute(
            f"DELETE FROM {table.name} WHERE ({key}) IN"
            f" (SELECT {key} FROM {table.name} WHERE {where} ORDER BY {newest} LIMIT $2)",
            guild_id, most,
        )  # fmt: skip

    async def guilds(self) -> set[int]:
        """Every guild of which anything is stored."""
        looks = [self._guilds_in(table, table.guild) for table in self.tables if table.guild is not None]
        return {row["guild_id"] for row in await self.db.fetchall(" UNION ".join(looks))} - {0}

    def _guilds_in(self, table: Table, column: str) -> str:
        if self.shapes[table.name].key[0] != column:
            return f"SELECT DISTINCT {column} AS guild_id FROM {table.name} WHERE {column} IS NOT NULL"
        # From one to the next along the key: these tables may have many rows for each guild.
        return (
            f"SELECT guild_id FROM (WITH RECURSIVE guilds (guild_id) AS (SELECT MIN({column}) FROM {table.name}"
            f" UNION ALL SELECT (SELECT MIN({column}) FROM {table.name} WHERE {column} > guilds.guild_id) FROM guilds"
            " WHERE guilds.guild_id IS NOT NULL)"
            " SELECT guild_id FROM guilds WHERE guild_id IS NOT NULL) AS found"
        )


def _of_guild(table: Table) -> str:
    if table.guild is not None:
        return f"{table.guild} = $1"
    assert table.parent is not None
    parent = table.parent
    return f"{parent.column} IN (SELECT {parent.key} FROM {parent.table} WHERE {parent.guild} = $1)"


class DepartedGuildsStore:
    """The table `departed_guilds`."""

    def __init__(self, db: DatabaseManager) -> None:
        self.db = db

    async def add(self, guild_id: int, left_at: datetime, timer_id: int) -> bool:
        """Write down that the bot has left; False if that was known."""
        added = await self.db.execute(
            "INSERT INTO departed_guilds (guild_id, left_at, timer_id) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
            guild_id, left_at, timer_id,
        )  # fmt: skip
        return added == 1

    async def get(self, guild_id: int) -> Departed | None:
        """What is known of a guild that was left."""
        row = await self.db.fetchone("SELECT * FROM departed_guilds WHERE guild_id = $1", guild_id)
        return None if row is None else _departed(row)

    async def all(self) -> list[Departed]:
        """Every guild that was left, the longest ago first."""
        rows = await self.db.fetchall("SELECT * FROM departed_guilds ORDER BY left_at, guild_id")
        return [_departed(row) for row in rows]

    async def begin(self, guild_id: int) -> bool:
        """Write down that its data is being deleted; False if the bot is back."""
        changed = await self.db.execute("UPDATE departed_guilds SET erasing = TRUE WHERE guild_id = $1", guild_id)
        return changed == 1

    async def remove(self, guild_id: int, *, erased: bool) -> int | None:
        """Forget that it was left, because all is deleted or else because the bot is back; its timer.

        None if there is nothing to forget: back again, deleting may have begun.
        """
        found: int | None = await self.db.fetchval(
            "DELETE FROM departed_guilds WHERE guild_id = $1 AND erasing = $2 RETURNING timer_id", guild_id, erased
        )
        return found


def _departed(row: Row) -> Departed:
    left_at = moment(row["left_at"])
    assert left_at is not None
    return Departed(row["guild_id"], left_at, row["timer_id"], row["erasing"])

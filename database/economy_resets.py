"""What a reset of an economy takes away besides coins, kept so that it can be brought back once."""

from dataclasses import dataclass
from typing import Any, Final

from database.economy import Operation
from database.manager import DatabaseManager


@dataclass(frozen=True, slots=True)
class _Kept:
    """A table whose rows are put aside. What members have got since is kept, and joined to what comes back."""

    name: str
    columns: str
    keys: str
    joined: str


def _larger(column: str, table: str) -> str:
    return (
        f"{column} = CASE WHEN excluded.{column} > {table}.{column} THEN excluded.{column} ELSE {table}.{column} END"
    )


def _sum(column: str, table: str) -> str:
    return f"{column} = {table}.{column} + excluded.{column}"


_TABLES: Final = (
    _Kept(
        "claims",
        "guild_id, user_id, kind, claimed_at, streak, best_streak, times",
        "guild_id, user_id, kind",
        ", ".join(
            [
                *(_larger(column, "claims") for column in ("claimed_at", "streak", "best_streak")),
                _sum("times", "claims"),
            ]
        ),
    ),
    _Kept(
        "inventory",
        "guild_id, user_id, item, quantity",
        "guild_id, user_id, item",
        _sum("quantity", "inventory"),
    ),
    _Kept(
        "purchases",
        "guild_id, user_id, item, quantity",
        "guild_id, user_id, item",
        _sum("quantity", "purchases"),
    ),
)  # fmt: skip


class ResetsStore:
    """The tables `reset_claims`, `reset_inventory` and `reset_purchases`. Everything is called in an operation."""

    def __init__(self, db: DatabaseManager) -> None:
        self.db = db

    async def put_aside(self, operation: Operation, user_id: int | None) -> int:
        """Take claims and items away from a member, or from everybody, and keep them; how many rows that were."""
        moved = 0
        for table in _TABLES:
            where, values = "guild_id = $1", [operation.guild_id]
            if user_id is not None:
                where += " AND user_id = $2"
                values.append(user_id)
            await self.db.execute(
                f"INSERT INTO reset_{table.name} (operation, {table.columns})"
                f" SELECT CAST(${len(values) + 1} AS BIGINT), {table.columns} FROM {table.name} WHERE {where}",
                *values, operation.number,
            )  # fmt: skip
            moved += await self.db.execute(f"DELETE FROM {table.name} WHERE {where}", *values)
        return moved

    async def bring_back(self, guild_id: int, number: int) -> int:
        """Give back what the reset with that number took, and keep it no longer; how many rows that were."""
        moved = 0
        for table in _TABLES:
            values: list[Any] = [guild_id, number]
            await self.db.execute(
                f"INSERT INTO {table.name} ({table.columns}) SELECT {table.columns} FROM reset_{table.name}"
                " WHERE guild_id = $1 AND operation = $2"
                f" ON CONFLICT ({table.keys}) DO UPDATE SET {table.joined}",
                *values,
            )
            moved += await self.db.execute(
                f"DELETE FROM reset_{table.name} WHERE guild_id = $1 AND operation = $2", *values
            )
        return moved

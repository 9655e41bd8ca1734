"""Roles that pay whoever has them."""

from dataclasses import dataclass
from datetime import timedelta

from database.manager import DatabaseManager, Row


@dataclass(frozen=True, slots=True)
class RoleIncome:
    """What a role pays, and how often."""

    role_id: int
    amount: int
    every: timedelta


class RoleIncomeStore:
    """The table `role_incomes`."""

    def __init__(self, db: DatabaseManager) -> None:
        self.db = db

    async def put(self, guild_id: int, income: RoleIncome) -> bool:
        """Let a role pay, or pay something else; whether it paid nothing before."""
        known = await self.get(guild_id, income.role_id)
        await self.db.execute(
            "INSERT INTO role_incomes (guild_id, role_id, amount, every) VALUES ($1, $2, $3, $4)"
            " ON CONFLICT (guild_id, role_id) DO UPDATE SET amount = excluded.amount, every = excluded.every",
            guild_id, income.role_id, income.amount, int(income.every.total_seconds()),
        )  # fmt: skip
        return known is None

    async def remove(self, guild_id: int, role_id: int) -> bool:
        """Let a role pay no longer; whether it did."""
        return bool(
            await self.db.execute("DELETE FROM role_incomes WHERE guild_id = $1 AND role_id = $2", guild_id, role_id)
        )

    async def get(self, guild_id: int, role_id: int) -> RoleIncome | None:
        """What a role pays."""
        row = await self.db.fetchone(
            "SELECT * FROM role_incomes WHERE guild_id = $1 AND role_id = $2", guild_id, role_id
        )
        return None if row is None else _income(row)

    async def all(self, guild_id: int) -> list[RoleIncome]:
        """Every role that pays, the best first."""
        rows = await self.db.fetchall(
            "SELECT * FROM role_incomes WHERE guild_id = $1 ORDER BY amount DESC, role_id", guild_id
        )
        return [_income(row) for row in rows]


def _income(row: Row) -> RoleIncome:
    return RoleIncome(row["role_id"], row["amount"], timedelta(seconds=row["every"]))

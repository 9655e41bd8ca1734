"""What members have of the shop's items."""

from dataclasses import dataclass

from database.economy import Operation
from database.manager import DatabaseManager


@dataclass(frozen=True, slots=True)
class Holding:
    """So many of an item that somebody has, by the item's number."""

    item: int
    quantity: int


class InventoryStore:
    """The table `inventory`. It is changed inside an operation, so that nobody can give the same thing away twice."""

    def __init__(self, db: DatabaseManager) -> None:
        self.db = db

    async def add(self, operation: Operation, user_id: int, item: int, quantity: int) -> int:
        """Let somebody have so many more; how many they have then."""
        return int(
            await self.db.fetchval(
                "INSERT INTO inventory (guild_id, user_id, item, quantity) VALUES ($1, $2, $3, $4)"
                " ON CONFLICT (guild_id, user_id, item)"
                " DO UPDATE SET quantity = inventory.quantity + excluded.quantity RETURNING quantity",
                operation.guild_id, user_id, item, quantity,
            )
        )  # fmt: skip

    async def take(self, operation: Operation, user_id: int, item: int, quantity: int) -> bool:
        """Take so many from somebody; False if they have fewer, and then nothing is taken."""
        values = (operation.guild_id, user_id, item, quantity)
        where = "guild_id = $1 AND user_id = $2 AND item = $3 AND quantity"
        return bool(
            await self.db.execute(f"UPDATE inventory SET quantity = quantity - $4 WHERE {where} > $4", *values)
            or await self.db.execute(f"DELETE FROM inventory WHERE {where} = $4", *values)
        )

    async def of(self, guild_id: int, user_id: int) -> list[Holding]:
        """All that somebody has, by the items' numbers."""
        rows = await self.db.fetchall(
            "SELECT item, quantity FROM inventory WHERE guild_id = $1 AND user_id = $2 ORDER BY item",
            guild_id, user_id,
        )  # fmt: skip
        return [Holding(row["item"], row["quantity"]) for row in rows]

    async def count(self, guild_id: int, user_id: int, item: int) -> int:
        """How many of an item somebody has."""
        found = await self.db.fetchval(
            "SELECT quantity FROM inventory WHERE guild_id = $1 AND user_id = $2 AND item = $3",
            guild_id, user_id, item,
        )  # fmt: skip
        return int(found or 0)

    async def owners(self, guild_id: int, item: int) -> int:
        """How many people have some of an item."""
        return int(
            await self.db.fetchval("SELECT COUNT(*) FROM inventory WHERE guild_id = $1 AND item = $2", guild_id, item)
        )

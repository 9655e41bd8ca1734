"""Codes that are sold: each is read by one member only."""

from collections.abc import Sequence
from datetime import datetime

from database.deliveries import Delivery
from database.economy import Operation
from database.manager import DatabaseManager


class ShopCodesStore:
    """The table `shop_codes`."""

    def __init__(self, db: DatabaseManager) -> None:
        self.db = db

    async def add(self, guild_id: int, item: int, codes: Sequence[str], at: datetime) -> int:
        """Put codes into stock; how many of them are new. Zero, too, if the item isn't sold any more."""
        async with self.db.transaction():
            held = await self.db.execute(
                "UPDATE shop_items SET stock = COALESCE(stock, 0) WHERE guild_id = $1 AND number = $2"
                " AND kind = 'code' AND removed_at IS NULL",
                guild_id, item,
            )  # fmt: skip
            if not held:
                return 0
            new = 0
            for code in dict.fromkeys(codes):
                new += await self.db.execute(
                    "INSERT INTO shop_codes (guild_id, item, code, added_at) VALUES ($1, $2, $3, $4)"
                    " ON CONFLICT DO NOTHING",
                    guild_id, item, code, at,
                )  # fmt: skip
            await self.db.execute(
                "UPDATE shop_items SET stock = stock + $3 WHERE guild_id = $1 AND number = $2", guild_id, item, new
            )
        return new

    async def take(self, operation: Operation, user_id: int, item: int) -> str | None:
        """Use up the code that has waited longest; None if there is none."""
        code = await self.db.fetchval(
            "SELECT code FROM shop_codes WHERE guild_id = $1 AND item = $2 AND operation IS NULL"
            " ORDER BY added_at, code LIMIT 1",
            operation.guild_id, item,
        )  # fmt: skip
        if code is None:
            return None
        await self.db.execute(
            "UPDATE shop_codes SET operation = $4, user_id = $5 WHERE guild_id = $1 AND item = $2 AND code = $3",
            operation.guild_id, item, code, operation.number, user_id,
        )  # fmt: skip
        return str(code)

    async def of(self, delivery: Delivery) -> str | None:
        """The code that a delivery is about."""
        code = await self.db.fetchval(
            "SELECT code FROM shop_codes WHERE guild_id = $1 AND operation = $2",
            delivery.guild_id,
            delivery.operation,
        )
        return None if code is None else str(code)

    async def put_back(self, delivery: Delivery) -> None:
        """Let the code of a delivery that came to nothing be one that nobody has read."""
        await self.db.execute(
            "UPDATE shop_codes SET operation = NULL, user_id = NULL WHERE guild_id = $1 AND operation = $2",
            delivery.guild_id, delivery.operation,
        )  # fmt: skip

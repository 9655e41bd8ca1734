"""What is sold, and how much of it each member bought."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import Any, Final, Literal

from database.economy import Operation
from database.manager import DatabaseManager, Row
from database.placeholders import placeholders
from database.values import moment

ItemKind = Literal["role", "text", "code", "boost", "collectable"]
TRIES: Final = 5  # to take the next number, when several items are added at once


@dataclass(frozen=True, slots=True)
class ShopItem:
    """Something that is sold, or was."""

    guild_id: int
    kind: ItemKind
    name: str
    price: int
    number: int = 0
    """Of the guild's items, which; none but a new one has 0."""
    description: str | None = None
    stock: int | None = None
    per_person: int | None = None
    role_id: int | None = None
    accepted_permissions: int = 0
    kept: bool = False
    lasts: timedelta | None = None
    percent: int | None = None
    content: str | None = None
    needed_role_id: int | None = None
    needed_level: int | None = None
    needed_balance: int | None = None
    sold_from: datetime | None = None
    sold_until: datetime | None = None
    removed_at: datetime | None = None


COLUMNS: Final = tuple(field.name for field in fields(ShopItem))


def name_key(name: str) -> str:
    """A name as it is compared: whatever its case and spaces."""
    return " ".join(name.split()).casefold()


class ShopStore:
    """The tables `shop_items` and `purchases`."""

    def __init__(self, db: DatabaseManager) -> None:
        self.db = db

    # --- what is sold

    async def add(self, item: ShopItem) -> ShopItem | None:
        """Put an item into the shop under the next number; None if one of that name is sold already."""
        columns = [name for name in COLUMNS if name != "number"]
        values = [_encoded(getattr(item, name)) for name in columns]
        for _attempt in range(TRIES):
            row = await self.db.fetchone(
                f"INSERT INTO shop_items ({', '.join(columns)}, name_key, number)"
                f" SELECT {', '.join(_typed(name, place) for place, name in enumerate(columns, start=1))},"
                f" CAST(${len(columns) + 1} AS TEXT), COALESCE(MAX(number), 0) + 1"
                " FROM shop_items WHERE guild_id = $1"
                " ON CONFLICT DO NOTHING RETURNING *",
                *values, name_key(item.name),
            )  # fmt: skip
            if row is not None:
                return _item(row)
            if await self.named(item.guild_id, item.name) is not None:
                return None
        return None

    async def change(self, guild_id: int, number: int, changes: Mapping[str, Any]) -> ShopItem | None:
        """Change columns of an item; None if it isn't sold any more. Raises `ConstraintViolated` for a name twice."""
        assert changes.keys() <= set(COLUMNS) - {"guild_id", "number", "kind", "removed_at"}
        new = {name: _encoded(value) for name, value in changes.items()}
        if "name" in changes:
            new["name_key"] = name_key(changes["name"])
        setting = ", ".join(f"{name} = ${place}" for place, name in enumerate(new, start=3))
        row = await self.db.fetchone(
            f"UPDATE shop_items SET {setting} WHERE guild_id = $1 AND number = $2 AND removed_at IS NULL RETURNING *",
            guild_id, number, *new.values(),
        )  # fmt: skip
        return None if row is None else _item(row)

    async def remove(self, guild_id: int, number: int, at: datetime) -> bool:
        """Sell an item no more; False if it wasn't sold."""
        changed = await self.db.execute(
            "UPDATE shop_items SET removed_at = $3 WHERE guild_id = $1 AND number = $2 AND removed_at IS NULL",
            guild_id, number, at,
        )  # fmt: skip
        return changed == 1

    async def removed(self, guild_id: int, name: str, limit: int) -> list[ShopItem]:
        """What was taken out of the shop under that name, the latest first."""
        rows = await self.db.fetchall(
            "SELECT * FROM shop_items WHERE guild_id = $1 AND name_key = $2 AND removed_at IS NOT NULL"
            " ORDER BY removed_at DESC, number DESC LIMIT $3",
            guild_id, name_key(name), limit,
        )  # fmt: skip
        return [_item(row) for row in rows]

    async def put_back(self, guild_id: int, number: int) -> bool:
        """Sell an item again; False if it is sold, or another one of that name is."""
        changed = await self.db.execute(
            "UPDATE shop_items SET removed_at = NULL WHERE guild_id = $1 AND number = $2 AND removed_at IS NOT NULL"
            " AND NOT EXISTS (SELECT 1 FROM shop_items AS sold WHERE sold.guild_id = $1"
            " AND sold.name_key = shop_items.name_key AND sold.removed_at IS NULL)",
            guild_id, number,
        )  # fmt: skip
        return changed == 1

    async def on_sale(self, guild_id: int) -> list[ShopItem]:
        """All that is in the shop, by number."""
        rows = await self.db.fetchall(
            "SELECT * FROM shop_items WHERE guild_id = $1 AND removed_at IS NULL ORDER BY number", guild_id
        )
        return [_item(row) for row in rows]

    async def count(self, guild_id: int) -> int:
        """How many items are in the shop."""
        return int(
            await self.db.fetchval(
                "SELECT COUNT(*) FROM shop_items WHERE guild_id = $1 AND removed_at IS NULL", guild_id
            )
        )

    async def get(self, guild_id: int, number: int) -> ShopItem | None:
        """An item by its number, also one that was removed."""
        row = await self.db.fetchone("SELECT * FROM shop_items WHERE guild_id = $1 AND number = $2", guild_id, number)
        return None if row is None else _item(row)

    async def items(self, guild_id: int, numbers: Iterable[int]) -> dict[int, ShopItem]:
        """Items by their numbers, also those that were removed."""
        wanted = sorted(set(numbers))
        if not wanted:
            return {}
        rows = await self.db.fetchall(
            f"SELECT * FROM shop_items WHERE guild_id = $1 AND number IN ({placeholders(len(wanted), first=2)})",
            guild_id, *wanted,
        )  # fmt: skip
        return {row["number"]: _item(row) for row in rows}

    async def named(self, guild_id: int, name: str) -> ShopItem | None:
        """The item of that name that is sold."""
        row = await self.db.fetchone(
            "SELECT * FROM shop_items WHERE guild_id = $1 AND name_key = $2 AND removed_at IS NULL",
            guild_id, name_key(name),
        )  # fmt: skip
        return None if row is None else _item(row)

    # --- in an operation

    async def held(self, operation: Operation, number: int) -> ShopItem | None:
        """An item as it is now; nobody changes it before the operation ends. None if it isn't sold any more."""
        row = await self.db.fetchone(
            "UPDATE shop_items SET stock = stock WHERE guild_id = $1 AND number = $2 AND removed_at IS NULL"
            " RETURNING *",
            operation.guild_id, number,
        )  # fmt: skip
        return None if row is None else _item(row)

    async def take_stock(self, operation: Operation, number: int, quantity: int) -> bool:
        """Take so many off what is left; False if fewer are left."""
        return bool(
            await self.db.execute(
                "UPDATE shop_items SET stock = stock - $3 WHERE guild_id = $1 AND number = $2"
                " AND removed_at IS NULL AND (stock IS NULL OR stock >= $3)",
                operation.guild_id, number, quantity,
            )
        )  # fmt: skip

    async def give_stock(self, operation: Operation, number: int, quantity: int) -> None:
        """Put so many back; where there is no limit, nothing is counted."""
        await self.db.execute(
            "UPDATE shop_items SET stock = stock + $3 WHERE guild_id = $1 AND number = $2 AND stock IS NOT NULL",
            operation.guild_id, number, quantity,
        )  # fmt: skip

    async def bought(self, guild_id: int, user_id: int) -> dict[int, int]:
        """How many of each item somebody bought in all."""
        rows = await self.db.fetchall(
            "SELECT item, quantity FROM purchases WHERE guild_id = $1 AND user_id = $2", guild_id, user_id
        )
        return {row["item"]: row["quantity"] for row in rows}

    async def count_purchase(self, operation: Operation, user_id: int, number: int, quantity: int) -> None:
        """Write down that somebody bought so many."""
        await self.db.execute(
            "INSERT INTO purchases (guild_id, user_id, item, quantity) VALUES ($1, $2, $3, $4)"
            " ON CONFLICT (guild_id, user_id, item) DO UPDATE SET quantity = purchases.quantity + excluded.quantity",
            operation.guild_id, user_id, number, quantity,
        )  # fmt: skip

    async def uncount_purchase(self, operation: Operation, user_id: int, number: int, quantity: int) -> None:
        """Take a purchase back that somebody got nothing for."""
        await self.db.execute(
            "UPDATE purchases SET quantity = quantity - $4 WHERE guild_id = $1 AND user_id = $2 AND item = $3",
            operation.guild_id, user_id, number, quantity,
        )  # fmt: skip


def _encoded(value: Any) -> Any:
    return round(value.total_seconds()) if isinstance(value, timedelta) else value


def _typed(column: str, place: int) -> str:
    """A placeholder with its column's type: PostgreSQL can't tell it by itself in a list of what is selected."""
    if column in {"kind", "name", "description", "content"}:
        return f"CAST(${place} AS TEXT)"
    return f"CAST(${place} AS {'BOOLEAN' if column == 'kept' else 'BIGINT'})"


def _item(row: Row) -> ShopItem:
    values = {name: row[name] for name in COLUMNS}
    for name in ("sold_from", "sold_until", "removed_at"):
        values[name] = moment(row[name])
    values["lasts"] = None if row["lasts"] is None else timedelta(seconds=row["lasts"])
    values["kept"] = bool(row["kept"])
    return ShopItem(**values)

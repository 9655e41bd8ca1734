"""What was bought or used and has yet to be handed over by Discord, and bought roles that end."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from database.economy import Operation
from database.manager import DatabaseManager, Row
from database.placeholders import placeholders
from database.values import moment


@dataclass(frozen=True, slots=True)
class Delivery:
    """What somebody is to get. `paid` is None for what came out of their inventory."""

    guild_id: int
    operation: int
    user_id: int
    item: int
    quantity: int
    paid: int | None
    role_id: int | None
    lasts: timedelta | None
    begun_at: datetime


@dataclass(frozen=True, slots=True)
class ShopRole:
    """A bought role that somebody has until it ends."""

    guild_id: int
    user_id: int
    role_id: int
    ends_at: datetime
    timer_id: int
    given_at: datetime
    owed: bool = False
    tries: int = 0


class DeliveriesStore:
    """The table `deliveries`."""

    def __init__(self, db: DatabaseManager) -> None:
        self.db = db

    async def begin(
        self, operation: Operation, user_id: int, item: int, quantity: int, *, paid: int | None = None,
        role_id: int | None = None, lasts: timedelta | None = None,
    ) -> Delivery:  # fmt: skip
        """Write down what is to be handed over."""
        row = await self.db.fetchone(
            "INSERT INTO deliveries (guild_id, operation, user_id, item, quantity, paid, role_id, lasts, begun_at)"
            " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) RETURNING *",
            operation.guild_id, operation.number, user_id, item, quantity, paid, role_id,
            None if lasts is None else round(lasts.total_seconds()), operation.new.at,
        )  # fmt: skip
        assert row is not None
        return _delivery(row)

    async def end(self, delivery: Delivery) -> bool:
        """It was handed over, or is given back; False if that was so already, and then nothing else may be done."""
        changed = await self.db.execute(
            "DELETE FROM deliveries WHERE guild_id = $1 AND operation = $2", delivery.guild_id, delivery.operation
        )
        return changed == 1

    async def is_open(self, delivery: Delivery) -> bool:
        """Whether it has yet to be handed over."""
        found = await self.db.fetchval(
            "SELECT 1 FROM deliveries WHERE guild_id = $1 AND operation = $2", delivery.guild_id, delivery.operation
        )
        return found is not None

    async def awaits_role(self, guild_id: int, user_id: int, role_id: int) -> bool:
        """Whether somebody is about to get a role."""
        found = await self.db.fetchval(
            "SELECT COUNT(*) FROM deliveries WHERE guild_id = $1 AND user_id = $2 AND role_id = $3",
            guild_id, user_id, role_id,
        )  # fmt: skip
        return bool(found)

    async def left_open(self, guild_ids: Sequence[int], before: datetime) -> list[Delivery]:
        """What was begun in some guilds before a moment and never ended, the oldest first."""
        if not guild_ids:
            return []
        rows = await self.db.fetchall(
            f"SELECT * FROM deliveries WHERE begun_at < $1 AND guild_id IN ({placeholders(len(guild_ids), first=2)})"
            " ORDER BY begun_at, guild_id, operation",
            before, *guild_ids,
        )  # fmt: skip
        return [_delivery(row) for row in rows]


class ShopRolesStore:
    """The table `shop_roles`."""

    def __init__(self, db: DatabaseManager) -> None:
        self.db = db

    async def get(self, guild_id: int, user_id: int, role_id: int) -> ShopRole | None:
        """A bought role that ends, which somebody has."""
        row = await self.db.fetchone(
            "SELECT * FROM shop_roles WHERE guild_id = $1 AND user_id = $2 AND role_id = $3",
            guild_id, user_id, role_id,
        )  # fmt: skip
        return None if row is None else _role(row)

    async def of(self, guild_id: int, user_id: int) -> list[ShopRole]:
        """All of somebody's, the one that ends first in front."""
        rows = await self.db.fetchall(
            "SELECT * FROM shop_roles WHERE guild_id = $1 AND user_id = $2 ORDER BY ends_at, role_id",
            guild_id, user_id,
        )  # fmt: skip
        return [_role(row) for row in rows]

    async def in_guilds(self, guild_ids: Sequence[int]) -> list[ShopRole]:
        """All of some guilds'."""
        return await self._in_guilds("", guild_ids)

    async def asleep(self, guild_ids: Sequence[int]) -> list[ShopRole]:
        """Those whose timer is gone: timers don't wait for ever for a guild that the bot was kicked from."""
        return await self._in_guilds(
            "NOT EXISTS (SELECT 1 FROM timers WHERE id = shop_roles.timer_id) AND", guild_ids
        )

    async def _in_guilds(self, condition: str, guild_ids: Sequence[int]) -> list[ShopRole]:
        if not guild_ids:
            return []
        rows = await self.db.fetchall(
            f"SELECT * FROM shop_roles WHERE {condition} guild_id IN ({placeholders(len(guild_ids))})"
            " ORDER BY guild_id, user_id, role_id",
            *guild_ids,
        )
        return [_role(row) for row in rows]

    async def of_timer(self, timer_id: int) -> ShopRole | None:
        """The one that a timer is about; None if it is over."""
        row = await self.db.fetchone("SELECT * FROM shop_roles WHERE timer_id = $1", timer_id)
        return None if row is None else _role(row)

    async def put(self, role: ShopRole) -> None:
        """Write one down, in place of the same role before."""
        await self.db.execute(
            "INSERT INTO shop_roles (guild_id, user_id, role_id, ends_at, timer_id, given_at, owed, tries)"
            " VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (guild_id, user_id, role_id) DO UPDATE SET"
            " ends_at = excluded.ends_at, timer_id = excluded.timer_id, given_at = excluded.given_at,"
            " owed = excluded.owed, tries = excluded.tries",
            role.guild_id, role.user_id, role.role_id, role.ends_at, role.timer_id, role.given_at, role.owed,
            role.tries,
        )  # fmt: skip

    async def remove(self, role: ShopRole) -> bool:
        """Forget one; False if it was forgotten already."""
        changed = await self.db.execute(
            "DELETE FROM shop_roles WHERE guild_id = $1 AND user_id = $2 AND role_id = $3",
            role.guild_id, role.user_id, role.role_id,
        )  # fmt: skip
        return changed == 1


def _delivery(row: Row) -> Delivery:
    begun_at = moment(row["begun_at"])
    assert begun_at is not None
    lasts = None if row["lasts"] is None else timedelta(seconds=row["lasts"])
    return Delivery(**{**row, "lasts": lasts, "begun_at": begun_at})


def _role(row: Row) -> ShopRole:
    return ShopRole(
        **{**row, "ends_at": moment(row["ends_at"]), "given_at": moment(row["given_at"]), "owed": bool(row["owed"])}
    )

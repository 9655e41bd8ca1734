"""Lotteries: one after the other in a guild, and who holds how many tickets of each."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from database.economy import Operation
from database.manager import DatabaseManager, Row
from database.values import moment


@dataclass(frozen=True, slots=True)
class Lottery:
    """One lottery, from its first ticket to its end."""

    id: int
    guild_id: int
    status: str
    """open, drawn or refunded."""
    price: int
    """Coins a ticket."""
    house_percent: int
    opened_at: datetime
    draws_at: datetime
    timer_id: int
    channel_id: int
    """Where the last ticket was bought."""
    ended_at: datetime | None
    winner_id: int | None
    prize: int | None
    told: bool
    """Whether its end needn't be told any more."""

    @property
    def is_open(self) -> bool:
        """Whether it isn't drawn or refunded yet."""
        return self.status == "open"

    @property
    def due_at(self) -> datetime:
        """When it is drawn; the end of one that was drawn early is due."""
        return self.ended_at or self.draws_at


@dataclass(frozen=True, slots=True)
class Holder:
    """Somebody who holds tickets."""

    user_id: int
    tickets: int


class LotteryStore:
    """The tables `lotteries` and `lottery_tickets`. What changes them, but for `told`, is called in an operation."""

    def __init__(self, db: DatabaseManager) -> None:
        self.db = db

    async def open(
        self, operation: Operation, *, price: int, house_percent: int, draws_at: datetime, timer_id: int,
        lottery_id: int, channel_id: int,
    ) -> Lottery:  # fmt: skip
        """Open a guild's next lottery; only where none is open."""
        row = await self.db.fetchone(
            "INSERT INTO lotteries (id, guild_id, status, price, house_percent, opened_at, draws_at, timer_id,"
            " channel_id) VALUES ($1, $2, 'open', $3, $4, $5, $6, $7, $8) RETURNING *",
            lottery_id, operation.guild_id, price, house_percent, operation.new.at, draws_at, timer_id, channel_id,
        )  # fmt: skip
        assert row is not None
        return _lottery(row)

    async def add_tickets(self, lottery_id: int, user_id: int, tickets: int, channel_id: int) -> int:
        """Give somebody tickets, bought in that channel; how many they hold then."""
        await self.db.execute("UPDATE lotteries SET channel_id = $2 WHERE id = $1", lottery_id, channel_id)
        held = await self.db.fetchval(
            "INSERT INTO lottery_tickets (lottery_id, user_id, tickets) VALUES ($1, $2, $3)"
            " ON CONFLICT (lottery_id, user_id) DO UPDATE SET tickets = lottery_tickets.tickets + excluded.tickets"
            " RETURNING tickets",
            lottery_id, user_id, tickets,
        )  # fmt: skip
        return int(held)

    async def end(
        self, operation: Operation, lottery_id: int, *, winner_id: int | None = None, prize: int | None = None,
        told: bool = False,
    ) -> Lottery | None:  # fmt: skip
        """End it, with a winner or by giving everybody their coins back; None if it was ended before."""
        row = await self.db.fetchone(
            "UPDATE lotteries SET status = $2, winner_id = $3, prize = $4, told = $5, ended_at = $6"
            " WHERE id = $1 AND status = 'open' RETURNING *",
            lottery_id, "refunded" if winner_id is None else "drawn", winner_id, prize, told, operation.new.at,
        )  # fmt: skip
        return None if row is None else _lottery(row)

    async def set_timer(self, lottery_id: int, timer_id: int) -> None:
        """Let it be drawn by another timer."""
        await self.db.execute("UPDATE lotteries SET timer_id = $2 WHERE id = $1", lottery_id, timer_id)

    async def told(self, lottery_id: int) -> None:
        """Write down that its end needn't be told any more."""
        await self.db.execute("UPDATE lotteries SET told = $2 WHERE id = $1", lottery_id, True)

    async def get(self, lottery_id: int) -> Lottery | None:
        """One of them."""
        row = await self.db.fetchone("SELECT * FROM lotteries WHERE id = $1", lottery_id)
        return None if row is None else _lottery(row)

    async def open_in(self, guild_id: int) -> Lottery | None:
        """The one that tickets are sold for."""
        row = await self.db.fetchone("SELECT * FROM lotteries WHERE guild_id = $1 AND status = 'open'", guild_id)
        return None if row is None else _lottery(row)

    async def unfinished_in(self, guild_id: int) -> Sequence[Lottery]:
        """The one that is open, and those whose end isn't told yet."""
        rows = await self.db.fetchall(
            "SELECT * FROM lotteries WHERE guild_id = $1 AND (status = 'open' OR NOT told)", guild_id
        )
        return [_lottery(row) for row in rows]

    async def last_drawn(self, guild_id: int) -> Lottery | None:
        """The latest that somebody won."""
        row = await self.db.fetchone(
            "SELECT * FROM lotteries WHERE guild_id = $1 AND status = 'drawn'"
            " ORDER BY ended_at DESC, id DESC LIMIT 1",
            guild_id,
        )
        return None if row is None else _lottery(row)

    async def holders(self, lottery_id: int) -> Sequence[Holder]:
        """Everybody who holds tickets, always in the same order."""
        rows = await self.db.fetchall(
            "SELECT user_id, tickets FROM lottery_tickets WHERE lottery_id = $1 ORDER BY user_id", lottery_id
        )
        return [Holder(row["user_id"], row["tickets"]) for row in rows]

    async def held_by(self, lottery_id: int, user_id: int) -> int:
        """How many tickets somebody holds."""
        held = await self.db.fetchval(
            "SELECT tickets FROM lottery_tickets WHERE lottery_id = $1 AND user_id = $2", lottery_id, user_id
        )
        return int(held or 0)


def _lottery(row: Row) -> Lottery:
    opened_at, draws_at = moment(row["opened_at"]), moment(row["draws_at"])
    assert opened_at is not None
    assert draws_at is not None
    return Lottery(
        row["id"], row["guild_id"], row["status"], row["price"], row["house_percent"], opened_at, draws_at,
        row["timer_id"], row["channel_id"], moment(row["ended_at"]), row["winner_id"], row["prize"],
        row["told"],
    )  # fmt: skip

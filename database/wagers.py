"""Games for coins: the stakes that are neither the player's nor the house's until a game is over."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from database.economy import Operation
from database.ids import new_id
from database.manager import DatabaseManager, Row
from database.placeholders import placeholders
from database.values import moment


@dataclass(frozen=True, slots=True)
class Wager:
    """One player's part in one game."""

    id: int
    guild_id: int
    user_id: int
    game: str
    stake: int
    status: str
    """open, settled or refunded."""
    opened_at: datetime
    match_id: int | None = None
    payout: int | None = None


@dataclass(frozen=True, slots=True)
class GameRecord:
    """How somebody (or everybody) fared in a game so far."""

    game: str
    played: int
    won: int
    """Games that paid more than the stake."""
    staked: int
    paid: int


class WagersStore:
    """The table `wagers`. What changes coins is called inside an operation, and posts nothing by itself."""

    def __init__(self, db: DatabaseManager) -> None:
        self.db = db

    async def open(
        self, operation: Operation, user_id: int, game: str, stake: int, *, match_id: int | None = None
    ) -> Wager | None:
        """Write down a stake; None if that player has a game open in that guild."""
        row = await self.db.fetchone(
            "INSERT INTO wagers (id, guild_id, user_id, game, match_id, stake, status, opened_at)"
            " VALUES ($1, $2, $3, $4, $5, $6, 'open', $7) ON CONFLICT DO NOTHING RETURNING *",
            new_id(), operation.guild_id, user_id, game, match_id, stake, operation.new.at,
        )  # fmt: skip
        return None if row is None else _wager(row)

    async def record(self, operation: Operation, user_id: int, game: str, stake: int, payout: int) -> None:
        """Write down a game that is over at once."""
        await self.db.execute(
            "INSERT INTO wagers (id, guild_id, user_id, game, stake, status, payout, opened_at, settled_at)"
            " VALUES ($1, $2, $3, $4, $5, 'settled', $6, $7, $7)",
            new_id(), operation.guild_id, user_id, game, stake, payout, operation.new.at,
        )  # fmt: skip

    async def record_all(
        self, operation: Operation, game: str, played: Iterable[tuple[int, int, int]], *, match_id: int | None = None
    ) -> None:
        """Write down a game between several people that is over: each one's id, stake and payout."""
        await self.db.executemany(
            "INSERT INTO wagers (id, guild_id, user_id, game, match_id, stake, status, payout, opened_at, settled_at)"
            " VALUES ($1, $2, $3, $4, $5, $6, 'settled', $7, $8, $8)",
            [
                (new_id(), operation.guild_id, user_id, game, match_id, stake, payout, operation.new.at)
                for user_id, stake, payout in played
            ],
        )

    async def add_stake(self, wager_id: int, extra: int) -> Wager | None:
        """Raise the stake of an open game; None if it isn't open any more."""
        return _maybe(
            await self.db.fetchone(
                "UPDATE wagers SET stake = stake + $2 WHERE id = $1 AND status = 'open' RETURNING *", wager_id, extra
            )
        )

    async def settle(self, wager_id: int, payout: int, at: datetime) -> Wager | None:
        """End a game with what it pays; None if it isn't open any more, and then nothing may be paid."""
        return _maybe(
            await self.db.fetchone(
                "UPDATE wagers SET status = 'settled', payout = $2, settled_at = $3"
                " WHERE id = $1 AND status = 'open' RETURNING *",
                wager_id, payout, at,
            )
        )  # fmt: skip

    async def refund(self, wager_id: int, at: datetime) -> Wager | None:
        """End a game that wasn't played to its end; None if it isn't open any more, and then nothing may be paid."""
        return _maybe(
            await self.db.fetchone(
                "UPDATE wagers SET status = 'refunded', settled_at = $2"
                " WHERE id = $1 AND status = 'open' RETURNING *",
                wager_id, at,
            )
        )  # fmt: skip

    async def of_match(self, guild_id: int, match_id: int) -> list[Wager]:
        """Everybody's part in one game between several people."""
        rows = await self.db.fetchall(
            "SELECT * FROM wagers WHERE match_id = $1 AND guild_id = $2 ORDER BY id", match_id, guild_id
        )
        return [_wager(row) for row in rows]

    async def get(self, wager_id: int) -> Wager | None:
        """One of them."""
        return _maybe(await self.db.fetchone("SELECT * FROM wagers WHERE id = $1", wager_id))

    async def open_of(self, guild_id: int, user_id: int) -> Wager | None:
        """The game that somebody has open."""
        return _maybe(
            await self.db.fetchone(
                "SELECT * FROM wagers WHERE guild_id = $1 AND user_id = $2 AND status = 'open'", guild_id, user_id
            )
        )

    async def left_open(self, guild_ids: Sequence[int], before: datetime) -> list[Wager]:
        """Games of some guilds that were opened before a moment and never ended, the oldest first."""
        if not guild_ids:
            return []
        rows = await self.db.fetchall(
            "SELECT * FROM wagers WHERE status = 'open' AND opened_at < $1"
            f" AND guild_id IN ({placeholders(len(guild_ids), first=2)}) ORDER BY id",
            before, *guild_ids,
        )  # fmt: skip
        return [_wager(row) for row in rows]

    async def records(self, guild_id: int, user_id: int | None = None) -> list[GameRecord]:
        """How somebody fared in each game, or everybody together."""
        of_one, values = ("", [guild_id]) if user_id is None else (" AND user_id = $2", [guild_id, user_id])
        rows = await self.db.fetchall(
            "SELECT game, COUNT(*) AS played, SUM(CASE WHEN payout > stake THEN 1 ELSE 0 END) AS won,"
            " SUM(stake) AS staked, SUM(payout) AS paid FROM wagers WHERE guild_id = $1 AND status = 'settled'"
            f"{of_one} GROUP BY game ORDER BY game",
            *values,
        )
        return [
            GameRecord(row["game"], int(row["played"]), int(row["won"]), int(row["staked"]), int(row["paid"]))
            for row in rows
        ]


def _maybe(row: Row | None) -> Wager | None:
    return None if row is None else _wager(row)


def _wager(row: Row) -> Wager:
    opened_at = moment(row["opened_at"])
    assert opened_at is not None
    return Wager(
        row["id"], row["guild_id"], row["user_id"], row["game"], row["stake"], row["status"], opened_at,
        row["match_id"], row["payout"],
    )  # fmt: skip

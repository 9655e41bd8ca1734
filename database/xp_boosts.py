"""More XP for a time: who has it, how much more, and until when."""

from dataclasses import dataclass
from datetime import datetime

from database.economy import Operation
from database.manager import DatabaseManager, Row
from database.values import moment


@dataclass(frozen=True, slots=True)
class XpBoost:
    """So many percent more XP for somebody, until it ends."""

    guild_id: int
    user_id: int
    percent: int
    ends_at: datetime


class XpBoostsStore:
    """The table `xp_boosts`."""

    def __init__(self, db: DatabaseManager) -> None:
        self.db = db

    async def running(self, guild_id: int, user_id: int, now: datetime) -> XpBoost | None:
        """What somebody has at that moment."""
        row = await self.db.fetchone(
            "SELECT * FROM xp_boosts WHERE guild_id = $1 AND user_id = $2 AND ends_at > $3", guild_id, user_id, now
        )
        return None if row is None else _boost(row)

    async def all_running(self, now: datetime) -> list[XpBoost]:
        """Everybody's at that moment, for who keeps them in memory."""
        rows = await self.db.fetchall("SELECT * FROM xp_boosts WHERE ends_at > $1 ORDER BY guild_id, user_id", now)
        return [_boost(row) for row in rows]

    async def running_in(self, guild_id: int, now: datetime) -> list[XpBoost]:
        """Those of one guild."""
        rows = await self.db.fetchall(
            "SELECT * FROM xp_boosts WHERE guild_id = $1 AND ends_at > $2 ORDER BY user_id", guild_id, now
        )
        return [_boost(row) for row in rows]

    async def put(self, operation: Operation, user_id: int, percent: int, ends_at: datetime) -> XpBoost:
        """Let somebody have it until then, in place of what they had."""
        row = await self.db.fetchone(
            "INSERT INTO xp_boosts (guild_id, user_id, percent, ends_at) VALUES ($1, $2, $3, $4)"
            " ON CONFLICT (guild_id, user_id) DO UPDATE SET percent = excluded.percent, ends_at = excluded.ends_at"
            " RETURNING *",
            operation.guild_id, user_id, percent, ends_at,
        )  # fmt: skip
        assert row is not None
        return _boost(row)


def _boost(row: Row) -> XpBoost:
    ends_at = moment(row["ends_at"])
    assert ends_at is not None
    return XpBoost(row["guild_id"], row["user_id"], row["percent"], ends_at)

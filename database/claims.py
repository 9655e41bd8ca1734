"""What can be claimed once in a while: when it was last, so that a restart neither resets nor shortens a wait."""

from dataclasses import dataclass
from datetime import datetime

from database.economy import Operation
from database.manager import DatabaseManager, Row
from database.values import moment


@dataclass(frozen=True, slots=True)
class Claim:
    """Somebody's last claim of a kind."""

    kind: str
    at: datetime
    streak: int = 1
    best_streak: int = 1
    times: int = 1


class ClaimsStore:
    """The table `claims`."""

    def __init__(self, db: DatabaseManager) -> None:
        self.db = db

    async def last(self, guild_id: int, user_id: int, kind: str) -> Claim | None:
        """When somebody claimed it last; inside an operation nobody changes that until its end."""
        row = await self.db.fetchone(
            "SELECT * FROM claims WHERE guild_id = $1 AND user_id = $2 AND kind = $3", guild_id, user_id, kind
        )
        return None if row is None else _claim(row)

    async def of(self, guild_id: int, user_id: int) -> dict[str, Claim]:
        """All that somebody ever claimed, by its kind."""
        rows = await self.db.fetchall("SELECT * FROM claims WHERE guild_id = $1 AND user_id = $2", guild_id, user_id)
        return {row["kind"]: _claim(row) for row in rows}

    async def write(self, operation: Operation, user_id: int, kind: str, streak: int = 1) -> Claim:
        """Write down that somebody claims it now."""
        row = await self.db.fetchone(
            "INSERT INTO claims (guild_id, user_id, kind, claimed_at, streak, best_streak)"
            " VALUES ($1, $2, $3, $4, $5, $5) ON CONFLICT (guild_id, user_id, kind) DO UPDATE"
            " SET claimed_at = excluded.claimed_at, streak = excluded.streak, times = claims.times + 1, best_streak ="
            " CASE WHEN excluded.streak > claims.best_streak THEN excluded.streak ELSE claims.best_streak END"
            " RETURNING *",
            operation.guild_id, user_id, kind, operation.new.at, streak,
        )  # fmt: skip
        assert row is not None
        return _claim(row)


def _claim(row: Row) -> Claim:
    at = moment(row["claimed_at"])
    assert at is not None
    return Claim(row["kind"], at, row["streak"], row["best_streak"], row["times"])

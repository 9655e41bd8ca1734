"""Where, for whom and until when XP counts more or less."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from database.manager import DatabaseManager, Row
from database.values import moment

Kind = Literal["server", "channel", "role"]


@dataclass(frozen=True, slots=True)
class XpMultiplier:
    """So many percent of the XP. `target_id` is 0 for the whole server; without `ends_at` it holds for good."""

    guild_id: int
    kind: Kind
    target_id: int
    percent: int
    ends_at: datetime | None = None

    def holds(self, now: datetime) -> bool:
        """Whether it hasn't ended."""
        return self.ends_at is None or now < self.ends_at


class XpMultipliersStore:
    """The table `xp_multipliers`."""

    def __init__(self, db: DatabaseManager) -> None:
        self.db = db

    async def all(self) -> list[XpMultiplier]:
        """Every guild's, for who keeps them in memory."""
        return [_multiplier(row) for row in await self.db.fetchall("SELECT * FROM xp_multipliers")]

    async def of(self, guild_id: int) -> list[XpMultiplier]:
        """Those of one guild."""
        rows = await self.db.fetchall("SELECT * FROM xp_multipliers WHERE guild_id = $1", guild_id)
        return [_multiplier(row) for row in rows]

    async def put(self, one: XpMultiplier) -> None:
        """Let it hold, in place of what held for the same."""
        await self.db.execute(
            "INSERT INTO xp_multipliers (guild_id, kind, target_id, percent, ends_at) VALUES ($1, $2, $3, $4, $5)"
            " ON CONFLICT (guild_id, kind, target_id) DO UPDATE"
            " SET percent = excluded.percent, ends_at = excluded.ends_at",
            one.guild_id, one.kind, one.target_id, one.percent, one.ends_at,
        )  # fmt: skip

    async def remove(self, guild_id: int, kind: Kind, target_id: int) -> bool:
        """Let it hold no longer; whether it did."""
        removed = await self.db.execute(
            "DELETE FROM xp_multipliers WHERE guild_id = $1 AND kind = $2 AND target_id = $3",
            guild_id, kind, target_id,
        )  # fmt: skip
        return bool(removed)

    async def remove_ended(self, now: datetime) -> None:
        """Delete those that have ended."""
        await self.db.execute("DELETE FROM xp_multipliers WHERE ends_at <= $1", now)


def _multiplier(row: Row) -> XpMultiplier:
    return XpMultiplier(row["guild_id"], row["kind"], row["target_id"], row["percent"], moment(row["ends_at"]))

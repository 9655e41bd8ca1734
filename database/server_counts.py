"""What is counted of a server by the day: who came and went, and which of its emoji were used."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from database.count_batches import is_new_batch
from database.manager import DatabaseManager

KEPT_DAYS: Final = 366
_EPOCH: Final = date(1970, 1, 1)


@dataclass(frozen=True, slots=True)
class Coming:
    """How many members joined, and how many left or were removed."""

    joined: int = 0
    gone: int = 0

    def __add__(self, other: "Coming") -> "Coming":
        return Coming(self.joined + other.joined, self.gone + other.gone)


class ServerCountsStore:
    """The tables `member_days` and `emoji_days`."""

    def __init__(self, db: DatabaseManager) -> None:
        self.db = db

    async def add_members(self, guild_id: int, batch_id: int, counts: Mapping[int, Coming]) -> None:
        """Add what was counted on each day (as an ordinal, `date.toordinal`), once for each batch."""
        async with self.db.transaction():
            if await is_new_batch(self.db, guild_id, batch_id):
                await self.db.executemany(
                    "INSERT INTO member_days (guild_id, day, joined, gone) VALUES ($1, $2, $3, $4)"
                    " ON CONFLICT (guild_id, day) DO UPDATE SET joined = member_days.joined + excluded.joined,"
                    " gone = member_days.gone + excluded.gone",
                    [
                        (guild_id, day - _EPOCH.toordinal(), one.joined, one.gone)
                        for day, one in sorted(counts.items())
                    ],
                )

    async def members(self, guild_id: int, since: date) -> dict[date, Coming]:
        """Who came and went from a day on, by the day; days without anybody are left out."""
        rows = await self.db.fetchall(
            "SELECT day, joined, gone FROM member_days WHERE guild_id = $1 AND day >= $2", guild_id, _number(since)
        )
        return {_EPOCH + timedelta(days=row["day"]): Coming(row["joined"], row["gone"]) for row in rows}

    async def add_emoji(self, guild_id: int, batch_id: int, today: date, uses: Mapping[int, int]) -> None:
        """Add in how many messages emoji were used, once for each batch; forget what is older than a year."""
        async with self.db.transaction():
            if await is_new_batch(self.db, guild_id, batch_id):
                await self.db.executemany(
                    "INSERT INTO emoji_days (guild_id, day, emoji_id, uses) VALUES ($1, $2, $3, $4)"
                    " ON CONFLICT (guild_id, day, emoji_id) DO UPDATE SET uses = emoji_days.uses + excluded.uses",
                    [(guild_id, _number(today), emoji_id, count) for emoji_id, count in sorted(uses.items())],
                )
                await self.db.execute(
                    "DELETE FROM emoji_days WHERE guild_id = $1 AND day < $2", guild_id, _number(today) - KEPT_DAYS
                )

    async def emoji(self, guild_id: int, since: date) -> dict[int, int]:
        """In how many messages emoji were used from a day on, by their id."""
        rows = await self.db.fetchall(
            "SELECT emoji_id, CAST(SUM(uses) AS BIGINT) AS uses FROM emoji_days"
            " WHERE guild_id = $1 AND day >= $2 GROUP BY emoji_id",
            guild_id, _number(since),
        )  # fmt: skip
        return {row["emoji_id"]: row["uses"] for row in rows}


def _number(day: date) -> int:
    """A day as it is stored: counted from 1970-01-01."""
    return (day - _EPOCH).days

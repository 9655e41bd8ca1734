"""What follows on warnings: how many points lead to what, as rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from database.manager import DatabaseManager, Row

_SECOND = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Threshold:
    """So many points lead to something. `within` counts only warnings that are younger; None counts all."""

    points: int
    kind: str
    """timeout, kick or ban."""
    length: timedelta | None = None
    """How long it lasts; None for good, or for what is over at once."""
    within: timedelta | None = None


class ThresholdsStore:
    """The table `mod_thresholds`."""

    def __init__(self, db: DatabaseManager) -> None:
        self.db = db

    async def of(self, guild_id: int) -> list[Threshold]:
        """A guild's thresholds, the lowest first."""
        rows = await self.db.fetchall("SELECT * FROM mod_thresholds WHERE guild_id = $1 ORDER BY points", guild_id)
        return [_threshold(row) for row in rows]

    async def put(self, guild_id: int, threshold: Threshold, *, most: int) -> bool:
        """Set what so many points lead to, in place of what they led to before; False if there are `most` others."""
        changed = await self.db.execute(
            "INSERT INTO mod_thresholds (guild_id, points, kind, length_seconds, within_seconds)"
            " SELECT $1, $2, CAST($3 AS TEXT), CAST($4 AS BIGINT), CAST($5 AS BIGINT)"
            " WHERE (SELECT COUNT(*) FROM mod_thresholds WHERE guild_id = $1 AND points <> $2) < $6"
            " ON CONFLICT (guild_id, points) DO UPDATE SET kind = excluded.kind,"
            " length_seconds = excluded.length_seconds, within_seconds = excluded.within_seconds",
            guild_id, threshold.points, threshold.kind, _seconds(threshold.length), _seconds(threshold.within), most,
        )  # fmt: skip
        return changed == 1

    async def remove(self, guild_id: int, points: int) -> bool:
        """Let so many points lead to nothing; False if they didn't lead to anything."""
        changed = await self.db.execute(
            "DELETE FROM mod_thresholds WHERE guild_id = $1 AND points = $2", guild_id, points
        )
        return changed == 1

    async def replace(self, guild_id: int, thresholds: Sequence[Threshold]) -> None:
        """Let these be all of a guild's thresholds."""
        async with self.db.transaction():
            await self.db.execute("DELETE FROM mod_thresholds WHERE guild_id = $1", guild_id)
            for threshold in thresholds:
                await self.put(guild_id, threshold, most=len(thresholds))


def _seconds(duration: timedelta | None) -> int | None:
    return None if duration is None else duration // _SECOND


def _duration(seconds: int | None) -> timedelta | None:
    return None if seconds is None else timedelta(seconds=seconds)


def _threshold(row: Row) -> Threshold:
    return Threshold(row["points"], row["kind"], _duration(row["length_seconds"]), _duration(row["within_seconds"]))

"""Which channels have a game running, so that a restart can tell them that it is over."""

from dataclasses import dataclass
from datetime import datetime

from database.manager import DatabaseManager


@dataclass(frozen=True, slots=True)
class RunningGame:
    """A channel with a game; in direct messages there is no guild."""

    channel_id: int
    guild_id: int | None


class ChannelGamesStore:
    """The table `channel_games`."""

    def __init__(self, db: DatabaseManager) -> None:
        self.db = db

    async def add(self, channel_id: int, guild_id: int | None, now: datetime) -> None:
        """Write down that a game runs in a channel; a row that was left over is taken over."""
        await self.db.execute(
            "INSERT INTO channel_games (channel_id, guild_id, started_at) VALUES ($1, $2, $3)"
            " ON CONFLICT (channel_id) DO UPDATE SET guild_id = excluded.guild_id, started_at = excluded.started_at",
            channel_id, guild_id, now,
        )  # fmt: skip

    async def remove(self, channel_id: int) -> bool:
        """Forget the game of a channel; False if there was none."""
        return await self.db.execute("DELETE FROM channel_games WHERE channel_id = $1", channel_id) > 0

    async def all(self) -> list[RunningGame]:
        """Every channel with a game."""
        rows = await self.db.fetchall(
            "SELECT channel_id, guild_id FROM channel_games ORDER BY started_at, channel_id"
        )
        return [RunningGame(row["channel_id"], row["guild_id"]) for row in rows]

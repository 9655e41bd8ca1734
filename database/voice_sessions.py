"""Until when the time that members spend in voice channels is counted."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from database.manager import DatabaseManager
from database.values import moment


@dataclass(frozen=True, slots=True)
class VoiceSession:
    """Somebody's time in a voice channel; it is counted until then."""

    guild_id: int
    user_id: int
    channel_id: int
    counted_until: datetime


class VoiceSessionsStore:
    """The table `voice_sessions`."""

    def __init__(self, db: DatabaseManager) -> None:
        self.db = db

    async def all(self, guild_id: int | None = None) -> list[VoiceSession]:
        """Everybody's, or those of one guild, for who keeps them in memory."""
        where, values = ("", ()) if guild_id is None else (" WHERE guild_id = $1", (guild_id,))
        sessions = []
        for row in await self.db.fetchall(f"SELECT * FROM voice_sessions{where} ORDER BY guild_id, user_id", *values):
            counted_until = moment(row["counted_until"])
            assert counted_until is not None
            sessions.append(VoiceSession(row["guild_id"], row["user_id"], row["channel_id"], counted_until))
        return sessions

    async def put(self, sessions: Iterable[VoiceSession]) -> None:
        """Write down where these people are and until when that is counted, in place of what was known of them."""
        await self.db.executemany(
            "INSERT INTO voice_sessions (guild_id, user_id, channel_id, counted_until) VALUES ($1, $2, $3, $4)"
            " ON CONFLICT (guild_id, user_id) DO UPDATE"
            " SET channel_id = excluded.channel_id, counted_until = excluded.counted_until",
            [(one.guild_id, one.user_id, one.channel_id, one.counted_until) for one in sessions],
        )

    async def remove(self, guild_id: int, user_ids: Iterable[int]) -> None:
        """Forget the sessions of these people."""
        await self.db.executemany(
            "DELETE FROM voice_sessions WHERE guild_id = $1 AND user_id = $2",
            [(guild_id, user_id) for user_id in user_ids],
        )

    async def remove_old(self, until: datetime) -> None:
        """Forget what is counted until then or less far."""
        await self.db.execute("DELETE FROM voice_sessions WHERE counted_until <= $1", until)

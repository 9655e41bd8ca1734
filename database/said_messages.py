"""Messages that staff had the bot write."""

from dataclasses import dataclass
from datetime import datetime

from database.manager import DatabaseManager
from database.values import moment


@dataclass(frozen=True, slots=True)
class SaidMessage:
    """A message of the bot, and who had it written, or changed it last."""

    message_id: int
    guild_id: int
    channel_id: int
    author_id: int
    said_at: datetime


class SaidMessagesStore:
    """The table `said_messages`."""

    def __init__(self, db: DatabaseManager) -> None:
        self.db = db

    async def note(self, said: SaidMessage) -> None:
        """Note that somebody had a message written, or changed it."""
        await self.db.execute(
            "INSERT INTO said_messages (message_id, guild_id, channel_id, author_id, said_at)"
            " VALUES ($1, $2, $3, $4, $5)"
            " ON CONFLICT (message_id) DO UPDATE SET author_id = excluded.author_id, said_at = excluded.said_at",
            said.message_id, said.guild_id, said.channel_id, said.author_id, said.said_at,
        )  # fmt: skip

    async def get(self, message_id: int) -> SaidMessage | None:
        """The message with this id, if staff had it written."""
        row = await self.db.fetchone("SELECT * FROM said_messages WHERE message_id = $1", message_id)
        if row is None:
            return None
        said_at = moment(row["said_at"])
        assert said_at is not None
        return SaidMessage(row["message_id"], row["guild_id"], row["channel_id"], row["author_id"], said_at)

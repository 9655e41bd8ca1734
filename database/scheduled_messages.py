"""Messages that are sent later, as rows."""

from dataclasses import dataclass
from datetime import datetime

from database.manager import DatabaseManager, Row
from database.values import moment


@dataclass(frozen=True, slots=True)
class ScheduledMessage:
    """A message for later, and `number` is what people call it.

    `author_id` is who answers for it, so who changed it last; `trouble` is what they were told already.
    """

    id: int
    guild_id: int
    number: int
    channel_id: int
    author_id: int
    text: str
    due_at: datetime
    recurrence: str | None
    timezone: str
    timer_id: int | None
    message_id: int
    trouble: str | None = None


class ScheduledMessagesStore:
    """The table `scheduled_messages`."""

    def __init__(self, db: DatabaseManager) -> None:
        self.db = db

    async def add(self, message: ScheduledMessage, *, most: int) -> ScheduledMessage | None:
        """Keep one under the guild's next number (the one given doesn't count).

        None when the guild has `most` already, or when the same message has asked for one (see `of_message`). Raises
        ConstraintViolated when two of a guild come at the same moment; try again then.
        """
        row = await self.db.fetchone(
            "INSERT INTO scheduled_messages (id, guild_id, number, channel_id, author_id, text, due_at, recurrence,"
            " timezone, timer_id, message_id)"
            " SELECT $1, $2, (SELECT COALESCE(MAX(number), 0) + 1 FROM scheduled_messages WHERE guild_id = $2),"
            " $3, $4, CAST($5 AS TEXT), $6, CAST($7 AS TEXT), CAST($8 AS TEXT), $9, $10"
            " WHERE (SELECT COUNT(*) FROM scheduled_messages WHERE guild_id = $2) < $11"
            " ON CONFLICT (message_id) DO NOTHING RETURNING *",
            message.id, message.guild_id, message.channel_id, message.author_id, message.text, message.due_at,
            message.recurrence, message.timezone, message.timer_id, message.message_id, most,
        )  # fmt: skip
        return None if row is None else _message(row)

    async def get(self, message_id: int) -> ScheduledMessage | None:
        """The one with this id; None when it was cancelled or sent."""
        return _maybe(await self.db.fetchone("SELECT * FROM scheduled_messages WHERE id = $1", message_id))

    async def of_message(self, message_id: int) -> ScheduledMessage | None:
        """The one that a message of Discord's has asked for."""
        return _maybe(await self.db.fetchone("SELECT * FROM scheduled_messages WHERE message_id = $1", message_id))

    async def numbered(self, guild_id: int, number: int) -> ScheduledMessage | None:
        """A guild's by its number."""
        return _maybe(
            await self.db.fetchone(
                "SELECT * FROM scheduled_messages WHERE guild_id = $1 AND number = $2", guild_id, number
            )
        )

    async def of_guild(self, guild_id: int) -> list[ScheduledMessage]:
        """All of a guild, the next first."""
        rows = await self.db.fetchall(
            "SELECT * FROM scheduled_messages WHERE guild_id = $1 ORDER BY timer_id IS NULL, due_at, number", guild_id
        )
        return [_message(row) for row in rows]

    async def rewrite(self, message_id: int, text: str, *, author_id: int) -> bool:
        """Give one another text; False when it is gone."""
        changed = await self.db.execute(
            "UPDATE scheduled_messages SET text = $2, author_id = $3,"
            " trouble = CASE WHEN author_id = $3 THEN trouble END WHERE id = $1",
            message_id, text, author_id,
        )  # fmt: skip
        return changed == 1

    async def place(self, message_id: int, channel_id: int, *, author_id: int) -> bool:
        """Let one be sent in another channel; False when it is gone."""
        changed = await self.db.execute(
            "UPDATE scheduled_messages SET channel_id = $2, author_id = $3, trouble = NULL WHERE id = $1",
            message_id, channel_id, author_id,
        )  # fmt: skip
        return changed == 1

    async def arm(self, message: ScheduledMessage) -> bool:
        """Let one wait for another moment; False when it is gone."""
        changed = await self.db.execute(
            "UPDATE scheduled_messages SET due_at = $2, timer_id = $3, recurrence = $4, timezone = $5,"
            " author_id = $6, trouble = NULL WHERE id = $1",
            message.id, message.due_at, message.timer_id, message.recurrence, message.timezone, message.author_id,
        )  # fmt: skip
        return changed == 1

    async def remove(self, message_id: int) -> bool:
        """Forget one; False when it is gone already."""
        return await self.db.execute("DELETE FROM scheduled_messages WHERE id = $1", message_id) == 1

    async def settle(self, message: ScheduledMessage, *, next_due: datetime | None, trouble: str | None) -> bool:
        """Write down how it went; without `next_due` it waits no more. False if it was moved or cancelled."""
        changed = await self.db.execute(
            "UPDATE scheduled_messages SET due_at = COALESCE($3, due_at), trouble = $4,"
            " timer_id = CASE WHEN CAST($3 AS BIGINT) IS NULL THEN NULL ELSE timer_id END"
            " WHERE id = $1 AND due_at = $2 AND timer_id = $5",
            message.id, message.due_at, next_due, trouble, message.timer_id,
        )  # fmt: skip
        return changed == 1


def _maybe(row: Row | None) -> ScheduledMessage | None:
    return None if row is None else _message(row)


def _message(row: Row) -> ScheduledMessage:
    due_at = moment(row["due_at"])
    assert due_at is not None
    return ScheduledMessage(
        row["id"], row["guild_id"], row["number"], row["channel_id"], row["author_id"], row["text"], due_at,
        row["recurrence"], row["timezone"], row["timer_id"], row["message_id"], row["trouble"],
    )  # fmt: skip

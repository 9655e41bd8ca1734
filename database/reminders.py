"""Reminders, as rows."""

from dataclasses import dataclass
from datetime import datetime

from database.manager import DatabaseManager, Row
from database.values import moment


@dataclass(frozen=True, slots=True)
class Reminder:
    """Something a person wants to be told later. `number` is what they call it; `recurrence` is as encoded."""

    id: int
    user_id: int
    number: int
    guild_id: int | None
    channel_id: int
    message_id: int
    text: str
    set_at: datetime
    due_at: datetime
    recurrence: str | None
    timezone: str
    timer_id: int | None
    delivered_at: datetime | None = None
    missed_at: datetime | None = None

    @property
    def waits(self) -> bool:
        """Whether it will be delivered."""
        return self.timer_id is not None


_WITH_ROOM = "(SELECT COUNT(*) FROM reminders WHERE user_id = $2 AND timer_id IS NOT NULL)"


class RemindersStore:
    """The table `reminders`."""

    def __init__(self, db: DatabaseManager) -> None:
        self.db = db

    async def add(self, reminder: Reminder, *, most_pending: int) -> Reminder | None:
        """Keep a reminder under the person's next number (the one given doesn't count).

        None when they have `most_pending` already, or when their message has set one before (see `of_message`).
        Raises ConstraintViolated when two of a person's reminders come at the same moment; try again then.
        """
        row = await self.db.fetchone(
            "INSERT INTO reminders (id, user_id, number, guild_id, channel_id, message_id, text, set_at, due_at,"
            " recurrence, timezone, timer_id)"
            " SELECT $1, $2, (SELECT COALESCE(MAX(number), 0) + 1 FROM reminders WHERE user_id = $2),"
            " CAST($3 AS BIGINT), $4, $5, CAST($6 AS TEXT), $7, $8, CAST($9 AS TEXT), CAST($10 AS TEXT), $11"
            f" WHERE {_WITH_ROOM} < $12"
            " ON CONFLICT (message_id) DO NOTHING RETURNING *",
            reminder.id, reminder.user_id, reminder.guild_id, reminder.channel_id, reminder.message_id,
            reminder.text, reminder.set_at, reminder.due_at, reminder.recurrence, reminder.timezone,
            reminder.timer_id, most_pending,
        )  # fmt: skip
        return None if row is None else _reminder(row)

    async def get(self, reminder_id: int) -> Reminder | None:
        """The reminder, or None when it was cancelled or is long over."""
        return _maybe(await self.db.fetchone("SELECT * FROM reminders WHERE id = $1", reminder_id))

    async def of_message(self, message_id: int) -> Reminder | None:
        """The reminder that a message has set."""
        return _maybe(await self.db.fetchone("SELECT * FROM reminders WHERE message_id = $1", message_id))

    async def numbered(self, user_id: int, number: int) -> Reminder | None:
        """A person's reminder by its number."""
        return _maybe(
            await self.db.fetchone("SELECT * FROM reminders WHERE user_id = $1 AND number = $2", user_id, number)
        )

    async def open_of(self, user_id: int) -> list[Reminder]:
        """What waits for a person and what they missed, the earliest first."""
        rows = await self.db.fetchall(
            "SELECT * FROM reminders WHERE user_id = $1 AND (timer_id IS NOT NULL OR missed_at IS NOT NULL)"
            " ORDER BY due_at, number",
            user_id,
        )
        return [_reminder(row) for row in rows]

    async def latest_delivered(self, user_id: int) -> Reminder | None:
        """The reminder that a person got last."""
        return _maybe(
            await self.db.fetchone(
                "SELECT * FROM reminders WHERE user_id = $1 AND delivered_at IS NOT NULL"
                " ORDER BY delivered_at DESC, number DESC LIMIT 1",
                user_id,
            )
        )

    async def arm(self, reminder: Reminder, due_at: datetime, timer_id: int, *, most_pending: int) -> bool:
        """Let a reminder wait for another moment; False when it is gone, or didn't wait and there is no room."""
        changed = await self.db.execute(
            "UPDATE reminders SET due_at = $3, timer_id = $4, missed_at = NULL"
            f" WHERE id = $1 AND (timer_id IS NOT NULL OR {_WITH_ROOM} < $5)",
            reminder.id, reminder.user_id, due_at, timer_id, most_pending,
        )  # fmt: skip
        return changed == 1

    async def rewrite(self, reminder_id: int, *, text: str, recurrence: str | None, timezone: str) -> bool:
        """Change what a reminder says and how it repeats; False when it is gone."""
        changed = await self.db.execute(
            "UPDATE reminders SET text = $2, recurrence = $3, timezone = $4 WHERE id = $1",
            reminder_id, text, recurrence, timezone,
        )  # fmt: skip
        return changed == 1

    async def remove(self, reminder_id: int) -> bool:
        """Forget a reminder; False when it was forgotten already."""
        return await self.db.execute("DELETE FROM reminders WHERE id = $1", reminder_id) == 1

    async def settle(
        self,
        reminder: Reminder,
        *,
        delivered_at: datetime | None,
        missed_at: datetime | None = None,
        next_due: datetime | None = None,
    ) -> bool:
        """Write down how a delivery went; with `next_due` it waits again. False if it was moved or cancelled."""
        changed = await self.db.execute(
            "UPDATE reminders SET delivered_at = COALESCE($3, delivered_at), missed_at = $4,"
            " due_at = COALESCE($5, due_at),"
            " timer_id = CASE WHEN CAST($5 AS BIGINT) IS NULL THEN NULL ELSE timer_id END"
            " WHERE id = $1 AND due_at = $2 AND timer_id = $6",
            reminder.id, reminder.due_at, delivered_at, missed_at, next_due, reminder.timer_id,
        )  # fmt: skip
        return changed == 1

    async def forget_old(
        self, user_id: int, *, delivered_before: datetime, missed_before: datetime, keep: int
    ) -> int:
        """Forget what a person got before, or missed before, and all but the latest `keep` they got."""
        return await self.db.execute(
            "DELETE FROM reminders WHERE user_id = $1 AND timer_id IS NULL AND (missed_at < $3"
            " OR (missed_at IS NULL AND (delivered_at < $2 OR id NOT IN ("
            "SELECT id FROM reminders WHERE user_id = $1 AND timer_id IS NULL AND missed_at IS NULL"
            " ORDER BY delivered_at DESC LIMIT $4))))",
            user_id, delivered_before, missed_before, keep,
        )  # fmt: skip


def _maybe(row: Row | None) -> Reminder | None:
    return None if row is None else _reminder(row)


def _reminder(row: Row) -> Reminder:
    set_at, due_at = moment(row["set_at"]), moment(row["due_at"])
    assert set_at is not None
    assert due_at is not None
    return Reminder(
        row["id"], row["user_id"], row["number"], row["guild_id"], row["channel_id"], row["message_id"],
        row["text"], set_at, due_at, row["recurrence"], row["timezone"], row["timer_id"],
        moment(row["delivered_at"]), moment(row["missed_at"]),
    )  # fmt: skip

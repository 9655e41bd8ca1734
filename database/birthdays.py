"""Members' birthdays, and the roles they have for the day."""

from dataclasses import dataclass
from datetime import datetime

from database.manager import DatabaseManager, Row
from database.values import moment


@dataclass(frozen=True, slots=True)
class StoredBirthday:
    """A member's birthday, and when it comes next."""

    guild_id: int
    user_id: int
    month: int
    day: int
    year: int | None
    due_at: datetime
    timer_id: int
    celebrated_at: datetime | None = None
    """When the last one was told."""


@dataclass(frozen=True, slots=True)
class BirthdayRole:
    """A role that somebody has for the day."""

    guild_id: int
    user_id: int
    role_id: int
    timer_id: int


class BirthdaysStore:
    """The tables `birthdays` and `birthday_roles`."""

    def __init__(self, db: DatabaseManager) -> None:
        self.db = db

    async def get(self, guild_id: int, user_id: int) -> StoredBirthday | None:
        """A member's birthday; None if they told none."""
        row = await self.db.fetchone(
            "SELECT * FROM birthdays WHERE guild_id = $1 AND user_id = $2 AND month IS NOT NULL", guild_id, user_id
        )
        return None if row is None else _birthday(row)

    async def of_guild(self, guild_id: int) -> list[StoredBirthday]:
        """All birthdays of a server, from January on."""
        rows = await self.db.fetchall(
            "SELECT * FROM birthdays WHERE guild_id = $1 AND month IS NOT NULL ORDER BY month, day, user_id", guild_id
        )
        return [_birthday(row) for row in rows]

    async def set(self, new: StoredBirthday) -> None:
        """Keep a member's birthday in place of any other; when the last one was told stays."""
        await self.db.execute(
            "INSERT INTO birthdays (guild_id, user_id, month, day, year, due_at, timer_id)"
            " VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (guild_id, user_id) DO UPDATE SET"
            " month = excluded.month, day = excluded.day, year = excluded.year, due_at = excluded.due_at,"
            " timer_id = excluded.timer_id",
            new.guild_id, new.user_id, new.month, new.day, new.year, new.due_at, new.timer_id,
        )  # fmt: skip

    async def remove(self, guild_id: int, user_id: int) -> bool:
        """Forget a birthday; False if there was none."""
        changed = await self.db.execute(
            "UPDATE birthdays SET month = NULL, day = NULL, year = NULL, due_at = NULL, timer_id = NULL"
            " WHERE guild_id = $1 AND user_id = $2 AND month IS NOT NULL",
            guild_id, user_id,
        )  # fmt: skip
        return changed == 1

    async def go_on(self, old: StoredBirthday, due_at: datetime, *, celebrated_at: datetime | None) -> bool:
        """Wait for the next one; `celebrated_at` if this one was told. False if it was set anew meanwhile."""
        changed = await self.db.execute(
            "UPDATE birthdays SET due_at = $4, celebrated_at = COALESCE($5, celebrated_at)"
            " WHERE guild_id = $1 AND user_id = $2 AND timer_id = $3",
            old.guild_id, old.user_id, old.timer_id, due_at, celebrated_at,
        )  # fmt: skip
        return changed == 1

    # --- roles

    async def role_of(self, guild_id: int, user_id: int) -> BirthdayRole | None:
        """The role that somebody has for the day."""
        row = await self.db.fetchone(
            "SELECT * FROM birthday_roles WHERE guild_id = $1 AND user_id = $2", guild_id, user_id
        )
        return None if row is None else BirthdayRole(row["guild_id"], row["user_id"], row["role_id"], row["timer_id"])

    async def begin_role(self, new: BirthdayRole) -> None:
        """Keep that somebody has a role for the day; only who has none."""
        await self.db.execute(
            "INSERT INTO birthday_roles (guild_id, user_id, role_id, timer_id) VALUES ($1, $2, $3, $4)",
            new.guild_id, new.user_id, new.role_id, new.timer_id,
        )  # fmt: skip

    async def end_role(self, role: BirthdayRole) -> None:
        """Forget a role whose day is over."""
        await self.db.execute(
            "DELETE FROM birthday_roles WHERE guild_id = $1 AND user_id = $2 AND timer_id = $3",
            role.guild_id, role.user_id, role.timer_id,
        )  # fmt: skip


def _birthday(row: Row) -> StoredBirthday:
    due_at = moment(row["due_at"])
    assert due_at is not None
    return StoredBirthday(
        row["guild_id"], row["user_id"], row["month"], row["day"], row["year"], due_at, row["timer_id"],
        moment(row["celebrated_at"]),
    )  # fmt: skip

"""What is in force for people, as rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from database.manager import DatabaseManager, Row
from database.placeholders import placeholders
from database.values import moment

JAIL: Final = "jail"
"""The kind that takes all roles: whoever gives any asks for it first."""


@dataclass(frozen=True, slots=True)
class Sanction:
    """What is in force for a person."""

    guild_id: int
    user_id: int
    kind: str
    number: int
    ends_at: datetime | None = None
    timer_id: int | None = None
    role_id: int = 0


class SanctionsStore:
    """The table `sanctions`."""

    def __init__(self, db: DatabaseManager) -> None:
        self.db = db

    async def put(self, *sanctions: Sanction) -> None:
        """Let something be in force for a person, or for many, in place of the same kind of thing before."""
        await self.db.executemany(
            "INSERT INTO sanctions (guild_id, user_id, kind, role_id, number, ends_at, timer_id)"
            " VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (guild_id, user_id, kind, role_id) DO UPDATE"
            " SET number = excluded.number, ends_at = excluded.ends_at, timer_id = excluded.timer_id",
            [
                (one.guild_id, one.user_id, one.kind, one.role_id, one.number, one.ends_at, one.timer_id)
                for one in sanctions
            ],
        )

    async def get(self, guild_id: int, user_id: int, kind: str, role_id: int = 0) -> Sanction | None:
        """What of a kind is in force for a person."""
        row = await self.db.fetchone(
            "SELECT * FROM sanctions WHERE guild_id = $1 AND user_id = $2 AND kind = $3 AND role_id = $4",
            guild_id, user_id, kind, role_id,
        )  # fmt: skip
        return None if row is None else _sanction(row)

    async def of(self, guild_id: int, user_id: int) -> list[Sanction]:
        """Everything that is in force for a person."""
        rows = await self.db.fetchall(
            "SELECT * FROM sanctions WHERE guild_id = $1 AND user_id = $2 ORDER BY kind, role_id", guild_id, user_id
        )
        return [_sanction(row) for row in rows]

    async def is_jailed(self, guild_id: int, user_id: int) -> bool:
        """Whether somebody is in jail, here or not."""
        found = await self.db.fetchval(
            "SELECT 1 FROM sanctions WHERE guild_id = $1 AND user_id = $2 AND kind = $3 LIMIT 1",
            guild_id, user_id, JAIL,
        )  # fmt: skip
        return found is not None

    async def of_many(self, guild_id: int, user_ids: Sequence[int], kind: str) -> list[Sanction]:
        """What of a kind is in force for any of these people."""
        if not user_ids:
            return []
        rows = await self.db.fetchall(
            "SELECT * FROM sanctions WHERE guild_id = $1 AND kind = $2"
            f" AND user_id IN ({placeholders(len(user_ids), first=3)}) ORDER BY user_id, role_id",
            guild_id, kind, *user_ids,
        )  # fmt: skip
        return [_sanction(row) for row in rows]

    async def of_kinds(self, guild_id: int, kinds: Sequence[str]) -> list[Sanction]:
        """What of these kinds is in force in a guild."""
        rows = await self.db.fetchall(
            f"SELECT * FROM sanctions WHERE guild_id = $1 AND kind IN ({placeholders(len(kinds), first=2)})"
            " ORDER BY user_id, kind, role_id",
            guild_id, *kinds,
        )  # fmt: skip
        return [_sanction(row) for row in rows]

    async def of_timer(self, timer_id: int) -> Sanction | None:
        """What a timer is about; None if it was lifted or replaced meanwhile."""
        row = await self.db.fetchone("SELECT * FROM sanctions WHERE timer_id = $1", timer_id)
        return None if row is None else _sanction(row)

    async def asleep(self, guild_id: int) -> list[Sanction]:
        """What should end in a guild, but has no timer (any more)."""
        rows = await self.db.fetchall(
            "SELECT sanctions.* FROM sanctions LEFT JOIN timers ON timers.id = sanctions.timer_id"
            " WHERE sanctions.guild_id = $1 AND sanctions.ends_at IS NOT NULL AND timers.id IS NULL"
            " ORDER BY user_id, kind, role_id",
            guild_id,
        )
        return [_sanction(row) for row in rows]

    async def wake_by(self, sanction: Sanction, timer_id: int | None) -> bool:
        """Give it another timer; False if it has changed since it was read."""
        changed = await self.db.execute(
            "UPDATE sanctions SET timer_id = $6 WHERE guild_id = $1 AND user_id = $2 AND kind = $3 AND role_id = $4"
            " AND number = $5 AND COALESCE(timer_id, 0) = $7",
            sanction.guild_id, sanction.user_id, sanction.kind, sanction.role_id, sanction.number, timer_id,
            sanction.timer_id or 0,
        )  # fmt: skip
        return changed == 1

    async def remove(self, sanction: Sanction) -> bool:
        """Let it be in force no longer; False if it wasn't, or another case's is now."""
        changed = await self.db.execute(
            "DELETE FROM sanctions WHERE guild_id = $1 AND user_id = $2 AND kind = $3 AND role_id = $4"
            " AND number = $5",
            sanction.guild_id, sanction.user_id, sanction.kind, sanction.role_id, sanction.number,
        )  # fmt: skip
        return changed == 1


def _sanction(row: Row) -> Sanction:
    return Sanction(**{**row, "ends_at": moment(row["ends_at"])})

"""Which roles members had when they were last seen, for those who leave and come back."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from database.manager import DatabaseManager
from database.values import json_value, moment


@dataclass(frozen=True, slots=True)
class Known:
    """The roles that somebody had, and when they left; None as long as they are a member."""

    role_ids: frozenset[int]
    seen_at: datetime
    left_at: datetime | None = None


class StickyRolesStore:
    """The table `sticky_roles`."""

    def __init__(self, db: DatabaseManager) -> None:
        self.db = db

    async def see(self, guild_id: int, seen: Mapping[int, Iterable[int]], at: datetime) -> None:
        """Write down which roles members have, by their ids; of who has left, nothing is."""
        await self.db.executemany(
            "INSERT INTO sticky_roles (guild_id, user_id, role_ids, seen_at) VALUES ($1, $2, $3, $4)"
            " ON CONFLICT (guild_id, user_id) DO UPDATE SET role_ids = excluded.role_ids, seen_at = excluded.seen_at"
            " WHERE sticky_roles.left_at IS NULL",
            [(guild_id, user_id, sorted(role_ids), at) for user_id, role_ids in sorted(seen.items())],
        )

    async def get(self, guild_id: int, user_id: int) -> Known | None:
        """What is known of somebody."""
        row = await self.db.fetchone(
            "SELECT * FROM sticky_roles WHERE guild_id = $1 AND user_id = $2", guild_id, user_id
        )
        if row is None:
            return None
        seen_at = moment(row["seen_at"])
        assert seen_at is not None
        return Known(frozenset(json_value(row["role_ids"])), seen_at, moment(row["left_at"]))

    async def left(self, guild_id: int) -> dict[int, datetime]:
        """Who has left a guild, as far as is known, and when."""
        rows = await self.db.fetchall(
            "SELECT user_id, left_at FROM sticky_roles WHERE guild_id = $1 AND left_at IS NOT NULL", guild_id
        )
        return {row["user_id"]: left_at for row in rows if (left_at := moment(row["left_at"])) is not None}

    async def leave(self, guild_id: int, user_id: int, role_ids: Iterable[int], at: datetime) -> None:
        """Write down that somebody left, and which roles they are to have again."""
        await self.db.execute(
            "UPDATE sticky_roles SET role_ids = $3, left_at = $4 WHERE guild_id = $1 AND user_id = $2",
            guild_id, user_id, sorted(role_ids), at,
        )  # fmt: skip

    async def take(self, guild_id: int, user_id: int, role_id: int) -> None:
        """Let somebody not have a role again."""
        async with self.db.transaction():
            known = await self.get(guild_id, user_id)
            if known is not None and role_id in known.role_ids:
                await self.db.execute(
                    "UPDATE sticky_roles SET role_ids = $3 WHERE guild_id = $1 AND user_id = $2",
                    guild_id, user_id, sorted(known.role_ids - {role_id}),
                )  # fmt: skip

    async def forget(self, guild_id: int, user_id: int) -> None:
        """Forget somebody's roles."""
        await self.db.execute("DELETE FROM sticky_roles WHERE guild_id = $1 AND user_id = $2", guild_id, user_id)

    async def forget_guild(self, guild_id: int) -> None:
        """Forget everybody's in a guild."""
        await self.db.execute("DELETE FROM sticky_roles WHERE guild_id = $1", guild_id)

    async def forget_left_before(self, guild_id: int, moment: datetime) -> None:
        """Forget those of who left a guild before a moment."""
        await self.db.execute("DELETE FROM sticky_roles WHERE guild_id = $1 AND left_at < $2", guild_id, moment)

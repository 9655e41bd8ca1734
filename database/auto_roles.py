"""Roles that everybody gets who joins."""

from dataclasses import dataclass

from database.manager import DatabaseManager, Row


@dataclass(frozen=True, slots=True)
class AutoRole:
    """A role for newcomers, some time after they arrived. `powers` are the permissions that staff agreed to."""

    guild_id: int
    role_id: int
    for_bots: bool = False
    delay_seconds: int = 0
    powers: int = 0


class AutoRolesStore:
    """The table `auto_roles`."""

    def __init__(self, db: DatabaseManager) -> None:
        self.db = db

    async def all(self) -> list[AutoRole]:
        """Every guild's, for who keeps them in memory."""
        return [_role(row) for row in await self.db.fetchall("SELECT * FROM auto_roles ORDER BY guild_id, role_id")]

    async def of(self, guild_id: int) -> list[AutoRole]:
        """A guild's."""
        rows = await self.db.fetchall(
            "SELECT * FROM auto_roles WHERE guild_id = $1 ORDER BY for_bots, delay_seconds, role_id", guild_id
        )
        return [_role(row) for row in rows]

    async def put(self, role: AutoRole, most: int) -> bool:
        """Write one down, in place of the same before; False if the guild would have more than `most`."""
        changed = await self.db.execute(
            "INSERT INTO auto_roles (guild_id, role_id, for_bots, delay_seconds, powers)"
            " SELECT $1::bigint, $2::bigint, $3::boolean, $4::bigint, $5::bigint"
            " WHERE (SELECT COUNT(*) FROM auto_roles"
            " WHERE guild_id = $1 AND NOT (role_id = $2 AND for_bots = $3)) < $6"
            " ON CONFLICT (guild_id, role_id, for_bots) DO UPDATE"
            " SET delay_seconds = excluded.delay_seconds, powers = excluded.powers",
            role.guild_id, role.role_id, role.for_bots, role.delay_seconds, role.powers, most,
        )  # fmt: skip
        return bool(changed)

    async def remove(self, guild_id: int, role_id: int) -> bool:
        """Forget one, for people and bots; whether there was one."""
        return bool(
            await self.db.execute("DELETE FROM auto_roles WHERE guild_id = $1 AND role_id = $2", guild_id, role_id)
        )


def _role(row: Row) -> AutoRole:
    return AutoRole(**{**row, "for_bots": bool(row["for_bots"])})

"""Roles that are being given to or taken from many members."""

from dataclasses import dataclass
from typing import Any

from database.manager import DatabaseManager, Row
from database.values import json_value


@dataclass(frozen=True, slots=True)
class BulkRoleRun:
    """One run, and how far it is. `id` is that of the message with the command."""

    id: int
    guild_id: int
    channel_id: int
    message_id: int | None
    started_by: int
    role_id: int
    gives: bool
    whom: dict[str, Any]
    total: int
    changed: int = 0
    failed: int = 0


class BulkRolesStore:
    """The table `bulk_role_runs`."""

    def __init__(self, db: DatabaseManager) -> None:
        self.db = db

    async def begin(self, run: BulkRoleRun) -> bool:
        """Write down that a run begins; False if one of this guild is under way."""
        return bool(
            await self.db.execute(
                "INSERT INTO bulk_role_runs"
                " (id, guild_id, channel_id, message_id, started_by, role_id, gives, whom, total)"
                " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT DO NOTHING",
                run.id, run.guild_id, run.channel_id, run.message_id, run.started_by, run.role_id, run.gives,
                run.whom, run.total,
            )
        )  # fmt: skip

    async def under_way(self) -> list[BulkRoleRun]:
        """All runs that haven't ended."""
        return [_run(row) for row in await self.db.fetchall("SELECT * FROM bulk_role_runs ORDER BY id")]

    async def of_guild(self, guild_id: int) -> BulkRoleRun | None:
        """The run of a guild, if one is under way."""
        row = await self.db.fetchone("SELECT * FROM bulk_role_runs WHERE guild_id = $1", guild_id)
        return None if row is None else _run(row)

    async def progress(self, run_id: int, changed: int, failed: int) -> None:
        """Write down how far a run is."""
        await self.db.execute(
            "UPDATE bulk_role_runs SET changed = $2, failed = $3 WHERE id = $1", run_id, changed, failed
        )

    async def end(self, run_id: int) -> bool:
        """Forget a run that ended; False if it was forgotten already."""
        return bool(await self.db.execute("DELETE FROM bulk_role_runs WHERE id = $1", run_id))


def _run(row: Row) -> BulkRoleRun:
    return BulkRoleRun(
        row["id"], row["guild_id"], row["channel_id"], row["message_id"], row["started_by"], row["role_id"],
        bool(row["gives"]), json_value(row["whom"]), row["total"], row["changed"], row["failed"],
    )  # fmt: skip

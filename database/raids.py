"""Raids, and who belonged to them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from database.manager import DatabaseManager, Row
from database.values import json_value, moment

STATUSES = ("waiting", "noted", "quarantined", "failed", "gone", "released", "banned")


@dataclass(frozen=True, slots=True)
class Raid:
    """A raid; it goes on while it has no end."""

    id: int
    guild_id: int
    began_at: datetime
    last_at: datetime
    """When the last one who belongs to it joined."""
    signs: tuple[str, ...]
    state_before: dict[str, Any]
    timer_id: int | None = None
    ended_at: datetime | None = None
    channel_id: int | None = None
    message_id: int | None = None
    """Where the staff reads of it."""


@dataclass(frozen=True, slots=True)
class RaidMember:
    """Somebody who belongs to a raid."""

    user_id: int
    name: str
    joined_at: datetime
    status: str


class RaidsStore:
    """The tables `raids` and `raid_members`."""

    def __init__(self, db: DatabaseManager) -> None:
        self.db = db

    async def begin(self, raid: Raid, members: Sequence[RaidMember]) -> bool:
        """Write a raid down; False if one goes on in that guild. Joins the caller's transaction."""
        async with self.db.transaction():
            added = await self.db.execute(
                "INSERT INTO raids (id, guild_id, began_at, last_at, signs, state_before, timer_id)"
                " VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING",
                raid.id, raid.guild_id, raid.began_at, raid.last_at, list(raid.signs), raid.state_before,
                raid.timer_id,
            )  # fmt: skip
            if added == 1:
                await self._add(raid, members)
        return added == 1

    async def joined(self, raid: Raid, members: Sequence[RaidMember], at: datetime) -> None:
        """Add people to a raid; who is in it already stays as they are, unless they were gone or not held."""
        async with self.db.transaction():
            await self._add(raid, members)
            await self.db.execute("UPDATE raids SET last_at = $2 WHERE id = $1 AND last_at < $2", raid.id, at)

    async def _add(self, raid: Raid, members: Sequence[RaidMember]) -> None:
        await self.db.executemany(
            "INSERT INTO raid_members (raid_id, guild_id, user_id, name, joined_at, status)"
            " VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (raid_id, user_id) DO UPDATE SET status = excluded.status"
            " WHERE raid_members.status IN ('gone', 'failed')",
            [(raid.id, raid.guild_id, one.user_id, one.name, one.joined_at, one.status) for one in members],
        )

    async def get(self, raid_id: int) -> Raid | None:
        """A raid by its id."""
        return _maybe(await self.db.fetchone("SELECT * FROM raids WHERE id = $1", raid_id))

    async def going_on(self, guild_id: int | None = None) -> list[Raid]:
        """All raids that have no end yet, or that of a guild."""
        rows = await self.db.fetchall(
            "SELECT * FROM raids WHERE ended_at IS NULL AND (CAST($1 AS BIGINT) IS NULL OR guild_id = $1)", guild_id
        )
        return [_raid(row) for row in rows]

    async def latest(self, guild_id: int, *, limit: int) -> list[Raid]:
        """A guild's raids, the latest first."""
        rows = await self.db.fetchall(
            "SELECT * FROM raids WHERE guild_id = $1 ORDER BY began_at DESC, id DESC LIMIT $2", guild_id, limit
        )
        return [_raid(row) for row in rows]

    async def members(self, raid_id: int, *statuses: str) -> list[RaidMember]:
        """Who belongs to a raid, in the order in which they joined; with one of these statuses, if any is given."""
        rows = await self.db.fetchall(
            "SELECT * FROM raid_members WHERE raid_id = $1 ORDER BY joined_at, user_id", raid_id
        )
        return [_member(row) for row in rows if not statuses or row["status"] in statuses]

    async def next_waiting(self, raid_id: int) -> RaidMember | None:
        """Who has waited for longest; None if nobody waits."""
        row = await self.db.fetchone(
            "SELECT * FROM raid_members WHERE raid_id = $1 AND status = 'waiting'"
            " ORDER BY joined_at, user_id LIMIT 1",
            raid_id,
        )
        return None if row is None else _member(row)

    async def set_status(self, raid_id: int, user_ids: Sequence[int], status: str) -> None:
        """Write down what became of people."""
        await self.db.executemany(
            "UPDATE raid_members SET status = $3 WHERE raid_id = $1 AND user_id = $2",
            [(raid_id, user_id, status) for user_id in user_ids],
        )

    async def shown(self, raid_id: int, channel_id: int, message_id: int) -> None:
        """Keep where the staff reads of a raid."""
        await self.db.execute(
            "UPDATE raids SET channel_id = $2, message_id = $3 WHERE id = $1", raid_id, channel_id, message_id
        )

    async def move_timer(self, raid_id: int, timer_id: int) -> None:
        """Let another timer look whether a raid is over."""
        await self.db.execute("UPDATE raids SET timer_id = $2 WHERE id = $1", raid_id, timer_id)

    async def describe(self, raid_id: int, state_before: dict[str, Any]) -> None:
        """Keep what there is to know of a raid besides, in place of what was kept."""
        await self.db.execute("UPDATE raids SET state_before = $2 WHERE id = $1", raid_id, state_before)

    async def end(self, raid_id: int, at: datetime) -> bool:
        """Say that a raid is over; False if it was already."""
        return (
            await self.db.execute("UPDATE raids SET ended_at = $2 WHERE id = $1 AND ended_at IS NULL", raid_id, at)
        ) == 1


def _maybe(row: Row | None) -> Raid | None:
    return None if row is None else _raid(row)


def _raid(row: Row) -> Raid:
    return Raid(
        row["id"], row["guild_id"], _at(row["began_at"]), _at(row["last_at"]), tuple(json_value(row["signs"])),
        json_value(row["state_before"]), row["timer_id"], moment(row["ended_at"]), row["channel_id"],
        row["message_id"],
    )  # fmt: skip


def _member(row: Row) -> RaidMember:
    return RaidMember(row["user_id"], row["name"], _at(row["joined_at"]), row["status"])


def _at(milliseconds: int) -> datetime:
    found = moment(milliseconds)
    assert found is not None
    return found

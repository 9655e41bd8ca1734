"""What staff did to many standings at once, kept so that it can be taken back."""

from collections.abc import AsyncIterator, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from database.manager import DatabaseManager, Row
from database.pages import pages_by_user
from database.placeholders import placeholders
from database.standing_changes import Change, RecentGain
from database.standing_values import Move, Standing
from database.values import moment

KEPT: Final = 20
"""Of how many snapshots in a guild the standings are kept: the newest. Of the others it is known what they were."""


@dataclass(frozen=True, slots=True)
class NewSnapshot:
    """Something that is about to be done. `digest` is that of an imported file, `reverses` what is taken back."""

    kind: str
    taken_at: datetime
    taken_by: int | None
    digest: str | None = None
    reverses: int | None = None


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Something that was done. `people` is how many standings it changed, or None if it was cut short."""

    guild_id: int
    number: int
    kind: str
    taken_at: datetime
    taken_by: int | None
    digest: str | None
    reverses: int | None
    people: int | None


def taken_back(snapshots: Iterable[Snapshot]) -> dict[int, int]:
    """Which of these are taken back, each with the number of what did it. What is taken back takes nothing back."""
    found: dict[int, int] = {}
    for one in sorted(snapshots, key=lambda one: one.number, reverse=True):
        if one.reverses is not None and one.number not in found:
            found.setdefault(one.reverses, one.number)
    return found


class StandingSnapshotsStore:
    """The tables `standing_snapshots`, `standing_snapshot_rows` and `recent_snapshot_rows`."""

    def __init__(self, db: DatabaseManager) -> None:
        self.db = db

    # --- taking; all of it in a change of the guild's standings

    async def begin(self, change: Change, new: NewSnapshot) -> int:
        """Write down that something is about to be done; its number."""
        latest: int | None = await self.db.fetchval(
            "SELECT MAX(number) FROM standing_snapshots WHERE guild_id = $1", change.guild_id
        )
        number = 1 + (latest or 0)
        await self.db.execute(
            "INSERT INTO standing_snapshots (guild_id, number, kind, taken_at, taken_by, digest, reverses)"
            " VALUES ($1, $2, $3, $4, $5, $6, $7)",
            change.guild_id, number, new.kind, new.taken_at, new.taken_by, new.digest, new.reverses,
        )  # fmt: skip
        return number

    async def keep(self, change: Change, number: int, moves: Sequence[Move]) -> None:
        """Keep standings as they are before and after what is done."""
        await self.db.executemany(
            "INSERT INTO standing_snapshot_rows (guild_id, number, user_id, xp, messages, voice_minutes, new_xp,"
            " new_messages, new_voice_minutes) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
            [
                (
                    change.guild_id, number, move.user_id,
                    move.before.xp, move.before.messages, move.before.voice_minutes,
                    move.after.xp, move.after.messages, move.after.voice_minutes,
                )
                for move in moves
            ],
        )  # fmt: skip

    async def forget_recent(self, change: Change, number: int, user_ids: Sequence[int]) -> None:
        """Take away what these people gained in days and weeks, and keep it; as many as go into one statement."""
        these = placeholders(len(user_ids), first=3)
        await self.db.execute(
            "INSERT INTO recent_snapshot_rows"
            " (guild_id, number, user_id, period, starts_on, xp, messages, voice_minutes)"
            " SELECT guild_id, CAST($2 AS BIGINT), user_id, period, starts_on, -xp, -messages, -voice_minutes"
            f" FROM recent_standings WHERE guild_id = $1 AND user_id IN ({these})",
            change.guild_id, number, *user_ids,
        )  # fmt: skip
        await self.db.execute(
            f"DELETE FROM recent_standings WHERE guild_id = $1"
            f" AND user_id IN ({placeholders(len(user_ids), first=2)})",
            change.guild_id, *user_ids,
        )  # fmt: skip

    async def return_recent(self, change: Change, number: int, old: int, standings: Sequence[Standing]) -> None:
        """Take back what an older change did to these people's days and weeks; what they gained since stays."""
        present = {one.user_id: one.present for one in standings}
        rows = await self.db.fetchall(
            "SELECT * FROM recent_snapshot_rows WHERE guild_id = $1 AND number = $2"
            f" AND user_id IN ({placeholders(len(present), first=3)})",
            change.guild_id, old, *present,
        )  # fmt: skip
        gains = [
            RecentGain(
                row["user_id"], row["period"], row["starts_on"], present[row["user_id"]],
                (-row["xp"], -row["messages"], -row["voice_minutes"]),
            )
            for row in rows
        ]  # fmt: skip
        await self.db.executemany(
            "INSERT INTO recent_snapshot_rows"
            " (guild_id, number, user_id, period, starts_on, xp, messages, voice_minutes)"
            " VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
            [(change.guild_id, number, one.user_id, one.period, one.starts_on, *one.amounts) for one in gains],
        )
        await change.add_recent(gains)

    async def finish(self, guild_id: int, number: int) -> None:
        """Write down that it came to its end, and forget the standings of what is too old to be taken back."""
        await self.db.execute(
            "UPDATE standing_snapshots SET people = (SELECT COUNT(*) FROM standing_snapshot_rows"
            " WHERE guild_id = $1 AND number = $2) WHERE guild_id = $1 AND number = $2",
            guild_id, number,
        )  # fmt: skip
        for table in ("standing_snapshot_rows", "recent_snapshot_rows"):
            await self.db.execute(
                f"DELETE FROM {table} WHERE guild_id = $1 AND number <= $2", guild_id, number - KEPT
            )

    # --- looking

    async def all(self, guild_id: int) -> list[Snapshot]:
        """Everything that was ever done, the newest first."""
        rows = await self.db.fetchall(
            "SELECT * FROM standing_snapshots WHERE guild_id = $1 ORDER BY number DESC", guild_id
        )
        return [_snapshot(row) for row in rows]

    async def rows(self, guild_id: int, number: int) -> AsyncIterator[list[Move]]:
        """The standings that something changed, a page at a time, by id."""
        query = "SELECT * FROM standing_snapshot_rows WHERE guild_id = $1 AND number = $2"
        async for rows in pages_by_user(self.db, query, guild_id, number):
            yield [_move(row) for row in rows]


def _snapshot(row: Row) -> Snapshot:
    taken_at = moment(row["taken_at"])
    assert taken_at is not None
    return Snapshot(
        row["guild_id"], row["number"], row["kind"], taken_at, row["taken_by"], row["digest"],
        row["reverses"], row["people"],
    )  # fmt: skip


def _move(row: Row) -> Move:
    user_id = row["user_id"]
    return Move(
        Standing(user_id, row["xp"], row["messages"], row["voice_minutes"]),
        Standing(user_id, row["new_xp"], row["new_messages"], row["new_voice_minutes"]),
    )

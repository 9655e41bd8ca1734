"""Which messages of members the bot removed, and by which rule. What they said isn't kept."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from discord.utils import as_chunks

from database.manager import DatabaseManager, Row
from database.placeholders import placeholders
from database.values import json_value, moment


@dataclass(frozen=True, slots=True)
class RemovedMessage:
    """A message that the bot removed.

    `author_id` is None where nobody should learn who wrote it. `by` names what removed it (`purge`, `automod`, …),
    which alone reads `details`.
    """

    guild_id: int
    message_id: int
    channel_id: int
    author_id: int | None
    by: str
    removed_at: datetime
    details: dict[str, Any] = field(default_factory=dict, hash=False)


class RemovedMessagesStore:
    """The table `removed_messages`."""

    def __init__(self, db: DatabaseManager) -> None:
        self.db = db

    async def add(self, removed: Sequence[RemovedMessage]) -> None:
        """Write messages down; one that is there already stays as it is."""
        await self.db.executemany(
            "INSERT INTO removed_messages (guild_id, message_id, channel_id, author_id, removed_by, removed_at,"
            " details) VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING",
            [
                (one.guild_id, one.message_id, one.channel_id, one.author_id, one.by, one.removed_at, one.details)
                for one in removed
            ],
        )

    async def get(self, guild_id: int, message_id: int) -> RemovedMessage | None:
        """A message that was removed; None if the bot didn't, or it is too long ago."""
        row = await self.db.fetchone(
            "SELECT * FROM removed_messages WHERE guild_id = $1 AND message_id = $2", guild_id, message_id
        )
        return None if row is None else _removed(row)

    async def some(self, guild_id: int, message_ids: Iterable[int]) -> list[RemovedMessage]:
        """Those of these messages that were removed by the bot."""
        rows: list[Row] = []
        for ids in as_chunks(sorted(set(message_ids)), 100):
            rows += await self.db.fetchall(
                "SELECT * FROM removed_messages WHERE guild_id = $1"
                f" AND message_id IN ({placeholders(len(ids), first=2)})",
                guild_id,
                *ids,
            )
        return [_removed(row) for row in rows]

    async def latest_of(self, guild_id: int, author_id: int, *, limit: int) -> list[RemovedMessage]:
        """Somebody's messages that were removed last, the newest removal first."""
        rows = await self.db.fetchall(
            "SELECT * FROM removed_messages WHERE guild_id = $1 AND author_id = $2"
            " ORDER BY removed_at DESC, message_id DESC LIMIT $3",
            guild_id, author_id, limit,
        )  # fmt: skip
        return [_removed(row) for row in rows]

    async def forget(self, removed_before: datetime) -> None:
        """Let go of what is long ago."""
        await self.db.execute("DELETE FROM removed_messages WHERE removed_at < $1", removed_before)


def _removed(row: Row) -> RemovedMessage:
    at = moment(row["removed_at"])
    assert at is not None
    return RemovedMessage(
        row["guild_id"], row["message_id"], row["channel_id"], row["author_id"], row["removed_by"], at,
        json_value(row["details"]),
    )  # fmt: skip

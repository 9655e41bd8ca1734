"""News that are being sent to servers."""

from collections.abc import Sequence
from dataclasses import dataclass

from database.errors import ConstraintViolated
from database.manager import DatabaseManager


@dataclass(frozen=True, slots=True)
class Announcement:
    """What is sent. `id` is that of the message with the command; the other message shows how far it is."""

    id: int
    channel_id: int
    message_id: int
    started_by: int
    text: str


class AnnouncementsStore:
    """The tables `announcements` and `announcement_guilds`.

    A guild's state is waiting, sending, sent, nowhere (no channel), unwanted or failed.
    """

    def __init__(self, db: DatabaseManager) -> None:
        self.db = db

    async def begin(self, one: Announcement, guild_ids: Sequence[int]) -> bool:
        """Write down what is to be sent where; False if another is under way."""
        try:
            async with self.db.transaction():
                await self.db.execute(
                    "INSERT INTO announcements (id, slot, channel_id, message_id, started_by, text)"
                    " VALUES ($1, 1, $2, $3, $4, $5)",
                    one.id, one.channel_id, one.message_id, one.started_by, one.text,
                )  # fmt: skip
                await self.db.executemany(
                    "INSERT INTO announcement_guilds (announcement_id, guild_id, state) VALUES ($1, $2, 'waiting')",
                    [(one.id, guild_id) for guild_id in guild_ids],
                )
        except ConstraintViolated as error:
            if error.kind != "unique":
                raise
            return False
        return True

    async def under_way(self) -> Announcement | None:
        """The one that hasn't ended."""
        row = await self.db.fetchone("SELECT * FROM announcements")
        if row is None:
            return None
        return Announcement(row["id"], row["channel_id"], row["message_id"], row["started_by"], row["text"])

    async def waiting(self, announcement_id: int) -> list[int]:
        """The guilds that are still to get it, in a fixed order."""
        rows = await self.db.fetchall(
            "SELECT guild_id FROM announcement_guilds WHERE announcement_id = $1 AND state = 'waiting'"
            " ORDER BY guild_id",
            announcement_id,
        )
        return [row["guild_id"] for row in rows]

    async def mark(self, announcement_id: int, guild_id: int, state: str) -> None:
        """Write down what became of it in a guild."""
        await self.db.execute(
            "UPDATE announcement_guilds SET state = $3 WHERE announcement_id = $1 AND guild_id = $2",
            announcement_id, guild_id, state,
        )  # fmt: skip

    async def states(self, announcement_id: int) -> dict[str, int]:
        """How many guilds there are in each state."""
        rows = await self.db.fetchall(
            "SELECT state, COUNT(*) AS guilds FROM announcement_guilds WHERE announcement_id = $1 GROUP BY state",
            announcement_id,
        )
        return {row["state"]: row["guilds"] for row in rows}

    async def end(self, announcement_id: int) -> None:
        """Forget one."""
        await self.db.execute("DELETE FROM announcements WHERE id = $1", announcement_id)

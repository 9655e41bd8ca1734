"""How far servers have counted, and who did."""

from dataclasses import dataclass
from datetime import datetime

from database.manager import DatabaseManager, Row
from database.values import moment


@dataclass(frozen=True, slots=True)
class Counting:
    """How far a server is in its channel."""

    guild_id: int
    channel_id: int
    number: int
    """The last number; 0 if one begins."""
    last_user_id: int | None
    number_message_id: int | None
    """The message with the last number."""
    last_message_id: int
    """The last message that was judged."""
    told: bool = False
    """Whether people were told that the last number was changed or deleted."""
    highest: int = 0
    highest_at: datetime | None = None
    mistakes: int = 0


@dataclass(frozen=True, slots=True)
class Counter:
    """How often a member counted on, and how often they were wrong."""

    user_id: int
    counted: int
    mistakes: int


class CountingStore:
    """The tables `counting` and `counters`."""

    def __init__(self, db: DatabaseManager) -> None:
        self.db = db

    async def of_guild(self, guild_id: int) -> Counting | None:
        """How far a server is; None if it never counted."""
        row = await self.db.fetchone("SELECT * FROM counting WHERE guild_id = $1", guild_id)
        return None if row is None else _counting(row)

    async def go_on(self, new: Counting, user_id: int | None, *, is_mistake: bool = False) -> bool:
        """Keep how far a server is after a member's message; False if that message was judged before.

        Nobody is credited where `user_id` is None: staff set the number.
        """
        async with self.db.transaction():
            changed = await self.db.execute(
                "INSERT INTO counting (guild_id, channel_id, number, last_user_id, number_message_id,"
                " last_message_id, told, highest, highest_at, mistakes)"
                " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (guild_id) DO UPDATE SET"
                " channel_id = excluded.channel_id, number = excluded.number, last_user_id = excluded.last_user_id,"
                " number_message_id = excluded.number_message_id, last_message_id = excluded.last_message_id,"
                " told = excluded.told, highest = excluded.highest, highest_at = excluded.highest_at,"
                " mistakes = excluded.mistakes WHERE counting.last_message_id < excluded.last_message_id",
                new.guild_id, new.channel_id, new.number, new.last_user_id, new.number_message_id,
                new.last_message_id, new.told, new.highest, new.highest_at, new.mistakes,
            )  # fmt: skip
            if changed and user_id is not None:
                await self._credit(new.guild_id, user_id, is_mistake=is_mistake)
        return changed == 1

    async def _credit(self, guild_id: int, user_id: int, *, is_mistake: bool) -> None:
        await self.db.execute(
            "INSERT INTO counters (guild_id, user_id, counted, mistakes) VALUES ($1, $2, $3, $4)"
            " ON CONFLICT (guild_id, user_id) DO UPDATE SET counted = counters.counted + excluded.counted,"
            " mistakes = counters.mistakes + excluded.mistakes",
            guild_id, user_id, int(not is_mistake), int(is_mistake),
        )  # fmt: skip

    async def tell(self, guild_id: int, message_id: int) -> bool:
        """Note that people are told of a changed or deleted last number; False if it isn't the last, or they were."""
        changed = await self.db.execute(
            "UPDATE counting SET told = TRUE WHERE guild_id = $1 AND number_message_id = $2 AND NOT told",
            guild_id, message_id,
        )  # fmt: skip
        return changed == 1

    async def best(self, guild_id: int, limit: int) -> list[Counter]:
        """Who counted on most often."""
        rows = await self.db.fetchall(
            "SELECT * FROM counters WHERE guild_id = $1 AND counted > 0 ORDER BY counted DESC, user_id LIMIT $2",
            guild_id, limit,
        )  # fmt: skip
        return [Counter(row["user_id"], row["counted"], row["mistakes"]) for row in rows]


def _counting(row: Row) -> Counting:
    return Counting(
        row["guild_id"], row["channel_id"], row["number"], row["last_user_id"], row["number_message_id"],
        row["last_message_id"], bool(row["told"]), row["highest"], moment(row["highest_at"]), row["mistakes"],
    )  # fmt: skip

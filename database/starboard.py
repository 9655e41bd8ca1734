"""Stars on messages, and which messages are on the board."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from database.manager import DatabaseManager, Row
from database.placeholders import placeholders


@dataclass(frozen=True, slots=True)
class Starred:
    """A message that somebody starred, and where it is shown."""

    message_id: int
    guild_id: int
    channel_id: int
    author_id: int
    board_channel_id: int | None = None
    board_message_id: int | None = None
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class StarStats:
    """What somebody's stars add up to."""

    given: int
    received: int
    messages: int
    """How many of their messages have any."""


_JOINED = "FROM starred_messages m JOIN stars s ON s.message_id = m.message_id WHERE m.guild_id = $1"


class StarboardStore:
    """The tables `starred_messages` and `stars`."""

    def __init__(self, db: DatabaseManager) -> None:
        self.db = db

    async def star(self, message: Starred, user_id: int) -> bool:
        """Let somebody star a message; False if they have."""
        async with self.db.transaction():
            await self.db.execute(
                "INSERT INTO starred_messages (message_id, guild_id, channel_id, author_id) VALUES ($1, $2, $3, $4)"
                " ON CONFLICT (message_id) DO NOTHING",
                message.message_id, message.guild_id, message.channel_id, message.author_id,
            )  # fmt: skip
            added = await self.db.execute(
                "INSERT INTO stars (message_id, user_id) VALUES ($1, $2)"
                " ON CONFLICT (message_id, user_id) DO NOTHING",
                message.message_id, user_id,
            )  # fmt: skip
        return bool(added)

    async def unstar(self, message_id: int, user_id: int) -> bool:
        """Take somebody's star away; whether they had given one."""
        return bool(
            await self.db.execute("DELETE FROM stars WHERE message_id = $1 AND user_id = $2", message_id, user_id)
        )

    async def unstar_all(self, message_id: int) -> None:
        """Take all stars of a message away."""
        await self.db.execute("DELETE FROM stars WHERE message_id = $1", message_id)

    async def are(self, message_id: int, user_ids: Iterable[int]) -> None:
        """Write down that these people, and nobody else, starred a message that is known."""
        async with self.db.transaction():
            await self.unstar_all(message_id)
            await self.db.executemany(
                "INSERT INTO stars (message_id, user_id) VALUES ($1, $2)",
                [(message_id, user_id) for user_id in sorted(set(user_ids))],
            )

    async def count(self, message_id: int) -> int:
        """How many stars a message has."""
        return int(await self.db.fetchval("SELECT COUNT(*) FROM stars WHERE message_id = $1", message_id) or 0)

    async def get(self, message_id: int) -> Starred | None:
        """A message that somebody starred."""
        row = await self.db.fetchone("SELECT * FROM starred_messages WHERE message_id = $1", message_id)
        return None if row is None else _starred(row)

    async def on_boards(self, most: int, guild_id: int | None = None) -> list[Starred]:
        """The latest messages that are on a board, or on those of one guild, for who keeps their ids in memory."""
        where, values = ("", ()) if guild_id is None else (" AND guild_id = $2", (guild_id,))
        rows = await self.db.fetchall(
            f"SELECT * FROM starred_messages WHERE board_message_id IS NOT NULL{where}"
            " ORDER BY message_id DESC LIMIT $1",
            most,
            *values,
        )
        return [_starred(row) for row in rows]

    async def which_on_boards(self, message_ids: Collection[int]) -> set[int]:
        """Those of these messages that are on a board."""
        if not message_ids:
            return set()
        rows = await self.db.fetchall(
            "SELECT message_id FROM starred_messages WHERE board_message_id IS NOT NULL"
            f" AND message_id IN ({placeholders(len(message_ids))})",
            *message_ids,
        )
        return {row["message_id"] for row in rows}

    async def show(self, message_id: int, board_channel_id: int | None, board_message_id: int | None) -> None:
        """Write down where a message is shown; None where it isn't any more."""
        await self.db.execute(
            "UPDATE starred_messages SET board_channel_id = $2, board_message_id = $3 WHERE message_id = $1",
            message_id, board_channel_id, board_message_id,
        )  # fmt: skip

    async def hide(self, board_message_id: int) -> bool:
        """Show a message no more, because its place on the board was deleted."""
        return bool(
            await self.db.execute(
                "UPDATE starred_messages SET hidden = TRUE, board_channel_id = NULL, board_message_id = NULL"
                " WHERE board_message_id = $1",
                board_message_id,
            )
        )

    async def forget(self, *message_ids: int) -> None:
        """Forget messages and their stars."""
        await self.db.executemany(
            "DELETE FROM starred_messages WHERE message_id = $1", [(one,) for one in sorted(message_ids)]
        )

    async def stats(self, guild_id: int, user_id: int) -> StarStats:
        """What somebody gave and got in a guild."""
        given = await self.db.fetchval(f"SELECT COUNT(*) {_JOINED} AND s.user_id = $2", guild_id, user_id)
        row = await self.db.fetchone(
            f"SELECT COUNT(*) AS received, COUNT(DISTINCT m.message_id) AS messages {_JOINED} AND m.author_id = $2",
            guild_id, user_id,
        )  # fmt: skip
        assert row is not None
        return StarStats(int(given or 0), row["received"], row["messages"])

    async def top_authors(self, guild_id: int, most: int) -> list[tuple[int, int]]:
        """Who got the most stars in a guild, and how many."""
        rows = await self.db.fetchall(
            f"SELECT m.author_id, COUNT(*) AS stars {_JOINED} GROUP BY m.author_id"
            " ORDER BY stars DESC, m.author_id LIMIT $2",
            guild_id, most,
        )  # fmt: skip
        return [(row["author_id"], row["stars"]) for row in rows]

    async def top_messages(self, guild_id: int, most: int) -> list[tuple[Starred, int]]:
        """Which messages on the board have the most stars in a guild, and how many."""
        rows = await self.db.fetchall(
            f"SELECT m.*, COUNT(*) AS stars {_JOINED} AND m.board_message_id IS NOT NULL"
            " GROUP BY m.message_id ORDER BY stars DESC, m.message_id LIMIT $2",
            guild_id, most,
        )  # fmt: skip
        return [(_starred(row), row["stars"]) for row in rows]


def _starred(row: Row) -> Starred:
    values = {name: value for name, value in row.items() if name != "stars"}
    return Starred(**{**values, "hidden": bool(row["hidden"])})

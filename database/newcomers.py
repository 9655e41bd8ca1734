"""Who joined and has yet to accept the rules."""

from base64 import b64decode, b64encode
from dataclasses import dataclass
from datetime import datetime

from database.manager import DatabaseManager, Row
from database.values import moment


@dataclass(frozen=True, slots=True)
class Newcomer:
    """Somebody who has yet to accept a guild's rules."""

    guild_id: int
    user_id: int
    joined_at: datetime
    tries: int = 0
    timer_id: int | None = None


class NewcomersStore:
    """The table `newcomers`."""

    def __init__(self, db: DatabaseManager) -> None:
        self.db = db

    async def put(self, newcomer: Newcomer) -> None:
        """Let somebody wait, in place of an earlier time."""
        await self.db.execute(
            "INSERT INTO newcomers (guild_id, user_id, joined_at, tries, timer_id) VALUES ($1, $2, $3, $4, $5)"
            " ON CONFLICT (guild_id, user_id) DO UPDATE"
            " SET joined_at = excluded.joined_at, tries = excluded.tries, timer_id = excluded.timer_id",
            newcomer.guild_id, newcomer.user_id, newcomer.joined_at, newcomer.tries, newcomer.timer_id,
        )  # fmt: skip

    async def get(self, guild_id: int, user_id: int) -> Newcomer | None:
        """Somebody who waits; None if they don't."""
        row = await self.db.fetchone(
            "SELECT * FROM newcomers WHERE guild_id = $1 AND user_id = $2", guild_id, user_id
        )
        return None if row is None else _newcomer(row)

    async def all(self, guild_id: int | None = None) -> list[Newcomer]:
        """Everybody who waits, or those of one guild, for who keeps them in memory."""
        where, values = ("", ()) if guild_id is None else (" WHERE guild_id = $1", (guild_id,))
        rows = await self.db.fetchall(f"SELECT * FROM newcomers{where} ORDER BY guild_id, user_id", *values)
        return [_newcomer(row) for row in rows]

    async def remove(self, guild_id: int, user_id: int) -> Newcomer | None:
        """Let somebody wait no longer; None if they didn't."""
        row = await self.db.fetchone(
            "DELETE FROM newcomers WHERE guild_id = $1 AND user_id = $2 RETURNING *", guild_id, user_id
        )
        return None if row is None else _newcomer(row)


class GreetingsStore:
    """The tables `greetings` and `greeting_backgrounds`."""

    def __init__(self, db: DatabaseManager) -> None:
        self.db = db

    async def add(self, guild_id: int, kind: str, text: str, most: int) -> int | None:
        """Keep a text under the next number of its kind; None if there are `most` already."""
        number: int | None = await self.db.fetchval(
            "INSERT INTO greetings (guild_id, kind, number, text)"
            " SELECT $1::bigint, $2::text,"
            " (SELECT COALESCE(MAX(number), 0) + 1 FROM greetings WHERE guild_id = $1 AND kind = $2), $3::text"
            " WHERE (SELECT COUNT(*) FROM greetings WHERE guild_id = $1 AND kind = $2) < $4 RETURNING number",
            guild_id, kind, text, most,
        )  # fmt: skip
        return number

    async def of(self, guild_id: int, kind: str) -> dict[int, str]:
        """The texts of a kind by number."""
        rows = await self.db.fetchall(
            "SELECT number, text FROM greetings WHERE guild_id = $1 AND kind = $2 ORDER BY number", guild_id, kind
        )
        return {row["number"]: row["text"] for row in rows}

    async def remove(self, guild_id: int, kind: str, number: int) -> bool:
        """Forget a text; whether there was one of that number."""
        return bool(
            await self.db.execute(
                "DELETE FROM greetings WHERE guild_id = $1 AND kind = $2 AND number = $3", guild_id, kind, number
            )
        )

    async def background(self, guild_id: int) -> bytes | None:
        """The file of a guild's own background."""
        text = await self.db.fetchval("SELECT file FROM greeting_backgrounds WHERE guild_id = $1", guild_id)
        return None if text is None else b64decode(text)

    async def put_background(self, guild_id: int, file: bytes) -> None:
        """Keep a background, in place of the one before."""
        await self.db.execute(
            "INSERT INTO greeting_backgrounds (guild_id, file) VALUES ($1, $2)"
            " ON CONFLICT (guild_id) DO UPDATE SET file = excluded.file",
            guild_id, b64encode(file).decode(),
        )  # fmt: skip

    async def remove_background(self, guild_id: int) -> bool:
        """Forget a guild's background; whether there was one."""
        return bool(await self.db.execute("DELETE FROM greeting_backgrounds WHERE guild_id = $1", guild_id))


def _newcomer(row: Row) -> Newcomer:
    joined_at = moment(row["joined_at"])
    assert joined_at is not None
    return Newcomer(**{**row, "joined_at": joined_at})

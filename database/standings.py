"""Members' XP, messages and minutes in voice channels, and their ranks.

Every change of a guild's standings happens in a `StandingsStore.change` block: one transaction, in which the rows,
the counts that ranks are found by, and the day's and week's gains go together.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping
from contextlib import asynccontextmanager
from datetime import date
from typing import Final
from weakref import WeakValueDictionary

from database.errors import DatabaseError
from database.manager import DatabaseManager
from database.pages import pages_by_user
from database.standing_changes import Change, known_standings, standings_of
from database.standing_values import (
    MOST,
    Board,
    Gain,
    Move,
    Period,
    Standing,
    bucket_of,
    bucket_start,
    period_start,
    standing_of,
)

PASSED_AT_MOST: Final = 1_000
"""So many places are passed row by row; who is further down is found by the counts of buckets."""
KEPT_DAYS: Final = 35
"""How long the gains of a day or a week are kept."""
KEPT_BATCHES: Final = 100
"""How many batches of a guild are known as written. One that is tried again is among the last few."""


class StandingsStore:
    """The tables `standings`, `standing_buckets` and `recent_standings`."""

    def __init__(self, db: DatabaseManager) -> None:
        self.db = db
        self.companions: list[Callable[[Change], Awaitable[None]]] = []
        """What writes down, in the same transaction, what follows from a change."""
        self._turns: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()

    # --- changing

    @asynccontextmanager
    async def change(self, guild_id: int) -> AsyncIterator[Change]:
        """A transaction in which standings of a guild change; all of it happens, or nothing.

        Raises `DatabaseError` inside another transaction, which could wait for the one that waits for it.
        """
        if self.db.in_transaction:
            raise DatabaseError("A change of standings is a transaction of its own.")
        turn = self._turns.setdefault(guild_id, asyncio.Lock())
        async with turn, self.db.transaction():
            await self.db.execute(
                "INSERT INTO level_books (guild_id, changes) VALUES ($1, 1) ON CONFLICT (guild_id)"
                " DO UPDATE SET changes = level_books.changes + 1",
                guild_id,
            )
            change = Change(self.db, guild_id)
            yield change
            for write in self.companions:
                await write(change)

    async def add_batch(
        self, guild_id: int, batch_id: int, gains: Mapping[int, Gain], *, today: date,
        also: Callable[[], Awaitable[None]] | None = None,
    ) -> dict[int, Move]:  # fmt: skip
        """Write gains that were gathered, once: nobody moves if that batch was written before.

        `also` writes what belongs to them in the same transaction.
        """
        async with self.change(guild_id) as change:
            is_new = await self.db.execute(
                "INSERT INTO level_batches (guild_id, id) VALUES ($1, $2) ON CONFLICT DO NOTHING", guild_id, batch_id
            )
            if is_new:
                await change.add(gains, today=today)
                if also is not None:
                    await also()
                await self.db.execute(
                    "DELETE FROM level_batches WHERE guild_id = $1 AND id <="
                    " (SELECT id FROM level_batches WHERE guild_id = $1 ORDER BY id DESC LIMIT 1 OFFSET $2)",
                    guild_id, KEPT_BATCHES,
                )  # fmt: skip
        return change.moves

    async def forget_old(self, today: date) -> None:
        """Delete the gains of days and weeks that nobody can look at any more."""
        await self.db.execute(
            "DELETE FROM recent_standings WHERE starts_on < $1", period_start("day", today) - KEPT_DAYS
        )

    # --- looking

    async def get(self, guild_id: int, user_id: int) -> Standing:
        """What somebody has."""
        return (await self.get_many(guild_id, [user_id]))[user_id]

    async def get_many(self, guild_id: int, user_ids: Iterable[int]) -> dict[int, Standing]:
        """What each of these has, also those who never gathered anything."""
        return await standings_of(self.db, guild_id, user_ids)

    async def thought_otherwise(self, guild_id: int, user_ids: Iterable[int], *, present: bool) -> list[int]:
        """Those of these people of whom it is written down that they are here, or have left, and not this."""
        found = await known_standings(self.db, guild_id, user_ids)
        return [one.user_id for one in found.values() if one.present != present]

    async def all(self, guild_id: int) -> AsyncIterator[list[Standing]]:
        """Everybody who ever gathered anything, a page at a time, by id."""
        async for rows in pages_by_user(self.db, "SELECT * FROM standings WHERE guild_id = $1", guild_id):
            yield [standing_of(row) for row in rows]

    async def count(self, guild_id: int, board: Board = "xp") -> int:
        """How many members are ranked on a board."""
        found: int = await self.db.fetchval(
            "SELECT CAST(COALESCE(SUM(members), 0) AS BIGINT) FROM standing_buckets"
            " WHERE guild_id = $1 AND board = $2",
            guild_id, board,
        )  # fmt: skip
        return found

    async def rank(self, guild_id: int, value: int, board: Board = "xp") -> int:
        """The place on a board of who has so much: one more than there are members with more."""
        bucket = bucket_of(value)
        above: int = await self.db.fetchval(
            "SELECT CAST(COALESCE(SUM(members), 0) AS BIGINT) + ("
            f" SELECT COUNT(*) FROM standings WHERE guild_id = $1 AND present AND {board} <> 0"
            f" AND {board} > $4 AND {board} < $5)"
            " FROM standing_buckets WHERE guild_id = $1 AND board = $2 AND bucket > $3",
            guild_id, board, bucket, value, bucket_start(bucket + 1),
        )  # fmt: skip
        return above + 1

    async def ahead(self, guild_id: int, own: Standing, board: Board = "xp") -> int:
        """How many with as much are listed before somebody on a board."""
        found: int = await self.db.fetchval(
            f"SELECT COUNT(*) FROM standings WHERE guild_id = $1 AND present AND {board} <> 0"
            f" AND {board} = $2 AND user_id < $3",
            guild_id, own.value(board), own.user_id,
        )  # fmt: skip
        return found

    async def top(self, guild_id: int, board: Board = "xp", *, limit: int, offset: int = 0) -> list[Standing]:
        """Who has most, from a place on; of equals the older account first."""
        most = MOST
        if offset > PASSED_AT_MOST:
            most, offset = await self._from(guild_id, board, offset)
        # The places before it are passed along the index alone.
        rows = await self.db.fetchall(
            "SELECT s.* FROM (SELECT user_id FROM standings"
            f" WHERE guild_id = $1 AND present AND {board} <> 0 AND {board} <= $2"
            f" ORDER BY {board} DESC, user_id LIMIT $3 OFFSET $4) AS page"
            " JOIN standings s ON s.guild_id = $1 AND s.user_id = page.user_id"
            f" ORDER BY s.{board} DESC, s.user_id",
            guild_id, most, limit, offset,
        )  # fmt: skip
        return [standing_of(row) for row in rows]

    async def _from(self, guild_id: int, board: Board, offset: int) -> tuple[int, int]:
        """The most that the bucket of a place holds, and how many places into that bucket it is."""
        rows = await self.db.fetchall(
            "SELECT bucket, members FROM standing_buckets WHERE guild_id = $1 AND board = $2 ORDER BY bucket DESC",
            guild_id, board,
        )  # fmt: skip
        for row in rows:
            if offset < row["members"]:
                return bucket_start(row["bucket"] + 1) - 1, offset
            offset -= row["members"]
        return 0, 0

    # --- of a day or a week

    async def recent(self, guild_id: int, period: Period, today: date, user_id: int) -> Standing:
        """What somebody gathered in the day or week that `today` is in."""
        row = await self.db.fetchone(
            "SELECT * FROM recent_standings WHERE guild_id = $1 AND period = $2 AND starts_on = $3 AND user_id = $4",
            guild_id, period, period_start(period, today), user_id,
        )  # fmt: skip
        return Standing(user_id) if row is None else standing_of(row)

    async def recent_count(self, guild_id: int, period: Period, today: date, board: Board = "xp") -> int:
        """How many members gathered something then."""
        return await self.recent_rank(guild_id, period, today, 0, board) - 1

    async def recent_rank(self, guild_id: int, period: Period, today: date, value: int, board: Board = "xp") -> int:
        """The place of who gathered so much then."""
        above: int = await self.db.fetchval(
            f"SELECT COUNT(*) FROM recent_standings WHERE guild_id = $1 AND period = $2 AND starts_on = $3"
            f" AND present AND {board} <> 0 AND {board} > $4",
            guild_id, period, period_start(period, today), value,
        )  # fmt: skip
        return above + 1

    async def recent_ahead(
        self, guild_id: int, period: Period, today: date, own: Standing, board: Board = "xp"
    ) -> int:
        """How many who gathered as much then are listed before somebody."""
        found: int = await self.db.fetchval(
            f"SELECT COUNT(*) FROM recent_standings WHERE guild_id = $1 AND period = $2 AND starts_on = $3"
            f" AND present AND {board} <> 0 AND {board} = $4 AND user_id < $5",
            guild_id, period, period_start(period, today), own.value(board), own.user_id,
        )  # fmt: skip
        return found

    async def recent_top(
        self, guild_id: int, period: Period, today: date, board: Board = "xp", *, limit: int, offset: int = 0
    ) -> list[Standing]:
        """Who gathered most then; of equals the older account first."""
        rows = await self.db.fetchall(
            f"SELECT * FROM recent_standings WHERE guild_id = $1 AND period = $2 AND starts_on = $3"
            f" AND present AND {board} <> 0"
            f" ORDER BY {board} DESC, user_id LIMIT $4 OFFSET $5",
            guild_id, period, period_start(period, today), limit, offset,
        )  # fmt: skip
        return [standing_of(row) for row in rows]

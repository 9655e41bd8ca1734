"""Members' XP, messages and minutes in voice channels, and their ranks.

Every change of a guild's standings happens in a `StandingsStore.change` block: one transaction, in which the rows,
the counts that ranks are found by, and the day's and week's gains go together.
"""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final, Literal, TypeVar
from weakref import WeakValueDictionary

from database.errors import DatabaseError
from database.manager import DatabaseManager, Row
from database.placeholders import placeholders

MOST: Final = 10**15
"""The most XP, messages or minutes that anybody can have."""
AT_ONCE: Final = 1_000
CHANGED_AT_ONCE: Final = 250
"""How many standings are worked out before the event loop has its turn again."""
KEPT_DAYS: Final = 35
"""How long the gains of a day or a week are kept."""
KEPT_BATCHES: Final = 100
"""How many batches of a guild are known as written. One that is tried again is among the last few."""

Board = Literal["xp", "messages", "voice_minutes"]
Period = Literal["day", "week"]
BOARDS: Final[tuple[Board, ...]] = ("xp", "messages", "voice_minutes")

T = TypeVar("T")

_EPOCH: Final = date(1970, 1, 1)
_FINE: Final = 128
"""Up to here each value has a bucket of its own; above, 64 buckets share each doubling."""


def bucket_of(value: int) -> int:
    """The bucket that a value counts in. A larger value never has a lower bucket."""
    shift = max(0, value.bit_length() - 7)
    return 64 * shift + (value >> shift)


def bucket_start(bucket: int) -> int:
    """The least value of a bucket."""
    if bucket < _FINE:
        return bucket
    shift = bucket // 64 - 1
    return (bucket - 64 * shift) << shift


def period_start(period: Period, today: date) -> int:
    """The day, counted from 1970, that a day or a week (from Monday) begins on."""
    start = today if period == "day" else today - timedelta(days=today.weekday())
    return (start - _EPOCH).days


@dataclass(frozen=True, slots=True)
class Gain:
    """What somebody gains, or loses where it is negative."""

    xp: int = 0
    messages: int = 0
    voice_minutes: int = 0

    @property
    def bounded(self) -> tuple[int, int, int]:
        """What can count of it, in the order of `BOARDS`: nobody can gain or lose more than the most."""
        xp, messages, minutes = (max(-MOST, min(one, MOST)) for one in (self.xp, self.messages, self.voice_minutes))
        return xp, messages, minutes

    def __add__(self, other: "Gain") -> "Gain":
        return Gain(self.xp + other.xp, self.messages + other.messages, self.voice_minutes + other.voice_minutes)


@dataclass(frozen=True, slots=True)
class Standing:
    """What a member has gathered."""

    user_id: int
    xp: int = 0
    messages: int = 0
    voice_minutes: int = 0
    present: bool = True

    def value(self, board: Board) -> int:
        """What counts on a board."""
        value: int = getattr(self, board)
        return value

    @property
    def is_empty(self) -> bool:
        """Whether they have nothing on any board."""
        return not (self.xp or self.messages or self.voice_minutes)

    def with_gain(self, gain: Gain) -> "Standing":
        """After a gain: never below zero, never above the most. Who chats or talks is there."""
        return Standing(
            self.user_id,
            _kept(self.xp + gain.xp),
            _kept(self.messages + gain.messages),
            _kept(self.voice_minutes + gain.voice_minutes),
            self.present or gain.messages > 0 or gain.voice_minutes > 0,
        )


@dataclass(frozen=True, slots=True)
class Move:
    """A member's standing before a change and after it."""

    before: Standing
    after: Standing

    @property
    def user_id(self) -> int:
        """Whose it is."""
        return self.after.user_id

    @property
    def changed(self) -> tuple[str, ...]:
        """The columns that are different."""
        return tuple(one for one in (*BOARDS, "present") if getattr(self.before, one) != getattr(self.after, one))


def _kept(value: int) -> int:
    return max(0, min(value, MOST))


class Change:
    """A change of a guild's standings, under way; what belongs to it is done before the transaction ends."""

    def __init__(self, db: DatabaseManager, guild_id: int) -> None:
        self._db = db
        self.guild_id = guild_id
        self.moves: dict[int, Move] = {}
        """All who were changed so far, by id."""

    async def standings(self, user_ids: Iterable[int]) -> dict[int, Standing]:
        """What each of these has, also those who never gathered anything."""
        wanted = sorted(set(user_ids))
        found = await _standings(self._db, self.guild_id, wanted)
        return {one: found.get(one) or Standing(one) for one in wanted}

    async def add(self, gains: Mapping[int, Gain], *, today: date | None = None) -> None:
        """Let people gain or lose something. With `today` it counts in that day and its week, too."""
        for some in _pieces(gains):
            before = await self.standings(some)
            moves = [Move(one, one.with_gain(gains[one.user_id])) for one in before.values()]
            await self._move(moves)
            if today is not None:
                await self._add_recent([(move.after, gains[move.user_id].bounded) for move in moves], today)

    async def put(self, standings: Iterable[Standing]) -> None:
        """Let people have this from now on, in place of what they had."""
        wanted = {one.user_id: one for one in standings}
        for some in _pieces(wanted):
            before = await self.standings(some)
            await self._move(Move(one, wanted[one.user_id]) for one in before.values())

    async def mark(self, user_ids: Iterable[int], *, present: bool) -> None:
        """Write down who is in the guild, or isn't; who never gathered anything is left out."""
        for some in _pieces(user_ids):
            found = await _standings(self._db, self.guild_id, some)
            await self._move(Move(found[one], replace(found[one], present=present)) for one in some if one in found)

    async def _move(self, moves: Iterable[Move]) -> None:
        moves = [move for move in moves if move.before != move.after]
        # Only what changes is set: each index on a column that is set is written anew.
        for columns, some in _grouped((move.changed, move.after) for move in moves):
            await self._db.executemany(
                "INSERT INTO standings (guild_id, user_id, xp, messages, voice_minutes, present)"
                " VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (guild_id, user_id) DO UPDATE SET "
                + ", ".join(f"{column} = excluded.{column}" for column in columns),
                [(self.guild_id, one.user_id, one.xp, one.messages, one.voice_minutes, one.present) for one in some],
            )
        await self._db.executemany(
            "UPDATE recent_standings SET present = $3 WHERE guild_id = $1 AND user_id = $2",
            [(self.guild_id, one.user_id, one.after.present) for one in moves if "present" in one.changed],
        )
        await self._count(moves)
        for move in moves:
            earlier = self.moves.get(move.user_id)
            self.moves[move.user_id] = move if earlier is None else Move(earlier.before, move.after)

    async def _count(self, moves: Iterable[Move]) -> None:
        """Count these members in other buckets."""
        differences: Counter[tuple[Board, int]] = Counter()
        for move in moves:
            for board in BOARDS:
                for one, sign in ((move.before, -1), (move.after, 1)):
                    value = one.value(board)
                    if one.present and value:
                        differences[board, bucket_of(value)] += sign
        # First what is added: a count below zero is refused, and there is none in between then.
        changed = sorted(((key, count) for key, count in differences.items() if count), key=lambda one: one[0])
        await self._db.executemany(
            "INSERT INTO standing_buckets (guild_id, board, bucket, members) VALUES ($1, $2, $3, $4)"
            " ON CONFLICT (guild_id, board, bucket) DO UPDATE SET members = standing_buckets.members + $4",
            [(self.guild_id, board, bucket, count) for (board, bucket), count in changed if count > 0],
        )
        await self._db.executemany(
            "UPDATE standing_buckets SET members = members - $4 WHERE guild_id = $1 AND board = $2 AND bucket = $3",
            [(self.guild_id, board, bucket, -count) for (board, bucket), count in changed if count < 0],
        )

    async def _add_recent(self, gains: Iterable[tuple[Standing, tuple[int, int, int]]], today: date) -> None:
        """Count gains in the day and in the week; losses take away what was gained there, and no more."""
        for columns, some in _grouped((_gained(gain), (one, gain)) for one, gain in gains):
            await self._db.executemany(
                "INSERT INTO recent_standings AS r"
                " (guild_id, period, starts_on, user_id, xp, messages, voice_minutes, present)"
                " VALUES ($1, $2, $3, $4, $5, $6, $7, $8)"
                " ON CONFLICT (guild_id, user_id, period, starts_on) DO UPDATE SET "
                + ", ".join(bounded_sum(column, number) for number, column in enumerate(columns, start=9)),
                [
                    (
                        self.guild_id, period, period_start(period, today), one.user_id, *map(_kept, gain),
                        one.present, *filter(None, gain),
                    )
                    for period in ("day", "week")
                    for one, gain in some
                ],
            )  # fmt: skip


def bounded_sum(column: str, number: int) -> str:
    """The SQL that adds a parameter to a column of the table `r`, within the bounds."""
    total = f"r.{column} + ${number}"
    return f"{column} = CASE WHEN {total} < 0 THEN 0 WHEN {total} > {MOST} THEN {MOST} ELSE {total} END"


def _gained(amounts: Sequence[int]) -> tuple[str, ...]:
    return tuple(board for board, amount in zip(BOARDS, amounts, strict=True) if amount)


def _grouped(pairs: Iterable[tuple[tuple[str, ...], T]]) -> list[tuple[tuple[str, ...], list[T]]]:
    """What is about the same columns; what is about none is left out."""
    groups: dict[tuple[str, ...], list[T]] = {}
    for columns, one in pairs:
        if columns:
            groups.setdefault(columns, []).append(one)
    return list(groups.items())


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
        await self.db.execute("DELETE FROM recent_standings WHERE starts_on < $1", (today - _EPOCH).days - KEPT_DAYS)

    # --- looking

    async def get(self, guild_id: int, user_id: int) -> Standing:
        """What somebody has."""
        return (await self.get_many(guild_id, [user_id]))[user_id]

    async def get_many(self, guild_id: int, user_ids: Iterable[int]) -> dict[int, Standing]:
        """What each of these has, also those who never gathered anything."""
        wanted = sorted(set(user_ids))
        found = await _standings(self.db, guild_id, wanted)
        return {one: found.get(one) or Standing(one) for one in wanted}

    async def thought_otherwise(self, guild_id: int, user_ids: Iterable[int], *, present: bool) -> list[int]:
        """Those of these people of whom it is written down that they are here, or have left, and not this."""
        found = await _standings(self.db, guild_id, user_ids)
        return [one.user_id for one in found.values() if one.present != present]

    async def all(self, guild_id: int) -> AsyncIterator[list[Standing]]:
        """Everybody who ever gathered anything, a page at a time, by id."""
        after = 0
        while True:
            rows = await self.db.fetchall(
                "SELECT * FROM standings WHERE guild_id = $1 AND user_id > $2 ORDER BY user_id LIMIT $3",
                guild_id, after, AT_ONCE,
            )  # fmt: skip
            if rows:
                yield [_standing(row) for row in rows]
                after = rows[-1]["user_id"]
            if len(rows) < AT_ONCE:
                return

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
        if offset > AT_ONCE:
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
        return [_standing(row) for row in rows]

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
        return Standing(user_id) if row is None else _standing(row)

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
        return [_standing(row) for row in rows]


def _pieces(user_ids: Iterable[int]) -> Iterator[list[int]]:
    """All of them in order, as many as go into one statement at a time; between them the loop goes on."""
    ordered = sorted(set(user_ids))
    for start in range(0, len(ordered), CHANGED_AT_ONCE):
        yield ordered[start : start + CHANGED_AT_ONCE]


async def _standings(db: DatabaseManager, guild_id: int, user_ids: Iterable[int]) -> dict[int, Standing]:
    found = {}
    for some in _pieces(user_ids):
        count = 1 << (len(some) - 1).bit_length()  # few different statements: engines keep them prepared
        rows = await db.fetchall(
            f"SELECT * FROM standings WHERE guild_id = $1 AND user_id IN ({placeholders(count, first=2)})",
            guild_id, *some, *[some[-1]] * (count - len(some)),
        )  # fmt: skip
        found.update({row["user_id"]: _standing(row) for row in rows})
    return found


def _standing(row: Row) -> Standing:
    return Standing(row["user_id"], row["xp"], row["messages"], row["voice_minutes"], bool(row.get("present", True)))

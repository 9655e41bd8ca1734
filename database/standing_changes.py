"""Changing the standings of a guild."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final, TypeVar

from discord.utils import as_chunks

from database.manager import DatabaseManager
from database.placeholders import placeholders
from database.standing_values import (
    BOARDS,
    MOST,
    PERIODS,
    Board,
    Gain,
    Move,
    Period,
    Standing,
    bucket_of,
    period_start,
    standing_of,
    within_bounds,
)

CHANGED_AT_ONCE: Final = 64
"""How many standings are read, worked out and written together. More hold the event loop up for longer."""

T = TypeVar("T")

Buckets = Counter[tuple[Board, int]]
"""By how many members buckets grow."""


@dataclass(frozen=True, slots=True)
class RecentGain:
    """What somebody gains in a day or a week, in the order of `BOARDS`; and whether they are in the guild."""

    user_id: int
    period: Period
    starts_on: int
    present: bool
    amounts: tuple[int, int, int]


class Change:
    """A change of a guild's standings, under way; what belongs to it is done before the transaction ends."""

    def __init__(self, db: DatabaseManager, guild_id: int) -> None:
        self._db = db
        self.guild_id = guild_id
        self.moves: dict[int, Move] = {}
        """All who were changed so far, by id."""

    async def standings(self, user_ids: Iterable[int]) -> dict[int, Standing]:
        """What each of these has, also those who never gathered anything."""
        return await standings_of(self._db, self.guild_id, user_ids)

    async def add(self, gains: Mapping[int, Gain], *, today: date | None = None) -> None:
        """Let people gain or lose something. With `today` it counts in that day and its week, too."""
        buckets = Buckets()
        for some in _pieces(gains):
            before = await self.standings(some)
            moves = [Move(one, one.with_gain(gains[one.user_id])) for one in before.values()]
            await self._move(moves, buckets)
            if today is not None:
                starts = [(period, period_start(period, today)) for period in PERIODS]
                counted = [(move.after, gains[move.user_id].bounded) for move in moves]
                # A member's rows lie beside each other in the table.
                await self.add_recent(
                    RecentGain(one.user_id, period, starts_on, one.present, amounts)
                    for one, amounts in counted
                    for period, starts_on in starts
                )
        await self._count(buckets)

    async def put(self, standings: Iterable[Standing]) -> None:
        """Let people have this from now on, in place of what they had."""
        wanted = {one.user_id: one for one in standings}
        buckets = Buckets()
        for some in _pieces(wanted):
            before = await self.standings(some)
            await self._move((Move(one, wanted[one.user_id]) for one in before.values()), buckets)
        await self._count(buckets)

    async def mark(self, user_ids: Iterable[int], *, present: bool) -> None:
        """Write down who is in the guild, or isn't; who never gathered anything is left out."""
        buckets = Buckets()
        for some in _pieces(user_ids):
            found = await known_standings(self._db, self.guild_id, some)
            moves = (Move(found[one], replace(found[one], present=present)) for one in some if one in found)
            await self._move(moves, buckets)
        await self._count(buckets)

    async def _move(self, moves: Iterable[Move], buckets: Buckets) -> None:
        changed = [(move.changed, move) for move in moves if move.before != move.after]
        # Only what changes is set: each index on a column that is set is written anew.
        for columns, some in _grouped(changed):
            await self._db.insert_all(
                "INSERT INTO standings (guild_id, user_id, xp, messages, voice_minutes, present)"
                " VALUES ($1::bigint, $2::bigint, $3::bigint, $4::bigint, $5::bigint, $6::boolean)"
                " ON CONFLICT (guild_id, user_id) DO UPDATE SET "
                + ", ".join(f"{column} = excluded.{column}" for column in columns),
                [
                    (self.guild_id, one.user_id, one.xp, one.messages, one.voice_minutes, one.present)
                    for one in (move.after for move in some)
                ],
            )
        await self._db.executemany(
            "UPDATE recent_standings SET present = $3 WHERE guild_id = $1 AND user_id = $2",
            [(self.guild_id, move.user_id, move.after.present) for columns, move in changed if "present" in columns],
        )
        for columns, move in changed:
            earlier = self.moves.get(move.user_id)
            self.moves[move.user_id] = move if earlier is None else Move(earlier.before, move.after)
            _count_in(buckets, move, columns)

    async def _count(self, buckets: Buckets) -> None:
        """Count whoever moved in other buckets, all at once: most of what members leave, others come into."""
        counts = sorted((bucket, count) for bucket, count in buckets.items() if count)
        # First what is added: a count below zero is refused, and there is none in between then. A bucket that loses
        # members is there; PostgreSQL would run an UPDATE once for each of them.
        for sign in (1, -1):
            await self._db.insert_all(
                "INSERT INTO standing_buckets (guild_id, board, bucket, members)"
                " VALUES ($1::bigint, $2::text, $3::bigint, $4::bigint)"
                " ON CONFLICT (guild_id, board, bucket)"
                f" DO UPDATE SET members = standing_buckets.members {'+' if sign > 0 else '-'} excluded.members",
                [(self.guild_id, *bucket, sign * count) for bucket, count in counts if sign * count > 0],
            )

    async def add_recent(self, changes: Iterable[RecentGain]) -> None:
        """Count gains in days and weeks; losses take away what was gained there, and no more."""
        gains: list[tuple[tuple[str, ...], RecentGain]] = []
        losses: list[tuple[tuple[str, ...], RecentGain]] = []
        for one in changes:
            (losses if min(one.amounts) < 0 else gains).append((_gained(one.amounts), one))
        for columns, some in _grouped(gains):
            await self._db.insert_all(
                "INSERT INTO recent_standings AS r"
                " (guild_id, user_id, period, starts_on, present, xp, messages, voice_minutes) VALUES"
                " ($1::bigint, $2::bigint, $3::text, $4::bigint, $5::boolean, $6::bigint, $7::bigint, $8::bigint)"
                " ON CONFLICT (guild_id, user_id, period, starts_on) DO UPDATE SET "
                + ", ".join(_bounded_sum(column, f"excluded.{column}") for column in columns),
                [(self.guild_id, one.user_id, one.period, one.starts_on, one.present, *one.amounts) for one in some],
            )
        await self._lose_recent(losses)

    async def _lose_recent(self, losses: Iterable[tuple[tuple[str, ...], RecentGain]]) -> None:
        """Take away, at least on one board; who has nothing there begins with what they gain on others."""
        for columns, some in _grouped(losses):
            await self._db.executemany(
                "INSERT INTO recent_standings AS r"
                " (guild_id, user_id, period, starts_on, present, xp, messages, voice_minutes)"
                " VALUES ($1, $2, $3, $4, $5, $6, $7, $8)"
                " ON CONFLICT (guild_id, user_id, period, starts_on) DO UPDATE SET "
                + ", ".join(_bounded_sum(column, f"${number}") for number, column in enumerate(columns, start=9)),
                [
                    (
                        self.guild_id, one.user_id, one.period, one.starts_on, one.present,
                        *map(within_bounds, one.amounts), *filter(None, one.amounts),
                    )
                    for one in some
                ],
            )  # fmt: skip


def _count_in(buckets: Buckets, move: Move, columns: Collection[str]) -> None:
    """Add to `buckets` what changes by a move, in which these columns are different."""
    for board in BOARDS:
        if board in columns or "present" in columns:
            for one, sign in ((move.before, -1), (move.after, 1)):
                value = one.value(board)
                if one.present and value:
                    buckets[board, bucket_of(value)] += sign


def _bounded_sum(column: str, amount: str) -> str:
    """The SQL that adds an amount to a column of the table `r`, within the bounds."""
    total = f"r.{column} + {amount}"
    return f"{column} = CASE WHEN {total} < 0 THEN 0 WHEN {total} > {MOST} THEN {MOST} ELSE {total} END"


def _gained(amounts: Sequence[int]) -> tuple[str, ...]:
    return tuple([board for board, amount in zip(BOARDS, amounts, strict=True) if amount])


def _grouped(pairs: Iterable[tuple[tuple[str, ...], T]]) -> list[tuple[tuple[str, ...], list[T]]]:
    """What is about the same columns; what is about none is left out."""
    groups: dict[tuple[str, ...], list[T]] = {}
    for columns, one in pairs:
        if columns:
            groups.setdefault(columns, []).append(one)
    return list(groups.items())


def _pieces(user_ids: Iterable[int]) -> Iterator[list[int]]:
    """All of them in order, as many as go into one statement at a time; between them the loop goes on."""
    return as_chunks(sorted(set(user_ids)), CHANGED_AT_ONCE)


async def standings_of(db: DatabaseManager, guild_id: int, user_ids: Iterable[int]) -> dict[int, Standing]:
    """What each of these has, also those who never gathered anything."""
    wanted = sorted(set(user_ids))
    found = await known_standings(db, guild_id, wanted)
    return {one: found.get(one) or Standing(one) for one in wanted}


async def known_standings(db: DatabaseManager, guild_id: int, user_ids: Iterable[int]) -> dict[int, Standing]:
    """What these have, of whom anything is known."""
    found = {}
    for some in _pieces(user_ids):
        count = 1 << (len(some) - 1).bit_length()  # few different statements: engines keep them prepared
        rows = await db.fetchall(
            f"SELECT * FROM standings WHERE guild_id = $1 AND user_id IN ({placeholders(count, first=2)})",
            guild_id, *some, *[some[-1]] * (count - len(some)),
        )  # fmt: skip
        found.update({row["user_id"]: standing_of(row) for row in rows})
    return found

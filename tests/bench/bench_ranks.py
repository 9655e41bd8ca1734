"""Ranks, pages and batches among a million members of one guild, on both engines.

    python -m tests.bench.bench_ranks [--quick] [--members 1000000] [--plans]

Goal: what a member asks for takes less than 10 ms of the database, and a batch of 1,000 gains less than 50 ms.
What else the machine does is in these figures. `--plans` prints how the engines carry the questions out, as
docs/DATABASE.md shows, with PostgreSQL's own time.
"""

import argparse
import asyncio
import random
import statistics
import tempfile
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import asyncpg

from database import DatabaseManager
from database.manager import Row
from database.placeholders import placeholders
from database.standing_values import BOARDS, Gain, Period, Standing, bucket_of, period_start
from database.standings import StandingsStore
from tests.support.postgres import PostgresServer

GUILD = 10**17
FIRST_MEMBER = 2 * 10**17
TODAY = date(2026, 3, 4)
GOAL_MS = 10.0
BATCH_GOAL_MS = 50.0
PERIODS: tuple[tuple[Period, int], ...] = (("day", 50), ("week", 10))

Work = Callable[[], Awaitable[object]]


class Listening(DatabaseManager):
    """Remembers what was asked."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self.asked: list[tuple[str, tuple[Any, ...]]] = []

    async def fetchall(self, sql: str, *args: Any) -> list[Row]:
        self.asked.append((sql, args))
        return await super().fetchall(sql, *args)

    async def fetchval(self, sql: str, *args: Any) -> Any:
        self.asked.append((sql, args))
        return await super().fetchval(sql, *args)


@dataclass(frozen=True)
class Measured:
    """What a question took, in milliseconds of waiting for it."""

    name: str
    middle: float
    worst: float
    goal: float


def people(count: int) -> list[Standing]:
    """Members as servers have them: most wrote little, few very much, some left."""
    chance = random.Random(6)
    made = []
    for number in range(count):
        messages = int(chance.paretovariate(0.7)) % 2_000_000
        minutes = int(chance.paretovariate(0.6)) % 1_000_000 if chance.random() < 0.3 else 0
        made.append(
            Standing(
                FIRST_MEMBER + number,
                messages * 12 + chance.randint(3, 13) + minutes * 7,
                messages,
                minutes,
                chance.random() < 0.9,
            )
        )
    return made


COLUMNS = {
    "standings": ("guild_id", "user_id", "xp", "messages", "voice_minutes", "present"),
    "standing_buckets": ("guild_id", "board", "bucket", "members"),
    "recent_standings": ("guild_id", "period", "starts_on", "user_id", "xp", "messages", "voice_minutes"),
}


def rows(everybody: list[Standing]) -> dict[str, list[tuple[Any, ...]]]:
    """What stands in the tables then: a tenth of the members said something this week, a fiftieth today."""
    buckets = Counter(
        (board, bucket_of(one.value(board)))
        for one in everybody
        for board in BOARDS
        if one.present and one.value(board)
    )
    recent = [
        (GUILD, period, period_start(period, TODAY), one.user_id, one.xp % 5_000, one.messages % 500, 0)
        for period, part in PERIODS
        for one in everybody[: len(everybody) // part]
    ]
    return {
        "standings": [
            (GUILD, one.user_id, one.xp, one.messages, one.voice_minutes, one.present) for one in everybody
        ],
        "standing_buckets": [(GUILD, *bucket, members) for bucket, members in buckets.items()],
        "recent_standings": recent,
    }


async def fill(db: DatabaseManager, url: str, everybody: list[Standing]) -> None:
    """Put them into the tables past the store, which would take many minutes."""
    await db.execute("INSERT INTO level_books (guild_id, changes) VALUES ($1, 1)", GUILD)
    for table, made in rows(everybody).items():
        columns = COLUMNS[table]
        if db.dialect == "sqlite":
            await db.executemany(
                f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({placeholders(len(columns))})", made
            )
        else:
            connection = await asyncpg.connect(url)
            await connection.copy_records_to_table(table, records=made, columns=columns)
            await connection.execute(f"VACUUM ANALYZE {table}")  # as PostgreSQL does by itself after a while
            await connection.close()
    if db.dialect == "sqlite":
        await db.execute("ANALYZE")


def questions(store: StandingsStore, everybody: list[Standing]) -> dict[str, Work]:
    """What is asked, by name."""
    ranked = sorted((one.xp for one in everybody if one.present and one.xp), reverse=True)
    chance = random.Random(7)
    middle = lambda: ranked[len(ranked) // 2 + chance.randint(-500, 500)]  # noqa: E731
    return {
        "a rank near the top": lambda: store.rank(GUILD, ranked[chance.randint(0, 50)]),
        "a rank in the middle": lambda: store.rank(GUILD, middle()),
        "a rank by messages": lambda: store.rank(GUILD, chance.randint(1, 60), "messages"),
        "how many are ranked": lambda: store.count(GUILD),
        "the first page": lambda: store.top(GUILD, limit=10),
        "the hundredth page": lambda: store.top(GUILD, limit=10, offset=990),
        "a page in the middle": lambda: store.top(GUILD, limit=10, offset=len(ranked) // 2 + chance.randint(0, 99)),
        "the last page": lambda: store.top(GUILD, limit=10, offset=len(ranked) - 10),
        "this week's first page": lambda: store.recent_top(GUILD, "week", TODAY, limit=10),
        "this week's rank, high": lambda: store.recent_rank(GUILD, "week", TODAY, 4_000),
        "this week's rank, low": lambda: store.recent_rank(GUILD, "week", TODAY, 1),
    }


async def timed(name: str, work: Work, rounds: int, goal: float) -> Measured:
    """Do it often and tell the middle and the worst; the first, which fills caches, is left out."""
    took = []
    for _ in range(rounds + 1):
        started = time.perf_counter()
        await work()
        took.append((time.perf_counter() - started) * 1000)
    return Measured(name, statistics.median(took[1:]), max(took[1:]), goal)


async def batches(store: StandingsStore, everybody: list[Standing], rounds: int) -> list[Measured]:
    """A batch of many members' gains, and one of few."""
    chance = random.Random(8)
    numbers = iter(range(1, 10**6))

    async def write(size: int) -> None:
        gains = {one.user_id: Gain(chance.randint(15, 25), 3) for one in chance.sample(everybody, size)}
        await store.add_batch(GUILD, next(numbers), gains, today=TODAY + timedelta(days=1))

    return [
        await timed("a batch of 20", lambda: write(20), rounds, GOAL_MS),
        await timed("a batch of 1,000", lambda: write(min(1_000, len(everybody) // 2)), rounds, BATCH_GOAL_MS),
    ]


async def print_plans(db: Listening, asked: dict[str, Work]) -> None:
    """Ask each question once more, and print how the engine does it."""
    explain = "EXPLAIN QUERY PLAN" if db.dialect == "sqlite" else "EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF)"
    for name, work in asked.items():
        db.asked.clear()
        await work()
        print(f"\n{name}:")
        for sql, args in list(db.asked):
            for row in await db.fetchall(f"{explain} {sql}", *args):
                print("  ", row["detail"] if db.dialect == "sqlite" else row["QUERY PLAN"])


async def bench(engine: str, url: str, everybody: list[Standing], *, rounds: int, plans: bool) -> bool:
    """Print one engine's table; whether the goals were reached."""
    async with Listening(url) as db:
        await db.migrate()
        started = time.perf_counter()
        await fill(db, url, everybody)
        print(f"{engine}: {len(everybody):,} members in {time.perf_counter() - started:.0f} s")
        store = StandingsStore(db)
        asked = questions(store, everybody)
        found = [await timed(name, work, rounds, GOAL_MS) for name, work in asked.items()]
        found += await batches(store, everybody, rounds)
        print(f"  {'milliseconds':<26}{'middle':>8}{'worst':>8}{'goal':>6}")
        for one in found:
            print(f"  {one.name:<26}{one.middle:>8.2f}{one.worst:>8.2f}{one.goal:>6.0f}")
        if plans:
            await print_plans(db, asked)
        print()
    return all(one.middle < one.goal for one in found)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--quick", action="store_true", help="few members: does it run")
    parser.add_argument("--members", type=int, default=1_000_000)
    parser.add_argument("--plans", action="store_true", help="print how the engines do it")
    chosen = parser.parse_args()
    everybody = people(20_000 if chosen.quick else chosen.members)
    rounds = 5 if chosen.quick else 31
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'bench.db'}"
        reached = asyncio.run(bench("SQLite", url, everybody, rounds=rounds, plans=chosen.plans))
    server = PostgresServer()
    try:
        server.start()
        reached &= asyncio.run(bench("PostgreSQL", server.url(), everybody, rounds=rounds, plans=chosen.plans))
    finally:
        server.remove()
    print(f"Goals: {'reached' if reached else 'missed'}")


if __name__ == "__main__":
    main()

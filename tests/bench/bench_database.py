"""How much the database manager costs beside the bare driver running the same statements.

    python -m tests.bench.bench_database [--quick]

Goal: transfers reach at least 80 % of the bare driver's rate.
"""

import asyncio
import statistics
import time
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import aiosqlite
import asyncpg

from database import DatabaseManager
from tests.bench.engines import run_on_both

ACCOUNTS = 1000
START_COINS = 1_000_000
GOAL_PERCENT = 80
TURN_SECONDS = 0.05

CREATE = "CREATE TABLE accounts (id BIGINT PRIMARY KEY, coins BIGINT NOT NULL CHECK (coins >= 0))"
CREATE_LEDGER = "CREATE TABLE ledger (account_id BIGINT NOT NULL, amount BIGINT NOT NULL)"
FILL = "INSERT INTO accounts (id, coins) VALUES ($1, $2)"
READ = "SELECT id, coins FROM accounts WHERE id = $1"
UPSERT = (
    "INSERT INTO accounts (id, coins) VALUES ($1, $2) "
    "ON CONFLICT (id) DO UPDATE SET coins = accounts.coins + excluded.coins"
)
TAKE = "UPDATE accounts SET coins = coins - $2 WHERE id = $1 AND coins >= $2 RETURNING coins"
GIVE = "UPDATE accounts SET coins = coins + $2 WHERE id = $1 RETURNING coins"
NOTE = "INSERT INTO ledger (account_id, amount) VALUES ($1, $2), ($3, $4)"


@dataclass(frozen=True, slots=True)
class Result:
    """Calls a second, and the median of the ratios of neighbouring turns."""

    operation: str
    bare: float
    ours: float
    ratio: float


class Contender(ABC):
    """One way to run the three operations."""

    name: str

    @abstractmethod
    async def open(self) -> None: ...
    @abstractmethod
    async def close(self) -> None: ...
    @abstractmethod
    async def read(self, account: int) -> None: ...
    @abstractmethod
    async def upsert(self, account: int) -> None: ...
    @abstractmethod
    async def transfer(self, giver: int, taker: int) -> None: ...


class Manager(Contender):
    def __init__(self, url: str) -> None:
        self.name = "DatabaseManager"
        self.db = DatabaseManager(url)

    async def open(self) -> None:
        await self.db.connect()

    async def close(self) -> None:
        await self.db.close()

    async def read(self, account: int) -> None:
        await self.db.fetchone(READ, account)

    async def upsert(self, account: int) -> None:
        await self.db.execute(UPSERT, account, 1)

    async def transfer(self, giver: int, taker: int) -> None:
        async with self.db.transaction():
            await self.db.fetchval(TAKE, giver, 1)
            await self.db.fetchval(GIVE, taker, 1)
            await self.db.execute(NOTE, giver, -1, taker, 1)


class BareSqlite(Contender):
    """aiosqlite as its documentation shows it, with our settings and a lock around transactions."""

    def __init__(self, url: str) -> None:
        self.name = "aiosqlite"
        self.path = url.removeprefix("sqlite:///")
        self.writing = asyncio.Lock()

    async def open(self) -> None:
        self.writer = await aiosqlite.connect(self.path, isolation_level=None)
        self.reader = await aiosqlite.connect(self.path, isolation_level=None)
        self.reader.row_factory = aiosqlite.Row
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
            await self.writer.execute(f"PRAGMA {pragma}")

    async def close(self) -> None:
        await self.reader.close()
        await self.writer.close()

    async def read(self, account: int) -> None:
        async with self.reader.execute(_numbered(READ), (account,)) as cursor:
            row = await cursor.fetchone()
            assert row is not None
            dict(row)

    async def upsert(self, account: int) -> None:
        async with self.writing:
            await self.writer.execute(_numbered(UPSERT), (account, 1))

    async def transfer(self, giver: int, taker: int) -> None:
        async with self.writing:
            await self.writer.execute("BEGIN IMMEDIATE")
            await self.writer.execute_fetchall(_numbered(TAKE), (giver, 1))
            await self.writer.execute_fetchall(_numbered(GIVE), (taker, 1))
            await self.writer.execute(_numbered(NOTE), (giver, -1, taker, 1))
            await self.writer.execute("COMMIT")


class BarePostgres(Contender):
    """An asyncpg pool of the same size, without the reset at release."""

    def __init__(self, url: str) -> None:
        self.name = "asyncpg"
        self.url = url

    async def open(self) -> None:
        self.pool: Any = await asyncpg.create_pool(self.url, min_size=5, max_size=20, reset=_keep)

    async def close(self) -> None:
        await self.pool.close()

    async def read(self, account: int) -> None:
        dict(await self.pool.fetchrow(READ, account))

    async def upsert(self, account: int) -> None:
        await self.pool.execute(UPSERT, account, 1)

    async def transfer(self, giver: int, taker: int) -> None:
        async with self.pool.acquire() as connection, connection.transaction():
            await connection.fetchval(TAKE, giver, 1)
            await connection.fetchval(GIVE, taker, 1)
            await connection.execute(NOTE, giver, -1, taker, 1)


async def _keep(connection: Any) -> None:
    """Leave the connection as it is."""


def _numbered(sql: str) -> str:
    return sql.replace("$", "?")


async def rate(call: Callable[[int], Awaitable[None]], seconds: float, tasks: int) -> float:
    """Return how often a second `call` runs, in `tasks` tasks at once."""
    ends = time.perf_counter() + seconds
    calls = 0

    async def work(number: int) -> None:
        nonlocal calls
        while time.perf_counter() < ends:
            await call(number % ACCOUNTS)
            number += tasks
            calls += 1

    started = time.perf_counter()
    await asyncio.gather(*(work(number) for number in range(tasks)))
    return calls / (time.perf_counter() - started)


async def compare(bare: Contender, ours: Contender, rounds: int) -> list[Result]:
    """Measure both in short turns, so that whatever else the machine does hits both alike."""
    operations: dict[str, Callable[[Contender], Callable[[int], Awaitable[None]]]] = {
        "point read": lambda contender: contender.read,
        "upsert": lambda contender: contender.upsert,
        # Giver below taker: on PostgreSQL rows touched in a fixed order can't deadlock.
        "transfer": lambda contender: lambda n: contender.transfer(n // 2, ACCOUNTS // 2 + n // 2),
    }
    results = []
    for tasks in (1, 20):
        for name, operation in operations.items():
            pairs = []
            for turn in range(rounds):
                order = (bare, ours) if turn % 2 else (ours, bare)
                rates = {contender: await rate(operation(contender), TURN_SECONDS, tasks) for contender in order}
                pairs.append((rates[bare], rates[ours]))
            results.append(
                Result(
                    operation=f"{name}, {tasks} task{'s' if tasks > 1 else ''}",
                    bare=statistics.median(theirs for theirs, _ in pairs),
                    ours=statistics.median(mine for _, mine in pairs),
                    ratio=statistics.median(mine / theirs for theirs, mine in pairs),
                )
            )
    return results


async def bench(engine: str, url: str, rounds: int) -> bool:
    """Print one engine's table; return whether the goal was reached."""
    async with DatabaseManager(url) as db:
        await db.execute(CREATE)
        await db.execute(CREATE_LEDGER)
        await db.executemany(FILL, [(account, START_COINS) for account in range(ACCOUNTS)])
    bare: Contender = BareSqlite(url) if engine == "SQLite" else BarePostgres(url)
    ours = Manager(url)
    await bare.open()
    await ours.open()
    try:
        results = await compare(bare, ours, rounds)
    finally:
        await bare.close()
        await ours.close()
    print(f"{engine:<22} {bare.name + '/s':>16} {ours.name + '/s':>20} {'ours/bare':>10}")
    for result in results:
        print(f"{result.operation:<22} {result.bare:>16,.0f} {result.ours:>20,.0f} {result.ratio:>10.0%}")
    print()
    return all(result.ratio * 100 >= GOAL_PERCENT for result in results if result.operation.startswith("transfer"))


def main() -> None:
    goal = f"transfers at {GOAL_PERCENT} % of the bare driver or more"
    run_on_both(bench, __doc__, goal, rounds=51, quick_rounds=7)


if __name__ == "__main__":
    main()

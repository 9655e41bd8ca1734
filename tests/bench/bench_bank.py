"""Transfers of coins a second, whole with their ledger, beside the bare driver running the same statements.

    python -m tests.bench.bench_bank [--quick]

Goal: at least 80 % of the bare driver's rate, on both engines, alone and many at once, in one guild and in many.
"""

import asyncio
import statistics
import time
from abc import ABC, abstractmethod
from datetime import UTC, datetime
from itertools import count
from typing import Any

import aiosqlite
import asyncpg

from database import DatabaseManager
from database.economy import Cause, EconomyStore, NewOperation, Posting, transfer
from tests.bench.engines import run_on_both

GUILDS = 50
PEOPLE = 200  # in each guild
START_COINS = 1_000_000
GOAL_PERCENT = 80
TURN_SECONDS = 0.1
AT = datetime(2026, 1, 1, tzinfo=UTC)

NUMBER = (
    "INSERT INTO operation_numbers (guild_id, last) VALUES ($1, 1) ON CONFLICT (guild_id)"
    " DO UPDATE SET last = operation_numbers.last + 1 RETURNING last"
)
OPERATION = (
    "INSERT INTO operations (guild_id, number, kind, cause_kind, cause_id, actor_id, happened_at)"
    " VALUES ($1, $2, 'pay', 'message', $3, $4, $5) ON CONFLICT DO NOTHING"
)
READ = "SELECT * FROM accounts WHERE guild_id = $1 AND user_id IN ($2, $3)"
ACCOUNT = (
    "INSERT INTO accounts (guild_id, user_id, cash, bank, entries) VALUES ($1, $2, $3, $4, $5)"
    " ON CONFLICT (guild_id, user_id) DO UPDATE"
    " SET cash = excluded.cash, bank = excluded.bank, entries = excluded.entries"
)
ENTRY = (
    "INSERT INTO ledger (guild_id, user_id, entry, operation, pocket, amount, balance, kind, counterparty_id,"
    " written_at) VALUES ($1, $2, $3, $4, 'cash', $5, $6, 'pay', $7, $8)"
)

messages = count(1)


class Contender(ABC):
    """One way to move a coin from one member to another."""

    @abstractmethod
    async def open(self) -> None: ...
    @abstractmethod
    async def close(self) -> None: ...
    @abstractmethod
    async def transfer(self, guild: int, giver: int, taker: int) -> None: ...


class Store(Contender):
    def __init__(self, url: str) -> None:
        self.db = DatabaseManager(url)
        self.store = EconomyStore(self.db)

    async def open(self) -> None:
        await self.db.connect()

    async def close(self) -> None:
        await self.db.close()

    async def transfer(self, guild: int, giver: int, taker: int) -> None:
        new = NewOperation(guild, "pay", Cause("message", next(messages)), giver, AT)
        async with self.store.operation(new) as operation:
            await operation.post(*transfer(giver, taker, 1))


class BareSqlite(Contender):
    """aiosqlite as its documentation shows it, with our settings and a lock around transactions."""

    def __init__(self, url: str) -> None:
        self.path = url.removeprefix("sqlite:///")
        self.writing = asyncio.Lock()

    async def open(self) -> None:
        self.writer = await aiosqlite.connect(self.path, isolation_level=None)
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
            await self.writer.execute(f"PRAGMA {pragma}")

    async def close(self) -> None:
        await self.writer.close()

    async def transfer(self, guild: int, giver: int, taker: int) -> None:
        at = int(AT.timestamp() * 1000)
        async with self.writing:
            await self.writer.execute("BEGIN IMMEDIATE")
            [(number,)] = await self.writer.execute_fetchall(_numbered(NUMBER), (guild,))
            await self.writer.execute(_numbered(OPERATION), (guild, number, next(messages), giver, at))
            rows = await self.writer.execute_fetchall(_numbered(READ), (guild, giver, taker))
            accounts, entries = _changes([tuple(row)[:5] for row in rows], giver, taker, number, at)
            await self.writer.executemany(_numbered(ACCOUNT), accounts)
            await self.writer.executemany(_numbered(ENTRY), entries)
            await self.writer.execute("COMMIT")


class BarePostgres(Contender):
    """An asyncpg pool of the same size, without the reset at release."""

    def __init__(self, url: str) -> None:
        self.url = url

    async def open(self) -> None:
        self.pool: Any = await asyncpg.create_pool(self.url, min_size=5, max_size=20, reset=_keep)

    async def close(self) -> None:
        await self.pool.close()

    async def transfer(self, guild: int, giver: int, taker: int) -> None:
        at = int(AT.timestamp() * 1000)
        async with self.pool.acquire() as connection, connection.transaction():
            number = await connection.fetchval(NUMBER, guild)
            await connection.execute(OPERATION, guild, number, next(messages), giver, at)
            rows = await connection.fetch(READ, guild, giver, taker)
            accounts, entries = _changes([tuple(row)[:5] for row in rows], giver, taker, number, at)
            await connection.executemany(ACCOUNT, accounts)
            await connection.executemany(ENTRY, entries)


async def _keep(connection: Any) -> None:
    """Leave the connection as it is."""


def _numbered(sql: str) -> str:
    return sql.replace("$", "?")


def _changes(
    found: list[tuple[Any, ...]], giver: int, taker: int, number: int, at: int
) -> tuple[list[tuple[Any, ...]], list[tuple[Any, ...]]]:
    """What a coin changes: the two accounts, and their entries."""
    accounts, entries = [], []
    for guild, user, cash, bank, last in found:
        amount, other = (-1, taker) if user == giver else (1, giver)
        accounts.append((guild, user, cash + amount, bank, last + 1))
        entries.append((guild, user, last + 1, number, amount, cash + amount, other, at))
    return accounts, entries


async def fill(url: str) -> None:
    """Give everybody in all the guilds something to begin with."""
    async with DatabaseManager(url) as db:
        await db.migrate()
        for guild in range(1, GUILDS + 1):
            async with EconomyStore(db).operation(NewOperation(guild, "give", Cause("bench"), None, AT)) as operation:
                await operation.post(*(Posting(person, START_COINS) for person in range(1, PEOPLE + 1)))


async def rate(contender: Contender, tasks: int, guilds: int) -> float:
    """How many transfers a second `contender` does, in `tasks` tasks at once."""
    ends = time.perf_counter() + TURN_SECONDS
    done = 0

    async def work(number: int) -> None:
        nonlocal done
        while time.perf_counter() < ends:
            giver = 1 + number % PEOPLE
            await contender.transfer(1 + number % guilds, giver, 1 + (giver + number // PEOPLE) % PEOPLE)
            number += tasks
            done += 1

    started = time.perf_counter()
    await asyncio.gather(*(work(number) for number in range(tasks)))
    return done / (time.perf_counter() - started)


async def bench(engine: str, url: str, rounds: int) -> bool:
    """Print one engine's table; return whether the goal was reached."""
    await fill(url)
    bare: Contender = BareSqlite(url) if engine == "SQLite" else BarePostgres(url)
    ours = Store(url)
    await bare.open()
    await ours.open()
    reached = True
    print(f"{engine:<26} {'bare driver/s':>16} {'the bank/s':>12} {'bank/bare':>10}")
    try:
        for tasks, guilds in ((1, 1), (20, 1), (20, GUILDS)):
            pairs = []
            for turn in range(rounds):  # short turns, so that whatever else the machine does hits both alike
                order = (bare, ours) if turn % 2 else (ours, bare)
                rates = {contender: await rate(contender, tasks, guilds) for contender in order}
                pairs.append((rates[bare], rates[ours]))
            ratio = statistics.median(mine / theirs for theirs, mine in pairs)
            name = f"{tasks} task{'s' if tasks > 1 else ''}, {guilds} guild{'s' if guilds > 1 else ''}"
            theirs, mine = (statistics.median(side) for side in zip(*pairs, strict=True))
            print(f"{name:<26} {theirs:>16,.0f} {mine:>12,.0f} {ratio:>10.0%}")
            reached &= ratio * 100 >= GOAL_PERCENT
    finally:
        await bare.close()
        await ours.close()
    print()
    return reached


def main() -> None:
    run_on_both(bench, __doc__, f"{GOAL_PERCENT} % of the bare driver or more", rounds=31, quick_rounds=3)


if __name__ == "__main__":
    main()

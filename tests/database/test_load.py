"""How busy the connections are, and whether the database answers."""

import asyncio

import pytest

from database.manager import DatabaseManager
from tests.support.patience import PATIENCE

SECONDS = 5.0 * PATIENCE


async def until(condition) -> None:
    async with asyncio.timeout(SECONDS):
        while not condition():
            await asyncio.sleep(0.001)


async def test_a_transaction_holds_a_connection(db: DatabaseManager):
    assert db.load.in_use == 0
    async with db.transaction():
        await db.fetchval("SELECT 1")
        assert db.load.in_use == 1
        assert db.load.waiting == 0
    assert db.load.in_use == 0
    assert 1 <= db.load.open <= db.load.most


async def test_who_finds_no_free_connection_waits(migrated_url: str):
    async with DatabaseManager(migrated_url, pool_min=1, pool_max=1) as db:
        done = []

        async def change() -> None:
            async with db.transaction():
                await db.execute("DELETE FROM timers")
            done.append(True)

        async with db.transaction():
            await db.execute("DELETE FROM timers")
            others = [asyncio.create_task(change()) for _ in range(3)]
            await until(lambda: db.load.waiting == 3)
        await asyncio.gather(*others)
        assert (db.load.in_use, db.load.waiting, len(done)) == (0, 0, 3)


async def test_who_gives_up_waits_no_more(migrated_url: str):
    async with DatabaseManager(migrated_url, pool_min=1, pool_max=1) as db, db.transaction():
        await db.execute("DELETE FROM timers")
        other = asyncio.create_task(db.execute("DELETE FROM timers"))
        await until(lambda: db.load.waiting == 1)
        other.cancel()
        with pytest.raises(asyncio.CancelledError):
            await other
        assert db.load.waiting == 0


async def test_answers_while_it_is_open(migrated_url: str):
    db = DatabaseManager(migrated_url, pool_min=1)
    assert not await db.answers(SECONDS)
    assert db.load.open == 0
    async with db:
        assert await db.answers(SECONDS)
    assert not await db.answers(SECONDS)
    assert (db.load.open, db.load.in_use) == (0, 0)

"""The bank under races: in both directions at once, the same thing many times at once, cut off at any moment."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import pytest
import pytest_asyncio

from database.claims import ClaimsStore
from database.economy import AlreadyDone, Cause, EconomyStore, NewOperation, NotEnough, Operation, Posting, transfer
from database.errors import DatabaseError
from database.manager import DatabaseManager
from database.wagers import WagersStore
from tests.support.ledger import prove
from tests.support.patience import PATIENCE

NOW = datetime(2026, 1, 1, tzinfo=UTC)
OPENING = 100
TOWN = 1
ANN, BOB = 1, 2


def new(kind: str = "pay", cause: int | None = None, **fields: Any) -> NewOperation:
    about = {"guild_id": TOWN, "actor_id": ANN, "at": NOW, "opening": OPENING, **fields}
    return NewOperation(kind=kind, cause=Cause("message", cause), **about)


@pytest.fixture
def store(db: DatabaseManager) -> EconomyStore:
    return EconomyStore(db)


@pytest_asyncio.fixture
async def other_store(migrated_url: str) -> AsyncIterator[EconomyStore]:
    """The same bank in another process's hands: nothing in memory is shared."""
    async with DatabaseManager(migrated_url, pool_min=1) as database:
        yield EconomyStore(database)


async def pay(store: EconomyStore, sender: int, receiver: int, amount: int, **about: Any) -> bool:
    """Whether it was paid; False if there wasn't enough, or it was paid before."""
    try:
        async with store.operation(new(**about)) as operation:
            await operation.post(*transfer(sender, receiver, amount))
    except (NotEnough, AlreadyDone):
        return False
    return True


async def somebody_waits(db: DatabaseManager) -> None:
    """Wait until a connection waits for a lock; where there is but one writer, for a moment."""
    if db.dialect == "sqlite":
        await asyncio.sleep(0.02)
        return
    waiting = "SELECT COUNT(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    while not await db.fetchval(waiting):
        await asyncio.sleep(0.005)


async def claim(store: EconomyStore) -> bool:
    """What a command does that can be used once a day."""
    claims = ClaimsStore(store.db)
    async with store.operation(new("daily")) as operation:
        if await claims.last(TOWN, ANN, "daily") is not None:
            return False
        await claims.write(operation, ANN, "daily")
        await operation.post(Posting(ANN, 50))
    return True


async def test_200_in_both_directions_in_many_guilds(store: EconomyStore, other_store: EconomyStore) -> None:
    """One process serves a busy guild and another some quiet ones; nobody waits forever."""
    paid = await asyncio.wait_for(
        asyncio.gather(
            *(
                pay(store if guild == TOWN else other_store, sender, receiver, turn % 60, guild_id=guild)
                for turn in range(1, 101)
                for guild in ([TOWN] if turn % 4 else [TOWN, 2, 3])
                for sender, receiver in ((ANN, BOB), (BOB, ANN))
            )
        ),
        15 * PATIENCE,
    )
    assert paid.count(True) > 150
    for guild in (TOWN, 2, 3):
        assert await prove(store.db, guild) == 2 * OPENING


async def test_two_processes_in_one_guild(store: EconomyStore, other_store: EconomyStore) -> None:
    stores = (store, other_store)
    await asyncio.gather(*(pay(stores[turn % 2], ANN + turn % 3, 7 + turn % 2, 1) for turn in range(40)))
    assert await prove(store.db, TOWN) == 5 * OPENING
    same = await asyncio.gather(*(pay(stores[turn % 2], ANN, BOB, 1, cause=5) for turn in range(20)))
    assert same.count(True) == 1
    assert await prove(other_store.db, TOWN) == 5 * OPENING


async def test_the_same_message_20_times_at_once(store: EconomyStore) -> None:
    assert (await asyncio.gather(*(pay(store, ANN, BOB, 7, cause=5) for _ in range(20)))).count(True) == 1
    assert await prove(store.db, TOWN) == 2 * OPENING
    assert len(await store.history(TOWN, ANN, limit=9)) == 2


async def test_two_claims_at_once(store: EconomyStore, other_store: EconomyStore) -> None:
    claimed = await asyncio.gather(*(claim((store, other_store)[turn % 2]) for turn in range(6)))
    assert claimed.count(True) == 1
    assert await prove(store.db, TOWN) == OPENING + 50


async def test_settled_and_refunded_at_once(store: EconomyStore, other_store: EconomyStore) -> None:
    """By clicks, a time-out and a start that come together: one of them ends the game."""
    wagers = WagersStore(store.db)
    async with store.operation(new("bet")) as operation:
        wager = await wagers.open(operation, ANN, "dice", 40)
        assert wager is not None
        await operation.post(Posting(ANN, -40))

    async def settle(by: EconomyStore) -> bool:
        async with by.operation(new("winnings")) as operation:
            ended = await WagersStore(by.db).settle(wager.id, 60, NOW)
            if ended is not None:
                await operation.post(Posting(ANN, 60))
        return ended is not None

    async def refund(by: EconomyStore) -> bool:
        async with by.operation(new("bet_refund")) as operation:
            ended = await WagersStore(by.db).refund(wager.id, NOW)
            if ended is not None:
                await operation.post(Posting(ANN, 40))
        return ended is not None

    ended = await asyncio.gather(
        *(end(by) for by in (store, other_store) for end in (settle, refund) for _ in range(3))
    )
    assert ended.count(True) == 1
    assert await wagers.add_stake(wager.id, 5) is None
    assert await prove(store.db, TOWN) in (OPENING, OPENING + 20)


async def test_people_leave_while_coins_move(store: EconomyStore, other_store: EconomyStore) -> None:
    """Accounts are changed in one order here and in another there: that must not end in a deadlock."""
    async with store.operation(new("give")) as operation:  # Ann comes first, by whatever index they are found
        await operation.post(Posting(ANN, 50), Posting(BOB, 1))
    under_way, go_on = asyncio.Event(), asyncio.Event()

    async def operate() -> None:
        async with store.operation(new()) as operation:
            await operation.post(Posting(BOB, 5))
            under_way.set()
            await go_on.wait()
            await operation.post(Posting(ANN, 5))

    operating = asyncio.create_task(operate())
    await under_way.wait()
    marking = [asyncio.create_task(by.mark(TOWN, [ANN, BOB], present=False)) for by in (store, other_store)]
    await somebody_waits(store.db)
    go_on.set()
    await operating
    assert sorted(await asyncio.gather(*marking)) == [0, 2]
    assert await store.count(TOWN) == 0
    assert await prove(store.db, TOWN) == 2 * OPENING + 61


async def test_cut_off_at_every_step(store: EconomyStore) -> None:
    """Cancelled after more and more turns of the loop while others wait: whole or not there, and the others go on."""
    finished = turns = 0
    while finished < 2:
        turns += 1 + turns // 6
        task = asyncio.create_task(pay(store, ANN, BOB, 1, cause=turns))
        following = asyncio.create_task(pay(store, BOB, ANN, 1))
        for _ in range(turns):
            await asyncio.sleep(0)
        task.cancel()
        result = (await asyncio.gather(task, return_exceptions=True))[0]
        assert await asyncio.wait_for(following, 10 * PATIENCE) is True
        # In the moment of the commit it may be there all the same.
        there = not await pay(store, ANN, BOB, 1, cause=turns)
        assert there or isinstance(result, asyncio.CancelledError)
        finished += result is True
    assert await prove(store.db, TOWN) == 2 * OPENING


async def test_the_turn_passes_on_from_whoever_gives_up(store: EconomyStore) -> None:
    under_way = asyncio.Event()

    async def hang() -> None:
        async with store.operation(new()) as operation:
            await operation.post(Posting(ANN, 1))
            under_way.set()
            await asyncio.Event().wait()

    hanging = asyncio.create_task(hang())
    await under_way.wait()
    waiting = [asyncio.create_task(pay(store, ANN, BOB, 1)) for _ in range(5)]
    await asyncio.sleep(0)
    for task in (*waiting[:4], hanging):
        task.cancel()
    await asyncio.gather(*waiting, hanging, return_exceptions=True)
    assert waiting[4].result() is True
    assert await prove(store.db, TOWN) == 2 * OPENING


async def test_a_refused_statement_ends_the_operation(store: EconomyStore) -> None:
    """Who catches it and goes on keeps nothing, and the next one finds the turn free."""

    async def swallow(operation: Operation) -> None:
        await operation.post(Posting(ANN, 5))
        with pytest.raises(DatabaseError):
            await store.db.execute("UPDATE accounts SET cash = -1")

    with pytest.raises(DatabaseError, match="rolled back"):
        async with store.operation(new()) as operation:
            await swallow(operation)
    assert await store.account(TOWN, ANN) is None
    assert await pay(store, ANN, BOB, 1)

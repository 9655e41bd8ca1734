"""The reminders' table, on both engines."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from database.errors import ConstraintViolated
from database.ids import new_id
from database.manager import DatabaseManager
from database.reminders import Reminder, RemindersStore

NOW = datetime(2026, 1, 1, 12, 0, 0, 123_000, tzinfo=UTC)
ANN, BOB = 11, 22


def reminder(user_id: int = ANN, **fields) -> Reminder:
    return replace(
        Reminder(
            id=new_id(), user_id=user_id, number=0, guild_id=1, channel_id=2, message_id=new_id(), text="tea ☕",
            set_at=NOW, due_at=NOW + timedelta(hours=2), recurrence=None, timezone="Europe/Berlin", timer_id=new_id(),
        ),
        **fields,
    )  # fmt: skip


@pytest.fixture
def store(db: DatabaseManager) -> RemindersStore:
    return RemindersStore(db)


async def add(store: RemindersStore, user_id: int = ANN, **fields) -> Reminder:
    kept = await store.add(reminder(user_id, **fields), most_pending=25)
    assert kept is not None
    return kept


async def test_what_is_kept_comes_back(store: RemindersStore):
    wanted = reminder(guild_id=None, recurrence='{"kind": "days"}')
    kept = await store.add(wanted, most_pending=25)
    assert kept == replace(wanted, number=1)
    assert await store.get(wanted.id) == kept
    assert await store.numbered(ANN, 1) == kept
    assert await store.of_message(wanted.message_id) == kept
    assert await store.numbered(BOB, 1) is None


async def test_each_person_counts_from_one(store: RemindersStore):
    numbers = [(await add(store, user_id)).number for user_id in (ANN, BOB, ANN, ANN, BOB)]
    assert numbers == [1, 1, 2, 3, 2]


async def test_a_message_sets_one(store: RemindersStore):
    first = await add(store)
    assert await store.add(reminder(message_id=first.message_id), most_pending=25) is None
    assert await store.open_of(ANN) == [first]


async def test_no_more_than_the_most(store: RemindersStore):
    kept = [await store.add(reminder(), most_pending=3) for _ in range(5)]
    assert [one is not None for one in kept] == [True, True, True, False, False]
    assert kept[0] is not None
    await store.settle(kept[0], delivered_at=NOW)
    assert await store.add(reminder(), most_pending=3) is not None


async def test_the_most_holds_in_a_race(store: RemindersStore):
    async def attempt() -> bool:
        while True:
            try:
                return await store.add(reminder(), most_pending=5) is not None
            except ConstraintViolated:
                continue

    assert sum(await asyncio.gather(*(attempt() for _ in range(12)))) == 5
    assert sorted(one.number for one in await store.open_of(ANN)) == [1, 2, 3, 4, 5]


async def test_delivered_is_over(store: RemindersStore):
    one = await add(store)
    assert await store.settle(one, delivered_at=NOW)
    assert await store.open_of(ANN) == []
    over = await store.get(one.id)
    assert over is not None
    assert (over.waits, over.delivered_at) == (False, NOW)
    assert await store.latest_delivered(ANN) == over
    assert not await store.settle(one, delivered_at=NOW), "only once"


async def test_a_repeating_one_waits_again(store: RemindersStore):
    one = await add(store, recurrence="{}")
    later = one.due_at + timedelta(days=1)
    assert await store.settle(one, delivered_at=NOW, next_due=later)
    assert await store.open_of(ANN) == [replace(one, due_at=later, delivered_at=NOW)]


async def test_what_was_missed_stays_in_the_list(store: RemindersStore):
    one = await add(store)
    assert await store.settle(one, delivered_at=None, missed_at=NOW)
    [missed] = await store.open_of(ANN)
    assert (missed.missed_at, missed.waits, missed.delivered_at) == (NOW, False, None)
    assert await store.arm(missed, NOW + timedelta(days=1), 77, most_pending=1)
    [again] = await store.open_of(ANN)
    assert (again.missed_at, again.timer_id, again.due_at) == (None, 77, NOW + timedelta(days=1))


async def test_moved_meanwhile_isnt_settled(store: RemindersStore):
    one = await add(store)
    assert await store.arm(one, NOW + timedelta(days=1), one.timer_id or 0, most_pending=25)
    assert not await store.settle(one, delivered_at=NOW)
    [still] = await store.open_of(ANN)
    assert still.delivered_at is None


async def test_no_room_to_wait_again(store: RemindersStore):
    over = await add(store)
    await store.settle(over, delivered_at=NOW)
    waiting = await add(store)
    assert not await store.arm(over, NOW, 77, most_pending=1)
    assert await store.arm(waiting, NOW, 77, most_pending=1), "what waits already takes no more room"


async def test_rewriting_and_removing(store: RemindersStore):
    one = await add(store)
    assert await store.rewrite(one.id, text="coffee", recurrence="{}", timezone="UTC")
    assert await store.get(one.id) == replace(one, text="coffee", recurrence="{}", timezone="UTC")
    assert await store.remove(one.id)
    assert not await store.remove(one.id)
    assert not await store.rewrite(one.id, text="x", recurrence=None, timezone="UTC")
    assert not await store.arm(one, NOW, 77, most_pending=25)


async def test_forgetting(store: RemindersStore):
    old, recent, latest, missed, waiting, others = [await add(store, who) for who in (ANN,) * 5 + (BOB,)]
    await store.settle(old, delivered_at=NOW - timedelta(days=31))
    await store.settle(recent, delivered_at=NOW - timedelta(days=2))
    await store.settle(latest, delivered_at=NOW - timedelta(days=1))
    await store.settle(missed, delivered_at=None, missed_at=NOW - timedelta(days=31))
    await store.settle(others, delivered_at=NOW - timedelta(days=31))

    async def forget(keep: int, missed_days: int) -> int:
        return await store.forget_old(
            ANN,
            delivered_before=NOW - timedelta(days=30),
            missed_before=NOW - timedelta(days=missed_days),
            keep=keep,
        )

    assert await forget(keep=10, missed_days=180) == 1
    assert await store.get(old.id) is None
    assert await forget(keep=1, missed_days=180) == 1
    assert await store.get(recent.id) is None
    assert await forget(keep=1, missed_days=30) == 1
    assert await store.open_of(ANN) == [waiting]
    assert await store.latest_delivered(ANN) is not None
    assert await store.get(others.id) is not None

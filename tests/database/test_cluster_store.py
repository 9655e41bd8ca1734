"""Claims, turns, locks and the timers of shards: raced on PostgreSQL."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from database.cluster import GIVEN_BACK, ClusterStore
from database.manager import DatabaseManager
from database.timers import TimerScope, TimersStore

DEAD_AFTER = 60_000
LONG_AGO = 600_000


async def joined(db: DatabaseManager, number: int, *home: int) -> ClusterStore:
    store = ClusterStore(db, number)
    assert await store.register(f"{number}/9", "host", 9, home, free_after_milliseconds=DEAD_AFTER)
    return store


async def falls_silent(db: DatabaseManager, number: int) -> None:
    await db.execute("UPDATE cluster_processes SET beat_at = beat_at - $1 WHERE run_id = $2", LONG_AGO, number)


@pytest.mark.engines("postgresql")
class TestClaims:
    async def test_a_shard_is_ones_however_many_try(self, db: DatabaseManager):
        stores = [await joined(db, number, 0) for number in range(1, 9)]
        for _round in range(5):
            claims = (store.claim([0, 1], dead_after_milliseconds=DEAD_AFTER) for store in stores)
            won = [store for store, got in zip(stores, await asyncio.gather(*claims), strict=True) if got is not None]
            assert len(won) == 1
            assert await won[0].claims() == dict.fromkeys((0, 1), won[0].run_id)
            await won[0].give_back([0, 1])
            assert await won[0].claims() == dict.fromkeys((0, 1), GIVEN_BACK)

    async def test_all_or_none(self, db: DatabaseManager):
        one, other = await joined(db, 1), await joined(db, 2)
        assert await one.claim([1], dead_after_milliseconds=DEAD_AFTER) == {1: None}
        assert await other.claim([0, 1, 2], dead_after_milliseconds=DEAD_AFTER) is None
        assert await other.claims() == {1: 1}

    async def test_what_a_dead_process_had_is_taken_and_known(self, db: DatabaseManager):
        one, other = await joined(db, 1), await joined(db, 2)
        await one.claim([0], dead_after_milliseconds=DEAD_AFTER)
        assert await other.claim([0], dead_after_milliseconds=DEAD_AFTER) is None
        await falls_silent(db, 1)
        assert await other.claim([0], dead_after_milliseconds=DEAD_AFTER) == {0: 1}
        silent = await one.beat("1/9")  # it was only slow
        assert silent is not None
        assert LONG_AGO <= silent < LONG_AGO + DEAD_AFTER
        assert await one.claim([0], dead_after_milliseconds=DEAD_AFTER) is None
        await one.give_back([0])  # what isn't its own any more
        assert await one.claims() == {0: 2}

    async def test_a_name_is_ones(self, db: DatabaseManager):
        one = await joined(db, 1, 0)
        again = ClusterStore(db, 2)
        assert not await again.register("1/9", "other", 9, [0], free_after_milliseconds=DEAD_AFTER)
        await falls_silent(db, 1)
        assert await again.register("1/9", "other", 9, [0], free_after_milliseconds=DEAD_AFTER)
        assert await one.beat("1/9") is None

    async def test_leaving_leaves_nothing(self, db: DatabaseManager):
        one, other = await joined(db, 1, 0), await joined(db, 2)
        await one.claim([0], dead_after_milliseconds=DEAD_AFTER)
        assert await one.take_lock("work", dead_after_milliseconds=DEAD_AFTER)
        await one.leave("1/9")
        assert await other.claims() == {}
        assert [row.name for row in await other.processes()] == ["2/9"]
        assert await other.take_lock("work", dead_after_milliseconds=DEAD_AFTER)


@pytest.mark.engines("postgresql")
class TestTurns:
    async def test_one_at_a_time_in_each_group(self, db: DatabaseManager):
        stores = [ClusterStore(db, number) for number in range(8)]
        for bucket in (0, 1):
            waits = await asyncio.gather(*(store.take_turn(bucket, 5_200) for store in stores))
            assert waits.count(0) == 1
            assert all(4_000 < wait <= 5_200 for wait in waits if wait)

    async def test_the_next_turn_is_counted_from_the_start_of_the_session(self, db: DatabaseManager):
        store = ClusterStore(db, 1)
        assert await store.take_turn(0, 100) == 0
        await store.begin_turn(0, 5_200)
        assert await store.take_turn(0, 5_200) > 4_000

    async def test_a_lock_is_ones_until_it_is_freed_or_its_process_gone(self, db: DatabaseManager):
        stores = [await joined(db, number) for number in range(1, 6)]
        got = await asyncio.gather(*(store.take_lock("work", dead_after_milliseconds=DEAD_AFTER) for store in stores))
        assert got.count(True) == 1
        holder, other = stores[got.index(True)], stores[got.index(False)]
        await other.free_lock("work")
        assert not await other.take_lock("work", dead_after_milliseconds=DEAD_AFTER)
        await falls_silent(db, holder.run_id)
        assert await other.take_lock("work", dead_after_milliseconds=DEAD_AFTER)


NAMES = ["reminder_timer"]
NOW = datetime(2026, 1, 1, tzinfo=UTC)


class TestTimersOfShards:
    async def test_each_process_gets_its_own_and_nothing_is_left(self, db: DatabaseManager):
        store, count = TimersStore(db), 4
        guilds = [(number << 22) + 5 for number in range(8)]
        ids = {
            guild: await store.add(NAMES[0], NOW, guild_id=guild, user_id=None, payload={}) for guild in guilds
        } | {
            -guild: await store.add(NAMES[0], NOW, guild_id=None, near_guild_id=guild, user_id=1, payload={})
            for guild in guilds
        }  # fmt: skip
        of_nobody = await store.add(NAMES[0], NOW, guild_id=None, user_id=1, payload={})
        found: list[int] = []
        for shards in ({0}, {1, 3}, {2}):
            scope = TimerScope(count, frozenset(shards), 0 in shards)
            rows = [row.id for row in await store.due(NOW, NAMES, limit=100, scope=scope)]
            of_shards = {ids[one] for one in ids if (abs(one) >> 22) % count in shards}
            assert set(rows) == of_shards | ({of_nobody} if 0 in shards else set())
            assert await store.next_due(NOW, NAMES, scope) == NOW
            found += rows
        assert sorted(found) == sorted([*ids.values(), of_nobody])
        nothing = TimerScope(count, frozenset(), False)
        assert await store.due(NOW, NAMES, limit=100, scope=nothing) == []
        assert await store.next_due(NOW, NAMES, nothing) is None

    async def test_only_the_leases_of_taken_shards_end(self, db: DatabaseManager):
        store = TimersStore(db)
        mine = await store.add(NAMES[0], NOW, guild_id=1 << 22, user_id=None, payload={})
        others = await store.add(NAMES[0], NOW, guild_id=2 << 22, user_id=None, payload={})
        for timer_id in (mine, others):
            assert await store.claim(timer_id, NOW, NOW + timedelta(minutes=1))
        await store.release_all(TimerScope(4, frozenset({1}), without_guild=True))
        assert [row.id for row in await store.due(NOW, NAMES, limit=9)] == [mine]
        await store.release_all()
        assert len(await store.due(NOW, NAMES, limit=9)) == 2

"""The cache that processes share: it saves queries, and never shows what was before a change that has ended."""

import asyncio
import random
from collections.abc import AsyncIterator
from typing import Any

import pytest
from redis.asyncio import Redis

from database.manager import DatabaseManager
from database.user_settings import UserSettingsStore
from tests.bus.ends import until
from tests.support.cable import Cable
from tests.support.message_servers import MessageServer
from utils import shared_cache
from utils.config import Config
from utils.shared_cache import KEPT_SECONDS, NoCache, RedisCache, create_cache
from utils.user_settings import Preferences, UserSettings

pytestmark = pytest.mark.engines("sqlite")
ANN = 2**62 + 1


@pytest.fixture
async def redis(redis_server: MessageServer) -> AsyncIterator[Any]:
    """What is in Redis, for a look at it."""
    async with Redis.from_url(redis_server.url) as redis:
        await redis.flushall()
        yield redis


@pytest.fixture
async def caches(redis: Any, redis_server: MessageServer) -> AsyncIterator[tuple[RedisCache, RedisCache]]:
    """Those of two processes, both at work."""
    one, other = RedisCache(redis_server.url), RedisCache(redis_server.url)
    for cache in (one, other):  # each begins an age of its own
        await cache.drop("nothing")
    yield one, other
    await one.close()
    await other.close()


@pytest.fixture
async def far(redis: Any, redis_server: MessageServer) -> AsyncIterator[tuple[RedisCache, Cable]]:
    """A third, whose cable can be cut."""
    async with Cable(redis_server.url) as cable:
        cache = RedisCache(cable.url, try_again_seconds=0.05)
        await cache.drop("nothing")
        yield cache, cable
        await cache.close()


class Truth:
    """What the database says: a number that grows."""

    def __init__(self) -> None:
        self.value = 0
        self.queries = 0

    async def load(self) -> dict[str, int]:
        self.queries += 1
        value = self.value
        for _ in range(random.randrange(4)):
            await asyncio.sleep(0)
        return {"value": value}


def test_the_settings_choose_it():
    assert isinstance(create_cache(Config()), NoCache)
    assert isinstance(create_cache(Config(event_bus="redis", redis_url="redis://localhost")), RedisCache)


async def test_people_are_read_once_for_all_processes(db: DatabaseManager, caches: tuple[RedisCache, RedisCache]):
    queries: list[str] = []
    one, other = (UserSettings(UserSettingsStore(db), most=100, cache=cache) for cache in caches)
    await one.set_language(ANN, "de")
    await one.set_timezone(ANN, "Asia/Tokyo")
    one.forget(ANN)
    assert await one.of(ANN) == Preferences("de", "Asia/Tokyo")
    db.on_statement = lambda text, *_: queries.append(text)
    assert await other.of(ANN) == Preferences("de", "Asia/Tokyo")
    assert queries == []
    await one.set_language(ANN, "en")
    await other.read(ANN)  # as the bus would have it
    assert await other.of(ANN) == Preferences("en", "Asia/Tokyo")
    await UserSettingsStore(db).change(ANN, "language", None)
    await one.erased(ANN)
    other.forget(ANN)
    assert (await other.of(ANN)).language is None


async def test_what_was_read_before_a_change_is_not_put_there_after_it(caches: tuple[RedisCache, RedisCache]):
    one, other = caches
    truth, reading, go_on = Truth(), asyncio.Event(), asyncio.Event()

    async def slowly() -> dict[str, int]:
        read = await truth.load()
        reading.set()
        await go_on.wait()
        return read

    slow = asyncio.create_task(one.read("x", slowly))
    await reading.wait()
    async with other.changing("x"):
        truth.value = 1
    go_on.set()
    assert await slow == {"value": 0}  # it asked before the change
    assert await one.read("x", truth.load) == await other.read("x", truth.load) == {"value": 1}


async def test_nothing_is_put_there_during_a_change(caches: tuple[RedisCache, RedisCache], redis: Any):
    """Also if its process dies in it: the name stays held, for as long as a statement may take."""
    one, other = caches
    truth = Truth()
    await other.read("x", truth.load)
    held = one.changing("x")
    await held.__aenter__()
    assert await other.read("x", truth.load) == {"value": 0}
    truth.value = 1  # committed, and the process dies
    assert await other.read("x", truth.load) == {"value": 1}
    assert truth.queries == 3
    assert 60 < await redis.ttl("hearth:cache:held:x") <= shared_cache.HELD_SECONDS


@pytest.mark.parametrize("seed", range(5))
async def test_a_change_that_has_ended_is_seen_by_all(caches: tuple[RedisCache, RedisCache], seed: int):
    random.seed(seed)
    truth, ended = Truth(), 0

    async def change(cache: RedisCache) -> None:
        nonlocal ended
        for _ in range(30):
            async with cache.changing("x"):
                await asyncio.sleep(0)
                truth.value += 1
                mine = truth.value
                await asyncio.sleep(0)
            ended = max(ended, mine)
            await asyncio.sleep(random.random() / 200)

    async def look(cache: RedisCache) -> None:
        for _ in range(100):
            at_least = ended
            assert (await cache.read("x", truth.load))["value"] >= at_least

    await asyncio.gather(*(work(cache) for cache in caches for work in (change, look, look)))
    assert (await caches[0].read("x", truth.load))["value"] == truth.value
    queries = truth.queries
    assert (await caches[1].read("x", truth.load))["value"] == truth.value
    assert truth.queries == queries


async def test_everything_in_it_ends_by_itself(caches: tuple[RedisCache, RedisCache], redis: Any):
    await caches[0].read("x", Truth().load)
    keys = [key for key in await redis.keys("hearth:cache:*") if key != b"hearth:cache:age"]
    assert keys
    for key in keys:
        assert 0 < await redis.ttl(key) <= KEPT_SECONDS


async def test_without_redis_the_database_is_asked(far: tuple[RedisCache, Cable], caplog):
    cache, cable = far
    truth = Truth()
    await cable.cut()
    assert await cache.read("x", truth.load) == {"value": 0}
    assert await cache.read("x", truth.load) == {"value": 0}
    assert truth.queries == 2
    assert caplog.text.count("can't be used") == 1
    await cable.mend()

    async def cached() -> bool:
        before = truth.queries
        await cache.read("x", truth.load)
        return truth.queries == before

    async with asyncio.timeout(60):
        while not await cached():
            await asyncio.sleep(0.01)


@pytest.mark.parametrize("cut_inside", [False, True])
async def test_a_change_that_redis_did_not_hear_of_is_seen_when_it_is_back(
    caches: tuple[RedisCache, RedisCache], far: tuple[RedisCache, Cable], cut_inside: bool
):
    """Without anybody asking that process: it says so by itself."""
    one, _other = caches
    cache, cable = far
    truth = Truth()
    await one.read("x", truth.load)
    if not cut_inside:
        await cable.cut()
    async with cache.changing("x"):
        truth.value = 1
        if cut_inside:
            await cable.cut()
    await cable.mend()
    seen: list[int] = []

    async def look() -> None:
        while not seen or seen[-1] != 1:
            seen.append((await one.read("x", truth.load))["value"])
            await asyncio.sleep(0.01)

    await asyncio.wait_for(look(), 60)
    assert (await one.read("x", truth.load)) == {"value": 1}


async def test_an_error_of_the_database_is_told_and_nothing_is_kept(caches: tuple[RedisCache, RedisCache]):
    async def fails() -> dict[str, int]:
        raise RuntimeError("the database is away")

    with pytest.raises(RuntimeError):
        await caches[0].read("x", fails)
    truth = Truth()
    with pytest.raises(RuntimeError):
        async with caches[0].changing("x"):
            raise RuntimeError
    assert await caches[1].read("x", truth.load) == {"value": 0}


async def test_what_somebody_else_wrote_there_is_not_taken(caches: tuple[RedisCache, RedisCache], redis: Any):
    truth = Truth()
    await caches[0].read("x", truth.load)
    for nonsense in ("{", "[]", "null"):
        for key in await redis.keys("hearth:cache:*:x"):
            await redis.set(key, nonsense)
        assert await caches[0].read("x", truth.load) == {"value": 0}
    await until(lambda: truth.queries == 4)

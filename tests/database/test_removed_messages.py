"""Which messages the bot removed: the table, on both engines."""

from datetime import UTC, datetime, timedelta

from database.manager import DatabaseManager
from database.removed_messages import RemovedMessage, RemovedMessagesStore

NOW = datetime(2026, 1, 1, 12, 0, 0, 123_000, tzinfo=UTC)


async def test_what_was_removed_is_found_again_and_forgotten_in_time(db: DatabaseManager):
    store = RemovedMessagesStore(db)
    first = RemovedMessage(1, 100, 10, 11, "purge", NOW, {"case": 3})
    second = RemovedMessage(1, 101, 10, 11, "automod", NOW + timedelta(minutes=1), {"rule": "links"})
    nobodys = RemovedMessage(1, 102, 10, None, "hidden", NOW + timedelta(minutes=2))
    elsewhere = RemovedMessage(2, 103, 20, 11, "purge", NOW)
    await store.add([first, second, nobodys, elsewhere])
    await store.add([RemovedMessage(1, 100, 10, 11, "automod", NOW)])  # told of twice: the first one holds
    await store.add([])
    assert await store.get(1, 100) == first
    assert await store.get(1, 102) == nobodys
    assert await store.get(2, 100) is None
    assert await store.latest_of(1, 11, limit=5) == [second, first]
    assert await store.latest_of(1, 11, limit=1) == [second]
    await store.forget(NOW + timedelta(seconds=1))
    assert await store.latest_of(1, 11, limit=5) == [second]
    assert await store.get(2, 103) is None

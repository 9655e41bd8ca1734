"""What is remembered of imports, on both engines."""

from datetime import UTC, datetime, timedelta

from database.config_imports import KEPT, ConfigImportsStore
from database.manager import DatabaseManager

THEN = datetime(2026, 1, 1, tzinfo=UTC)


async def test_the_latest_can_be_taken_back(db: DatabaseManager):
    store = ConfigImportsStore(db)
    assert await store.last_to_undo(1) is None
    changes = {"tags": {"rules": [None, {"text": "Be kind.", "aliases": ["b", "a"]}], "a": [{"z": 1, "y": 2}, None]}}
    first = await store.add(1, changes, by=7, at=THEN)
    second = await store.add(1, {"settings": {}}, by=8, at=THEN + timedelta(hours=1))
    await store.add(2, {}, by=7, at=THEN)
    assert await store.history(1, 5) == [second, first]
    assert await store.history(1, 1) == [second]
    assert first.counts == {"tags": 2}
    last = await store.last_to_undo(1)
    assert last == second
    undo = await store.add(1, {}, by=9, at=THEN, undoes=second.id)
    last = await store.last_to_undo(1)
    assert last == first
    assert last.changes is not None
    assert list(last.changes["tags"]["a"][0]) == ["z", "y"], "in their order"
    assert [one.undone for one in await store.history(1, 5)] == [False, True, False]
    assert (await store.history(1, 1))[0].undoes == second.id == undo.undoes


async def test_old_ones_are_remembered_as_such_alone(db: DatabaseManager):
    store = ConfigImportsStore(db)
    other = await store.add(2, {"tags": {"a": [None, 1]}}, by=7, at=THEN)
    async with db.transaction():  # one, for each takes a moment
        for number in range(KEPT + 2):
            await store.add(1, {"tags": {str(number): [None, number]}}, by=7, at=THEN)
    found = await store.history(1, 100)
    assert [one.changes is None for one in found] == [False] * KEPT + [True] * 2
    assert all(one.counts == {"tags": 1} for one in found)
    assert await store.last_to_undo(2) == other

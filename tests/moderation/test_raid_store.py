"""Raids as rows."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from database.manager import DatabaseManager
from database.raids import Raid, RaidMember, RaidsStore

NOW = datetime(2026, 1, 1, 12, tzinfo=UTC)
LATER = NOW + timedelta(minutes=1)


async def test_a_raid_from_its_beginning_to_its_end(db: DatabaseManager):
    store = RaidsStore(db)
    raid = Raid(1, 10, NOW, NOW, ("young",), {"verification": 1})
    ann, bob = RaidMember(100, "ann", NOW, "waiting"), RaidMember(101, "bob", LATER, "noted")
    assert await store.begin(raid, [ann])
    assert not await store.begin(replace(raid, id=2), [bob]), "one goes on already"
    assert await store.begin(replace(raid, id=3, guild_id=11), [])
    await store.joined(raid, [bob, replace(ann, status="noted")], LATER)
    await store.joined(raid, [], NOW)
    assert await store.members(1) == [ann, bob]
    assert await store.members(1, "noted") == [bob]
    await store.set_status(1, [100, 101], "banned")
    assert {one.status for one in await store.members(1)} == {"banned"}
    await store.shown(1, 5, 6)
    await store.move_timer(1, 7)
    await store.describe(1, {"verification": 2, "done": ["ä"]})
    found = replace(
        raid, state_before={"verification": 2, "done": ["ä"]}, last_at=LATER, timer_id=7, channel_id=5, message_id=6
    )
    assert await store.get(1) == found
    assert {one.id for one in await store.going_on()} == {1, 3}
    assert await store.end(1, LATER)
    assert not await store.end(1, LATER)
    assert await store.get(1) == replace(found, ended_at=LATER)
    assert await store.begin(replace(raid, id=4, began_at=LATER), [])
    assert [one.id for one in await store.latest(10, limit=5)] == [4, 1]
    assert await store.get(9) is None

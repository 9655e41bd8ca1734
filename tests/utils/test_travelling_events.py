"""Events that go to other processes: as they were, once, and no further."""

from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tests.support.memory_bus import MemoryBus, Wire
from utils import events
from utils.bus.plain import as_plain, from_plain
from utils.events.catalogue import EVERYWHERE
from utils.events.travelling import Travelling, packed, unpacked

PLAIN = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text()
    | st.datetimes(timezones=st.just(UTC))
    | st.timedeltas(timedelta(days=-999), timedelta(days=999)),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text() | st.integers(), inner, max_size=3),
    max_leaves=8,
)


@given(PLAIN)
def test_values_come_as_they_went(value: Any) -> None:
    assert from_plain(as_plain(value)) == value


@given(st.integers(), st.text(), PLAIN, PLAIN, st.none() | st.integers())
def test_a_change_of_a_setting_comes_as_it_went(guild: int, key: str, old: Any, new: Any, by: int | None) -> None:
    event = events.GuildSettingChanged(guild, key, old, new, by)
    assert unpacked(packed(event)) == event


def test_what_is_not_for_all_is_not_read() -> None:
    assert events.CoinsEarned not in EVERYWHERE
    assert unpacked({"event": "coins_earned", "fields": {}}) is None
    assert unpacked({"event": "of_a_later_version", "fields": {}}) is None


async def test_an_event_is_heard_by_the_others_alone_and_once() -> None:
    wire = Wire()
    heard: list[tuple[int, object]] = []
    ends = [MemoryBus(wire) for _n in range(3)]
    all_of_them = [Travelling(end, lambda news, n=n: heard.append((n, news))) for n, end in enumerate(ends)]
    for end in ends:
        await end.start()
    event = events.GuildSettingChanged(1, "language", None, "de", datetime.now(UTC).day)
    all_of_them[0].take(event)
    all_of_them[0].take(events.LevelUp(1, 2, 3, 4))  # of this process alone
    await all_of_them[0].close()
    for end in ends:
        await end.quiet()
    assert sorted(heard, key=str) == [(1, event), (2, event)]
    assert [topic for topic, _payload in wire.sent] == ["event"]


async def test_a_strange_message_harms_nothing() -> None:
    wire = Wire()
    here, there = MemoryBus(wire), MemoryBus(wire)
    heard: list[object] = []
    Travelling(there, heard.append)
    for end in (here, there):
        await end.start()
    await here.send("event", {"event": "guild_setting_changed", "fields": {"colour": 1}})
    await here.send("event", {"nothing": True})
    await there.quiet()
    assert heard == []

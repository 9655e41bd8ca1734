"""What goes over the wire, how it is judged, and what waits."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from utils.bus.envelope import (
    MOST_SENDERS,
    BrokenEnvelopeError,
    Envelope,
    Order,
    Senders,
    UnknownVersionError,
    pack,
    unpack,
)
from utils.bus.waiting import Waiting

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(st.characters()),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=10,
)


@given(st.text(min_size=1), st.integers(1), st.none() | st.text(), st.dictionaries(st.text(), VALUES))
def test_what_is_packed_is_unpacked(sender: str, number: int, topic: str | None, payload: dict[str, object]):
    envelope = Envelope(sender, number, topic, payload)
    text = pack(envelope)
    assert text.isascii()
    assert unpack(text) == unpack(text.encode()) == envelope


@given(st.text() | st.binary() | VALUES.map(str))
def test_nonsense_is_broken_and_nothing_worse(text: str | bytes):
    with pytest.raises((BrokenEnvelopeError, UnknownVersionError)):
        unpack(text)


def test_what_json_cannot_hold_is_the_senders_mistake():
    with pytest.raises(TypeError):
        pack(Envelope("a", 1, "t", {"set": {1}}))


@given(st.lists(st.tuples(st.sampled_from("ab"), st.integers(1, 8)), max_size=30))
def test_numbers_say_what_came_twice_and_where_a_hole_is(came: list[tuple[str, int]]):
    senders, last = Senders(), dict[str, int]()
    for sender, number in came:
        order = senders.heard(Envelope(sender, number, "t", {}))
        if number <= last.get(sender, 0):
            assert order is Order.AGAIN
            continue
        whole = sender not in last or number == last[sender] + 1
        assert order is (Order.NEXT if whole else Order.AFTER_A_HOLE)
        last[sender] = number


def test_senders_of_long_ago_are_forgotten():
    senders = Senders()
    for number in range(MOST_SENDERS + 1):
        senders.heard(Envelope(str(number), 5, "t", {}))
    assert senders.heard(Envelope("0", 5, "t", {})) is Order.NEXT
    assert senders.heard(Envelope(str(MOST_SENDERS), 5, "t", {})) is Order.AGAIN


@given(st.lists(st.integers(0, 60)), st.integers(1, 5), st.integers(1, 100))
def test_what_waits_stays_within_bounds_and_in_order(sizes: list[int], most: int, most_bytes: int):
    waiting = Waiting[int](most, most_bytes)
    added = [index for index, size in enumerate(sizes) if waiting.add(index, size)]
    assert len(waiting) == len(added) <= most
    assert sum(sizes[index] for index in added) <= most_bytes
    taken: list[int] = []
    while len(waiting):
        assert waiting.filled.is_set()
        part = waiting.take(2, 10)
        assert len(part) == 1 or sum(sizes[index] for index in part) <= 10
        taken += part
    assert taken == added
    assert not waiting.filled.is_set()


def test_starting_over_leaves_one():
    waiting = Waiting[str](2, 10)
    assert waiting.add("a", 9)
    assert not waiting.add("b", 2)
    waiting.start_over("c")
    assert waiting.last == "c"
    assert waiting.add("d", 10)
    assert waiting.take(5) == ["c", "d"]

"""When joining is a raid: by rule, and on records of raids and of good days."""

from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cogs.moderation.raids.rules import Join, Limits, Sign, Watch, are_alike, letters_of, replay
from tests.moderation.raiding import NAMES, NOW, join, recorded_raid

LIMITS = Limits(10, timedelta(seconds=30), timedelta(days=7), timedelta(minutes=10))


def good_day(people: int = 25) -> list[Join]:
    """A streamer sends their viewers: many at once, all different, with accounts of years."""
    return [join(index, index) for index in range(people)]


def test_a_recorded_raid_is_found_early_and_nobody_else_is_in_it():
    visitors = [join(index, index * 20) for index in range(5)]
    (raid,) = replay([*recorded_raid(), *visitors], LIMITS)
    assert raid.began - NOW < timedelta(seconds=6), "when the tenth came"
    assert set(raid.user_ids) == {one.user_id for one in recorded_raid()}
    assert raid.signs == {Sign.YOUNG, Sign.ALIKE}


def test_a_good_day_is_no_raid_but_many():
    watch = Watch(LIMITS)
    verdicts = [watch.hear(one) for one in good_day()]
    assert verdicts[:9] == [None] * 9
    assert all(verdict is not None and not verdict.is_raid for verdict in verdicts[9:])
    assert replay(good_day(), LIMITS) == []


def test_a_flood_is_a_raid_whoever_they_are():
    (raid,) = replay(
        [join(index, index / 3, name=f"{NAMES[index % 34]}{'abcdefg'[index % 7] * 5}") for index in range(34)], LIMITS
    )
    assert Sign.FLOOD in raid.signs
    assert len(raid.user_ids) == 34


def test_a_slow_raid_adds_up():
    slow = [join(index, index * 20, age=timedelta(days=1)) for index in range(12)]
    (raid,) = replay(slow, LIMITS)
    assert len(raid.user_ids) == 12
    assert replay([join(index, index * 60, age=timedelta(days=1)) for index in range(12)], LIMITS) == []


def test_names_alone_are_enough():
    raiders = [join(index, index, name=f"raid crew {index}") for index in range(12)]
    (raid,) = replay(raiders, LIMITS)
    assert raid.signs == {Sign.ALIKE}


def test_it_ends_when_it_is_quiet_and_another_is_another():
    raids = replay([*recorded_raid(15), *(join(9, 300),), *(
        join(one.user_id + 500, 900 + index, name=one.name, age=timedelta(hours=1))
        for index, one in enumerate(recorded_raid(15))
    )], LIMITS)  # fmt: skip
    assert [len(raid.user_ids) for raid in raids] == [15, 15]
    assert raids[0].ended < raids[1].began


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("Free_Nitro42", "frеenitro7", True), ("raidcrew1", "raidcrow2", True), ("anna", "bert", False),
        ("Max", "Max", False), ("12345", "67890", False),
    ],
)  # fmt: skip
def test_names_alike(one: str, other: str, alike: bool):
    assert are_alike(letters_of(one), letters_of(other)) is alike


@given(
    st.lists(
        st.tuples(st.integers(0, 30), st.integers(0, 400), st.integers(0, 20), st.sampled_from(NAMES)), max_size=80
    ),
    st.integers(3, 12),
)
def test_whatever_happens(steps: list[tuple[int, int, int, str]], joins: int):
    limits = Limits(joins, timedelta(seconds=30), timedelta(days=7), timedelta(minutes=5))
    joined = [join(who, at, name=name, age=timedelta(days=days)) for who, at, days, name in steps]
    raids = replay(joined, limits)
    assert raids == replay(reversed(joined), limits) or len({(one.at, one.user_id) for one in joined}) < len(joined)
    known = {one.user_id for one in joined}
    for raid in raids:
        assert raid.began <= raid.ended
        assert len(raid.user_ids) >= joins / 2
        assert len(set(raid.user_ids)) == len(raid.user_ids)
        assert known.issuperset(raid.user_ids)
    for earlier, later in pairwise(raids):
        assert later.began - earlier.ended > limits.quiet
    if len(known) < joins:
        assert raids == []

"""Roles for levels: the rule, and the store."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cogs.leveling.rewards.rules import MODES, Plan, current_grants, reconcile, split_level, wanted
from database.level_rewards import (
    EVERYBODY,
    Grant,
    LevelGrantsStore,
    LevelRewardsStore,
    LevelRoleDuesStore,
    Reward,
)

FIVE, TEN, ALSO_TEN, OTHER = 1, 2, 3, 9
REWARDS = {FIVE: 5, TEN: 10, ALSO_TEN: 10}
TENS = {TEN, ALSO_TEN}


def plan(give=(), take=(), forget=()) -> Plan:
    return Plan(frozenset(give), frozenset(take), frozenset(forget))


@pytest.mark.parametrize(
    ("mode", "level", "has", "granted", "expected"),
    [
        ("stack", 4, {OTHER}, set(), plan()),
        ("stack", 5, {OTHER}, set(), plan(give={FIVE})),
        ("stack", 12, {FIVE}, {FIVE}, plan(give=TENS)),
        ("stack", 12, {FIVE, TEN, ALSO_TEN}, {FIVE, TEN, ALSO_TEN}, plan()),
        ("highest", 12, {FIVE}, {FIVE}, plan(give=TENS, take={FIVE})),
        ("highest", 12, {OTHER}, set(), plan(give=TENS)),
        # Given by hand: it stays, and isn't given a second time.
        ("stack", 4, {TEN}, set(), plan()),
        ("stack", 12, {FIVE, TEN}, set(), plan(give={ALSO_TEN})),
        ("highest", 12, {FIVE}, set(), plan(give=TENS)),
        # Taken by hand: it stays away as long as it belongs to the level.
        ("stack", 12, set(), {FIVE}, plan(give=TENS)),
        ("highest", 7, set(), {FIVE}, plan()),
        ("highest", 12, set(), {FIVE}, plan(give=TENS, forget={FIVE})),
        # Down again.
        ("stack", 7, {FIVE, TEN, ALSO_TEN}, {FIVE, TEN}, plan(take={TEN})),
        ("highest", 7, {TEN, ALSO_TEN}, {TEN, ALSO_TEN}, plan(give={FIVE}, take=TENS)),
        ("stack", 0, {FIVE}, {FIVE, TEN}, plan(take={FIVE}, forget={TEN})),
        # No reward any more.
        ("stack", 7, {FIVE, OTHER}, {FIVE, OTHER}, plan(take={OTHER})),
    ],
)
def test_which_roles_are_given_and_taken(mode, level, has, granted, expected):
    assert reconcile(level, REWARDS, mode, has, granted) == expected


role_ids = st.integers(min_value=1, max_value=8)
roles = st.sets(role_ids)
levels = st.integers(min_value=0, max_value=12)


@given(levels, st.dictionaries(role_ids, st.integers(1, 10)), st.sampled_from(MODES), roles, roles)
def test_reconciling(level, rewards, mode, has, granted):
    made = reconcile(level, rewards, mode, has, granted)
    owed = wanted(level, rewards, mode)
    assert made.give <= owed
    assert made.give.isdisjoint(has)
    assert made.take <= granted & has
    assert made.take.isdisjoint(owed)
    # What somebody gave or took by hand is left alone.
    assert (has | made.give) - made.take >= has - granted
    assert made.give.isdisjoint(granted)
    # Afterwards nothing is left to do, and everybody has what belongs to them but for what was taken by hand.
    after, notes = (has | made.give) - made.take, (granted | made.give) - made.take - made.forget
    assert reconcile(level, rewards, mode, after, notes).is_empty
    assert owed - after == owed & granted - has
    assert notes <= owed
    # Back at the level, what was taken by level comes back.
    assert reconcile(level, rewards, mode, after, ()).give == owed - after


@given(levels, st.dictionaries(role_ids, st.integers(1, 10)))
def test_stacked_roles_only_grow_with_the_level(level, rewards):
    assert wanted(level, rewards, "stack") <= wanted(level + 1, rewards, "stack")
    assert wanted(level, rewards, "highest") <= wanted(level, rewards, "stack")
    assert bool(wanted(level, rewards, "highest")) == bool(wanted(level, rewards, "stack"))


def test_what_an_earlier_stay_or_a_crash_left():
    joined = datetime(2026, 1, 1, 12, 0, 0, 123_456, tzinfo=UTC)
    stored = joined.replace(microsecond=123_000)
    notes = [Grant(7, 1, stored, True), Grant(7, 2, stored, False), Grant(7, 3, stored, False)]
    assert current_grants(notes, {2}, joined) == ({1, 2}, {3})
    assert current_grants(notes, {1, 2}, joined + timedelta(days=1)) == (set(), {1, 2, 3})
    assert current_grants([Grant(7, 1, None, True)], (), None) == ({1}, set())
    assert current_grants([Grant(7, 1, None, True)], (), joined) == (set(), {1})


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("5 @Regulars", (5, "@Regulars")),
        ("@Regulars 5", (5, "@Regulars")),
        ("level 5 Old Friends", (5, "Old Friends")),
        ("Old Friends lvl 5", (5, "Old Friends")),
        ("5 10", (5, "10")),
        ('10 "Old Friends"', (10, "Old Friends")),
        ("„Old Friends“ 10", (10, "Old Friends")),
        ('"Level 5"', (None, "Level 5")),
        ("-1 Rose", (-1, "Rose")),
        ("99999 Rose", (99_999, "Rose")),
        ("five Rose", (None, "five Rose")),
        ("5", (5, "")),
        ("5 123456789012345678", (5, "123456789012345678")),
        ("123456789012345678 5", (5, "123456789012345678")),
        ("123456789012345678", (None, "123456789012345678")),
        ("Regulars", (None, "Regulars")),
        ("Regulars5", (None, "Regulars5")),
        ("  ", (None, "")),
        ("🔥 5", (5, "🔥")),
    ],
)
def test_levels_are_read_in_either_order(text, expected):
    assert split_level(text) == expected


# --- the store


async def test_rewards_are_stored(db):
    store = LevelRewardsStore(db)
    assert await store.put(Reward(1, 11, 5), 2)
    assert await store.put(Reward(1, 12, 3, powers=8), 2)
    assert not await store.put(Reward(1, 13, 3), 2)
    assert await store.put(Reward(1, 11, 7), 2)  # another level for the same role
    assert await store.put(Reward(2, 13, 3), 2)
    assert await store.of(1) == [Reward(1, 12, 3, 8), Reward(1, 11, 7)]
    assert await store.mark(1, 11, in_trouble=True)
    assert not await store.mark(1, 11, in_trouble=True)
    assert (await store.all())[1] == Reward(1, 11, 7, in_trouble=True)
    assert await store.remove(1, 11)
    assert not await store.remove(1, 11)


async def test_grants_are_stored(db):
    store, joined = LevelGrantsStore(db), datetime(2026, 1, 1, tzinfo=UTC)
    for guild_id, user_id, role_id, at in (
        (1, 7, 11, joined),
        (1, 7, 12, None),
        (1, 8, 12, joined),
        (2, 7, 11, joined),
    ):
        await store.begin(guild_id, user_id, role_id, at)
    await store.confirm(1, 7, 11)
    assert await store.of_many(1, [7, 8, 9]) == {
        7: [Grant(7, 11, joined, True), Grant(7, 12, None, False)],
        8: [Grant(8, 12, joined, False)],
    }
    later = datetime(2026, 2, 1, tzinfo=UTC)
    await store.begin(1, 7, 11, later)  # in another stay
    assert await store.of_many(1, []) == {}
    await db.execute("INSERT INTO standings (guild_id, user_id, xp) VALUES (1, 7, 100)")
    assert await store.holders_below(1, 100) == [8]
    assert await store.holders_below(1, 101) == [7, 8]
    await store.forget(1, 7, [12])
    await store.forget_role(1, 12)
    assert await store.of_many(1, [7, 8]) == {7: [Grant(7, 11, later, False)]}


async def test_who_is_due_is_stored(db):
    store = LevelRoleDuesStore(db)
    await store.put(1, [7, EVERYBODY])
    seven = (await store.of(1, [7, 8]))[0]
    await store.put(1, [7])
    assert not await store.settle(seven)  # there is another reason by now
    assert not await store.wait(seven, 3)
    seven = (await store.of(1, [7]))[0]
    assert await store.wait(seven, 3)
    seven = (await store.of(1, [7]))[0]
    assert (seven.tries, seven.timer_id) == (1, 3)
    assert await store.settle(seven)
    await store.put(2, [7])
    assert await store.all(1) == [EVERYBODY]
    assert sorted(await store.guilds()) == [1, 2]

"""The rules of earning: when one may claim again, how a streak goes on and ends, what crimes and robberies bring."""

import random
from datetime import UTC, datetime, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cogs.economy.earning.rules import Range, Rhythm, crime, robbery, streak_bonus, succeeds
from cogs.economy.earning.texts import CAUGHT, GOT_AWAY, WORKED
from database.claims import Claim
from database.economy import MOST_COINS

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
DAILY = Rhythm(timedelta(hours=20), timedelta(hours=28))
LEAST = timedelta(milliseconds=1)  # the finest part of a moment that is kept

unhurried = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # machines may be busy
moments = st.integers(0, 10**9).map(lambda ms: NOON + timedelta(milliseconds=ms))
durations = st.integers(1, 400 * 86_400).map(lambda seconds: timedelta(seconds=seconds))
coins = st.integers(0, MOST_COINS)
ranges = st.builds(Range, st.integers(0, 10**9), st.integers(0, 10**9))
chances = st.integers().map(random.Random)
percents = st.integers(0, 100)


def claim(at: datetime, streak: int = 5) -> Claim:
    return Claim("daily", at, streak, best_streak=9)


def test_the_edges_of_a_day():
    last = claim(NOON)
    assert not DAILY.is_possible(last, NOON + timedelta(hours=20) - LEAST)
    assert DAILY.is_possible(last, NOON + timedelta(hours=20))
    assert DAILY.streak(last, NOON + timedelta(hours=20)) == 6
    assert DAILY.streak(last, NOON + timedelta(hours=48)) == 6
    assert DAILY.streak(last, NOON + timedelta(hours=48, seconds=1) - LEAST) == 6, "the last second counts whole"
    assert DAILY.streak(last, NOON + timedelta(hours=48, seconds=1)) == 1
    assert DAILY.is_possible(None, NOON)
    assert DAILY.streak(None, NOON) == 1
    assert Rhythm(timedelta(hours=4)).streak(last, NOON + timedelta(hours=4)) == 1, (
        "only what has a grace has streaks"
    )


@unhurried
@given(moments, durations, durations)
def test_one_may_come_at_the_second_that_was_shown(at, every, grace):
    rhythm, last = Rhythm(every, grace), claim(at)
    shown = datetime.fromtimestamp(int(rhythm.possible_at(at).timestamp()), UTC)  # as Discord's markup has it
    assert rhythm.is_possible(last, shown)
    assert not rhythm.is_possible(last, shown - LEAST)
    assert timedelta(0) <= at + every - shown < timedelta(seconds=1)
    until = datetime.fromtimestamp(int(rhythm.lives_until(at).timestamp()), UTC)
    assert rhythm.streak(last, until) == 6
    assert rhythm.streak(last, until + timedelta(seconds=1)) == 1
    assert until > shown, "whatever is set, a streak can be continued"


@unhurried
@given(st.lists(durations, max_size=30))
def test_a_streak_counts_the_days_without_a_gap(gaps):
    """Whoever comes after these gaps: the streak is one more than the gaps since the last that was too long."""
    now, last = NOON, None
    for number, gap in enumerate([timedelta(0), *gaps]):
        now += gap
        if last is None or DAILY.is_possible(last, now):
            streak = DAILY.streak(last, now)
            assert streak == 1 or (last is not None and streak == last.streak + 1)
            assert streak <= number + 1
            assert (streak == 1) == (last is None or now >= last.at + timedelta(hours=48, seconds=1))
            last = claim(now, streak)


@unhurried
@given(st.integers(1, 10**9), st.integers(0, 10**9), st.integers(0, 10**9))
def test_a_streak_adds_up_to_its_ceiling(streak, for_each, most):
    bonus = streak_bonus(streak, for_each, most)
    assert 0 <= bonus <= most
    assert bonus <= streak_bonus(streak + 1, for_each, most)
    assert bonus in {most, (streak - 1) * for_each}
    assert streak_bonus(1, for_each, most) == 0


@unhurried
@given(chances, percents, ranges, ranges, coins)
def test_a_crime_brings_something_or_costs_what_one_has_at_most(chance, percent, gain, fine, in_hand):
    came = crime(chance, percent, gain=gain, fine=fine, in_hand=in_hand)
    if came.success:
        assert percent > 0
        assert came.fine == 0
        assert min(gain.one, gain.other) <= came.gain <= max(gain.one, gain.other)
    else:
        assert percent < 100
        assert came.gain == 0
        assert min(fine.one, fine.other, in_hand) <= came.fine <= min(in_hand, max(fine.one, fine.other))


@unhurried
@given(chances, percents, st.builds(Range, percents, percents), ranges, coins, st.integers(1, MOST_COINS))
def test_a_robbery_takes_a_share_of_what_is_there(chance, percent, share, fine, in_hand, victim_has):
    came = robbery(chance, percent, share_percent=share, fine=fine, in_hand=in_hand, victim_has=victim_has)
    if came.success:
        low, high = sorted((share.one, share.other))
        assert 1 <= came.gain <= victim_has
        assert max(1, victim_has * low // 100) <= came.gain <= max(1, victim_has * high // 100)
        assert came.fine == 0
    else:
        assert came.gain == 0
        assert 0 <= came.fine <= in_hand


def test_chances_are_what_they_say():
    chance = random.Random(7)
    assert sum(succeeds(chance, 30) for _ in range(10_000)) in range(2_800, 3_200)
    assert {Range(3, 1).draw(chance) for _ in range(200)} == {1, 2, 3}


def test_every_text_names_the_amount():
    for text in (*WORKED, *GOT_AWAY, *CAUGHT):
        assert text.count("{amount}") == 1, text
        assert text.format(amount="🪙 5")
    assert len(set(WORKED)) == len(WORKED) >= 30

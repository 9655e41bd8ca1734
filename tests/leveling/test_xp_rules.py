"""What staff's amounts mean, and what takes a change back."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cogs.leveling.curves import PRESETS
from cogs.leveling.xp.rules import AmountError, XpAmount, check_amount, parse_amount, xp_after
from cogs.leveling.xp.undoing import back, given_back, latest, preview_of, restorable
from database.standing_snapshots import Snapshot, taken_back
from database.standing_values import MOST, Move, Standing
from utils.errors import UserError

MEE6 = PRESETS["mee6"]
curves = st.sampled_from(sorted(PRESETS)).map(lambda name: PRESETS[name])
amounts = st.builds(XpAmount, st.integers(0, MOST), st.just("xp")) | st.builds(
    XpAmount, st.integers(0, 1_000), st.just("levels")
)
values = st.integers(0, MOST)
standings = st.builds(Standing, st.just(7), values, values, values)


@pytest.mark.parametrize(
    ("text", "number", "unit"),
    [
        ("500", 500, "xp"), ("1.5k", 1_500, "xp"), ("1,000", 1_000, "xp"), ("500 XP", 500, "xp"), ("0", 0, "xp"),
        ("level 10", 10, "levels"), ("10 levels", 10, "levels"), ("lvl10", 10, "levels"), ("Level: 3", 3, "levels"),
        ("1 level", 1, "levels"), ("5 Stufen", 5, "levels"), ("1000000000000000", MOST, "xp"),
    ],
)  # fmt: skip
def test_amounts_are_read(text, number, unit):
    assert parse_amount(text) == XpAmount(number, unit)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("-5", "without a minus"), ("1.5", "an amount"), ("1.0005k", "can't be split"), ("many", "an amount"),
        ("level", "an amount"), ("", "an amount"), ("🦊", "an amount"), ("9" * 16, "too much"),
        ("1" * 2_000, "the most is"), ("9" * 23 + " xp", "the most is"), ("9" * 16 + "k", "the most is"),
        ("9" + ",999" * 7, "the most is"), ("1.5" * 8, "an amount"), ("half", "an amount"),
        ("1e5", "an amount"), ("٣", "an amount"),
    ],
)  # fmt: skip
def test_amounts_are_refused(text, says):
    with pytest.raises(AmountError, match=says):
        parse_amount(text)


@given(st.text(max_size=40))
def test_no_text_breaks_reading(text):
    try:
        amount = parse_amount(text)
    except AmountError:
        return
    assert 0 <= amount.number <= MOST


def test_what_cannot_be_given():
    with pytest.raises(AmountError, match="at least 1"):
        check_amount("give", XpAmount(0), MEE6)
    check_amount("set", XpAmount(0), MEE6)
    with pytest.raises(AmountError, match="the highest level is 1,000"):
        check_amount("set", XpAmount(1_001, "levels"), MEE6)


@given(st.sampled_from(["give", "take", "set"]), amounts, values, curves)
def test_xp_stays_in_its_bounds_and_goes_the_right_way(doing, amount, xp, curve):
    if doing == "set" and amount.unit == "levels" and amount.number > curve.highest:
        return
    after = xp_after(doing, amount, xp, curve)
    assert 0 <= after <= MOST
    assert after >= xp if doing == "give" else after <= xp or doing == "set"
    if doing == "set" and amount.unit == "levels":
        assert curve.level(after) == amount.number
        assert curve.progress(after)[0] == 0


@given(st.integers(1, 50), st.integers(0, 10**6), curves)
def test_levels_keep_the_way_that_is_done(levels, xp, curve):
    before = curve.level(xp)
    after = xp_after("give", XpAmount(levels, "levels"), xp, curve)
    if before + levels < curve.highest:
        assert curve.level(after) == before + levels
        done, length = curve.progress(xp)
        new_done, new_length = curve.progress(after)
        assert abs(done / length - new_done / new_length) <= 1 / new_length
        again = xp_after("take", XpAmount(levels, "levels"), after, curve)
        assert curve.level(again) == before


@given(standings, standings, st.integers(0, 10**6))
def test_what_is_taken_back_leaves_what_was_gathered_since(before, after, gathered):
    since = Standing(7, min(after.xp + gathered, MOST), after.messages, after.voice_minutes)
    found = given_back(since, back(Move(before, after)))
    assert found.xp == min(before.xp + (since.xp - after.xp), MOST)
    assert (found.messages, found.voice_minutes) == (before.messages, before.voice_minutes)
    # And taking that back brings back what was there.
    if found.xp < MOST:
        assert given_back(found, back(Move(since, found))) == since


def test_a_preview_counts():
    moves = [
        Move(Standing(1, 0), Standing(1, 100)), Move(Standing(2, 500), Standing(2, 499)),
        Move(Standing(3, 5), Standing(3, 5)), Move(Standing(4, 5, 1), Standing(4, 5, 2)),
    ]  # fmt: skip
    preview = preview_of(moves, MEE6)
    assert (preview.people, preview.more, preview.less, preview.levels, preview.total) == (3, 1, 1, 1, 99)
    assert [move.user_id for move in preview.largest] == [1, 2, 4]


def snapshot(number, reverses=None):
    kind = "give" if reverses is None else "restore"
    return Snapshot(1, number, kind, datetime(2026, 1, 1, tzinfo=UTC), 5, None, reverses, 10)


def test_what_takes_back_can_be_taken_back():
    every = [snapshot(4, reverses=3), snapshot(3, reverses=1), snapshot(2), snapshot(1)]
    assert taken_back(every) == {3: 4}  # so the first one is in force again
    assert latest(every) == 2
    assert restorable(every, 1).number == 1
    with pytest.raises(UserError, match=r"\*\*#4\*\*"):
        restorable(every, 3)
    with pytest.raises(UserError, match="no snapshot"):
        restorable(every, 9)
    with pytest.raises(UserError, match="nothing to take back"):
        latest([snapshot(2, reverses=1), snapshot(1)])
    many = [snapshot(number) for number in range(30, 0, -1)]
    assert restorable(many, 11).number == 11
    with pytest.raises(UserError, match="too old"):
        restorable(many, 10)

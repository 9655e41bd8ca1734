"""Curves: what each level takes, and what isn't a curve."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cogs.leveling.curves import (
    DEFAULT,
    LARGEST_COEFFICIENT,
    MOST_COEFFICIENTS,
    MOST_LEVEL,
    PRESETS,
    Curve,
    CurveError,
    checked,
    parse_curve,
    show_curve,
)
from database.standing_values import MOST

steps = st.lists(st.integers(0, 2_000), min_size=1, max_size=4).filter(lambda numbers: numbers[-1] > 0)
totals = st.lists(st.integers(0, 2_000), min_size=2, max_size=5).filter(lambda numbers: any(numbers[:-1]))
curves = st.one_of(
    st.builds(lambda numbers: Curve("step", tuple(numbers)), steps),
    st.builds(lambda numbers: Curve("total", tuple(numbers)), totals),
    st.sampled_from(list(PRESETS.values())),
)
any_numbers = st.lists(st.integers(-50, 200), min_size=1, max_size=5)


@given(curves, st.data())
def test_a_level_begins_where_it_begins(curve, data):
    assert curve.problem() is None
    level = data.draw(st.integers(0, curve.highest))
    begins = curve.total(level)
    assert curve.level(begins) == level
    if level:
        assert curve.level(begins - 1) == level - 1
        assert begins > curve.total(level - 1)


@given(curves, st.integers(0, MOST), st.integers(0, MOST))
def test_more_xp_is_no_lower_level(curve, one, two):
    low, high = sorted((one, two))
    assert 0 <= curve.level(low) <= curve.level(high) <= curve.highest


@given(curves, st.integers(0, MOST))
def test_progress_is_what_is_left_of_a_level(curve, xp):
    level = curve.level(xp)
    done, whole = curve.progress(xp)
    assert curve.total(level) + done == xp
    if level == curve.highest:
        assert whole is None
    else:
        assert 0 <= done < whole == curve.total(level + 1) - curve.total(level)


@given(st.sampled_from(["step", "total"]), any_numbers)
def test_a_curve_is_one_on_which_each_level_takes_more(kind, numbers):
    curve = Curve(kind, tuple(numbers))
    value = lambda n: sum(one * n**power for power, one in enumerate(reversed(numbers)))  # noqa: E731
    needs = [0]
    for level in range(1, MOST_LEVEL + 1):
        needs.append(needs[-1] + value(level - 1) if kind == "step" else value(level))
    rises = all(one < two for one, two in pairwise(needs))
    assert (curve.problem() is None) == rises
    if rises:
        assert [curve.total(level) for level in range(curve.highest + 1)] == needs[: curve.highest + 1]


@given(curves)
def test_what_is_shown_can_be_typed(curve):
    assert parse_curve(show_curve(curve)) == curve
    assert parse_curve(f"  {show_curve(curve).upper().replace(' ', ', ')}  ") == curve


def test_mee6_as_published():
    levels = {1: 100, 2: 255, 3: 475, 4: 770, 5: 1_150, 10: 4_675, 20: 23_850, 50: 268_375, 100: 1_899_250}
    assert {level: DEFAULT.total(level) for level in levels} == levels
    assert (DEFAULT.level(99), DEFAULT.level(100), DEFAULT.level(254)) == (0, 1, 1)
    assert DEFAULT.progress(120) == (20, 155)


# The XP of levels 1, 2, 3 and 10 on each.
PUBLISHED = {
    "mee6": (100, 255, 475, 4_675),
    "arcane": (75, 250, 525, 5_250),
    "nadeko": (36, 81, 135, 765),
    "lurkr": (100, 150, 300, 4_150),
    "amari": (35, 55, 115, 1_655),
    "levelup": (100, 400, 900, 10_000),
    "flat": (1_000, 2_000, 3_000, 10_000),
    "linear": (100, 300, 600, 5_500),
    "quadratic": (100, 255, 475, 4_675),
}


def test_presets():
    assert {name: tuple(map(curve.total, (1, 2, 3, 10))) for name, curve in PRESETS.items()} == PUBLISHED
    for name, curve in PRESETS.items():
        assert curve.problem() is None
        assert parse_curve(name) == curve


def test_the_highest_level():
    assert DEFAULT.highest == MOST_LEVEL
    assert DEFAULT.level(MOST) == MOST_LEVEL
    steep = checked(Curve("total", (10**9, 0, 0, 0, 0)))  # nobody can have the XP for more levels than these
    assert steep.total(steep.highest) <= MOST < 10**9 * (steep.highest + 1) ** 4
    assert (steep.highest, steep.level(MOST)) == (31, 31)
    for level in (-1, steep.highest + 1):
        with pytest.raises(ValueError, match="there is no level"):
            steep.total(level)


@pytest.mark.parametrize(
    ("typed", "curve"),
    [
        ("flat 500", Curve("step", (500,))),
        ("linear 100 75", PRESETS["arcane"]),
        ("linear, 100; 75", PRESETS["arcane"]),
        ("quadratic 5 50 100", DEFAULT),
        ("step +1", Curve("step", (1,))),
        ("custom 1 0 0 5", Curve("step", (1, 0, 0, 5))),
        ("step 1 0 0 50", Curve("step", (1, 0, 0, 50))),
        ("polynomial 50 -100 150", PRESETS["lurkr"]),
    ],
)
def test_what_can_be_typed(typed, curve):
    assert parse_curve(typed) == curve


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "A curve is one of"),
        ("mee7", "A curve is one of"),
        ("mee6 5", "A curve is one of"),
        ("flat 1 2", "A curve is one of"),
        ("linear 5", "A curve is one of"),
        ("step", "A curve is one of"),
        ("step 1.5", "A curve is one of"),
        ("step ½", "A curve is one of"),
        ("step 🙂", "A curve is one of"),
        ("total " + "9" * 2_000, "A curve's numbers go from"),
        ("flat 99999999999999999999", "A curve's numbers go from"),
        ("linear 99999999999999999999 x", "`step 1 0 0 50` for what each next level costs"),
        ("flat 0", "On this curve, level 1 would take no more XP than level 0."),
        ("linear 100 0", "On this curve, level 1 would take no more"),
        ("total 5", "On this curve, level 2 would take no more XP than level 1."),
        ("total -1 100 0", "On this curve, level 51 would take no more XP than level 50."),
        ("flat -5", "On this curve, level 1 would take no more"),
        (f"flat {LARGEST_COEFFICIENT + 1}", f"A curve's numbers go from -{LARGEST_COEFFICIENT} to"),
        ("step" + " 1" * (MOST_COEFFICIENTS + 1), f"A curve has 1 to {MOST_COEFFICIENTS} numbers."),
    ],
)
def test_what_is_no_curve(typed, said):
    with pytest.raises(CurveError, match=said.replace(".", r"\.")):
        parse_curve(typed)

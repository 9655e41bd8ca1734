"""What a message brings: the rules alone."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from cogs.leveling.chat import rules
from cogs.leveling.chat.rules import TAKEN_BACK_WITHIN, Award, Places, RecentAwards, RecentTexts
from cogs.leveling.multipliers import multiplied
from database.standing_values import Gain

NOW = datetime(2026, 1, 1, tzinfo=UTC)
ids = st.sets(st.integers(1, 5), max_size=3)


@given(ids, ids, ids, ids, st.lists(st.integers(1, 5), min_size=1, max_size=3), ids)
def test_places_and_roles(no_channels, only_channels, no_roles, only_roles, places, roles):
    reason = Places(no_channels, only_channels, no_roles, only_roles).reason(places, roles)
    expected = [
        ("no_channel", bool(no_channels & set(places))),
        ("other_channel", bool(only_channels) and not only_channels & set(places)),
        ("no_role", bool(no_roles & roles)),
        ("other_role", bool(only_roles) and not only_roles & roles),
    ]
    assert reason == next((name for name, holds in expected if holds), None)


def test_who_says_the_same_again():
    texts = RecentTexts()
    texts.remember(1, 1, "Good morning, everybody!")
    for text in (
        "Good morning, everybody!",
        "good  morning\neverybody",
        "Good morning everybody!!!",
        "Good mornin, everybody",
    ):
        assert texts.repeats(1, 1, text), text
    for text in ("Good night, nobody", "", "  ", "🙂"):
        assert not texts.repeats(1, 1, text), text
    assert not texts.repeats(1, 2, "Good morning, everybody!")  # somebody else
    assert not texts.repeats(2, 1, "Good morning, everybody!")  # elsewhere
    texts.remember(1, 1, "x" * 2_000)
    assert texts.repeats(1, 1, "x" * 1_999 + "y")
    for number in range(rules.REMEMBERED_TEXTS):
        texts.remember(1, 1, f"{number}" * 9)
    assert not texts.repeats(1, 1, "Good morning, everybody!")  # long ago


def test_texts_are_kept_of_so_many(monkeypatch):
    monkeypatch.setattr(rules, "REMEMBERED_MEMBERS", 2)
    texts = RecentTexts()
    for user_id, text in ((1, "first"), (2, "second"), (1, "first again"), (3, "third")):
        texts.remember(1, user_id, text)
    assert [texts.repeats(1, *said) for said in ((1, "first"), (2, "second"), (3, "third"))] == [True, False, True]


def test_awards_are_taken_back_once_and_soon(monkeypatch):
    monkeypatch.setattr(rules, "REMEMBERED_MESSAGES", 3)
    awards = RecentAwards()
    made = {number: Award(1, 2, Gain(number, 1), NOW + timedelta(seconds=number)) for number in range(1, 6)}
    for number, award in made.items():
        awards.remember(number, award)
    later = NOW + TAKEN_BACK_WITHIN
    assert awards.take(1, NOW) is None  # let go of
    assert awards.take(5, later + timedelta(seconds=5)) == made[5]
    assert awards.take(5, later) is None
    assert awards.take(4, later + timedelta(seconds=4, microseconds=1)) is None
    awards.forget(later + timedelta(seconds=4))
    assert awards.of(3) is None


@given(st.integers(0, 1_000), st.lists(st.integers(0, 1_000), max_size=4))
def test_multipliers_multiply_in_any_order(xp, percents):
    assert multiplied(xp, percents) == multiplied(xp, reversed(percents))
    assert multiplied(xp, [100, *percents]) == multiplied(xp, percents)

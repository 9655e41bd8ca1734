"""The rules of reminders: what people write, and what comes of it."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cogs.utility.later import nonce
from cogs.utility.numbers import read_numbers
from cogs.utility.reminders import rules
from utils.errors import UserError
from utils.i18n import using
from utils.time import TimeError

NOW = datetime(2026, 1, 1, 12, 0, tzinfo=UTC)  # a Thursday
BERLIN = ZoneInfo("Europe/Berlin")


def plan(words: str) -> rules.Plan:
    return rules.read_plan(words, NOW, BERLIN)


@pytest.mark.parametrize(
    ("words", "due_at", "text", "by_clock"),
    [
        ("2h tea", NOW + timedelta(hours=2), "tea", False),
        ("in 1h30m to check the oven", NOW + timedelta(minutes=90), "check the oven", False),
        ("me to call mum in 3 days", NOW + timedelta(days=3), "call mum", False),
        ("tomorrow 9am call mum", datetime(2026, 1, 2, 8, tzinfo=UTC), "call mum", True),
        ("call mum tomorrow 9am", datetime(2026, 1, 2, 8, tzinfo=UTC), "call mum", True),
        ("31 december 20:00 fireworks 🎆", datetime(2026, 12, 31, 19, tzinfo=UTC), "fireworks 🎆", True),
        ("10m", NOW + timedelta(minutes=10), "", False),
    ],
)
def test_once(words, due_at, text, by_clock):
    assert plan(words) == rules.Plan(due_at, text, None, by_clock)


@pytest.mark.parametrize(
    ("words", "due_at", "text", "described"),
    [
        ("every day at 9 standup", datetime(2026, 1, 2, 8, tzinfo=UTC), "standup", "every day at 09:00"),
        ("me every monday 18:00 training", datetime(2026, 1, 5, 17, tzinfo=UTC), "training", "every Monday at 18:00"),
        ("standup every monday 9:00", datetime(2026, 1, 5, 8, tzinfo=UTC), "standup", "every Monday at 09:00"),
        ("me to stretch every 2 hours", NOW + timedelta(hours=2), "stretch", "every 2 hours"),
    ],
)
def test_again_and_again(words, due_at, text, described):
    read = plan(words)
    assert (read.due_at, read.text) == (due_at, text)
    assert read.recurrence is not None
    assert read.recurrence.describe() == described


def test_what_every_means_elsewhere():
    assert plan("tell every one of them at 18:00").text == "tell every one of them"


@pytest.mark.parametrize("words", ["every 2 minutes tea", "tea every 2 minutes", "every 0 days tea"])
def test_too_often_isnt_taken_for_once(words):
    with pytest.raises(TimeError):
        plan(words)


@pytest.mark.parametrize(
    "words", ["tea", "0m tea", "-5m tea", "yesterday tea", "1 january 2020 tea", "😀" * 500, "<@1>"]
)
def test_no_time_to_come(words):
    with pytest.raises(TimeError):
        plan(words)


def test_limits():
    assert plan("5 years tea").due_at.year == 2031
    with pytest.raises(UserError, match="5 years"):
        plan("6 years tea")
    assert len(plan(f"2h {'x' * 1000}").text) == 1000
    with pytest.raises(UserError, match="1000 characters; yours has 1001"):
        plan(f"2h {'x' * 1001}")
    with pytest.raises(UserError, match="5 years"):
        plan("every 6 years tea")


def test_the_sub_commands_words_belong_to_the_sentence():
    read = rules.read_plan_after("at", "9 tea", NOW, BERLIN)
    assert (read.due_at, read.text) == (datetime(2026, 1, 2, 8, tzinfo=UTC), "tea")
    assert rules.read_plan_after("in", "2h tea", NOW, BERLIN).text == "tea"
    assert rules.read_plan_after("at", "tomorrow 18:00 tea", NOW, BERLIN).text == "tea"
    with pytest.raises(TimeError):
        rules.read_plan_after("in", "tea", NOW, BERLIN)


def test_german_words():
    with using("de"):
        assert plan("morgen um 9 Tee").due_at == datetime(2026, 1, 2, 8, tzinfo=UTC)
        read = plan("jeden Tag um 9 Tee")
    assert read.text == "Tee"
    assert read.recurrence is not None


@pytest.mark.parametrize(
    ("words", "change"),
    [
        ("in 2h", rules.Change(NOW + timedelta(hours=2))),
        ("tomorrow 9am", rules.Change(datetime(2026, 1, 2, 8, tzinfo=UTC))),
        ("tomorrow 9am call dad", rules.Change(datetime(2026, 1, 2, 8, tzinfo=UTC), text="call dad")),
        ("buy bread, too", rules.Change(text="buy bread, too")),
        ("dinner at 8", rules.Change(text="dinner at 8")),
    ],
)
def test_edits(words, change):
    assert rules.read_change(words, NOW, BERLIN) == change


def test_an_edit_may_make_it_repeat():
    change = rules.read_change("every day at 9", NOW, BERLIN)
    assert change.recurrence is not None
    assert (change.due_at, change.text) == (datetime(2026, 1, 2, 8, tzinfo=UTC), None)


@pytest.mark.parametrize(
    ("words", "number", "after"),
    [
        ("", None, timedelta(minutes=10)),
        ("10m", None, timedelta(minutes=10)),
        ("10 minutes", None, timedelta(minutes=10)),
        ("3 1h", 3, timedelta(hours=1)),
        ("#3 1h", 3, timedelta(hours=1)),
        ("3", 3, timedelta(minutes=10)),
        ("2 tomorrow 9am", 2, timedelta(hours=20)),
    ],
)
def test_snoozes(words, number, after):
    assert rules.read_snooze(words, NOW, BERLIN) == (number, NOW + after)


@pytest.mark.parametrize("words", ["later", "0m", "3 0m", "3 3", "-5m"])
def test_snoozes_that_mean_nothing(words):
    with pytest.raises(TimeError):
        rules.read_snooze(words, NOW, BERLIN)


@pytest.mark.parametrize(
    ("words", "numbers"), [("3", [3]), ("#3 4", [3, 4]), ("3, 4 and 5", [3, 4, 5]), ("3,3", [3]), ("0", [0])]
)
def test_numbers(words, numbers):
    assert read_numbers(words) == numbers


@pytest.mark.parametrize("words", ["-3", "three", "3 tea", "99999999999", "٣"])
def test_what_isnt_a_number(words):
    with pytest.raises(UserError):
        read_numbers(words)


def test_tomorrow_is_the_same_time_by_the_clock():
    due = datetime(2026, 3, 28, 8, tzinfo=UTC)  # 9:00 in Berlin, the day before summer time
    assert rules.tomorrow(due, due + timedelta(minutes=5), BERLIN) == datetime(2026, 3, 29, 7, tzinfo=UTC)
    assert rules.tomorrow(due, due + timedelta(days=3), BERLIN) == datetime(2026, 4, 1, 7, tzinfo=UTC)


def test_tomorrow_in_the_hour_that_isnt_there():
    due = datetime(2026, 3, 28, 1, 30, tzinfo=UTC)  # 2:30; the next day has none, so it comes an hour later
    assert rules.tomorrow(due, due, BERLIN) == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)


@given(st.integers(0, 2**63 - 1), st.datetimes(datetime(2026, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)))
def test_a_nonce_fits(reminder_id, due_at):
    assert len(nonce(reminder_id, due_at)) <= 25


@given(st.text(max_size=300))
def test_anything_is_read_or_refused_in_a_sentence(words):
    for read in (rules.read_plan, rules.read_change, rules.read_snooze):
        sentence = "understood"
        try:
            read(words, NOW, BERLIN)
        except (TimeError, UserError) as error:
            sentence = str(error)
        assert sentence


def test_long_nonsense_takes_no_time():
    words = "every " * 330
    with pytest.raises(TimeError):
        plan(words)

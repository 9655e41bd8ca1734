"""What people write about cases, as rules."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cogs.moderation.cases import words as case_words
from database.moderation import Case, CaseFilter
from utils.errors import UserError
from utils.i18n import using

unhurried = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # machines may be busy
NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")
DAY = timedelta(days=1)
BAN = Case(
    guild_id=1, kind="ban", source="command", moderator_name="mona", opened_at=NOW - DAY, ends_at=NOW + DAY, number=1
)


# --- Numbers -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("3", [3]), ("#3", [3]), ("3-7", [3, 4, 5, 6, 7]), ("3–4", [3, 4]), ("3,5", [3, 5]), ("#3,#5", [3, 5]),
        ("5,3-4", [5, 3, 4]), ("3,3", [3]), ("3-3", [3]), ("007", [7]), ("1-25", list(range(1, 26))),
    ],
)  # fmt: skip
def test_numbers(text: str, numbers: list[int]):
    assert case_words.read_numbers(text) == numbers


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "names no case"), ("x", "names no case"), ("-3", "names no case"), ("3-", "names no case"),
        ("3,", "names no case"), ("3.5", "names no case"), ("٣", "names no case"), ("0", "from 1"), ("0-3", "from 1"),
        ("7-3", "goes up"), ("1-26", "the most is 25"), ("1-999999999999999999", "the most is 25"),
        ("1-20,30-40", "the most is 25"), ("9223372036854775808", "no case"), ("9" * 1900, "no case"),
    ],
)  # fmt: skip
def test_no_numbers(text: str, says: str):
    with pytest.raises(UserError, match=says) as raised:
        case_words.read_numbers(text)
    assert len(str(raised.value)) < 250


@unhurried
@given(st.sets(st.integers(1, 10**9), min_size=1, max_size=10))
def test_whatever_numbers_are_listed_are_read(numbers: set[int]):
    assert case_words.read_numbers(",".join(map(str, sorted(numbers)))) == sorted(numbers)


@unhurried
@given(st.text(max_size=60))
def test_no_words_crash(text: str):
    for read in (
        case_words.read_numbers,
        lambda words: case_words.read_search(words, NOW, BERLIN),
        lambda words: case_words.read_past(words, NOW, BERLIN),
        lambda words: case_words.read_end(words, BAN, NOW),
    ):
        try:
            read(text)
        except (ValueError, UserError):
            continue


# --- Filters -----------------------------------------------------------------------------------------------


def wanted(words: str) -> CaseFilter:
    return case_words.read_search(words, NOW, BERLIN).wanted


def test_filters_and_flags_are_the_same():
    expected = CaseFilter(kinds=("ban", "kick"), text="free nitro", since=NOW - 7 * DAY, in_force_at=NOW)
    for words in (
        'type:ban,kick text:"free nitro" since:7d active',
        '--type ban,kick --text "free nitro" --since 7d --active',
        "--type=ban --kind=kick --contains=“free nitro” --after=7d active",
        "ban kicks text: „free nitro“ SINCE:7d Active",
    ):
        assert wanted(words) == expected


def test_people():
    search = case_words.read_search("<@123> on:@ann", NOW, BERLIN)
    assert (search.by, search.on) == ("<@123>", "@ann")
    assert case_words.read_search('by:"Ann Smith"', NOW, BERLIN).by == "Ann Smith"
    assert case_words.read_search("@ann", NOW, BERLIN).by == "@ann"
    assert case_words.read_search("", NOW, BERLIN) == case_words.Search()


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ("colour:red", "don't know the filter"), ("whatever", "don't know the filter"), ("type:", "missing after"),
        ("--type", "missing after"), ('text:""', "missing after"), ("type:bam", "`ban`"),
        ("type:💥", "There is no kind"), ("since:soon", "time gone by"), ("since:2026-13-45", "time gone by"),
        ("since:1d until:2d", "finds nothing"), ("active:no", "don't know the filter"),
    ],
)  # fmt: skip
def test_filters_that_are_none(words: str, says: str):
    with pytest.raises(UserError, match=says):
        case_words.read_search(words, NOW, BERLIN)


def test_kinds_by_their_names():
    assert case_words.read_kinds("Warning, BAN,timeout lifted") == ["warn", "ban", "untimeout"]
    with using("de"):
        assert case_words.read_kinds("ban") == ["ban"]


@pytest.mark.parametrize(
    ("words", "moment"),
    [
        ("7d", NOW - 7 * DAY), ("2 hours", NOW - timedelta(hours=2)), ("today", datetime(2026, 3, 9, 23, tzinfo=UTC)),
        ("yesterday", datetime(2026, 3, 8, 23, tzinfo=UTC)), ("2026-01-31", datetime(2026, 1, 30, 23, tzinfo=UTC)),
        ("31.1.2026", datetime(2026, 1, 30, 23, tzinfo=UTC)),
        ("2026-01-31T14:00", datetime(2026, 1, 31, 13, tzinfo=UTC)),
        ("<t:1700000000:R>", datetime.fromtimestamp(1700000000, UTC)),
    ],
)  # fmt: skip
def test_times_gone_by(words: str, moment: datetime):
    assert case_words.read_past(words, NOW, BERLIN) == moment


def test_a_day_is_whole():
    assert case_words.read_past("2026-01-31", NOW, BERLIN, end_of_day=True) == datetime(2026, 1, 31, 23, tzinfo=UTC)
    assert wanted("since:2026-01-31 until:2026-01-31").since < wanted("until:2026-01-31").until


def test_since():
    assert case_words.read_since("", NOW, BERLIN, default=DAY) == NOW - DAY
    assert case_words.read_since("All", NOW, BERLIN, default=DAY) is None
    assert case_words.read_since("2d", NOW, BERLIN, default=DAY) == NOW - 2 * DAY


# --- Ends --------------------------------------------------------------------------------------------------


def test_ends():
    assert case_words.read_end("3d", BAN, NOW) == BAN.opened_at + 3 * DAY
    assert case_words.read_end("+3d", BAN, NOW) == NOW + 4 * DAY
    assert case_words.read_end("-12h", BAN, NOW) == NOW + DAY / 2
    assert case_words.read_end(" Permanent ", BAN, NOW) is None
    assert case_words.read_end("3650d", BAN, NOW) == BAN.opened_at + 3650 * DAY


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ("1d", "over already"), ("-2d", "over already"), ("+3649d", "ten years"), ("11 years", "too long"),
        ("0d", "too short"), ("soon", "can't read"), ("", "can't read"), ("5", "of what"),
    ],
)  # fmt: skip
def test_ends_that_are_none(words: str, says: str):
    with pytest.raises((UserError, ValueError), match=says):
        case_words.read_end(words, BAN, NOW)
    with pytest.raises(UserError, match="no end to move"):
        case_words.read_end("+1d", replace(BAN, ends_at=None), NOW)

"""Durations, moments, recurrences and zones in people's words; nothing typed raises anything but `TimeError`."""

import contextlib
import re
import time as stopwatch
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from utils.i18n import PSEUDO, using
from utils.time import (
    LONGEST,
    Recurrence,
    TimeError,
    find_timezone,
    human_duration,
    parse_duration,
    parse_moment,
    parse_recurrence,
    split_recurrence,
    split_when,
    timestamp,
)

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 1, 7, 11, 0, tzinfo=UTC)  # a Wednesday, noon in Berlin
ZONES = [ZoneInfo(name) for name in ("Europe/Berlin", "America/New_York", "Pacific/Apia", "Australia/Lord_Howe")]
WORDS = re.findall(
    r"\S+",
    "in at on every day tomorrow today 9 9am 18:00 2h 1h30m 31.12. 2026-03-01 friday next half an hour week month "
    "12/25 3/4 march 5 5th of noon midnight tonight and to ago 99999999999 -5 . , : <t:1:R> T 30.2. 29.2. 00:00 "
    "24:00 year years 0 25:61 pm am uhr um morgen heute abend jeden tag 1.5 ² ٣ 😀",
)
PEOPLE_TEXT = (
    st.text(max_size=60)
    | st.text(max_size=2_000)
    | st.lists(st.sampled_from(WORDS), max_size=12).map(" ".join)
    | st.lists(st.sampled_from(WORDS), max_size=12).map("".join)
)
LANGUAGES = st.sampled_from(["en", "de", PSEUDO])
MOMENTS = st.datetimes(datetime(2005, 1, 1), datetime(2036, 1, 1)).map(lambda moment: moment.replace(tzinfo=UTC))


def local(text: str) -> datetime:
    """A moment of Berlin's clock, in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN).astimezone(UTC)


# --- Durations --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "duration"),
    [
        ("1h30m", timedelta(hours=1, minutes=30)),
        ("1h30", timedelta(hours=1, minutes=30)),
        ("90 min", timedelta(minutes=90)),
        ("2 days", timedelta(days=2)),
        ("1w2d", timedelta(days=9)),
        ("1.5h", timedelta(minutes=90)),
        ("1,5 Stunden", timedelta(minutes=90)),
        ("2 hours and 5 minutes", timedelta(hours=2, minutes=5)),
        ("2 Stunden und 5 Minuten", timedelta(hours=2, minutes=5)),
        ("1d, 2h, 3m, 4s", timedelta(days=1, hours=2, minutes=3, seconds=4)),
        ("half an hour", timedelta(minutes=30)),
        ("eine halbe Stunde", timedelta(minutes=30)),
        ("two weeks", timedelta(weeks=2)),
        ("in 10 minutes", timedelta(minutes=10)),
        ("  1 Month ", timedelta(days=30)),
        ("10y", LONGEST),
    ],
)
def test_duration(text: str, duration: timedelta) -> None:
    assert parse_duration(text) == duration


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("5", "`5m` for minutes"),
        ("-5m", "more than zero"),
        ("0s", "too short"),
        ("0.1s", "too short"),
        ("11 years", "too long"),
        ("999999999y", "too long"),
        ("1e5 days", "can't read"),
        ("1,000 days", "can't read"),
        ("nan", "can't read"),
        ("inf h", "can't read"),
        ("", "can't read"),
        ("😀", "can't read"),
        ("1h tea", "can't read"),
        ("h", "can't read"),
    ],
)
def test_no_duration(text: str, complaint: str) -> None:
    with pytest.raises(TimeError, match=complaint):
        parse_duration(text)


def test_duration_limits_are_named() -> None:
    with pytest.raises(TimeError, match="the least is 10 minutes"):
        parse_duration("5m", minimum=timedelta(minutes=10))
    with pytest.raises(TimeError, match="the most is 4 weeks"):
        parse_duration("29d", maximum=timedelta(days=28))


@given(st.integers(1, int(LONGEST.total_seconds())), st.sampled_from(["en", "de"]))
def test_a_shown_duration_reads_back(seconds: int, language: str) -> None:
    duration = timedelta(seconds=seconds)
    with using(language):
        assert parse_duration(human_duration(duration, parts=9).replace(", and ", ", ")) == duration


def test_human_durations_follow_the_language() -> None:
    assert human_duration(timedelta(hours=2, minutes=5, seconds=9)) == "2 hours and 5 minutes"
    assert human_duration(timedelta(days=1, hours=1, minutes=1), parts=3) == "1 day, 1 hour, and 1 minute"
    assert human_duration(timedelta(days=28)) == "4 weeks"
    assert human_duration(timedelta(days=90)) == "90 days"
    assert human_duration(timedelta(days=8, hours=2)) == "8 days and 2 hours"
    assert human_duration(timedelta()) == "0 seconds"
    assert human_duration(-timedelta(minutes=1)) == "1 minute"
    with using("de"):
        assert human_duration(timedelta(days=2, hours=1)) == "2 Tage und 1 Stunde"


def test_timestamp() -> None:
    assert timestamp(NOW, "R") == "<t:1767783600:R>"
    assert timestamp(NOW) == "<t:1767783600:f>"


# --- Moments ----------------------------------------------------------------------------------------------

ENGLISH_MOMENTS = [
    ("tomorrow 9am", "2026-01-08 09:00"),
    ("tomorrow at 9", "2026-01-08 09:00"),
    ("tomorrow 9", "2026-01-08 09:00"),
    ("tomorrow", "2026-01-08 09:00"),
    ("Tomorrow Morning", "2026-01-08 09:00"),
    ("the day after tomorrow at noon", "2026-01-09 12:00"),
    ("2026-03-01 14:00", "2026-03-01 14:00"),
    ("2026-03-01T14:00:30+01:00", "2026-03-01 14:00:30"),
    ("friday 18:00", "2026-01-09 18:00"),
    ("18:00 on friday", "2026-01-09 18:00"),
    ("friday evening at 8", "2026-01-09 20:00"),
    ("wednesday 11:00", "2026-01-14 11:00"),  # today's is over
    ("wednesday 13:00", "2026-01-07 13:00"),
    ("next wednesday 13:00", "2026-01-14 13:00"),
    ("in 2h", "2026-01-07 14:00"),
    ("2 hours from now", "2026-01-07 14:00"),
    ("2 days at 9:00", "2026-01-09 09:00"),
    ("1 month", "2026-02-07 12:00"),
    ("in an hour", "2026-01-07 13:00"),
    ("31.12. 20:00", "2026-12-31 20:00"),
    ("31.12.26 20:00", "2026-12-31 20:00"),
    ("6.1.", "2027-01-06 09:00"),
    ("29.2.", "2028-02-29 09:00"),
    ("12/25 8am", "2026-12-25 08:00"),
    ("25/12/2026", "2026-12-25 09:00"),
    ("5th of March 2027 at 7:30 pm", "2027-03-05 19:30"),
    ("Mar 5, 2027 7:30 p.m.", "2027-03-05 19:30"),
    ("9am", "2026-01-08 09:00"),
    ("18:30", "2026-01-07 18:30"),
    ("at 9", "2026-01-08 09:00"),
    ("12am", "2026-01-08 00:00"),
    ("midnight", "2026-01-08 00:00"),
    ("friday midnight", "2026-01-10 00:00"),
    ("noon", "2026-01-08 12:00"),
    ("tonight", "2026-01-07 20:00"),
    ("tonight at 9", "2026-01-07 21:00"),
    ("next week", "2026-01-14 12:00"),
    ("next month at 8:00", "2026-02-07 08:00"),
    ("<t:1800000000:R>", "2027-01-15 09:00"),
    ("2026-03-29 02:30", "2026-03-29 03:30"),  # skipped by daylight saving
    ("2026-10-25 02:30", "2026-10-25 02:30"),  # twice: the first
]
GERMAN_MOMENTS = [
    ("morgen um 9", "2026-01-08 09:00"),
    ("morgen früh", "2026-01-08 09:00"),
    ("übermorgen 18 Uhr", "2026-01-09 18:00"),
    ("am Freitag um 18 Uhr 30", "2026-01-09 18:30"),
    ("um 18 Uhr am Freitag", "2026-01-09 18:00"),
    ("Fr 18:00", "2026-01-09 18:00"),
    ("nächsten Montag", "2026-01-12 09:00"),
    ("heute Abend um 8", "2026-01-07 20:00"),
    ("31. Dezember 20 Uhr", "2026-12-31 20:00"),
    ("5. März 2027", "2027-03-05 09:00"),
    ("in einer halben Stunde", "2026-01-07 12:30"),
    ("3/4/2026", "2026-04-03 09:00"),
    ("tomorrow 9am", "2026-01-08 09:00"),  # English is always understood
]


@pytest.mark.parametrize(("text", "moment"), ENGLISH_MOMENTS)
def test_moment(text: str, moment: str) -> None:
    assert parse_moment(text, NOW, BERLIN) == local(moment)


@pytest.mark.parametrize(("text", "moment"), GERMAN_MOMENTS)
def test_german_moment(text: str, moment: str) -> None:
    with using("de"):
        assert parse_moment(text, NOW, BERLIN) == local(moment)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("today 9am", "over already"),
        ("2025-01-01", "over already"),
        ("in 0 minutes", "over already"),
        ("today", "At what time today"),
        ("3/4/2026", "two meanings"),
        ("30.2.", "can't read"),
        ("2026-13-01", "can't read"),
        ("25:00", "can't read"),
        ("13pm", "can't read"),
        ("5", "can't read"),
        ("yesterday", "can't read"),
        ("tomorrow tea", "can't read"),
        ("100000 days", "too far"),
        ("9999-12-31", "too far"),
        ("999999999 years", "too far"),
        ("", "can't read"),
        ("😀", "can't read"),
    ],
)
def test_no_moment(text: str, complaint: str) -> None:
    with pytest.raises(TimeError, match=complaint):
        parse_moment(text, NOW, BERLIN)


def test_the_second_of_two_equal_times_is_taken_when_the_first_is_over() -> None:
    between = datetime(2026, 10, 25, 0, 45, tzinfo=UTC)  # 02:45 for the first time
    assert parse_moment("2:30", between, BERLIN) == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)


def test_days_keep_the_time_of_day_and_hours_are_elapsed() -> None:
    evening = local("2026-03-28 20:00")  # the clocks change in the night
    assert parse_moment("1 day", evening, BERLIN) == local("2026-03-29 20:00")
    assert parse_moment("24h", evening, BERLIN) == local("2026-03-29 21:00")


@pytest.mark.parametrize(
    ("text", "moment", "said", "rest"),
    [
        ("2h tea", "2026-01-07 14:00", "2h", "tea"),
        ("tomorrow at 9 call mum", "2026-01-08 09:00", "tomorrow at 9", "call mum"),
        ("in 10 minutes to stretch", "2026-01-07 12:10", "in 10 minutes", "stretch"),
        ("me in 10 minutes that it's late", "2026-01-07 12:10", "in 10 minutes", "it's late"),
        ("tea in 2h", "2026-01-07 14:00", "in 2h", "tea"),
        ("me to call mum tomorrow at 9", "2026-01-08 09:00", "tomorrow at 9", "call mum"),
        ("take 3 pills at noon!", "2026-01-08 12:00", "at noon", "take 3 pills"),
        ("tomorrow 3 pills", "2026-01-08 09:00", "tomorrow", "3 pills"),
        ("tomorrow 9", "2026-01-08 09:00", "tomorrow 9", ""),
        ("a day off in 2h", "2026-01-07 14:00", "in 2h", "a day off"),
        ("morning run in 2h", "2026-01-07 14:00", "in 2h", "morning run"),
        ("2h and 5 eggs", "2026-01-07 14:00", "2h", "and 5 eggs"),
        ("2h  to-do:\n- one\n- two", "2026-01-07 14:00", "2h", "to-do:\n- one\n- two"),
        ("31.12. 20:00 fireworks", "2026-12-31 20:00", "31.12. 20:00", "fireworks"),
        ("friday", "2026-01-09 09:00", "friday", ""),
    ],
)
def test_split_when(text: str, moment: str, said: str, rest: str) -> None:
    when, left = split_when(text, NOW, BERLIN)
    assert (when.moment, when.text, left) == (local(moment), said, rest)


@pytest.mark.parametrize("text", ["tea", "buy 5", "9 eggs", "march to the store", "1 hour ago tea", "", "me"])
def test_nothing_to_split(text: str) -> None:
    with pytest.raises(TimeError):
        split_when(text, NOW, BERLIN)


# --- Recurrences ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "rest", "description", "first", "second"),
    [
        ("day at 9:00", "", "every day at 09:00", "2026-01-08 09:00", "2026-01-09 09:00"),
        ("every day at 9 water plants", "water plants", "every day at 09:00", "2026-01-08 09:00", "2026-01-09 09:00"),
        ("monday 18:00", "", "every Monday at 18:00", "2026-01-12 18:00", "2026-01-19 18:00"),
        ("mon and fri 7:30 gym", "gym", "every Monday and Friday at 07:30", "2026-01-09 07:30", "2026-01-12 07:30"),
        ("weekday 8:30", "", "every weekday at 08:30", "2026-01-08 08:30", "2026-01-09 08:30"),
        ("2 weeks", "", "every 2 weeks on Wednesday at 12:00", "2026-01-21 12:00", "2026-02-04 12:00"),
        ("other week on friday", "", "every 2 weeks on Friday at 09:00", "2026-01-09 09:00", "2026-01-23 09:00"),
        ("month on the 1st", "", "every month on day 1 at 09:00", "2026-02-01 09:00", "2026-03-01 09:00"),
        ("month on the 31st at 7:15", "", "every month on day 31 at 07:15", "2026-01-31 07:15", "2026-02-28 07:15"),
        ("30 minutes stretch", "stretch", "every 30 minutes", "2026-01-07 12:30", "2026-01-07 13:00"),
        ("year", "", "every year on January 7 at 12:00", "2027-01-07 12:00", "2028-01-07 12:00"),
        ("friday midnight", "", "every Saturday at 00:00", "2026-01-10 00:00", "2026-01-17 00:00"),
    ],
)
def test_recurrence(text: str, rest: str, description: str, first: str, second: str) -> None:
    rule, left = split_recurrence(text, NOW, BERLIN)
    assert (rule.describe(), left) == (description, rest)
    assert rule.next_after(NOW, BERLIN) == local(first)
    assert rule.next_after(local(first), BERLIN) == local(second)


@pytest.mark.parametrize(
    ("text", "first"), [("jeden Montag um 18 Uhr", "2026-01-12 18:00"), ("täglich 9 Uhr", "2026-01-08 09:00")]
)
def test_german_recurrence(text: str, first: str) -> None:
    with using("de"):
        assert parse_recurrence(text, NOW, BERLIN).next_after(NOW, BERLIN) == local(first)


@pytest.mark.parametrize(
    "text", ["1 minute", "4m", "every other friday", "0 days", "0 months", "100 years", "tea", "", "day at 25:00"]
)
def test_no_recurrence(text: str) -> None:
    with pytest.raises(TimeError):
        parse_recurrence(text, NOW, BERLIN)


RULES = st.builds(
    lambda text, now, tz: (parse_recurrence(text, now, tz), now, tz),
    st.sampled_from(
        [
            "day at 9:00",
            "day at 2:30",
            "day at 23:59",
            "3 days at 0:00",
            "monday 1:45",
            "weekday 2:15",
            "2 weeks on sunday at 2:30",
            "month on the 31st",
            "month on the 30th at 2:10",
            "5 months",
            "year",
            "45 minutes",
        ]
    ),
    MOMENTS,
    st.sampled_from(ZONES),
)


@given(RULES, st.timedeltas(timedelta(0), timedelta(days=4_000)))
def test_recurrences_increase_and_keep_the_wall_clock(
    rule: tuple[Recurrence, datetime, ZoneInfo], later: timedelta
) -> None:
    recurrence, now, tz = rule
    moment = now + later
    for _turn in range(5):
        following = recurrence.next_after(moment, tz)
        assert following > moment
        assert recurrence.next_after(following - timedelta(seconds=1), tz) == following
        if recurrence.kind != "interval":
            wall = following.astimezone(tz)
            asked = datetime(wall.year, wall.month, wall.day, recurrence.hour, recurrence.minute)
            skipped = asked.replace(tzinfo=tz).astimezone(UTC).astimezone(tz).replace(tzinfo=None) != asked
            assert (wall.hour, wall.minute) == (recurrence.hour, recurrence.minute) or skipped
        moment = following


@given(RULES)
def test_recurrences_survive_storage(rule: tuple[Recurrence, datetime, ZoneInfo]) -> None:
    assert Recurrence.decode(rule[0].encode()) == rule[0]


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"kind": "days", "every": 0, "start": "2026-01-01"}', "null", '{"x": 1}']
)
def test_what_is_no_stored_recurrence(text: str) -> None:
    with pytest.raises(ValueError, match="not a recurrence"):
        Recurrence.decode(text)


def test_daily_at_nine_stays_at_nine_over_daylight_saving() -> None:
    rule = parse_recurrence("day at 9:00", local("2026-03-27 12:00"), BERLIN)
    moment, days = local("2026-03-27 12:00"), []
    for _turn in range(3):
        moment = rule.next_after(moment, BERLIN)
        days.append(moment)
    assert days == [local("2026-03-28 09:00"), local("2026-03-29 09:00"), local("2026-03-30 09:00")]
    assert days[1] - days[0] == timedelta(hours=23)


@pytest.mark.parametrize(
    ("text", "zone", "now", "due"),
    [
        # 02:30 isn't there on the day that Berlin's clocks go forward, and is there twice on the day they go back.
        ("day at 2:30", "Europe/Berlin", "2026-03-28 12:00", "03-29 01:30, 03-30 00:30, 03-31 00:30"),
        ("day at 2:30", "Europe/Berlin", "2026-10-24 12:00", "10-25 00:30, 10-26 01:30, 10-27 01:30"),
        ("sunday 3:00", "Europe/Berlin", "2026-10-20 12:00", "10-25 02:00, 11-01 02:00, 11-08 02:00"),
        # Lord Howe's clocks go by half an hour: 02:15 isn't there in October, and 01:45 twice in April.
        ("day at 2:15", "Australia/Lord_Howe", "2026-10-02 16:00", "10-03 15:45, 10-04 15:15, 10-05 15:15"),
        ("day at 1:45", "Australia/Lord_Howe", "2026-04-03 16:00", "04-04 14:45, 04-05 15:15, 04-06 15:15"),
        ("month on the 31st at 2:30", "Europe/Berlin", "2026-01-31 12:00", "02-28 01:30, 03-31 00:30, 04-30 00:30"),
    ],
)  # fmt: skip
def test_the_next_three_over_changes_of_the_clock(text: str, zone: str, now: str, due: str) -> None:
    tz = ZoneInfo(zone)
    moment = datetime.fromisoformat(now).replace(tzinfo=UTC)
    rule = parse_recurrence(text, moment, tz)
    shown = rule.upcoming(rule.next_after(moment, tz), tz, 3)
    assert ", ".join(f"{one:%m-%d %H:%M}" for one in shown) == due


def test_a_skipped_day_is_left_out() -> None:
    """Samoa had no 30 December 2011."""
    apia = ZoneInfo("Pacific/Apia")
    rule = parse_recurrence("day at 9:00", datetime(2011, 12, 28, tzinfo=UTC), apia)
    moment, days = datetime(2011, 12, 28, tzinfo=UTC), []
    for _turn in range(4):
        moment = rule.next_after(moment, apia)
        days.append(moment.astimezone(apia).date())
    assert days == [date(2011, 12, 28), date(2011, 12, 29), date(2011, 12, 31), date(2012, 1, 1)]


# --- Zones ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "zone"),
    [
        ("Berlin", "Europe/Berlin"),
        ("europe/berlin", "Europe/Berlin"),
        ("new york", "America/New_York"),
        ("New_York", "America/New_York"),
        ("Wien", "Europe/Vienna"),
        ("München", "Europe/Berlin"),
        ("Austria", "Europe/Vienna"),
        ("Deutschland", "Europe/Berlin"),
        ("San Francisco", "America/Los_Angeles"),
        ("utc", "UTC"),
        ("UTC+2", "Etc/GMT-2"),
        ("GMT-3", "Etc/GMT+3"),
        ("−3", "Etc/GMT+3"),
        ("Etc/GMT+3", "Etc/GMT+3"),  # as it is stored: three hours behind
        ("CET", "CET"),
    ],
)
def test_timezone(text: str, zone: str) -> None:
    assert find_timezone(text).key == zone


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("Berlni", "Did you mean `Europe/Berlin`"),
        ("United States", "several time zones: `America/"),
        ("+5:30", "Name a city"),
        ("UTC+15", "Name a city"),
        ("Etc/GMT+13", "Name a city"),
        ("xyzzy", "Name a city"),
        ("../../etc/passwd", "Name a city"),
        ("", "Name a city"),
    ],
)
def test_no_timezone(text: str, complaint: str) -> None:
    with pytest.raises(TimeError, match=re.escape(complaint)):
        find_timezone(text)


# --- Anything people type ---------------------------------------------------------------------------------


@settings(max_examples=400)
@given(PEOPLE_TEXT, MOMENTS, st.sampled_from(ZONES), LANGUAGES)
def test_whatever_is_typed_gives_a_time_or_a_sentence(text: str, now: datetime, tz: ZoneInfo, language: str) -> None:
    def attempt(*parse: object) -> None:
        function, *arguments = parse
        try:
            result = function(*arguments)  # type: ignore[operator]
        except TimeError as error:
            sentences.append(str(error))
        else:
            if function is parse_duration:
                assert timedelta(seconds=1) <= result <= LONGEST
            elif function is parse_moment:
                assert now < result <= now + LONGEST
            elif function is split_when:
                assert now < result[0].moment <= now + LONGEST
            elif function is not find_timezone:
                rule = result if isinstance(result, Recurrence) else result[0]
                assert rule.next_after(now, tz) > now
                assert rule.describe()

    sentences: list[str] = []
    started = stopwatch.thread_time()
    with using(language):
        attempt(parse_duration, text)
        attempt(parse_moment, text, now, tz)
        attempt(split_when, text, now, tz)
        attempt(parse_recurrence, text, now, tz)
        attempt(split_recurrence, text, now, tz)
        attempt(find_timezone, text)
    assert stopwatch.thread_time() - started < 1.0
    assert all(10 < len(sentence) < 400 for sentence in sentences)
    assert all("⟦" in sentence for sentence in sentences) or language != PSEUDO


@pytest.mark.parametrize(
    "text",
    ["1 " * 1_000, "9" * 2_000, "1h " * 700, "a1h" * 600, "in " * 600, "march " * 300, " " * 2_000, "😀" * 2_000],
)
def test_long_texts_are_read_fast(text: str) -> None:
    started = stopwatch.thread_time()
    for parse in (parse_moment, split_when, split_recurrence):
        with contextlib.suppress(TimeError):
            parse(text, NOW, BERLIN)
    assert stopwatch.thread_time() - started < 0.5


def test_the_next_times_of_a_rule_begin_with_the_one_that_is_set():
    rule = parse_recurrence("every day at 9", NOW, BERLIN)
    first = rule.next_after(NOW, BERLIN)
    moved = first + timedelta(hours=3)
    assert rule.upcoming(first, BERLIN, 3) == [
        first,
        *(rule.next_after(first + timedelta(days=n), BERLIN) for n in (0, 1)),
    ]
    assert rule.upcoming(moved, BERLIN, 2) == [moved, rule.next_after(moved, BERLIN)]

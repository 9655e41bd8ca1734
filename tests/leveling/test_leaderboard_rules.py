"""Which leaderboard is asked for, which places equals share, and when days and weeks end."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import permutations
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cogs.leveling.board.rules import BOARDS, MOST_PAGE, OWN, SPANS, Wanted, period_end, read_wanted, shared_places
from cogs.leveling.board.texts import amount
from database.standing_values import MOST, period_start


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("", Wanted()),
        ("week voice 2", Wanted("week", "voice_minutes", 2)),
        ("Messages, TODAY", Wanted("day", "messages")),
        ("all time", Wanted()),
        ("voice this week page 3", Wanted("week", "voice_minutes", 3)),
        ("me", Wanted(at_me=True)),
        ("ich heute nachrichten", Wanted("day", "messages", at_me=True)),
        ("#4", Wanted(page=4)),
        ("p4 xp", Wanted(page=4)),
        ("0", Wanted()),
        ("-12", Wanted()),
        ("-" + "9" * 40, Wanted()),
        ("9" * 1900, Wanted(page=MOST_PAGE)),
        ("week weekly this week 2 2", Wanted("week", page=2)),
    ],
)
def test_a_board_is_asked_for_in_words(text: str, wanted: Wanted):
    assert read_wanted(text) == wanted


@given(st.sampled_from(sorted(SPANS)), st.sampled_from(sorted(BOARDS)), st.sampled_from([*sorted(OWN), "1", "17"]))
def test_the_order_of_words_does_not_matter(span: str, board: str, place: str):
    found = {read_wanted(" ".join(words)) for words in permutations((span, board, place))}
    assert found == {Wanted(SPANS[span], BOARDS[board], 17 if place == "17" else 1, at_me=place in OWN)}


def test_no_word_means_two_things():
    assert len({*SPANS, *BOARDS, *OWN}) == len(SPANS) + len(BOARDS) + len(OWN)


@pytest.mark.parametrize("text", ["day week", "xp voice", "2 3", "me 2", "all today"])
def test_what_contradicts_itself_is_refused(text: str):
    with pytest.raises(ValueError, match="at most"):
        read_wanted(text)


@given(st.text(max_size=2000))
def test_anything_else_is_answered_by_a_sentence(text: str):
    try:
        page = read_wanted(text).page
    except ValueError as error:
        sentence = str(error)
    else:
        sentence = ""
        assert 1 <= page <= MOST_PAGE
    assert len(sentence) < 300


# --- places


@given(st.lists(st.integers(1, 6)), st.integers(0, 8), st.integers(1, 5))
def test_a_page_has_the_places_of_the_whole_list(values: list[int], start: int, length: int):
    values = sorted(values, reverse=True)
    whole = [1 + sum(other > value for other in values) for value in values]
    page = values[start : start + length]
    assert shared_places(page, start + 1, whole[start] if page else 1) == whole[start : start + length]


def test_equals_share_a_place():
    assert shared_places([9, 7, 7, 3], 1, 1) == [1, 2, 2, 4]
    assert shared_places([7, 7, 3], 12, 9) == [9, 9, 14]
    assert shared_places([7], 12, 40) == [12], "others gained something in between"


# --- days and weeks


@given(
    st.sampled_from(["UTC", "Asia/Tokyo", "America/Santiago", "Africa/Cairo", "Asia/Beirut", "Pacific/Auckland"]),
    st.dates(date(2005, 1, 1), date(2030, 1, 1)),
    st.sampled_from(["day", "week"]),
)
def test_a_period_ends_with_its_last_moment(name: str, today: date, period):
    zone = ZoneInfo(name)
    end = period_end(period, today, zone)
    last = end - timedelta(microseconds=1)
    start = period_start(period, today)
    assert period_start(period, end.astimezone(zone).date()) > start
    assert period_start(period, last.astimezone(zone).date()) == start


def test_a_midnight_that_the_clock_leaves_out():
    # In Santiago, 2026-09-06 begins at one o'clock.
    end = period_end("day", date(2026, 9, 5), ZoneInfo("America/Santiago"))
    assert end == datetime(2026, 9, 6, 4, tzinfo=UTC)
    assert end.astimezone(ZoneInfo("America/Santiago")).time() == time(1)


def test_time_in_voice_channels_is_shown_however_long():
    assert amount("voice_minutes", 59) == "59 min"
    assert amount("voice_minutes", 125) == "2 h 5 min"
    assert amount("voice_minutes", MOST) == "16,666,666,666,666 h 40 min"
    assert amount("messages", 1) == "1 message"

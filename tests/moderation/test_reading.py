"""What moderators write behind a name, read as a length, options and a reason."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cogs.moderation.reading import MOST_DELETED_DAYS, REASON_LIMIT, Words, read_ban, read_words
from utils.errors import UserError
from utils.time import TimeError

DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (None, Words()),
        ("  ", Words()),
        ("spam", Words(reason="spam")),
        ("7d spam", Words(7 * DAY, "spam")),
        ("for 2 days, insults", Words(2 * DAY, "insults")),
        ("1w 2d insults", Words(9 * DAY, "insults")),
        ("1h30m", Words(timedelta(minutes=90))),
        ("für 3 Tage", Words(3 * DAY)),
        # A reason may speak of time.
        ("a day of spam", Words(reason="a day of spam")),
        ("spam for 2 days", Words(reason="spam for 2 days")),
        ("7 different accounts", Words(reason="7 different accounts")),
        ("2drunk", Words(reason="2drunk")),
        ("for spam", Words(reason="for spam")),
        ("2nd account", Words(reason="2nd account")),
        ("1st 3rd 4th", Words(reason="1st 3rd 4th")),
        ("13yo", Words(reason="13yo")),
        ("10mentions", Words(reason="10mentions")),
        ("24/7 spam", Words(reason="24/7 spam")),
        ("18+ pictures", Words(reason="18+ pictures")),
        ("- 5m", Words(reason="- 5m")),
    ],
)
def test_length_and_reason(text: str | None, words: Words):
    assert read_words(text) == words


@pytest.mark.parametrize("text", ["-5m", "-5m spam", "+2h", "7dyas spam", "7dd", "3 ", "for 10", "2huors", "-1"])
def test_a_slip_of_a_length_is_no_reason(text: str):
    with pytest.raises(TimeError):
        read_words(text)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("--days 3", Words(delete_days=3)),
        ("7d scam --days 1", Words(7 * DAY, "scam", 1)),
        ("--days=0 7d scam", Words(7 * DAY, "scam", 0)),
        ("scam --days 7 and more", Words(None, "scam and more", 7)),
        ("scam--days 7", Words(reason="scam--days 7")),
    ],
)
def test_a_ban(text: str, words: Words):
    assert read_ban(text) == words


@pytest.mark.parametrize("text", ["--days", "--days 8", "--days -1", "--days many", "--days 1.5"])
def test_days_that_cannot_be(text: str):
    with pytest.raises(UserError, match="0 to 7"):
        read_ban(text)


@pytest.mark.parametrize("text", ["0s spam", "4000d spam"])
def test_lengths_that_cannot_be(text: str):
    with pytest.raises(TimeError):
        read_words(text)


def test_a_reason_that_is_too_long():
    with pytest.raises(UserError, match="too long"):
        read_words("x" * (REASON_LIMIT + 1))


@given(st.text(max_size=80) | st.lists(st.sampled_from(["7d", "for", "--days", "3", "spam", "=", ","])).map(" ".join))
def test_nothing_typed_breaks_it(text: str):
    try:
        words = read_ban(text)
    except (UserError, TimeError):
        return  # a sentence for the moderator
    assert words.length is None or words.length > timedelta(0)
    assert words.delete_days is None or 0 <= words.delete_days <= MOST_DELETED_DAYS

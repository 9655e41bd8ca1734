"""Moments gone by, as people write them when they look something up."""

import re
from datetime import UTC, datetime, time, timedelta, tzinfo
from typing import Final

from utils.formatting import quoted
from utils.i18n import _
from utils.time.durations import parse_duration
from utils.time.errors import TimeError

_STAMP = re.compile(r"<t:([0-9]{1,11})(?::[a-zA-Z])?>")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_DOTTED_DAY = re.compile(r"([0-9]{1,2})\.([0-9]{1,2})\.([0-9]{4})")
_DAY_WORDS: Final = {"today": 0, "heute": 0, "yesterday": 1, "gestern": 1}


def parse_past(text: str, now: datetime, tz: tzinfo, *, end_of_day: bool = False) -> datetime:
    """Read `7d` (so long ago), `yesterday`, `2026-01-31`, `31.1.2026` or `2026-01-31 14:00` as a moment.

    A day is its beginning or, `end_of_day`, the beginning of the next. Raises `TimeError` for anything else.
    """
    text = text.strip()
    try:
        moment = _day_or_stamp(text, now, tz, end_of_day=end_of_day)
        return now - parse_duration(text) if moment is None else moment
    except (ValueError, OverflowError) as error:
        raise TimeError(
            _("I can't read “{text}” as a time gone by. Write it like `7d`, `yesterday` or `2026-01-31`.").format(
                text=quoted(text)
            )
        ) from error


def _day_or_stamp(text: str, now: datetime, tz: tzinfo, *, end_of_day: bool) -> datetime | None:
    day = None
    if stamp := _STAMP.fullmatch(text):
        return datetime.fromtimestamp(int(stamp[1]), UTC)
    if text.casefold() in _DAY_WORDS:
        day = now.astimezone(tz).date() - timedelta(days=_DAY_WORDS[text.casefold()])
    elif dotted := _DOTTED_DAY.fullmatch(text):
        day = datetime(int(dotted[3]), int(dotted[2]), int(dotted[1]), tzinfo=UTC).date()
    elif _DAY.fullmatch(text):
        day = datetime.fromisoformat(text).date()
    elif _DAY.match(text):
        moment = datetime.fromisoformat(text)
        return (moment if moment.tzinfo else moment.replace(tzinfo=tz)).astimezone(UTC)
    if day is None:
        return None
    return datetime.combine(day + timedelta(days=int(end_of_day)), time(), tz).astimezone(UTC)

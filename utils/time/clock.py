"""Reading a time of day: `18:00`, `9am`, `at 9`, `noon`, `18 Uhr`."""

import re
from dataclasses import dataclass
from functools import cache
from typing import Final

from utils.time.words import Words, any_of, current_words


@dataclass(frozen=True, slots=True)
class Clock:
    """A time of day on the wall clock; hour 24 is the midnight that ends the day."""

    hour: int
    minute: int = 0
    second: int = 0
    exact: bool = True  # False for "at 9", which may be meant for the evening when it is said of one


DEFAULT_CLOCK: Final = Clock(9)
"""The time of day of a day without one."""


def read_clock(text: str, position: int, *, after_day: bool, bare_hour: bool) -> tuple[Clock, int] | None:
    """The time of day that starts here, and where it ends.

    After a day, its parts count ("tomorrow morning"). A number alone counts only if a bare hour does.
    """
    words = current_words()
    pattern, named = _patterns(frozenset(words.clock), frozenset(words.day_parts), frozenset(words.weekdays))
    if name := named.match(text, position):
        word = " ".join(name["word"].lower().split())
        if word in words.clock:
            return Clock(words.clock[word]), name.end()
        return _day_part(text, name, words) if after_day else None
    found = pattern.match(text, position)
    clock = _clock_of(found, bare_hour=bare_hour and after_day) if found else None
    return (clock, found.end()) if found and clock else None


def _clock_of(found: re.Match[str], *, bare_hour: bool) -> Clock | None:
    """The time of day in a match, unless there is no such time or nothing says that it is one."""
    half = (found["half"] or "").replace(".", "").lower()
    marked = found["at"] or half or found["clock"] or found["colon"] == ":"
    if not marked and not (bare_hour and not found["minute"]):
        return None
    hour, minute, second = (int(found[name] or 0) for name in ("hour", "minute", "second"))
    minute = int(found["past"]) if found["past"] else minute
    if half and not 1 <= hour <= 12:
        return None
    if half:
        hour = hour % 12 + (12 if half == "pm" else 0)
    if hour > 24 or minute > 59 or second > 59 or (hour == 24 and (minute or second)):
        return None
    return Clock(hour, minute, second, exact=bool(half))


def _day_part(text: str, name: re.Match[str], words: Words) -> tuple[Clock, int]:
    """A part of a day, or the hour that is named after it: "evening at 8"."""
    hour = words.day_parts[" ".join(name["word"].lower().split())]
    space = re.compile(r"\s*").match(text, name.end())
    found = read_clock(text, space.end() if space else name.end(), after_day=False, bare_hour=False)
    if found is None:
        return Clock(hour), name.end()
    clock, end = found
    if hour >= 12 and not clock.exact and 1 <= clock.hour < 12:
        clock = Clock(clock.hour + 12, clock.minute, clock.second)
    return clock, end


@cache
def _patterns(
    clock: frozenset[str], parts: frozenset[str], weekdays: frozenset[str]
) -> tuple[re.Pattern[str], re.Pattern[str]]:
    days = any_of(tuple(weekdays))
    number = re.compile(
        r"(?P<at>(?:at|by|around|um|gegen|ab)\s+|@\s*)?"
        r"(?P<hour>[0-9]{1,2})(?:(?P<colon>[:.])(?P<minute>[0-9]{2})(?::(?P<second>[0-9]{2}))?)?"
        # In German, "um 18 am Freitag" has another "am" than 6 am.
        rf"(?:\s*(?P<half>[ap]\.?m\.?)(?!\s+(?:{days})\b(?=.*?\buhr\b)))?"
        r"(?:\s*(?P<clock>uhr|o['’]clock)(?:\s+(?P<past>[0-9]{2})(?![\w:.]))?)?"
        r"(?![\w:%/]|[.,-][0-9])",
        re.IGNORECASE,
    )
    named = re.compile(
        rf"(?:(?:at|in\s+the|in\s+der|am|um)\s+)?(?P<word>{any_of((*clock, *parts))})(?!\w)", re.IGNORECASE
    )
    return number, named

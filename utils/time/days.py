"""Reading a day: `tomorrow`, `next friday`, `31.12.`, `5 March 2026`, `2026-03-05`."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Final

from utils.formatting import quoted
from utils.i18n import _, current_language
from utils.time.errors import TimeError
from utils.time.words import any_of, current_words

_YEARS_TO_LOOK: Final = 9  # the 29th of February may be eight years away (1896 to 1904, 2096 to 2104)


@dataclass(frozen=True, slots=True)
class Day:
    """A day as it was said; which one it is depends on today. Exactly one of the groups is set."""

    shift: int | None = None  # days from today
    weekday: int | None = None  # 0 is Monday
    not_today: bool = False  # "next friday"
    month: int | None = None
    day: int | None = None
    year: int | None = None
    weeks: int = 0  # "next week": the same time of day so much later
    months: int = 0
    tonight: bool = False

    def dates(self, today: date) -> Iterator[date]:
        """The dates it may mean, the nearest first. Raises `ValueError` for a date that doesn't exist."""
        if self.shift is not None:
            yield today + timedelta(days=self.shift)
        elif self.weekday is not None:
            ahead = (self.weekday - today.weekday()) % 7
            if self.not_today and ahead == 0:
                ahead = 7
            yield today + timedelta(days=ahead)
            yield today + timedelta(days=ahead + 7)
        elif self.month is not None and self.day is not None:
            if self.year is not None:
                yield date(self.year, self.month, self.day)
                return
            date(2000, self.month, self.day)  # a leap year: what it doesn't have, no year has
            for year in range(today.year, today.year + _YEARS_TO_LOOK):
                if (self.month, self.day) != (2, 29) or _is_leap(year):
                    yield date(year, self.month, self.day)


def read_day(text: str, position: int) -> tuple[Day, int] | None:
    """The day that starts here, and where it ends. Raises `TimeError` for a date that has two meanings."""
    words = current_words()
    found = _pattern(current_language()).match(text, position)
    if found is None:
        return None
    if found["relative"]:
        return Day(shift=words.relative_days[_folded(found["relative"])]), found.end()
    if found["tonight"]:
        return Day(shift=0, tonight=True), found.end()
    if found["weekday"]:
        weekday = words.weekdays[found["weekday"].lower()]
        return Day(weekday=weekday, not_today=bool(found["next"])), found.end()
    if found["unit"]:
        return _next_unit(found["unit"].lower()), found.end()
    return _date(found), found.end()


def _date(found: re.Match[str]) -> Day:
    months = current_words().months
    if found["iso_day"]:
        return Day(year=int(found["iso_year"]), month=int(found["iso_month"]), day=int(found["iso_day"]))
    if found["dot_day"]:
        return Day(year=_year(found["dot_year"]), month=int(found["dot_month"]), day=int(found["dot_day"]))
    if found["slash_a"]:
        return _slashed(found)
    if found["name_a"]:
        return Day(year=_year(found["year_a"]), month=months[found["name_a"].lower()], day=int(found["day_a"]))
    return Day(year=_year(found["year_b"]), month=months[found["name_b"].lower()], day=int(found["day_b"]))


def _slashed(found: re.Match[str]) -> Day:
    """Day and month, or month and day: only one of them can be above twelve."""
    first, second, year = int(found["slash_a"]), int(found["slash_b"]), _year(found["slash_year"])
    if first > 12 or first == second or current_language() == "de":
        return Day(year=year, month=second, day=first)
    if second > 12:
        return Day(year=year, month=first, day=second)
    raise TimeError(
        _("“{text}” has two meanings. Write the month's name, or `{first}.{second}.` for day and month.").format(
            text=quoted(found[0]), first=first, second=second
        )
    )


def _next_unit(word: str) -> Day:
    if word in {"week", "woche"}:
        return Day(weeks=1)
    return Day(months=1 if word in {"month", "monat"} else 12)


def _year(text: str | None) -> int | None:
    if text is None:
        return None
    return int(text) + 2_000 if len(text) == 2 else int(text)


def _is_leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def _folded(text: str) -> str:
    return " ".join(text.lower().split())


@cache
def _pattern(language: str) -> re.Pattern[str]:
    """The pattern for a language: its words are those that are current when it is first used."""
    words = current_words()
    months, year = any_of(words.months), r"[0-9]{4}(?![:\d])"
    the_next = r"next|coming|nächste[nrs]?|kommende[nrs]?"
    return re.compile(
        r"(?:(?:on|by|am|den|der|the|ab)\s+)?(?:"
        rf"(?P<tonight>{any_of(words.tonight)})|(?P<relative>{any_of(words.relative_days)})"
        rf"|(?:(?:(?P<next>{the_next})|this|diesen?r?)\s+)?(?P<weekday>{any_of(words.weekdays)})\.?"
        rf"|(?:{the_next})\s+(?P<unit>week|month|year|woche|monat|jahr)"
        r"|(?P<iso_year>[0-9]{4})-(?P<iso_month>[0-9]{1,2})-(?P<iso_day>[0-9]{1,2})"
        r"|(?P<dot_day>[0-9]{1,2})\.(?P<dot_month>[0-9]{1,2})\.(?P<dot_year>[0-9]{4}|[0-9]{2})?"
        r"|(?P<slash_a>[0-9]{1,2})/(?P<slash_b>[0-9]{1,2})(?:/(?P<slash_year>[0-9]{4}|[0-9]{2}))?"
        rf"|(?P<day_a>[0-9]{{1,2}})(?:st|nd|rd|th|\.)?\s*(?:of\s+)?(?P<name_a>{months})\.?(?:,?\s+(?P<year_a>{year}))?"
        rf"|(?P<name_b>{months})\.?\s+(?P<day_b>[0-9]{{1,2}})(?:st|nd|rd|th|\.)?(?:,?\s+(?P<year_b>{year}))?"
        r")(?![\w:/])",
        re.IGNORECASE,
    )

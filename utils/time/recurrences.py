"""Again and again: reading a recurrence, and finding its next moment by the wall clock."""

import json
import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from functools import cache
from typing import Final, Literal

from babel.dates import format_skeleton, get_day_names
from babel.units import format_unit
from dateutil.relativedelta import relativedelta

from utils.formatting import quoted
from utils.i18n import _, babel_locale, current_language, format_list, ngettext
from utils.time.clock import DEFAULT_CLOCK, Clock, read_clock
from utils.time.durations import LONGEST, clock_time, human_duration, read_span
from utils.time.errors import TimeError
from utils.time.words import any_of, current_words

SHORTEST: Final = timedelta(minutes=5)
"""The shortest interval of a recurrence."""
_MOST_WEEKDAYS: Final = 7
_WORKDAYS: Final = (0, 1, 2, 3, 4)
_WEEKEND: Final = (5, 6)

Kind = Literal["interval", "days", "weeks", "months"]


@dataclass(frozen=True, slots=True)
class Recurrence:
    """A rule for moments. All but intervals go by the wall clock: daily at 9:00 stays 9:00 over DST.

    `every` counts minutes for an interval, else days, weeks or months. `start` is the day it counts from, for an
    interval the moment (ISO 8601). A month that has no day 31 gets its last day.
    """

    kind: Kind
    every: int
    start: str
    hour: int = 0
    minute: int = 0
    weekdays: tuple[int, ...] = ()  # for weeks; 0 is Monday
    day: int = 0  # for months

    def next_after(self, moment: datetime, tz: tzinfo) -> datetime:
        """The first moment of the rule after this one, in UTC; `tz` is whose wall clock counts."""
        if self.kind == "interval":
            start = datetime.fromisoformat(self.start)
            step = timedelta(minutes=self.every)
            return (start + (max((moment - start) // step, 0) + 1) * step).astimezone(UTC)
        clock = Clock(self.hour, self.minute)
        # A zone may skip a whole day (Samoa, December 2011), so begin a day early.
        for day in self._days(moment.astimezone(tz).date() - timedelta(days=1)):
            candidate = datetime(day.year, day.month, day.day, clock.hour, clock.minute, tzinfo=tz).astimezone(UTC)
            if candidate > moment:
                return candidate
        raise AssertionError("a recurrence has no end")  # pragma: no cover - _days is endless

    def upcoming(self, first: datetime, tz: tzinfo, count: int) -> list[datetime]:
        """So many moments of the rule from `first` on, which is shown as it is: it may have been moved."""
        moments = [first]
        while len(moments) < count:
            moments.append(self.next_after(moments[-1], tz))
        return moments

    def _days(self, since: date) -> Iterator[date]:
        """The days of the rule from `since` on, in order."""
        start = date.fromisoformat(self.start)
        since = max(since, start)
        if self.kind == "days":
            day = start + -(-(since - start).days // self.every) * timedelta(days=self.every)
            while True:
                yield day
                day += timedelta(days=self.every)
        elif self.kind == "weeks":
            first = start - timedelta(days=start.weekday())
            week = first + (since - first).days // 7 // self.every * timedelta(weeks=self.every)
            while True:
                days = (week + timedelta(days=weekday) for weekday in self.weekdays)
                yield from (day for day in days if day >= since)
                week += timedelta(weeks=self.every)
        else:
            months = (since.year - start.year) * 12 + since.month - start.month
            turn = months // self.every
            while True:
                # relativedelta's absolute day is cut to the last of the month
                day = start.replace(day=1) + relativedelta(months=turn * self.every, day=self.day)
                if day >= since:
                    yield day
                turn += 1

    def encode(self) -> str:
        """As text for the database."""
        return json.dumps({name: value for name, value in asdict(self).items() if value}, sort_keys=True)

    @classmethod
    def decode(cls, text: str) -> "Recurrence":
        """Back from `encode`; raises `ValueError` if it isn't such a text."""
        try:
            fields = json.loads(text)
            weekdays = tuple(fields.pop("weekdays", ()))
            rule = cls(**fields, weekdays=weekdays)
            datetime.fromisoformat(rule.start)
        except (TypeError, AttributeError, ValueError) as error:
            raise ValueError(f"not a recurrence: {text[:100]!r}") from error
        if rule.kind not in {"interval", "days", "weeks", "months"} or rule.every < 1:
            raise ValueError(f"not a recurrence: {text[:100]!r}")
        return rule

    def describe(self) -> str:
        """In words of the current language, such as `every 2 weeks on Monday at 18:00`."""
        if self.kind == "interval":
            return _("every {duration}").format(duration=human_duration(timedelta(minutes=self.every), parts=4))
        time = clock_time(self.hour, self.minute)
        if self.kind == "days":
            text = ngettext("every day at {time}", "every {count} days at {time}", self.every)
            return text.format(count=self.every, time=time)
        if self.kind == "weeks":
            days = _described_weekdays(self.weekdays)
            text = ngettext("every {days} at {time}", "every {count} weeks on {days} at {time}", self.every)
            return text.format(count=self.every, days=days, time=time)
        if self.every % 12 == 0:
            start = date.fromisoformat(self.start)
            day = format_skeleton("MMMMd", _in_leap_year(start, self.day), locale=babel_locale())
            text = ngettext(
                "every year on {day} at {time}", "every {count} years on {day} at {time}", self.every // 12
            )
            return text.format(count=self.every // 12, day=day, time=time)
        text = ngettext(
            "every month on day {day} at {time}", "every {count} months on day {day} at {time}", self.every
        )
        return text.format(count=self.every, day=self.day, time=time)


def _described_weekdays(weekdays: tuple[int, ...]) -> str:
    if weekdays == _WORKDAYS:
        return _("weekday")
    names = get_day_names("wide", locale=babel_locale())
    return format_list([names[weekday] for weekday in weekdays])


def _in_leap_year(start: date, day: int) -> datetime:
    return datetime(2000, start.month, 1, tzinfo=UTC) + timedelta(days=day - 1)


# --- Reading ----------------------------------------------------------------------------------------------


def parse_recurrence(text: str, now: datetime, tz: tzinfo) -> Recurrence:
    """Read `day at 9:00`, `monday 18:00`, `mon, wed and fri 7:30`, `2 weeks`, `weekday 8:30`, `month on the 1st`.

    The word "every" may stand before. Without a time of day, intervals of days and longer keep the present one,
    and weekdays and days of a month mean 09:00. Raises `TimeError`, also for less than five minutes.
    """
    rule, rest = _split(text, now, tz, bare_hour=True)
    if rest:
        raise _not_a_recurrence(text)
    return rule


def split_recurrence(text: str, now: datetime, tz: tzinfo) -> tuple[Recurrence, str]:
    """Read the recurrence at the start of a sentence and give the rest: `every day at 9 water the plants`."""
    try:
        return _split(text, now, tz, bare_hour=True, whole=True)
    except TimeError:
        return _split(text, now, tz, bare_hour=False)


def _split(text: str, now: datetime, tz: tzinfo, *, bare_hour: bool, whole: bool = False) -> tuple[Recurrence, str]:
    start = _skip(text, 0, _EVERY)
    local = now.astimezone(tz)
    found = _read_weekdays(text, start, local, bare_hour=bare_hour) or _read_interval(
        text, start, local, bare_hour=bare_hour
    )
    if found is None or (whole and text[found[1] :].strip()):
        raise _not_a_recurrence(text)
    return found[0], text[_skip(text, found[1], _LINK) :].strip()


_EVERY = re.compile(r"\s*(?:(?:me|mich)\s+)?(?:(?:every|each|jede[nrs]?|alle)\s+)?", re.IGNORECASE)
_LINK = re.compile(r"(?:\s|[,:;])*(?:(?:to|that|about|dass)(?:\s+|$))?", re.IGNORECASE)
_AND = re.compile(r"\s*(?:,\s*(?:and\s+|und\s+)?|&\s*|\s(?:and|und)\s+)", re.IGNORECASE)
_SPACES = re.compile(r"[\s,]*")
_ON_DAY = re.compile(
    r"\s*,?\s*(?:on|at|am)\s+(?:the\s+|day\s+)*(?P<day>[0-9]{1,2})(?:st|nd|rd|th|\.)?(?![\w:])(?:\s+(?:day|tag))?",
    re.IGNORECASE,
)
_SIMPLE: Final[dict[str, tuple[Kind, int]]] = {
    "minute": ("interval", 1),
    "hour": ("interval", 60),
    "hourly": ("interval", 60),
    "stunde": ("interval", 60),
    "stündlich": ("interval", 60),
    "day": ("days", 1),
    "daily": ("days", 1),
    "tag": ("days", 1),
    "täglich": ("days", 1),
    "week": ("weeks", 1),
    "weekly": ("weeks", 1),
    "woche": ("weeks", 1),
    "wöchentlich": ("weeks", 1),
    "month": ("months", 1),
    "monthly": ("months", 1),
    "monat": ("months", 1),
    "monatlich": ("months", 1),
    "year": ("months", 12),
    "yearly": ("months", 12),
    "jahr": ("months", 12),
    "jährlich": ("months", 12),
}
_SIMPLE_WORD = re.compile(rf"(?:(?P<other>other|second)\s+)?(?P<word>{any_of(_SIMPLE)})(?!\w)", re.IGNORECASE)


@cache
def _weekday_pattern(_language: str) -> re.Pattern[str]:
    return re.compile(
        r"(?:(?P<workdays>weekdays?|workdays?|werktags?|wochentags?)|(?P<weekend>weekends?|wochenenden?|wochenende)"
        rf"|(?P<weekday>{any_of(current_words().weekdays)})s?\.?)(?!\w)",
        re.IGNORECASE,
    )


def _read_weekdays(text: str, position: int, local: datetime, *, bare_hour: bool) -> tuple[Recurrence, int] | None:
    weekdays: set[int] = set()
    end, pattern = position, _weekday_pattern(current_language())
    for _turn in range(_MOST_WEEKDAYS):
        found = pattern.match(text, position)
        if found is None:
            break
        if found["weekday"]:
            weekdays.add(current_words().weekdays[found["weekday"].lower()])
        else:
            weekdays.update(_WORKDAYS if found["workdays"] else _WEEKEND)
        end = found.end()
        between = _AND.match(text, end)
        if between is None:
            break
        position = between.end()
    if not weekdays:
        return None
    clock, end = _clock_after(text, end, bare_hour=bare_hour) or (DEFAULT_CLOCK, end)
    if clock.hour == 24:  # the midnight that ends the day begins the next
        clock, weekdays = Clock(0), {(weekday + 1) % 7 for weekday in weekdays}
    start = local.date().isoformat()
    return Recurrence("weeks", 1, start, clock.hour, clock.minute, tuple(sorted(weekdays))), end


def _read_interval(text: str, position: int, local: datetime, *, bare_hour: bool) -> tuple[Recurrence, int] | None:
    if simple := _SIMPLE_WORD.match(text, position):
        kind, every = _SIMPLE[simple["word"].lower()]
        every, end = every * (2 if simple["other"] else 1), simple.end()
    elif found := read_span(text, position):
        span, end = found
        if span.seconds > LONGEST.total_seconds():
            raise TimeError(_("A recurrence of more than 10 years is too long."))
        units = {"day": ("days", 1), "week": ("weeks", 1), "month": ("months", 1), "year": ("months", 12)}
        amount, unit = span.amounts[0]
        if len(span.amounts) == 1 and unit in units and amount % 1 == 0:
            kind, every = units[unit][0], int(amount) * units[unit][1]  # type: ignore[assignment]
        else:
            kind, every = "interval", int(span.seconds // 60)
    else:
        return None
    if kind == "interval":
        if timedelta(minutes=every) < SHORTEST:
            raise TimeError(_too_often(text))
        return Recurrence("interval", every, local.astimezone(UTC).isoformat(timespec="seconds")), end
    if every < 1:
        raise TimeError(_too_often(text))
    return _calendar_rule(text, end, kind, every, local, bare_hour=bare_hour)


def _calendar_rule(
    text: str, end: int, kind: Kind, every: int, local: datetime, *, bare_hour: bool
) -> tuple[Recurrence, int]:
    present = Clock(local.hour, local.minute)
    day, start = local.day, local.date()
    weekdays: tuple[int, ...] = ()
    if kind == "months" and (on_day := _ON_DAY.match(text, end)) and 1 <= int(on_day["day"]) <= 31:
        day, end, present = int(on_day["day"]), on_day.end(), DEFAULT_CLOCK
    elif kind == "weeks":
        weekdays = (local.weekday(),)
        on_weekday = _weekday_pattern(current_language()).match(text, _skip(text, end, _ON))
        if on_weekday and on_weekday["weekday"]:
            weekdays = (current_words().weekdays[on_weekday["weekday"].lower()],)
            end, present = on_weekday.end(), DEFAULT_CLOCK
    clock, end = _clock_after(text, end, bare_hour=bare_hour) or (present, end)
    clock = Clock(clock.hour % 24, clock.minute)
    months_day = day if kind == "months" else 0
    return Recurrence(kind, every, start.isoformat(), clock.hour, clock.minute, weekdays, months_day), end


_ON = re.compile(r"\s*,?\s*(?:on|am)\s+", re.IGNORECASE)


def _clock_after(text: str, position: int, *, bare_hour: bool) -> tuple[Clock, int] | None:
    return read_clock(text, _skip(text, position, _SPACES), after_day=True, bare_hour=bare_hour)


def _skip(text: str, position: int, pattern: re.Pattern[str]) -> int:
    found = pattern.match(text, position)
    return found.end() if found else position


def _too_often(text: str) -> str:
    least = format_unit(SHORTEST.seconds // 60, "minute", length="long", locale=babel_locale())
    return _("“{text}” is too often: at least {minimum} lie between two times.").format(
        text=quoted(text), minimum=least
    )


def _not_a_recurrence(text: str) -> TimeError:
    return TimeError(
        _(
            "I can't read “{text}” as a recurrence. Write it like `day at 9:00`, `monday 18:00`, `2 weeks` or "
            "`month on the 1st`."
        ).format(text=quoted(text))
    )

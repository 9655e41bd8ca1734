"""Moments as a town file tells them: '12 minutes ago', 'yesterday 18:30', 'in 2 days 20:00'."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

UNIT_SECONDS = {"second": 1, "minute": 60, "hour": 3600, "day": 86_400, "week": 604_800}
DAYS = {"yesterday": -1, "today": 0, "tomorrow": 1}

_COUNT = r"(?P<count>\d{1,4}|an?) (?P<unit>second|minute|hour|day|week)s?"
_CLOCK = r"(?: (?:at )?(?P<clock>\d{1,2}:\d{2}))"
_AGO = re.compile(rf"{_COUNT} ago{_CLOCK}?")
_IN = re.compile(rf"in {_COUNT}{_CLOCK}?")
_DAY = re.compile(rf"(?P<day>{'|'.join(DAYS)}){_CLOCK}")
_DATE = re.compile(rf"(?P<date>\d{{4}}-\d{{2}}-\d{{2}}){_CLOCK}?")
_DURATION = re.compile(_COUNT)

EXAMPLES = "'12 minutes ago', 'yesterday 18:30', '3 days ago 9:05' or '2026-05-01 20:00'"


@dataclass(frozen=True, slots=True)
class Moment:
    """A moment that is known once 'now' is."""

    after: timedelta = timedelta()
    """Counted from now; negative is past. Of a `clock`, whole days."""
    clock: time | None = None
    day: date | None = None

    def at(self, now: datetime) -> datetime:
        """That moment. Days begin and end, and clocks go, as in the time zone of `now`."""
        if self.day is not None:
            return datetime.combine(self.day, self.clock or time(), now.tzinfo)
        moment = now + self.after
        return datetime.combine(moment, self.clock, now.tzinfo) if self.clock is not None else moment

    @property
    def to_come(self) -> bool:
        """Whether it is told as something of the future."""
        return self.after > timedelta()


def moment(text: str) -> Moment:
    """Read a moment. Raises ValueError with a sentence."""
    words = " ".join(text.lower().split())
    if words in {"now", "just now"}:
        return Moment()
    for form, sign in ((_AGO, -1), (_IN, 1)):
        if found := form.fullmatch(words):
            return _counted(found, sign)
    if found := _DAY.fullmatch(words):
        return Moment(timedelta(days=DAYS[found["day"]]), _clock(found["clock"]))
    if found := _DATE.fullmatch(words):
        return Moment(clock=_clock(found["clock"]), day=calendar_day(found["date"]))
    raise ValueError(f"'{text}' is no moment; write it like {EXAMPLES}")


def duration(text: str) -> timedelta:
    """Read how long something takes. Raises ValueError with a sentence."""
    found = _DURATION.fullmatch(" ".join(text.lower().split()))
    if found is None:
        raise ValueError(f"'{text}' is no length of time; write it like '90 minutes' or '2 hours'")
    return _length(found)


def calendar_day(text: str) -> date:
    """Read a date. Raises ValueError with a sentence."""
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise ValueError(f"'{text}' is no date; write it like '2023-05-01'") from error


def _counted(found: re.Match[str], sign: int) -> Moment:
    clock = _clock(found["clock"])
    if clock is not None and found["unit"] not in {"day", "week"}:
        raise ValueError(f"'{found[0]}' has a time of day, which goes with days and weeks only")
    return Moment(sign * _length(found), clock)


def _length(found: re.Match[str]) -> timedelta:
    count = int(found["count"]) if found["count"].isdecimal() else 1
    return timedelta(seconds=count * UNIT_SECONDS[found["unit"]])


def _clock(text: str | None) -> time | None:
    if text is None:
        return None
    hour, minute = (int(part) for part in text.split(":"))
    try:
        return time(hour, minute)
    except ValueError as error:
        raise ValueError(f"'{text}' is no time of day") from error

"""Reading a birthday, and when it comes."""

import calendar
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Final

from utils.errors import UserError
from utils.formatting import code, truncate
from utils.i18n import _
from utils.time.days import read_day

OLDEST: Final = 120  # years
LASTS: Final = timedelta(days=1)
"""How long a birthday is one: so late it is still told, and so long the role stays."""
BETWEEN: Final = timedelta(days=300)
"""So long after a birthday the next one comes at the earliest, whatever date is set meanwhile."""

_LEAP_YEAR: Final = 2000


@dataclass(frozen=True, slots=True)
class Birthday:
    """A day of the year, and the year of birth if it is known."""

    month: int
    day: int
    year: int | None = None

    def in_year(self, year: int, *, in_march: bool) -> date:
        """The day in a year; that of the 29th of February in a common year is the 28th, or the 1st of March."""
        if (self.month, self.day) != (2, 29) or calendar.isleap(year):
            return date(year, self.month, self.day)
        return date(year, 3, 1) if in_march else date(year, 2, 28)

    def age_in(self, year: int) -> int | None:
        """How old they become in a year."""
        return None if self.year is None else year - self.year


@dataclass(frozen=True, slots=True)
class Way:
    """How a birthday is kept: in which time zone, from which hour on, and where the 29th of February goes."""

    zone: tzinfo
    hour: int = 0
    in_march: bool = False

    def moment(self, day: date) -> datetime:
        """When a birthday on this day begins, in UTC."""
        return datetime.combine(day, time(self.hour), self.zone).astimezone(UTC)


def read_birthday(text: str, today: date) -> Birthday:
    """Read `24 December`, `24.12.1990` or `1990-12-24`. Raises `UserError`, and `TimeError` for what is ambiguous."""
    found = read_day(text.strip(), 0)
    if found is None or text.strip()[found[1] :].strip(" .") or found[0].month is None or found[0].day is None:
        raise UserError(
            _("I can't read a date from {text}. Write it like `24 December`, with the year if you like.").format(
                text=code(truncate(text, 40))
            )
        )
    month, day, year = found[0].month, found[0].day, found[0].year
    if year is not None and year > today.year:
        year -= 100  # of "90", the next century was understood
    try:
        born = date(_LEAP_YEAR if year is None else year, month, day)
    except ValueError as error:
        raise UserError(_("There is no such day. Write it like `24 December`.")) from error
    if year is not None and not (today.year - OLDEST <= year and born < today):
        raise UserError(_("Nobody here was born in that year. Leave the year out if you don't want to say it."))
    return Birthday(month, day, year)


def next_moment(birthday: Birthday, now: datetime, way: Way) -> tuple[datetime, int]:
    """When the next birthday begins, after now, and its year."""
    first = now.astimezone(way.zone).year - 1
    return next(
        (moment, year)
        for year in range(first, first + 4)
        if (moment := way.moment(birthday.in_year(year, in_march=way.in_march))) > now
    )


def latest_moment(birthday: Birthday, now: datetime, way: Way) -> tuple[datetime, int]:
    """When the last birthday began, now at the latest, and its year."""
    first = now.astimezone(way.zone).year + 1
    return next(
        (moment, year)
        for year in range(first, first - 4, -1)
        if (moment := way.moment(birthday.in_year(year, in_march=way.in_march))) <= now
    )


def is_now(birthday: Birthday, now: datetime, way: Way, celebrated_at: datetime | None) -> int | None:
    """The year of the birthday that is to be told now; None if there is none, or it was told."""
    moment, year = latest_moment(birthday, now, way)
    if now - moment >= LASTS or (celebrated_at is not None and now - celebrated_at < BETWEEN):
        return None
    return year


def days_until(birthday: Birthday, today: date, *, in_march: bool) -> int:
    """How many days it is to the next birthday; 0 today."""
    this_year = birthday.in_year(today.year, in_march=in_march)
    following = this_year if this_year >= today else birthday.in_year(today.year + 1, in_march=in_march)
    return (following - today).days

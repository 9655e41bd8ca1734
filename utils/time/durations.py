"""How long: reading durations, and showing durations and moments."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from decimal import Decimal
from typing import Final, Literal

from babel.units import format_unit
from dateutil.relativedelta import relativedelta

from utils.formatting import quoted
from utils.i18n import _, babel_locale, format_list
from utils.time.errors import TimeError
from utils.time.words import NUMBERS, UNITS, Unit, any_of

LONGEST: Final = timedelta(days=3_650)
"""The longest duration, and how far ahead a moment may lie: ten years."""

_SECONDS: Final[dict[Unit, int]] = {
    "second": 1,
    "minute": 60,
    "hour": 3_600,
    "day": 86_400,
    "week": 7 * 86_400,
    "month": 30 * 86_400,
    "year": 365 * 86_400,
}
_ITEM = re.compile(
    rf"(?:(?P<number>[0-9]{{1,9}}(?:[.,][0-9]{{1,2}})?)\s*"
    rf"|(?P<half>half\s+an?|half|(?:einer?\s+)?halben?)\s+|(?P<word>{any_of(NUMBERS)})\s+)"
    rf"(?P<unit>{any_of(UNITS)})(?![^\W\d_])\.?",
    re.IGNORECASE,
)
_BETWEEN = re.compile(r"\s*(?:(?:,|&|\+)\s*)?(?:(?:and|und)\s+)?", re.IGNORECASE)
_MINUTES_AFTER_HOURS = re.compile(r"([0-5]?[0-9])(?!\w|[.,:]\d)")
_LEAD = re.compile(r"\s*(?:(?:in|for|für)\s+)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Span:
    """A duration as it was said: a month isn't a number of days until it is known which one."""

    amounts: tuple[tuple[Decimal, Unit], ...]
    in_digits: bool  # "a day" isn't; with digits it is a duration wherever it stands

    @property
    def seconds(self) -> Decimal:
        """Its length, with 30 days for a month and 365 for a year."""
        return sum((amount * _SECONDS[unit] for amount, unit in self.amounts), Decimal(0))

    @property
    def whole_days(self) -> bool:
        """Whether it counts days or longer units only, so that a time of day may follow."""
        return all(_SECONDS[unit] >= _SECONDS["day"] and amount % 1 == 0 for amount, unit in self.amounts)

    def after(self, now: datetime, tz: tzinfo) -> datetime:
        """The moment this long after `now`: days and longer by the calendar of `tz`, the rest elapsed."""
        calendar: dict[Unit, int] = {}
        elapsed = Decimal(0)
        for amount, unit in self.amounts:
            if _SECONDS[unit] >= _SECONDS["day"] and amount % 1 == 0:
                calendar[unit] = calendar.get(unit, 0) + int(amount)
            else:
                elapsed += amount * _SECONDS[unit]
        moment = now.astimezone(UTC)
        if calendar:
            wall_clock = now.astimezone(tz).replace(tzinfo=None)
            wall_clock += relativedelta(
                years=calendar.get("year", 0),
                months=calendar.get("month", 0),
                weeks=calendar.get("week", 0),
                days=calendar.get("day", 0),
            )
            moment = wall_clock.replace(tzinfo=tz, fold=now.astimezone(tz).fold).astimezone(UTC)
        return moment + timedelta(seconds=round(elapsed))


def read_span(text: str, position: int = 0) -> tuple[Span, int] | None:
    """The longest duration that starts here, and where it ends."""
    amounts: list[tuple[Decimal, Unit]] = []
    in_digits, end = True, position
    while item := _ITEM.match(text, position):
        unit = UNITS[item["unit"].lower()]
        if item["number"]:
            amount = Decimal(item["number"].replace(",", "."))
        else:
            amount = Decimal("0.5") if item["half"] else Decimal(NUMBERS[item["word"].lower()])
            in_digits = False
        amounts.append((amount, unit))
        end = item.end()
        if unit == "hour" and (minutes := _MINUTES_AFTER_HOURS.match(text, end)):  # 1h30
            amounts.append((Decimal(minutes[1]), "minute"))
            end = minutes.end()
        between = _BETWEEN.match(text, end)
        position = between.end() if between else end
    return (Span(tuple(amounts), in_digits), end) if amounts else None


def parse_duration(
    text: str, *, minimum: timedelta = timedelta(seconds=1), maximum: timedelta = LONGEST
) -> timedelta:
    """Read `90 min`, `1h30m`, `2 days`, `1w2d`, `half an hour`; a month is 30 days, a year 365.

    Raises `TimeError` if it isn't a duration, or shorter or longer than the limits.
    """
    lead = _LEAD.match(text)
    start = lead.end() if lead else 0
    body = text[start:].rstrip()
    found = read_span(text, start)
    if found is None or found[1] != start + len(body):
        raise _not_a_duration(text, body)
    seconds = found[0].seconds
    if seconds > maximum.total_seconds():
        raise TimeError(
            _("“{text}” is too long: the most is {maximum}.").format(
                text=quoted(text), maximum=human_duration(maximum)
            )
        )
    duration = timedelta(seconds=round(seconds))
    if duration < minimum:
        raise TimeError(
            _("“{text}” is too short: the least is {minimum}.").format(
                text=quoted(text), minimum=human_duration(minimum)
            )
        )
    return duration


def _not_a_duration(text: str, body: str) -> TimeError:
    if re.fullmatch(r"[0-9]{1,9}", body):
        return TimeError(
            _(
                "“{number}” of what? Write `{number}m` for minutes, `{number}h` for hours or `{number}d` for days."
            ).format(number=int(body))
        )
    if re.match(r"[-−–]\s*[0-9]", body):
        return TimeError(_("A duration is more than zero, like `10m` or `1h30m`."))
    return TimeError(
        _("I can't read “{text}” as a duration. Write it like `10m`, `1h30m` or `2 days`.").format(text=quoted(text))
    )


_SHOWN: Final[tuple[Unit, ...]] = ("year", "week", "day", "hour", "minute", "second")


def human_duration(duration: timedelta, parts: int = 2) -> str:
    """The duration in words of the current language, such as `2 hours and 5 minutes`; cut, never rounded up.

    At most `parts` units are shown; of a negative one, the length. A year has 365 days; months are not used, and
    weeks only if there is nothing besides: 90 days are no 12 weeks and 6 days.
    """
    left = int(abs(duration).total_seconds())
    shown: list[str] = []
    for unit in _SHOWN:
        if unit == "week" and left % _SECONDS[unit]:
            continue
        count, left = divmod(left, _SECONDS[unit])
        if count or (unit == "second" and not shown):
            shown.append(format_unit(count, unit, length="long", locale=babel_locale()))
        if len(shown) == parts:
            break
    return format_list(shown)


def timestamp(moment: datetime, style: Literal["t", "T", "d", "D", "f", "F", "s", "S", "R"] = "f") -> str:
    """Discord's markup for a moment, which each reader sees in their own zone and language.

    `R` is relative ("in 2 hours"), `t` the time, `d`/`D` the day, `f`/`F` both.
    """
    return f"<t:{int(moment.timestamp())}:{style}>"


def clock_time(hour: int, minute: int) -> str:
    """A time of day as people would type it again: 09:00."""
    return f"{hour:02}:{minute:02}"

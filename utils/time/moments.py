"""When: reading a moment, alone or at either end of a sentence."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Final

from dateutil.relativedelta import relativedelta

from utils.formatting import quoted
from utils.i18n import _
from utils.time.clock import DEFAULT_CLOCK, Clock, read_clock
from utils.time.days import Day, read_day
from utils.time.durations import LONGEST, Span, human_duration, read_span, timestamp
from utils.time.errors import TimeError, not_a_time

_MOST_WORDS_OF_A_TIME: Final = 12
_EVENING_STARTS: Final = 5  # "tonight at 9" is 21:00, as for every hour from here to 11

_SPACE = re.compile(r"[\s,]*")
_IN = re.compile(r"(?:in|after|nach)\s+", re.IGNORECASE)
_FROM_NOW = re.compile(r"\s+(?:from\s+now|ab\s+jetzt)(?!\w)", re.IGNORECASE)
_AGO = re.compile(r"\s+ago(?!\w)", re.IGNORECASE)
_STAMP = re.compile(r"<t:(-?[0-9]{1,12})(?::[A-Za-z])?>")
_ISO = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(?::[0-9]{2})?(?:Z|[+-][0-9]{2}:[0-9]{2})?(?![\w:+.-])",
    re.IGNORECASE,
)
_LEADING_ME = re.compile(r"\s*(?:me|mich|mir)(?:\s+|$)", re.IGNORECASE)
_LEADING_LINK = re.compile(r"(?:\s|[,:;])*(?:(?:to|that|about|dass|daran|an)(?:\s+|$))?", re.IGNORECASE)
_WORD = re.compile(r"\S+")


@dataclass(frozen=True, slots=True)
class When:
    """A moment, in UTC, and the words that said it."""

    moment: datetime
    text: str


@dataclass(frozen=True, slots=True)
class Reading:
    """What was said, before it is known what it means now."""

    absolute: datetime | None = None  # naive: by the reader's clock
    span: Span | None = None
    day: Day | None = None
    clock: Clock | None = None


def parse_moment(text: str, now: datetime, tz: tzinfo) -> datetime:
    """Read `tomorrow 9am`, `friday 18:00`, `2026-03-01 14:00`, `31.12. 20:00`, `in 2h`, `noon` as a moment in UTC.

    What has no date is the next such moment after `now`. Raises `TimeError` for what can't be read, is over
    already, or lies more than ten years ahead.
    """
    found = _read(text, 0, bare_hour=True)
    if found is None or text[found[1] :].strip():
        raise not_a_time(text)
    return resolve(found[0], text, now, tz)


def split_when(text: str, now: datetime, tz: tzinfo) -> tuple[When, str]:
    """Find the time at the start of a sentence, else at its end, and give the rest: `2h tea`, `tea in 2h`.

    The rest has no "me" before and no "to", "that" or "about" between, and may be empty. Raises `TimeError`.
    """
    me = _LEADING_ME.match(text)
    start = me.end() if me else 0
    found = _read(text, start, bare_hour=False)
    if found and (found[0].span is None or found[0].span.in_digits or _IN.match(text, start)):
        return _at_start(text, start, found, now, tz)
    words = list(_WORD.finditer(text, start))
    for word in words[-_MOST_WORDS_OF_A_TIME:]:
        found = _read(text, word.start(), bare_hour=True)
        if found and not text[found[1] :].strip(" \n\t.!"):
            moment = resolve(found[0], text[word.start() :], now, tz)
            rest = _without_link(text[start : word.start()])
            return When(moment, text[word.start() : found[1]].strip()), rest
    if len(words) == 1 and (found := _read(text, start, bare_hour=True)) and found[1] == len(text.rstrip()):
        return When(resolve(found[0], text, now, tz), text.strip()), ""
    raise not_a_time(text)


def _at_start(text: str, start: int, found: tuple[Reading, int], now: datetime, tz: tzinfo) -> tuple[When, str]:
    reading, end = found
    whole = _read(text, start, bare_hour=True)  # nothing but a time, so a bare hour is meant: "tomorrow 9"
    if whole and not text[whole[1] :].strip():
        reading, end = whole
    elif _AGO.match(text, end):
        raise _over(text[start:end], None)
    moment = resolve(reading, text[start:end], now, tz)
    return When(moment, text[start:end].strip(" ,")), _without_link(text[end:])


def _without_link(text: str) -> str:
    link = _LEADING_LINK.match(text)
    return text[link.end() if link else 0 :].strip()


# --- Reading ----------------------------------------------------------------------------------------------


def _read(text: str, position: int, *, bare_hour: bool) -> tuple[Reading, int] | None:
    """The time that starts here and where it ends. A bare hour after a day ("tomorrow 9") counts if asked."""
    position = _skip(text, position)
    if stamp := _STAMP.match(text, position):
        try:
            return Reading(datetime.fromtimestamp(int(stamp[1]), UTC)), stamp.end()
        except (OverflowError, ValueError, OSError):
            return None
    if iso := _ISO.match(text, position):
        try:
            return Reading(datetime.fromisoformat(iso[0].upper())), iso.end()
        except ValueError:
            return None
    return _read_span(text, position, bare_hour=bare_hour) or _read_day_and_clock(text, position, bare_hour)


def _read_span(text: str, position: int, *, bare_hour: bool) -> tuple[Reading, int] | None:
    lead = _IN.match(text, position)
    found = read_span(text, lead.end() if lead else position)
    if found is None:
        return None
    span, end = found
    if from_now := _FROM_NOW.match(text, end):
        end = from_now.end()
    if span.whole_days and (clock := read_clock(text, _skip(text, end), after_day=True, bare_hour=bare_hour)):
        return Reading(span=span, clock=clock[0]), clock[1]
    return Reading(span=span), end


def _read_day_and_clock(text: str, position: int, bare_hour: bool) -> tuple[Reading, int] | None:
    readings: list[tuple[Reading, int]] = []
    if day := read_day(text, position):
        readings.append((Reading(day=day[0]), day[1]))
        if clock := read_clock(text, _skip(text, day[1]), after_day=True, bare_hour=bare_hour):
            readings.append((Reading(day=day[0], clock=clock[0]), clock[1]))
    if clock := read_clock(text, position, after_day=False, bare_hour=False):
        readings.append((Reading(clock=clock[0]), clock[1]))
        if day := read_day(text, _skip(text, clock[1])):
            readings.append((Reading(day=day[0], clock=clock[0]), day[1]))
    return max(readings, key=lambda reading: reading[1], default=None)


def _skip(text: str, position: int) -> int:
    space = _SPACE.match(text, position)
    return space.end() if space else position


# --- Meaning ----------------------------------------------------------------------------------------------


def resolve(reading: Reading, text: str, now: datetime, tz: tzinfo) -> datetime:
    """The moment that a reading means, in UTC; raises `TimeError` if it is over or too far ahead."""
    try:
        if reading.absolute is not None:
            moments = iter([_aware(reading.absolute, tz)])
        elif reading.span is not None:
            moments = iter([_after_span(reading.span, reading.clock, text, now, tz)])
        else:
            moments = _moments_of_days(reading, now, tz)
        earliest = None
        for moment in moments:
            earliest = earliest or moment
            if moment > now:
                return _near_enough(moment, text, now)
    except (OverflowError, ValueError) as error:
        raise error if isinstance(error, TimeError) else not_a_time(text) from None
    if reading.day and reading.day.shift == 0 and reading.clock is None:
        raise TimeError(_("At what time today? Write it like `today 18:00`."))
    raise _over(text, earliest)


def _after_span(span: Span, clock: Clock | None, text: str, now: datetime, tz: tzinfo) -> datetime:
    if span.seconds > LONGEST.total_seconds():
        raise _too_far(text)
    moment = span.after(now, tz)
    return moment if clock is None else _at(moment.astimezone(tz).date(), clock, tz)


def _moments_of_days(reading: Reading, now: datetime, tz: tzinfo) -> Iterator[datetime]:
    """The moments that may be meant, in order; the first that isn't over is."""
    local = now.astimezone(tz)
    day, clock = reading.day, reading.clock
    if day is None:
        assert clock is not None
        for shift in range(-1, 3):
            yield _at(local.date() + timedelta(days=shift), clock, tz)
            yield _at(local.date() + timedelta(days=shift), clock, tz, fold=1)
        return
    if day.months or day.weeks:
        shifted = local.replace(tzinfo=None) + relativedelta(months=day.months, weeks=day.weeks)
        yield _at(shifted.date(), clock or Clock(shifted.hour, shifted.minute), tz)
        return
    if day.tonight:
        clock = clock or Clock(20)
        if not clock.exact and _EVENING_STARTS <= clock.hour < 12:
            clock = replace(clock, hour=clock.hour + 12)
        elif not clock.exact and clock.hour == 12:
            clock = replace(clock, hour=24)
    for candidate in day.dates(local.date()):
        yield _at(candidate, clock or DEFAULT_CLOCK, tz)
        yield _at(candidate, clock or DEFAULT_CLOCK, tz, fold=1)


def _at(day: date, clock: Clock, tz: tzinfo, fold: int = 0) -> datetime:
    """A wall-clock time as moment: the first of two, and what daylight saving skips as much later."""
    if clock.hour == 24:
        day, clock = day + timedelta(days=1), replace(clock, hour=0)
    wall_clock = time(clock.hour, clock.minute, clock.second, fold=fold)
    moment = datetime.combine(day, wall_clock, tz).astimezone(UTC)
    # In a gap, fold=1 would be read by the offset after it, which is earlier than asked for.
    return max(moment, _at(day, clock, tz)) if fold else moment


def _aware(moment: datetime, tz: tzinfo) -> datetime:
    return (moment if moment.tzinfo else moment.replace(tzinfo=tz)).astimezone(UTC)


def _near_enough(moment: datetime, text: str, now: datetime) -> datetime:
    if moment - now > LONGEST:
        raise _too_far(text)
    return moment


def _too_far(text: str) -> TimeError:
    return TimeError(
        _("“{text}” is too far ahead: the most is {maximum}.").format(
            text=quoted(text), maximum=human_duration(LONGEST)
        )
    )


def _over(text: str, moment: datetime | None) -> TimeError:
    if moment is None:
        return TimeError(_("“{text}” is over already. Write a time to come.").format(text=quoted(text)))
    return TimeError(
        _("“{text}” is over already ({moment}). Write a time to come.").format(
            text=quoted(text), moment=timestamp(moment)
        )
    )

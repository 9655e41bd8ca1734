"""Reminders, as pure rules: reading what somebody wrote, and when things happen. `now` is always an argument."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from functools import partial
from typing import TypeVar

from cogs.utility.later import near_enough, repeats
from utils.converters import read_number
from utils.errors import UserError
from utils.formatting import clean_input
from utils.i18n import _
from utils.time import (
    Recurrence,
    TimeError,
    parse_duration,
    parse_moment,
    parse_recurrence,
    split_recurrence,
    split_when,
)

Result = TypeVar("Result")

MOST_PENDING = 25  # reminders that wait, per person
LONGEST_TEXT = 1_000  # characters
SAID_LATE = timedelta(minutes=1)  # later than this, a delivery says how late it is
DELIVERED_KEPT = timedelta(days=30)  # so long a delivered reminder can be snoozed
MISSED_KEPT = timedelta(days=180)  # so long the list shows what couldn't be delivered
MOST_DELIVERED_KEPT = 50  # reminders per person, the latest
DEFAULT_SNOOZE = timedelta(minutes=10)

_EVERY = re.compile(r"(?<!\S)(?:every|each|jede[nrs]?|alle)(?!\S)", re.IGNORECASE)
_ME_OR_LINK = re.compile(
    r"\s*(?:(?:me|mich|mir)(?:\s+|$))?(?:(?:to|that|about|dass|daran|an)(?:\s+|$))?", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Plan:
    """What somebody wants to be reminded of, and when. `by_clock`: their time zone mattered."""

    due_at: datetime
    text: str
    recurrence: Recurrence | None = None
    by_clock: bool = False


@dataclass(frozen=True, slots=True)
class Change:
    """What shall be different about a reminder; None for what stays."""

    due_at: datetime | None = None
    recurrence: Recurrence | None = None
    text: str | None = None


# --- Reading ----------------------------------------------------------------------------------------------


def read_plan(words: str, now: datetime, tz: tzinfo) -> Plan:
    """Read `2h tea`, `tea in 2h`, `every day at 9 standup`, `standup every monday 9:00`.

    Raises TimeError or UserError, whose text is a sentence for the person.
    """
    if repeats(words):
        recurrence, text = split_recurrence(words, now, tz)
        return _repeating(recurrence, text, now, tz)
    if at_end := _recurrence_at_end(words, now, tz):
        return _repeating(*at_end, now, tz)
    when, text = split_when(words, now, tz)
    return Plan(near_enough(when.moment, now), checked_text(text), by_clock=not _is_duration(when.text))


def read_plan_after(word: str, words: str, now: datetime, tz: tzinfo) -> Plan:
    """Read what follows a sub-command that is itself a part of the sentence: `at` in `at 9 tea`."""
    try:
        return read_plan(f"{word} {words}", now, tz)
    except TimeError as error:
        try:
            return read_plan(words, now, tz)
        except TimeError:
            raise error from None


def read_change(words: str, now: datetime, tz: tzinfo) -> Change:
    """Read what an edit changes: a time alone, a recurrence alone, a time followed by a text, else a new text."""
    if repeats(words):
        recurrence, text = split_recurrence(words, now, tz)
        plan = _repeating(recurrence, text, now, tz)
        return Change(plan.due_at, recurrence, plan.text or None)
    moment = _attempt(lambda: parse_moment(words, now, tz))
    if moment is not None:
        return Change(near_enough(moment, now))
    found = _attempt(lambda: split_when(words, now, tz))
    if found is not None and words.lstrip().startswith(found[0].text):
        return Change(near_enough(found[0].moment, now), text=checked_text(found[1]))
    return Change(text=checked_text(words))


def read_snooze(words: str, now: datetime, tz: tzinfo) -> tuple[int | None, datetime]:
    """Read `10m`, `3 10m`, `3 tomorrow 9am` or nothing: which reminder (None: the latest), and until when."""
    words = words.strip()
    if not words:
        return None, near_enough(now + DEFAULT_SNOOZE, now)
    moment = _attempt(lambda: parse_moment(words, now, tz))
    if moment is not None:
        return None, near_enough(moment, now)
    first, _space, rest = words.partition(" ")
    number = read_number(first)
    if number is None:
        return None, near_enough(parse_moment(words, now, tz), now)
    until = parse_moment(rest, now, tz) if rest.strip() else now + DEFAULT_SNOOZE
    return number, near_enough(until, now)


def checked_text(text: str) -> str:
    """The text as it is kept. Raises UserError when it is too long."""
    text = clean_input(text).strip()
    if len(text) > LONGEST_TEXT:
        raise UserError(
            _("A reminder's text has at most {limit} characters; yours has {length}.").format(
                limit=LONGEST_TEXT, length=len(text)
            )
        )
    return text


def _repeating(recurrence: Recurrence, text: str, now: datetime, tz: tzinfo) -> Plan:
    due_at = near_enough(recurrence.next_after(now, tz), now)
    return Plan(due_at, checked_text(text), recurrence, by_clock=recurrence.kind != "interval")


def _recurrence_at_end(words: str, now: datetime, tz: tzinfo) -> tuple[Recurrence, str] | None:
    """The recurrence that ends a sentence, and what stands before it: `standup every monday 9:00`."""
    for found in _EVERY.finditer(words):
        tail = words[found.start() :].rstrip(" .!")
        try:
            recurrence = parse_recurrence(tail, now, tz)
        except TimeError:
            # "ping every 2 minutes" is too often, and must not become a "ping every" in two minutes.
            if _attempt(partial(parse_moment, words[found.end() :], now, tz)):
                raise
            continue
        lead = _ME_OR_LINK.match(words)
        return recurrence, words[lead.end() if lead else 0 : found.start()].strip()
    return None


def _is_duration(words: str) -> bool:
    return _attempt(lambda: parse_duration(words)) is not None


def _attempt(read: Callable[[], Result]) -> Result | None:
    try:
        return read()
    except TimeError:
        return None


# --- Later ------------------------------------------------------------------------------------------------


def tomorrow(due_at: datetime, now: datetime, tz: tzinfo) -> datetime:
    """The same time of day as `due_at`, on the day after `now`, both by the wall clock of `tz`."""
    day = now.astimezone(tz).date() + timedelta(days=1)
    wall_clock = due_at.astimezone(tz).time().replace(fold=0)
    return datetime.combine(day, wall_clock, tz).astimezone(UTC)

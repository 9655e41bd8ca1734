"""Scheduled messages, as pure rules: reading when and what, and what is too late. `now` is always an argument."""

from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from typing import Final

from cogs.utility.later import near_enough, repeats
from utils.converters import parse_text
from utils.errors import UserError
from utils.formatting import MESSAGE_LIMIT
from utils.i18n import _
from utils.time import Recurrence, split_recurrence, split_when

MOST_SCHEDULED: Final = 50
"""For a server."""
LATEST: Final = timedelta(hours=1)
"""A message that repeats isn't sent later than this after its time; one that is sent once always is."""


@dataclass(frozen=True, slots=True)
class Plan:
    """When a message is to be sent, and what it says."""

    due_at: datetime
    text: str
    recurrence: Recurrence | None


def read_plan(words: str, now: datetime, tz: tzinfo) -> Plan:
    """Read `tomorrow 9am Hello` or `every monday 9:00 Hello`. Raises TimeError or UserError."""
    due_at, recurrence, text = read_time(words, now, tz)
    try:
        return Plan(due_at, parse_text(text, MESSAGE_LIMIT), recurrence)
    except ValueError as error:
        if text.strip():
            raise UserError(str(error)) from error
        raise UserError(_("Say after the time what I shall write.")) from error


def read_time(words: str, now: datetime, tz: tzinfo) -> tuple[datetime, Recurrence | None, str]:
    """Read when, once or again and again, and give the rest. Raises TimeError or UserError."""
    if repeats(words):
        recurrence, text = split_recurrence(words, now, tz)
        return near_enough(recurrence.next_after(now, tz), now), recurrence, text
    when, text = split_when(words, now, tz)
    return near_enough(when.moment, now), None, text


def is_too_late(late: timedelta, recurrence: Recurrence | None) -> bool:
    """Whether it is left out: what comes again soon needn't be told of a morning in the evening."""
    return recurrence is not None and late > LATEST

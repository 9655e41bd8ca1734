"""Time in the words of people: durations, moments, recurrences and time zones.

Everything here is pure: `now` is an argument, and every moment is aware. Whatever can't be read raises
`TimeError`, whose text is a sentence for the reader, in their language. What people write is understood in
English and in their own language; names of days and months come from CLDR through Babel, and dateutil knows
how long a month is.

Rules that hold everywhere:
- A wall-clock time that daylight saving skips happens as much later as the clock jumped (02:30 is 03:30). One
  that happens twice is the first of the two.
- Hours and smaller units are elapsed time. Days, weeks, months and years keep the time of day.
- A day without a time of day means 09:00.
"""

from utils.time.durations import (
    LONGEST,
    clock_time,
    human_duration,
    parse_duration,
    timestamp,
)
from utils.time.errors import TimeError
from utils.time.moments import When, parse_moment, split_when
from utils.time.past import parse_past
from utils.time.recurrences import Recurrence, parse_recurrence, split_recurrence
from utils.time.zones import find_timezone

__all__ = [
    "LONGEST",
    "Recurrence",
    "TimeError",
    "When",
    "clock_time",
    "find_timezone",
    "human_duration",
    "parse_duration",
    "parse_moment",
    "parse_past",
    "parse_recurrence",
    "split_recurrence",
    "split_when",
    "timestamp",
]

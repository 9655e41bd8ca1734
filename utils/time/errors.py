"""What is raised when a time can't be understood."""

from utils.formatting import quoted
from utils.i18n import _


class TimeError(ValueError):
    """A time that can't be read or isn't allowed; the text is a sentence in the reader's language."""


def not_a_time(text: str) -> TimeError:
    """The error for a text that has no time in it."""
    return TimeError(
        _(
            "I can't read “{text}” as a time. Write it like `2h`, `tomorrow 9am`, `friday 18:00` or "
            "`31 december 20:00`."
        ).format(text=quoted(text))
    )

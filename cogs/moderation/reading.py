"""What moderators write behind a name: how long, which options, and why. Pure rules."""

import re
from dataclasses import dataclass
from datetime import timedelta
from difflib import get_close_matches

from utils.converters import parse_text
from utils.errors import UserError
from utils.formatting import code, shows_nothing, truncate
from utils.i18n import _
from utils.time import parse_duration
from utils.time.durations import read_span
from utils.time.words import UNITS

REASON_LIMIT = 1000  # characters
WORDS_LIMIT = REASON_LIMIT + 100  # a reason with a length and options before it
LONGEST_TEMPORARY = timedelta(days=3650)
MOST_DELETED_DAYS = 7  # Discord's limit
MOST_POINTS = 100
CLOSE = 0.75  # how near a unit a slip is, of 1
LONGEST_ORDINAL = 2  # letters, of 1st

_LEAD = re.compile(r"\s*(?:(?:for|für)\s+)?", re.IGNORECASE)
_LIKE_A_LENGTH = re.compile(r"[-−–+]?[0-9]{1,9}(?:[.,][0-9]+)?(?P<unit>[^\W\d_]*)")
_POINTS = re.compile(r"(?<!\S)--points(?:[ =]+(?P<points>\S*))?(?!\S)", re.IGNORECASE)
_DAYS = re.compile(r"(?<!\S)--days(?:[ =]+(?P<days>\S*))?(?!\S)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Words:
    """What was written. `length` is None if none was, `delete_days` if the option wasn't."""

    length: timedelta | None = None
    reason: str | None = None
    delete_days: int | None = None


def read_words(text: str | None) -> Words:
    """Read `7d spam`, `spam`, `for 2 hours`; a length counts only in digits and first: "a day of spam" is a reason.

    Raises TimeError or ValueError, whose text is a sentence for the moderator; also for what was meant as a length,
    or a ban with a slip in it would be one for good.
    """
    text = text or ""
    lead = _LEAD.match(text)
    start = lead.end() if lead else 0
    found = read_span(text, start)
    if found is None or not found[0].in_digits or not _ends_word(text, found[1]):
        if meant_as_length(text[start:]):
            parse_duration(text[start:].split(maxsplit=1)[0])  # raises the sentence that fits
        return Words(reason=_reason(text))
    return Words(parse_duration(text[start : found[1]], maximum=LONGEST_TEMPORARY), _reason(text[found[1] :]))


def meant_as_length(text: str) -> bool:
    """Whether a text begins with a slip of a length, `-5m` or `7dyas`, or is a number alone; `2nd account` isn't."""
    word, *more = text.split(maxsplit=1) or [""]
    found = _LIKE_A_LENGTH.fullmatch(word)
    if found is None or not found["unit"]:
        return found is not None and not more
    unit = found["unit"].casefold()
    pressed_twice = len(set(unit)) == 1 and unit[0] in UNITS
    near = len(unit) > LONGEST_ORDINAL and get_close_matches(unit, UNITS, n=1, cutoff=CLOSE)
    return unit in UNITS or pressed_twice or bool(near)


def read_ban(text: str | None) -> Words:
    """Read the same, with `--days 3` anywhere."""
    text = text or ""
    option = _DAYS.search(text)
    if option is None:
        return read_words(text)
    words = read_words(f"{text[: option.start()].rstrip()} {text[option.end() :].lstrip()}".strip())
    return Words(words.length, words.reason, read_days(option["days"] or ""))


def read_warning(text: str | None) -> tuple[int, str | None]:
    """Read a warning's points (one unless `--points 3` stands anywhere) and its reason."""
    text = text or ""
    option = _POINTS.search(text)
    if option is None:
        return 1, _reason(text)
    why = f"{text[: option.start()].rstrip()} {text[option.end() :].lstrip()}"
    return read_points(option["points"] or ""), _reason(why)


def read_points(text: str) -> int:
    """Read a number of points."""
    if not re.fullmatch(r"[0-9]{1,9}", text) or not 1 <= int(text) <= MOST_POINTS:
        raise UserError(
            _("{text} isn't a number of points: write 1 to {most}.").format(
                text=code(truncate(text, 40) or " "), most=MOST_POINTS
            )
        )
    return int(text)


def read_days(text: str) -> int:
    """Read how many days of messages a ban deletes."""
    if not re.fullmatch(r"[0-9]", text) or int(text) > MOST_DELETED_DAYS:
        raise UserError(
            _("{text} isn't a number of days: write `--days` with 0 to {most}.").format(
                text=code(truncate(text, 40) or " "), most=MOST_DELETED_DAYS
            )
        )
    return int(text)


def _reason(text: str) -> str | None:
    text = text.strip().removeprefix(",").strip()
    try:
        return None if shows_nothing(text) else parse_text(text, REASON_LIMIT)
    except ValueError as error:
        raise UserError(str(error)) from error


def _ends_word(text: str, position: int) -> bool:
    return position == len(text) or text[position].isspace() or text[position] == ","

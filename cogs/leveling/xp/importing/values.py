"""Ids and numbers as files have them: quoted, grouped, rounded by a spreadsheet. Pure."""

import re
from decimal import Decimal
from enum import StrEnum
from typing import Any, Final

from database.standing_values import MOST
from utils.i18n import N_
from utils.lookup import LARGEST_ID

_ID = re.compile(r"(?:<@!?)?([0-9]{15,20})>?")
_SCIENTIFIC = re.compile(r"[0-9](?:[.,][0-9]+)?\s*e\s*\+?(?:1[4-9]|2[01])", re.IGNORECASE)
_GROUPED = re.compile(r"[+]?([0-9]{1,3}(?:([,._'’ ])[0-9]{3})(?:\2[0-9]{3})*)(?:(?!\2)[.,][0-9]+)?")
_PLAIN = re.compile(r"[+]?([0-9]{1,40})(?:[.,][0-9]+)?")
EXACT_DIGITS: Final = 15
"""As many digits as spreadsheets keep of a number; those behind them become zeros."""


class Flaw(StrEnum):
    """Why a row is left out. Each has its sentence below."""

    NO_ROW = "no_row"
    NO_ID = "no_id"
    ROUNDED = "rounded"
    NOTHING = "nothing"
    NO_NUMBER = "no_number"
    NEGATIVE = "negative"
    TOO_MUCH = "too_much"
    TOO_HIGH = "too_high"
    TWICE = "twice"
    BOT = "bot"


FLAWS: Final = {
    Flaw.NO_ROW: N_("not a row of values"),
    Flaw.NO_ID: N_("no id of a user"),
    Flaw.ROUNDED: N_("an id that a spreadsheet rounded"),
    Flaw.NOTHING: N_("neither XP nor a level"),
    Flaw.NO_NUMBER: N_("something that isn't a number"),
    Flaw.NEGATIVE: N_("a number below zero"),
    Flaw.TOO_MUCH: N_("a number that is too large"),
    Flaw.TOO_HIGH: N_("a level above the highest"),
    Flaw.TWICE: N_("the same user again with less XP"),
    Flaw.BOT: N_("a bot"),
}


class FlawError(ValueError):
    """A row can't be taken."""

    def __init__(self, flaw: Flaw) -> None:
        super().__init__(flaw)
        self.flaw = flaw


def parse_id(value: Any) -> int:
    """The id of a user, as number, text or mention. Raises `FlawError`."""
    if isinstance(value, str) and 16 < len(value) < 19 and value.isascii() and value.isdecimal():
        return int(value)  # nearly all are like this
    if isinstance(value, Decimal):
        raise FlawError(Flaw.ROUNDED)  # only a number that was rounded is written with a point or an exponent
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise FlawError(Flaw.NO_ID)
    text = _bare(str(value)) if isinstance(value, str) or value < 10**20 else ""
    if _SCIENTIFIC.fullmatch(text):
        raise FlawError(Flaw.ROUNDED)
    found = _ID.fullmatch(text)
    if found is None or not 0 < int(found[1]) <= LARGEST_ID:
        raise FlawError(Flaw.NO_ID)
    return int(found[1])


def looks_rounded(user_id: int) -> bool:
    """Whether only zeros come behind the digits that a spreadsheet keeps; of true ids, one in hundreds does."""
    digits = str(user_id)
    return len(digits) > EXACT_DIGITS and not digits[EXACT_DIGITS:].strip("0")


def parse_number(value: Any) -> int | None:
    """A whole number from zero on; parts of one are cut off. None for nothing. Raises `FlawError`."""
    if value is None or value == "":
        return None
    if isinstance(value, str) and len(value) <= EXACT_DIGITS and value.isascii() and value.isdecimal():
        return int(value)  # nearly all are like this
    if isinstance(value, bool):
        raise FlawError(Flaw.NO_NUMBER)
    number = _number(value)
    if number < 0:
        raise FlawError(Flaw.NEGATIVE)
    if number > MOST:
        raise FlawError(Flaw.TOO_MUCH)
    return number


def _number(value: Any) -> int:
    if isinstance(value, int):
        return value
    if isinstance(value, Decimal):
        if not value.is_finite():
            raise FlawError(Flaw.NO_NUMBER)
        if value.adjusted() > EXACT_DIGITS + 3:  # 1e999999999 would take all memory as a whole number
            raise FlawError(Flaw.NEGATIVE if value < 0 else Flaw.TOO_MUCH)
        return int(value.to_integral_value("ROUND_FLOOR"))
    if not isinstance(value, str):
        raise FlawError(Flaw.NO_NUMBER)
    text = _bare(value)
    if re.fullmatch(r"[-−–]\s*[0-9].*", text):
        raise FlawError(Flaw.NEGATIVE)
    found = _GROUPED.fullmatch(text) or _PLAIN.fullmatch(text)
    if found is None:
        raise FlawError(Flaw.NO_NUMBER)
    return int(re.sub(r"[^0-9]", "", found[1]))


def _bare(text: str) -> str:
    """A cell without what spreadsheets put around a value: blanks, quotation marks, `="…"`."""
    text = " ".join(text.replace("\u00a0", " ").replace("\u202f", " ").split())
    return text.removeprefix("=").strip("'\"\u2019 ")

"""The words of time: units, numbers, days and months, in English and the reader's language."""

import re
from dataclasses import dataclass
from functools import cache
from typing import Final, Literal

from babel import Locale

from utils.i18n import PSEUDO, SOURCE, current_language

Unit = Literal["second", "minute", "hour", "day", "week", "month", "year"]

_UNITS: Final[dict[Unit, str]] = {
    "second": "s sec secs second seconds sek sekunde sekunden",
    "minute": "m min mins minute minutes minuten",
    "hour": "h hr hrs hour hours std stunde stunden",
    "day": "d day days tag tage tagen",
    "week": "w wk wks week weeks woche wochen",
    "month": "mo mos month months monat monate monaten",
    "year": "y yr yrs year years jahr jahre jahren",
}
UNITS: Final[dict[str, Unit]] = {word: unit for unit, words in _UNITS.items() for word in words.split()}

_NUMBERS: Final[dict[int, str]] = {
    1: "a an one ein eine einen einem einer",
    2: "two zwei",
    3: "three drei",
    4: "four vier",
    5: "five fünf",
    6: "six sechs",
    7: "seven sieben",
    8: "eight acht",
    9: "nine neun",
    10: "ten zehn",
    11: "eleven elf",
    12: "twelve zwölf",
}
NUMBERS: Final[dict[str, int]] = {word: number for number, words in _NUMBERS.items() for word in words.split()}

# Times of day that have a name. Those of the second table need a day before them: "tomorrow morning".
_CLOCK_WORDS: Final = {"noon": 12, "midday": 12, "midnight": 24}
_DAY_PARTS: Final = {"morning": 9, "afternoon": 15, "evening": 19, "night": 21}
_RELATIVE_DAYS: Final = {
    "today": 0,
    "tomorrow": 1,
    "tmrw": 1,
    "tmr": 1,
    "the day after tomorrow": 2,
    "day after tomorrow": 2,
}
_TONIGHT: Final = ("tonight", "this evening")
_EXTRA_WEEKDAYS: Final = {"tues": 1, "weds": 2, "thur": 3, "thurs": 3}
_EXTRA_MONTHS: Final = {"sept": 9}

_GERMAN_CLOCK_WORDS: Final = {"mittag": 12, "mittags": 12, "mitternacht": 24}
_GERMAN_DAY_PARTS: Final = {"früh": 9, "vormittag": 10, "nachmittag": 15, "abend": 19, "nacht": 21}
_GERMAN_RELATIVE_DAYS: Final = {"heute": 0, "morgen": 1, "übermorgen": 2}
_GERMAN_EXTRA_MONTHS: Final = {"mrz": 3, "jänner": 1, "sept": 9}


@dataclass(frozen=True, slots=True)
class Words:
    """What a reader of one language may write, each word in lower case."""

    clock: dict[str, int]  # → hour, 24 for the midnight that ends the day
    day_parts: dict[str, int]  # → hour
    relative_days: dict[str, int]  # → days from today
    tonight: tuple[str, ...]
    weekdays: dict[str, int]  # → 0 for Monday
    months: dict[str, int]  # → 1 for January


@cache
def _words(language: str) -> Words:
    words = Words(
        clock=dict(_CLOCK_WORDS),
        day_parts=dict(_DAY_PARTS),
        relative_days=dict(_RELATIVE_DAYS),
        tonight=_TONIGHT,
        weekdays=_names(SOURCE, "days") | _EXTRA_WEEKDAYS,
        months=_names(SOURCE, "months") | _EXTRA_MONTHS,
    )
    if language in {SOURCE, PSEUDO}:
        return words
    words.weekdays.update(_names(language, "days"))
    words.months.update(_names(language, "months"))
    if language == "de":
        words.clock.update(_GERMAN_CLOCK_WORDS)
        words.day_parts.update(_GERMAN_DAY_PARTS)
        words.relative_days.update(_GERMAN_RELATIVE_DAYS)
        words.months.update(_GERMAN_EXTRA_MONTHS)
        return Words(
            words.clock,
            words.day_parts,
            words.relative_days,
            (*_TONIGHT, "heute abend", "heute nacht"),
            words.weekdays | {"sonnabend": 5},
            words.months,
        )
    return words


def current_words() -> Words:
    """The words that are understood now: English ones and those of the current language."""
    return _words(current_language())


def _names(language: str, kind: Literal["days", "months"]) -> dict[str, int]:
    locale = Locale.parse(language)
    by_context = locale.days if kind == "days" else locale.months
    return {
        str(name).rstrip(".").lower(): number
        for context in ("format", "stand-alone")
        for length in ("wide", "abbreviated")
        for number, name in by_context[context][length].items()
    }


def any_of(words: object) -> str:
    """A regular expression for any of these words, the longest first; a space stands for any white space."""
    assert isinstance(words, dict | tuple)
    return "|".join(re.escape(word).replace(r"\ ", r"\s+") for word in sorted(words, key=len, reverse=True))

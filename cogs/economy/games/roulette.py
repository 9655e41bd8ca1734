"""Roulette: the European wheel, with a single zero."""

import re
from collections.abc import Collection, Iterable, Iterator
from fractions import Fraction
from itertools import pairwise
from typing import Final

from cogs.economy.games.catalogue import Odds, ReadSetting, add_game
from cogs.economy.games.settings import HOUSE_SHARE
from cogs.economy.games.spaces import Space, odds_of
from utils.formatting import safe, truncate
from utils.i18n import N_, _

NUMBERS: Final = tuple(range(37))
RED: Final = frozenset({1, 3, 5, 7, 9, 12, 14, 16, 18, 19, 21, 23, 25, 27, 30, 32, 34, 36})
BLACK: Final = frozenset(NUMBERS) - RED - {0}


def _space(name: str, covered: Iterable[int], kind: str, **values: object) -> Space[int]:
    """A space pays as if there were no zero: 36 times the stake, shared among its numbers."""
    wins = frozenset(covered)
    return Space(name, wins, Fraction(36, len(wins)), values, kind)


def _inside() -> Iterator[Space[int]]:
    """The spaces on and between the numbers: twelve rows of three on the cloth, and the zero above them."""
    rows = [range(first, first + 3) for first in range(1, 37, 3)]
    for number in NUMBERS:
        yield _numbers(N_("number {numbers}"), N_("one number"), [number])
    beside = [(number, number + 1) for row in rows for number in row[:2]]
    above = [(number, number + 3) for number in range(1, 34)]
    for pair in [(0, 1), (0, 2), (0, 3), *beside, *above]:
        yield _numbers(N_("split {numbers}"), N_("split (2 numbers side by side)"), pair)
    for three in [(0, 1, 2), (0, 2, 3), *map(tuple, rows)]:
        yield _numbers(N_("street {numbers}"), N_("street (a row of 3)"), three)
    squares = [(number, number + 1, number + 3, number + 4) for number, _next in beside if number < 34]
    for square in [(0, 1, 2, 3), *squares]:
        yield _numbers(N_("corner {numbers}"), N_("corner (a square of 4)"), square)
    for upper, lower in pairwise(rows):
        yield _numbers(N_("line {numbers}"), N_("line (2 rows, 6 numbers)"), [*upper, *lower])


def _numbers(name: str, kind: str, covered: Collection[int]) -> Space[int]:
    return _space(name, covered, kind, numbers="-".join(map(str, sorted(covered))))


_EVEN_CHANCES: Final = N_("red, black, odd, even, low (1 to 18) or high (19 to 36)")
_DOZENS: Final = N_("a dozen or a column")
OUTSIDE: Final = {
    "red": _space(N_("red"), RED, _EVEN_CHANCES),
    "black": _space(N_("black"), BLACK, _EVEN_CHANCES),
    "odd": _space(N_("odd"), NUMBERS[1::2], _EVEN_CHANCES),
    "even": _space(N_("even"), NUMBERS[2::2], _EVEN_CHANCES),
    "low": _space(N_("low"), range(1, 19), _EVEN_CHANCES),
    "high": _space(N_("high"), range(19, 37), _EVEN_CHANCES),
    **{
        f"dozen {which}": _space(
            N_("dozen {which} ({first} to {last})"), range(12 * which - 11, 12 * which + 1), _DOZENS,
            which=which, first=12 * which - 11, last=12 * which,
        )
        for which in (1, 2, 3)
    },
    **{
        f"column {which}": _space(
            N_("column {which} ({first} to {last})"), range(which, 37, 3), _DOZENS,
            which=which, first=which, last=33 + which,
        )
        for which in (1, 2, 3)
    },
}  # fmt: skip
INSIDE: Final = {space.wins: space for space in _inside()}
SPACES: Final = (*OUTSIDE.values(), *INSIDE.values())
"""Everything one can bet on."""

_BY_RANGE: Final = {
    (min(space.wins), max(space.wins)): space
    for space in SPACES
    if len(space.wins) > 2 and max(space.wins) - min(space.wins) == len(space.wins) - 1
}
_WORDS: Final = {
    **dict.fromkeys(("r", "rouge", "rot"), "red"),
    **dict.fromkeys(("b", "noir", "schwarz"), "black"),
    **dict.fromkeys(("impair", "odds", "ungerade"), "odd"),
    **dict.fromkeys(("pair", "evens", "gerade"), "even"),
    **dict.fromkeys(("manque", "niedrig", "first half"), "low"),
    **dict.fromkeys(("passe", "hoch", "second half"), "high"),
}
_ZERO: Final = frozenset({"zero", "green", "null", "zéro", "grün"})
_ORDINALS: Final = {
    **dict.fromkeys(("1st", "first", "1.", "erstes", "erste"), "1"),
    **dict.fromkeys(("2nd", "second", "2.", "zweites", "zweite"), "2"),
    **dict.fromkeys(("3rd", "third", "3.", "drittes", "dritte"), "3"),
}
_THIRD = re.compile(r"(?:(?P<a>[123]) ?)?(?P<what>dozen|dutzend|doz|d|column|col|spalte|kolonne|c) ?(?P<b>[123])?")
_LIST = re.compile(
    r"(?:(?:number|straight|split|street|corner|square|line|row|zahl) ?)?"
    r"([0-9]{1,2}(?:[ ,/+&-]{1,3}[0-9]{1,2}){0,5})"
)


def find(text: str) -> Space[int]:
    """The space that somebody names: `17`, `red`, `dozen 2`, `4-6`; raises `ValueError` with a sentence."""
    word = " ".join(_ORDINALS.get(part, part) for part in text.casefold().split())
    word = _WORDS.get(word, word)
    space = OUTSIDE.get(word) or _third(word) or _listed("0" if word in _ZERO else word)
    if space is None:
        raise ValueError(
            _(
                "“{text}” isn't a bet in roulette. Choose a number from `0` to `36`, `red`, `black`, `odd`, `even`,"
                " `low`, `high`, `dozen 1` to `3`, `column 1` to `3`, or neighbours like `17-20`."
            ).format(text=safe(truncate(text, 40)))
        )
    return space


def _third(word: str) -> Space[int] | None:
    found = _THIRD.fullmatch(word)
    if found is None or (found["a"] is None) == (found["b"] is None):
        return None
    return OUTSIDE[f"{'dozen' if found['what'].startswith('d') else 'column'} {found['a'] or found['b']}"]


def _listed(word: str) -> Space[int] | None:
    """Numbers one by one, or the first and the last of them: `1-2-3` and `1-3` are the same street."""
    found = _LIST.fullmatch(word)
    if found is None:
        return None
    words = re.findall("[0-9]+", found[1])
    if "00" in words:  # the American wheel's second zero
        return None
    numbers = [int(number) for number in words]
    space = INSIDE.get(frozenset(numbers)) if len(set(numbers)) == len(numbers) else None
    if space is None and len(numbers) == 2:
        space = _BY_RANGE.get((numbers[0], numbers[1]))
    return space


def colour(number: int) -> str:
    """The emoji of a number's colour."""
    return "🔴" if number in RED else "⚫" if number in BLACK else "🟢"


def odds(read: ReadSetting) -> list[Odds]:
    """What each bet brings back on average."""
    return odds_of(SPACES, len(NUMBERS), read(HOUSE_SHARE))


def about() -> str:
    """The rules, in words."""
    return _("A wheel with the numbers 0 to 36. At 0, all bets lose that don't name it.")


ROULETTE = add_game("roulette", N_("Roulette"), N_("Whether members may bet at roulette."), odds, about)

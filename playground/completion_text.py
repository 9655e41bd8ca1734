"""What a person is typing: where the word at the cursor begins, what it asks for, and how well something fits.

Indexes are of characters, but for those in `UTF-16 units`, in which JavaScript counts: most emoji are two of them.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Literal, TypeVar

T = TypeVar("T")
Sign = Literal["@", "#", ":"]

FENCE: Final = 3  # backticks, from which on it is a block

REMEMBERED_NAMES: Final = 4_096  # without accents: at each key, all emoji there are would be looked through anew

# A sign begins a name at the start of a word. Names of people and of channels may have spaces in them; people's have
# at most 32 characters. Emoji are asked for from two letters on: many a sentence has a colon.
_NAME = re.compile(r"(?:^|(?<=[\s(\[{\"'“„*_~|>,;]))([@#])([^\n@#<>]{0,40})\Z")
_EMOJI = re.compile(r"(?<![\w:<])(:)([\w+-]{2,40})\Z")
_CODE_SIGN = re.compile(r"\\`|`+|\n")


@dataclass(frozen=True, slots=True)
class Query:
    """The beginning of a name at the cursor."""

    start: int
    sign: Sign
    text: str


def before_cursor(text: str, cursor: int) -> str:
    """The text up to a cursor in UTF-16 units; a cursor outside of it, or inside of an emoji, moves to the left."""
    units = text.encode("utf-16-le", "surrogatepass")
    return units[: 2 * max(0, min(cursor, len(units) // 2))].decode("utf-16-le", "ignore")


def utf16_length(text: str) -> int:
    """How many UTF-16 units a text has."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def in_code(text: str) -> bool:
    """Whether what follows this text stands in code: in a block, or in a line's code that isn't closed yet."""
    opened = 0  # how many backticks opened the code
    for sign in _CODE_SIGN.finditer(text):
        length = len(sign[0])
        if sign[0] == "\n":
            opened = opened if opened == FENCE else 0
        elif sign[0].startswith("\\") or length >= 2 * FENCE:  # escaped, or an empty block
            continue
        elif not opened:
            opened = min(length, FENCE)
        elif opened == min(length, FENCE):
            opened = 0
    return opened > 0


def query(text: str) -> Query | None:
    """What the last word of a text asks for: people and roles, channels, or emoji; None for an ordinary word."""
    if text == ":":  # what the page's list of emoji asks for; in a sentence a colon alone asks for nothing
        return Query(0, ":", "")
    found = _EMOJI.search(text) or _NAME.search(text)
    if found is None:
        return None
    sign: Sign = found[1]  # type: ignore[assignment]
    return Query(found.start(1), sign, found[2])


@lru_cache(maxsize=REMEMBERED_NAMES)
def folded(text: str) -> str:
    """A text without case and accents, for comparing."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(character for character in decomposed if not unicodedata.combining(character))


def fit(typed: str, *names: str) -> int | None:
    """How well the best of some names fits what was typed: 0 begins with it, 1 a word of it does, 2 contains it."""
    wanted = folded(typed)
    ranks = [_fit_one(wanted, folded(name)) for name in names if name]
    return min((rank for rank in ranks if rank is not None), default=None)


def _fit_one(wanted: str, name: str) -> int | None:
    at = name.find(wanted)
    if at <= 0:
        return 0 if at == 0 else None
    if re.search(rf"(?:\b|_){re.escape(wanted)}", name):
        return 1
    return 2 if len(wanted) > 1 else None  # a single letter is in half of all names


def best(typed: str, things: Iterable[T], names: Callable[[T], tuple[str, ...]]) -> list[T]:
    """The things that fit, the best first, else in the order they came in."""
    ranked = [(rank, thing) for thing in things if (rank := fit(typed, *names(thing))) is not None]
    return [thing for _rank, thing in sorted(ranked, key=lambda pair: pair[0])]

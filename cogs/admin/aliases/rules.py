"""What aliases may be called, and what they stand for. Neither Discord nor SQL."""

import re
from typing import Final

from utils.formatting import MESSAGE_LIMIT, code, truncate
from utils.i18n import _, format_list, ngettext
from utils.templates import fill, places_in, unknown_places

NAME_LIMIT: Final = 32  # characters
TEXT_LIMIT: Final = 1_000  # characters
LONGEST_EXPANDED: Final = MESSAGE_LIMIT
MOST_ALIASES: Final = 200
"""Of one server."""

NUMBERS: Final = tuple(str(number) for number in range(1, 10))
PLACES: Final = (*NUMBERS, "args", "rest")
"""What is filled in: `{1}` is the first word behind the alias, `{args}` all, `{rest}` those that no number takes."""

_NAME: Final = re.compile(rf"[^\s`\"“”„@#<>*_~|\\]{{1,{NAME_LIMIT}}}")
_WORD: Final = re.compile(r"\"(?:\\.|[^\"\\])*\"(?=\s|$)|\S+", re.DOTALL)


def folded(name: str) -> str:
    """A name as it is kept and looked up."""
    return name.casefold()


def read_name(text: str) -> str:
    """The name for an alias; raises `ValueError` if none may be called so."""
    name = folded(text.strip())
    if _NAME.fullmatch(name) is None:
        raise ValueError(
            _("An alias is one word of up to {most} characters, without quotation marks and formatting.").format(
                most=NAME_LIMIT
            )
        )
    return name


def check_text(text: str) -> str:
    """What an alias stands for; raises `ValueError` if a place in it could never be filled in."""
    unknown = unknown_places(text, PLACES)
    if unknown:
        raise ValueError(
            _("There is nothing to put in place of {unknown}. There are {places}.").format(
                unknown=code("{" + truncate(unknown[0], 40) + "}"),
                places=format_list([code("{" + place + "}") for place in PLACES]),
            )
        )
    return text


def words_needed(text: str) -> int:
    """How many words have to stand behind an alias."""
    return max((int(place) for place in places_in(text) if place in NUMBERS), default=0)


def expand(text: str, typed: str) -> str:
    """The call that an alias stands for, with what was typed behind it.

    A quoted phrase is one word. What no place takes comes at the end, so nothing that was typed is lost; what is
    filled in is not looked at again. Raises `ValueError` if words are missing, or it gets too long.
    """
    typed = typed.strip()
    words = list(_WORD.finditer(typed))
    needed = words_needed(text)
    if len(words) < needed:
        raise ValueError(
            ngettext(
                "This alias needs {n} word behind it: it stands for {text}.",
                "This alias needs {n} words behind it: it stands for {text}.",
                needed,
            ).format(n=needed, text=code(text))
        )
    rest = typed[words[needed - 1].end() :].strip() if needed else typed
    values = {str(number): word[0] for number, word in enumerate(words[: len(NUMBERS)], 1)}
    expanded = fill(text, {**values, "args": typed, "rest": rest}).strip()
    if rest and not {"args", "rest"} & set(places_in(text)):
        expanded = f"{expanded} {rest}"
    if len(expanded) > LONGEST_EXPANDED:
        raise ValueError(
            _("That gets too long: {length} characters, and {most} are the most.").format(
                length=len(expanded), most=LONGEST_EXPANDED
            )
        )
    return expanded

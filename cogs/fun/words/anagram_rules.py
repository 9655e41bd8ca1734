"""Anagrams: letters in another order, and who finds a word in them. Pure."""

import random
from collections.abc import Mapping
from typing import Final

FULL_POINTS: Final = 3
HINTED_POINTS: Final = 1
MOST_MIXES: Final = 20


def mixed(word: str, known: Mapping[str, frozenset[str]], chance: random.Random) -> str:
    """The letters of a word in an order that is no word, if there is one."""
    words = known.get(letters_of(word), frozenset()) | {word}
    letters = list(word)
    for _mix in range(MOST_MIXES):
        chance.shuffle(letters)
        if "".join(letters) not in words:
            return "".join(letters)
    return "".join(sorted(letters))


def letters_of(text: str) -> str:
    """The letters of a text in order."""
    return "".join(sorted(text))


def is_answer(text: str, word: str, known: Mapping[str, frozenset[str]]) -> bool:
    """Whether a message is the word, or another known one of the same letters."""
    return text == word or (len(text) == len(word) and text in known.get(letters_of(word), frozenset()))

"""Anagrams: letters in another order, and who finds a word in them. Pure."""

import random
from collections.abc import Mapping
from typing import Final

from cogs.fun.words.hangman_rules import plain

FULL_POINTS: Final = 3
HINTED_POINTS: Final = 1
MOST_MIXES: Final = 20


def mixed(word: str, known: Mapping[str, frozenset[str]], chance: random.Random) -> str:
    """The letters of a word in an order that is no word, if there is one."""
    words = {plain(one) for one in known.get(letters_of(word), frozenset()) | {word}}
    letters = list(word)
    for _mix in range(MOST_MIXES):
        chance.shuffle(letters)
        if plain("".join(letters)) not in words:
            return "".join(letters)
    return "".join(sorted(letters))


def letters_of(text: str) -> str:
    """The letters of a text in order."""
    return "".join(sorted(text))


def answer_in(text: str, word: str, known: Mapping[str, frozenset[str]]) -> str | None:
    """The word, or another known one of the same letters, that a message is; case and accents don't matter."""
    said = plain(text)
    if len(said) != len(plain(word)):
        return None
    return next((one for one in (word, *known.get(letters_of(word), ())) if plain(one) == said), None)

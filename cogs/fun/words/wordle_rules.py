"""Wordle: what a guess tells about a word. Pure."""

from collections import Counter
from collections.abc import Iterable
from enum import IntEnum
from typing import Final

LETTERS: Final = 5
TRIES: Final = 6


class Tile(IntEnum):
    """What one letter of a guess tells; a higher one tells more."""

    ABSENT = 0
    ELSEWHERE = 1
    RIGHT = 2


TILES: Final = {Tile.ABSENT: "⬛", Tile.ELSEWHERE: "🟨", Tile.RIGHT: "🟩"}


def tiles(guess: str, word: str) -> tuple[Tile, ...]:
    """What each letter of a guess tells.

    A letter shows up as right or elsewhere as often as the word has it, and no more: first the right ones count,
    then the others from left to right.
    """
    left = Counter(letter for letter, there in zip(word, guess, strict=True) if letter != there)
    found = []
    for letter, there in zip(guess, word, strict=True):
        if letter == there:
            found.append(Tile.RIGHT)
        elif left[letter]:
            left[letter] -= 1
            found.append(Tile.ELSEWHERE)
        else:
            found.append(Tile.ABSENT)
    return tuple(found)


def squares(guess: str, word: str) -> str:
    """A guess as coloured squares."""
    return "".join(TILES[tile] for tile in tiles(guess, word))


def row(guess: str, word: str) -> str:
    """A guess as it is shown: its squares, and its letters beside them."""
    return f"{squares(guess, word)} `{' '.join(guess.upper())}`"


def keyboard(guesses: Iterable[str], word: str) -> dict[str, Tile]:
    """The most that is known of each letter that was guessed."""
    known: dict[str, Tile] = {}
    for guess in guesses:
        for letter, tile in zip(guess, tiles(guess, word), strict=True):
            known[letter] = max(tile, known.get(letter, Tile.ABSENT))
    return known


def is_guess(text: str) -> bool:
    """Whether a message is a guess: one word of five letters from a to z."""
    return len(text) == LETTERS and text.isascii() and text.isalpha()

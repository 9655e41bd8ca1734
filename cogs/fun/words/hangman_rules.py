"""Hangman: a word that is guessed letter by letter. Pure."""

import unicodedata
from dataclasses import dataclass, field
from enum import Enum
from typing import Final

LIVES: Final = 6

_GALLOWS: Final = (
    "  ┌───┐\n      │\n      │\n      │\n ─────┴─",
    "  ┌───┐\n  O   │\n      │\n      │\n ─────┴─",
    "  ┌───┐\n  O   │\n  |   │\n      │\n ─────┴─",
    "  ┌───┐\n  O   │\n /|   │\n      │\n ─────┴─",
    "  ┌───┐\n  O   │\n /|\\  │\n      │\n ─────┴─",
    "  ┌───┐\n  O   │\n /|\\  │\n /    │\n ─────┴─",
    "  ┌───┐\n  O   │\n /|\\  │\n / \\  │\n ─────┴─",
)  # fmt: skip


class Outcome(Enum):
    """What a message means in the game."""

    CHAT = "chat"
    AGAIN = "again"
    HIT = "hit"
    MISS = "miss"
    WON = "won"
    LOST = "lost"


@dataclass
class Gallows:
    """A word, and the letters that were guessed. Over when it is won or lost.

    Accents don't matter: an `o` is there for an `ö`, too.
    """

    word: str
    guessed: set[str] = field(default_factory=set)
    solved: bool = False
    letters: str = field(init=False)
    """The word without accents, a letter for a letter."""

    def __post_init__(self) -> None:
        self.letters = plain(self.word)

    @property
    def misses(self) -> list[str]:
        """The letters that the word doesn't have, in order."""
        return sorted(letter for letter in self.guessed if letter not in self.letters)

    @property
    def lives(self) -> int:
        """How many more misses there may be."""
        return LIVES - len(self.misses)

    @property
    def is_won(self) -> bool:
        """Whether the whole word is known."""
        return self.solved or set(self.letters) <= self.guessed

    @property
    def is_over(self) -> bool:
        """Whether nothing can be guessed any more."""
        return self.is_won or self.lives <= 0

    def guess(self, text: str) -> Outcome:
        """Take a message: one letter, or the whole word. A wrong word is chat, and costs nothing."""
        said = plain(text)
        if self.is_over:
            return Outcome.CHAT
        if said == self.letters:
            self.solved = True
            return Outcome.WON
        if len(said) != 1 or not (said.isascii() and said.isalpha()):
            return Outcome.CHAT
        if said in self.guessed:
            return Outcome.AGAIN
        self.guessed.add(said)
        if said in self.letters:
            return Outcome.WON if self.is_won else Outcome.HIT
        return Outcome.LOST if self.is_over else Outcome.MISS

    def shown(self) -> str:
        """The word with what isn't known yet as lines."""
        pairs = zip(self.word, self.letters, strict=True)
        return " ".join(shown.upper() if self.is_won or letter in self.guessed else "_" for shown, letter in pairs)

    def drawing(self) -> str:
        """The gallows."""
        return _GALLOWS[LIVES - self.lives]


def plain(text: str) -> str:
    """A message without case and accents."""
    decomposed = unicodedata.normalize("NFKD", text.strip().casefold())
    return "".join(one for one in decomposed if not unicodedata.combining(one))

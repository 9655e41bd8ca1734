"""Typing races: the text that can't be copied, how fast and how exactly somebody typed. Pure."""

import random
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from rapidfuzz.distance import Levenshtein

MARK: Final = "\N{ZERO WIDTH NON-JOINER}"
"""Stands between letters of what is shown. Discord and fonts leave it; who copies the text copies it, too."""
MARKS: Final = frozenset("\u200b\u200c\u200d\u2060\ufeff\u00ad")
LEAST_ACCURACY: Final = 0.9
CHARACTERS_PER_WORD: Final = 5  # what typists count as a word
FASTEST: Final = 250.0  # words a minute, which nobody keeps up for a sentence

_PLAIN: Final = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "–": "-", "—": "-", "…": "..."})


@dataclass(frozen=True, slots=True)
class Run:
    """How somebody typed a text."""

    words_per_minute: float
    accuracy: float
    """The share of characters that were right."""

    @property
    def counts(self) -> bool:
        """Whether this is the text, and typed by a person."""
        return self.accuracy >= LEAST_ACCURACY and self.words_per_minute <= FASTEST


def marked(text: str, chance: random.Random) -> str:
    """The text with marks that nobody sees, one in each word of two letters or more."""
    return " ".join(_marked_word(word, chance) for word in text.split(" "))


def _marked_word(word: str, chance: random.Random) -> str:
    if len(word) < 2:
        return word
    place = chance.randrange(1, len(word))
    return word[:place] + MARK + word[place:]


def is_copied(typed: str) -> bool:
    """Whether a text has marks in it that no keyboard types between letters."""
    return any(one in MARKS for one in typed)


def run(typed: str, text: str, time: timedelta) -> Run:
    """How fast and how exactly a text was typed in that time."""
    typed, text = _plain(typed), _plain(text)
    wrong = Levenshtein.distance(typed, text)
    accuracy = max(0.0, 1 - wrong / max(len(text), len(typed), 1))
    minutes = max(time.total_seconds(), 0.001) / 60
    return Run(len(typed) / CHARACTERS_PER_WORD / minutes, accuracy)


def _plain(text: str) -> str:
    """The text with one kind of blanks, quotation marks and dashes, as phones and keyboards differ there."""
    return " ".join(text.translate(_PLAIN).split())


def time_for(text: str) -> timedelta:
    """How long a race over this text may take: for ten words a minute."""
    return timedelta(minutes=len(text) / CHARACTERS_PER_WORD / 10)

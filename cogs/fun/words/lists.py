"""The words and texts that come with the bot (`resources/words/`)."""

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Final

from utils.i18n import N_, SOURCE

FOLDER: Final = Path(__file__).resolve().parents[3] / "resources" / "words"

CATEGORIES: Final[Mapping[str, str]] = {
    "animals": N_("Animals"),
    "food": N_("Food and drink"),
    "places": N_("Places"),
    "things": N_("Things"),
    "nature": N_("Nature"),
}
"""What hangman's words are about."""


@cache
def known_words() -> frozenset[str]:
    """The English words of 4 to 8 letters that may be guessed."""
    return frozenset((FOLDER / "known.txt").read_text(encoding="utf-8").split()) | frozenset(wordle_words())


@cache
def wordle_words() -> Sequence[str]:
    """The words of five letters that are to be guessed: common ones, none of them a plural."""
    return tuple((FOLDER / "wordle.txt").read_text(encoding="utf-8").split())


def list_language(language: str) -> str:
    """The language whose words serve readers of a language: their own, or English."""
    return language if (FOLDER / f"hangman.{language}.txt").exists() else SOURCE


@cache
def hangman_words(language: str) -> Mapping[str, Sequence[str]]:
    """The words to be guessed letter by letter, by category; in one of the languages of `list_language`."""
    lines = (FOLDER / f"hangman.{language}.txt").read_text(encoding="utf-8").splitlines()
    pairs = [line.split(": ") for line in lines if line and not line.startswith("#")]
    return {category: tuple(words.split()) for category, words in pairs}


@cache
def anagram_words(language: str) -> Sequence[str]:
    """The words whose letters are mixed up: those of hangman, and English ones of wordle, of a handy length."""
    words = {word for every in hangman_words(language).values() for word in every if 5 <= len(word) <= 8}
    if language == SOURCE:
        words = (words | set(wordle_words())) & known_words()
    return tuple(sorted(words))


@cache
def words_by_letters(language: str) -> Mapping[str, frozenset[str]]:
    """The known words that have the letters of one that is mixed up, by these letters in order."""
    found: dict[str, set[str]] = {"".join(sorted(word)): set() for word in anagram_words(language)}
    known = known_words() if language == SOURCE else anagram_words(language)
    for word in known:
        letters = "".join(sorted(word))
        if letters in found:
            found[letters].add(word)
    return {letters: frozenset(words) for letters, words in found.items()}


@cache
def race_texts() -> Sequence[str]:
    """The texts that are typed in a race."""
    return tuple((FOLDER / "texts.txt").read_text(encoding="utf-8").splitlines())

"""Whether somebody's answer is right, and what a hint shows. Pure."""

import re
import unicodedata
from collections.abc import Sequence
from typing import Final

from rapidfuzz import fuzz

LONGEST_GUESS: Final = 100
"""Characters; what is longer is chat."""
NEAR_ENOUGH: Final = 88.0
"""Percent of likeness between a guess and an answer as a whole: one slip in eight letters or so."""
NEAR_ENOUGH_WORD: Final = 80.0
"""And of each of its words, so that southern isn't northern."""
EXACT_LETTERS: Final = 3
"""Words up to this length have to be exact."""

SWAPPED_LETTERS: Final = 4
"""Nor may two letters be swapped in words up to this length."""
LONG_WORD: Final = 7
"""In words from this length on, one vowel may stand for another."""
MOST_WORDS_WITH_A_NUMBER: Final = 3
"""How many words a guess may have when the answer is a number."""

_VOWELS: Final = frozenset("aeiouy")
_ARTICLES: Final = frozenset({"the", "a", "an", "der", "die", "das", "ein", "eine"})
_BEFORE_ANSWERS: Final = _ARTICLES | frozenset(
    {
        "i", "think", "say", "guess", "its", "it", "is", "was", "that", "thats", "maybe", "perhaps", "probably",
        "they", "are", "theyre", "ich", "glaube", "es", "ist", "war", "vielleicht", "sind",
    }
)  # fmt: skip
"""What people put before an answer."""
_NUMBERS: Final = {
    word: str(number)
    for number, word in enumerate(
        (
            "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
            "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen", "twenty",
        )
    )
}  # fmt: skip
_SHORT: Final = {"mt": "mount", "st": "saint", "dr": "doctor"}
_LETTERS_OF_THEIR_OWN: Final = str.maketrans({"ß": "ss", "ø": "o", "æ": "ae", "œ": "oe", "ł": "l", "đ": "d"})
_ROMAN: Final = re.compile(r"[ivxlcdm]+")
_THOUSANDS: Final = re.compile(r"(?<=\d)[,.' ](?=\d{3}(?!\d))")
_MINUS: Final = re.compile(r"(?:(?<![\w)])[-−–]\s?|\bminus\s)(?=\d)")
_DECIMAL: Final = re.compile(r"(?<=\d)[,.](?=\d)")


def words_of(text: str) -> list[str]:
    """The words of a text without case, accents, signs and articles; small numbers as digits, 1,000 as 1000.

    "St" is "saint", "mt" "mount". A decimal point stays, so that 3.5 isn't 35, and a minus belongs to its number.
    """
    text = text.casefold().translate(_LETTERS_OF_THEIR_OWN)
    text = "".join(one for one in unicodedata.normalize("NFKD", text) if not unicodedata.combining(one))
    text = _MINUS.sub("minus", text)
    text = _DECIMAL.sub("·", _THOUSANDS.sub("", text)).replace("&", " and ")
    text = re.sub(r"['’`.]", "", text)
    words = re.sub(r"[^\w·]|_", " ", text).split()
    words = [_SHORT.get(word, _NUMBERS.get(word, word)) for word in words]
    return [word for word in words if word not in _ARTICLES] or words


def is_right(guess: str, answers: Sequence[str], question: str = "") -> bool:
    """Whether a guess is one of the answers, slips of the keyboard allowed; numbers have to be exact.

    What the guess repeats of the question does no harm: of "Which river flows through London?", the river Thames.
    """
    if len(guess) > LONGEST_GUESS:
        return False
    guessed, asked = words_of(guess), set(words_of(question))
    unasked = [word for word in guessed if word not in asked]
    attempts = (guessed, _without_beginning(guessed), _without_beginning(unasked))
    return any(_is(attempt, words_of(answer)) for answer in answers for attempt in attempts)


def _without_beginning(words: Sequence[str]) -> list[str]:
    start = 0
    while start < len(words) - 1 and words[start] in _BEFORE_ANSWERS:
        start += 1
    return list(words[start:])


def _is(guess: Sequence[str], answer: Sequence[str]) -> bool:
    if not guess or not answer or _exact_words(guess) != _exact_words(answer):
        return False
    if len(answer) == 1 and _has_digit(answer[0]):  # "8 legs" says eight
        return len(guess) <= MOST_WORDS_WITH_A_NUMBER
    if len(guess) == len(answer):
        different = [(one, other) for one, other in zip(guess, answer, strict=True) if one != other]
        if not different or (len(different) == 1 and _is_slip(*different[0])):
            return True
        if not all(_is_near(one, other) for one, other in different):
            return False
    one, other = "".join(guess), "".join(answer)
    return len(other) > EXACT_LETTERS and fuzz.ratio(one, other) >= NEAR_ENOUGH


def _is_slip(one: str, other: str) -> bool:
    """Whether two neighbouring letters are swapped, or one vowel is taken for another in a long word.

    Names are mistaken like that, and hardly one for another; a wrong consonant makes Zambia of Gambia.
    """
    if len(one) != len(other):
        return False
    places = [place for place, (letter, there) in enumerate(zip(one, other, strict=True)) if letter != there]
    if len(places) == 1:
        (place,) = places
        return len(one) >= LONG_WORD and one[place] in _VOWELS and other[place] in _VOWELS
    if len(one) <= SWAPPED_LETTERS or len(places) != 2 or places[1] != places[0] + 1:
        return False
    return one[places[0]] == other[places[1]] and one[places[1]] == other[places[0]]


def _is_near(one: str, other: str) -> bool:
    return min(len(one), len(other)) > EXACT_LETTERS and fuzz.ratio(one, other) >= NEAR_ENOUGH_WORD


def _exact_words(words: Sequence[str]) -> list[str]:
    """The numbers among words, in digits and Roman ones."""
    return [word for word in words if _has_digit(word) or _ROMAN.fullmatch(word)]


def _has_digit(word: str) -> bool:
    return any(one.isdigit() for one in word)


# --- hints


def hints_of(answer: str) -> list[str]:
    """What is told of an answer, one after the other; nothing of what has but one letter or digit."""
    found = dict.fromkeys(hint(answer, level) for level in (1, 2))
    return [shown for shown in found if any(character.isalnum() for character in shown)]


def hint(answer: str, level: int) -> str:
    """An answer with most of it hidden: level 1 shows the first letters of its words, level 2 every other letter.

    Never the whole answer, however short it is.
    """
    shown = []
    hidden = 0
    for place, character in enumerate(answer):
        begins = place == 0 or not answer[place - 1].isalnum()
        letter = place - answer.rfind(" ", 0, place) - 1
        is_shown = not character.isalnum() or (level >= 1 and begins) or (level >= 2 and letter % 2 == 0)
        hidden += not is_shown
        shown.append(character if is_shown else "_")
    if not hidden:  # such as "B" or "4 x 4"
        shown = ["_" if character.isalnum() else character for character in answer]
    return "".join(shown)


# --- points

FULL_POINTS: Final = 100
FEWER_POINTS_PER_HINT: Final = 25
POINTS_PER_STREAK: Final = 10
MOST_STREAK_POINTS: Final = 50


def points_for(hints: int, streak: int) -> int:
    """What a right answer brings after so many hints, as the so-manieth question in a row that somebody answered."""
    of_streak = min(POINTS_PER_STREAK * (streak - 1), MOST_STREAK_POINTS)
    return max(FULL_POINTS - FEWER_POINTS_PER_HINT * hints, FEWER_POINTS_PER_HINT) + of_streak

"""The rules of the games with words: tiles, letters and lives, anagrams, typing; and the lists they draw from."""

import random
import string
from collections import Counter
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cogs.fun.words.anagram_rules import answer_in, letters_of, mixed
from cogs.fun.words.hangman_rules import LIVES, Gallows, Outcome, plain
from cogs.fun.words.lists import (
    CATEGORIES,
    anagram_words,
    hangman_words,
    known_words,
    list_language,
    race_texts,
    wordle_words,
    words_by_letters,
)
from cogs.fun.words.race_rules import MARK, MARKS, is_copied, marked, run, time_for
from cogs.fun.words.wordle_rules import Tile, is_guess, keyboard, squares, tiles

# Few letters, so that they repeat.
five = st.text("abc", min_size=5, max_size=5)


# --- wordle


@pytest.mark.parametrize(
    ("guess", "word", "shown"),
    [
        ("crane", "crane", "🟩🟩🟩🟩🟩"), ("eerie", "crane", "⬛⬛🟨⬛🟩"), ("speed", "abide", "⬛⬛🟨⬛🟨"),
        ("speed", "erase", "🟨⬛🟨🟨⬛"), ("speed", "steal", "🟩⬛🟩⬛⬛"), ("llama", "hello", "🟨🟨⬛⬛⬛"),
        ("allow", "llama", "🟨🟩🟨⬛⬛"),
    ],
)  # fmt: skip
def test_tiles(guess, word, shown):
    assert squares(guess, word) == shown


@given(five, five)
def test_a_letter_shows_up_as_often_as_the_word_has_it(guess, word):
    shown = tiles(guess, word)
    for place, tile in enumerate(shown):
        assert (tile is Tile.RIGHT) == (guess[place] == word[place])
    for letter in set(guess):
        of_letter = [tile for tile, there in zip(shown, guess, strict=True) if there == letter]
        told = sum(tile is not Tile.ABSENT for tile in of_letter)
        assert told == min(guess.count(letter), word.count(letter))
        others = [tile for tile in of_letter if tile is not Tile.RIGHT]
        assert others == sorted(others, reverse=True), "those elsewhere come before those that are too many"
    assert (shown == (Tile.RIGHT,) * 5) == (guess == word)


@given(st.lists(five, max_size=6), five)
def test_the_word_itself_is_never_ruled_out(guesses, word):
    known = keyboard(guesses, word)
    assert set(known) == set("".join(guesses))
    assert {letter for letter, tile in known.items() if tile is Tile.ABSENT} == set(known) - set(word)
    assert all(tiles(guess, word) == tiles(guess, word) for guess in guesses)


def test_what_is_a_guess():
    assert is_guess("crane")
    assert not any(is_guess(text) for text in ("", "cran", "cranes", "cr ne", "cräne", "12345", "cran!", "ſtone"))


# --- hangman

words = st.sampled_from(
    [word for every in [*hangman_words("en").values(), *hangman_words("de").values()] for word in every]
)


@given(words, st.lists(st.sampled_from(string.ascii_letters), max_size=60))
def test_hangman_ends_and_is_either_won_or_lost(word, guesses):
    game = Gallows(word)
    for guess in guesses:
        before = (set(game.guessed), game.is_over)
        outcome = game.guess(guess)
        if before[1]:
            assert outcome is Outcome.CHAT
            assert game.guessed == before[0]
        assert (outcome in {Outcome.WON, Outcome.LOST}) == (game.is_over and not before[1])
        assert 0 <= game.lives <= LIVES
        assert game.is_won == (set(plain(word)) <= game.guessed)
        assert game.shown().count("_") == (0 if game.is_won else sum(one not in game.guessed for one in plain(word)))
        assert game.drawing()
    for letter in string.ascii_lowercase:
        game.guess(letter)
    assert game.is_over


def test_hangman_by_hand():
    game = Gallows("banana")
    assert game.shown() == "_ _ _ _ _ _"
    said = ["A", "a", "á", "x", "apples", "the banana", "", "1", "🦊", "б", "n"]
    outcomes = [game.guess(text) for text in said]
    assert [one.name for one in outcomes] == [
        "HIT", "AGAIN", "AGAIN", "MISS", "CHAT", "CHAT", "CHAT", "CHAT", "CHAT", "CHAT", "HIT",
    ]  # fmt: skip
    assert game.shown() == "_ A N A N A"
    assert (game.misses, game.lives) == (["x"], LIVES - 1)
    assert game.guess(" BANANA ") is Outcome.WON
    bear = Gallows("eisbär")
    assert bear.guess("a") is Outcome.HIT
    assert bear.shown() == "_ _ _ _ Ä _"
    assert Gallows("eisbär").guess("Eisbär") is Gallows("eisbär").guess("eisbar") is Outcome.WON
    assert game.shown() == "B A N A N A"


# --- anagrams


@given(st.sampled_from(["en", "de"]), st.data())
def test_mixed_letters_are_the_word_s_and_no_word(language, data):
    word, known = data.draw(st.sampled_from(anagram_words(language))), words_by_letters(language)
    letters = mixed(word, known, random.Random(data.draw(st.integers())))
    assert Counter(letters) == Counter(word)
    assert answer_in(letters, word, known) is None
    assert answer_in(f" {plain(word).upper()} ", word, known) == word


def test_other_words_of_the_same_letters_count():
    known = {letters_of("stale"): frozenset({"stale", "least", "tales"})}
    assert answer_in("Least", "stale", known) == "least"
    assert not any(answer_in(text, "stale", known) for text in ("", "stal", "lates", "stales", "aelst"))
    assert answer_in("MO\u0308WE", "möwe", {}) == answer_in("mowe", "möwe", {}) == "möwe"


# --- races


@given(st.sampled_from(race_texts()), st.integers())
def test_marks_are_seen_in_copies_alone(text, seed):
    shown = marked(text, random.Random(seed))
    assert is_copied(shown)
    assert not is_copied(text)
    assert shown.replace(MARK, "") == text
    assert all(is_copied(word) for word in shown.split(" ") if len(word) > 2)


@given(st.text(max_size=200), st.text(max_size=200), st.integers(0, 10**6))
def test_accuracy_is_a_share(typed, text, milliseconds):
    result = run(typed, text, timedelta(milliseconds=milliseconds))
    assert 0 <= result.accuracy <= 1
    assert result.words_per_minute >= 0
    assert run(text, text, timedelta(seconds=1)).accuracy == 1


def test_how_fast_and_how_exactly():
    text = "a" * 100
    assert run(text, text, timedelta(seconds=30)).words_per_minute == pytest.approx(40)
    assert run("a" * 95 + "bbbbb", text, timedelta(seconds=30)).accuracy == pytest.approx(0.95)
    assert run("It’s  “fine”", 'It\'s "fine"', timedelta(seconds=3)).accuracy == 1
    assert not run(text, text, timedelta(seconds=2)).counts  # nobody types like that
    assert not run("a" * 80, text, timedelta(seconds=30)).counts
    assert time_for(text) == timedelta(minutes=2)


# --- the lists


def test_lists():
    answers = wordle_words()
    assert len(answers) == len(set(answers)) > 500
    assert all(is_guess(word) and word == word.lower() for word in answers)
    assert [list_language(one) for one in ("en", "de", "en-XA")] == ["en", "de", "en"]
    for language in ("en", "de"):
        words = hangman_words(language)
        assert set(words) == set(CATEGORIES)
        every = [word for some in words.values() for word in some]
        assert len(every) == len(set(every)) > 200
        assert all(word.isalpha() and word.islower() and len(word) >= 4 for word in every)
        assert all(plain(word).isascii() and len(plain(word)) == len(word) for word in every)
        assert len(anagram_words(language)) > 150
        assert all(len(some) >= 30 for some in words.values())
    assert set(answers) <= known_words()
    texts = race_texts()
    assert len(texts) == len(set(texts)) >= 25
    assert all(70 <= len(text) <= 200 and text.isascii() and text == " ".join(text.split()) for text in texts)
    assert not MARKS & set("".join(texts))

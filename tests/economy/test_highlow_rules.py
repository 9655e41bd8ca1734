"""High-low: its rules as such, and what they bring back."""

import random
from collections import Counter
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cogs.economy.games.cards import DECK, shuffled
from cogs.economy.games.highlow.rules import (
    CASH_OUT,
    HIGHER,
    LOWER,
    MOST_GUESSES,
    MOST_TIMES,
    RETURNED,
    SIDES,
    Climb,
    factor,
    height,
    odds,
    odds_of,
    ways,
)
from tests.economy.decks import cards, stack


def dealt(wanted: str, bet: int = 100) -> Climb:
    pile = shuffled(random.Random(1))
    stack(pile, cards(wanted))
    return Climb(bet, pile)


def test_the_ace_is_highest_and_the_two_lowest():
    assert [height(one) for one in cards("2 10 J Q K A")] == [2, 10, 11, 12, 13, 14]
    assert dealt("A").moves() == (LOWER,)
    assert dealt("2").moves() == (HIGHER,)
    assert dealt("8").moves() == (HIGHER, LOWER)


def test_a_right_guess_multiplies_and_may_be_cashed_out():
    game = dealt("8 K 3")
    assert game.offered() == {HIGHER: RETURNED * Fraction(51, 24), LOWER: RETURNED * Fraction(51, 24)}
    game.do(HIGHER)
    assert game.payout == 208  # 2.0825 times
    assert game.moves() == (HIGHER, LOWER, CASH_OUT)
    game.do(LOWER)
    assert game.payout == int(100 * RETURNED**2 * Fraction(51, 24) * Fraction(50, 43))
    game.do(CASH_OUT)
    assert game.over
    assert (game.payout, game.guesses, game.moves()) == (237, 2, ())


@pytest.mark.parametrize(("guess", "after"), [(HIGHER, "3"), (LOWER, "K"), (HIGHER, "8"), (LOWER, "8")])
def test_a_wrong_guess_and_the_same_rank_lose(guess, after):
    game = dealt(f"8 {after}")
    game.do(guess)
    assert game.over
    assert (game.payout, game.staked) == (0, 100)


def test_who_guesses_nothing_gets_the_bet_back():
    game = dealt("8")
    game.run_out()
    assert game.over
    assert game.payout == 100


def test_it_ends_after_ten_guesses():
    game = dealt("2 A 2 A 2 A 2 A 3 K 3")
    for number in range(MOST_GUESSES):
        assert game.moves(), number
        game.do(HIGHER if number % 2 == 0 else LOWER)
    assert game.over
    assert not game.lost
    assert game.guesses == MOST_GUESSES


def test_nothing_is_offered_that_brings_more_than_a_hundred_times_the_bet():
    game = dealt("K A Q K")
    assert game.offered()[HIGHER] == RETURNED * Fraction(51, 4)
    game.do(HIGHER)  # 12.5 times
    game.do(LOWER)
    assert HIGHER not in game.moves()
    assert game.moves() == (LOWER, CASH_OUT)


@given(st.integers(0, 2**32), st.lists(st.booleans(), max_size=12), st.integers(1, 10**9))
def test_any_guess_that_is_offered_is_fair_less_the_edge(seed, guesses, bet):
    game = Climb(bet, shuffled(random.Random(seed)))
    for bold in guesses:
        if game.over:
            break
        for side, pot in game.offered().items():
            right = sum((height(one) > height(game.shown[-1])) == (side == HIGHER) and height(one) !=
                        height(game.shown[-1]) for one in game.pile)  # fmt: skip
            assert right == game.ways(side) > 0
            back = Fraction(right, len(game.pile)) * pot / game.pot
            assert back == RETURNED or (back == pot / game.pot == 1)  # a sure guess takes and gives nothing
            assert game.pot <= pot <= MOST_TIMES
        moves = [move for move in game.moves() if move != CASH_OUT]
        game.do(moves[-1] if bold else moves[0])
    if not game.over:
        game.run_out()
    assert game.payout == (0 if game.lost else int(bet * game.pot))
    assert Counter(game.shown) + Counter(game.pile) == Counter(DECK)
    assert game.guesses <= MOST_GUESSES


def test_the_published_odds_are_those_of_every_order_of_cards():
    single = [
        (Fraction(ways(left, height(first), side), 51), factor(left, height(first), side))
        for first in DECK
        for left in [Counter(height(one) for one in DECK if one != first)]
        for side in [max(SIDES, key=lambda side, left=left, first=first: ways(left, height(first), side))]
    ]
    wins, returned = odds_of(1, bold=False)
    assert wins == sum(likely for likely, _factor in single) / len(DECK)
    assert returned == sum(likely * by for likely, by in single) / len(DECK) == RETURNED
    assert odds_of(1, bold=True)[1] == RETURNED
    assert odds_of(3, bold=False)[1] == RETURNED**3
    assert [one.returned for one in odds(lambda setting: setting.default)] == [RETURNED, RETURNED, RETURNED**3]
    assert all(0 < one.wins < 1 and not one.simulated for one in odds(lambda setting: setting.default))

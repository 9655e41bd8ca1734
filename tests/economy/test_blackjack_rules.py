"""Blackjack: its rules as such, and what they bring back."""

import random
from collections import Counter
from fractions import Fraction
from itertools import product
from math import sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cogs.economy.games.blackjack.rules import (
    DECKS,
    DOUBLE,
    HIT,
    MOST_HANDS,
    SPLIT,
    STAND,
    VALUES,
    Deal,
    Hand,
    Outcome,
    paid,
)
from cogs.economy.games.blackjack.strategy import (
    STYLES,
    best_move,
    odds,
    simulate,
)
from cogs.economy.games.cards import DECK, shuffled
from tests.economy.decks import card, cards, stack

A_HAND = st.lists(st.sampled_from(DECK), min_size=1, max_size=12)


def hand_of(text: str, **about) -> Hand:
    hand = Hand(10, **about)
    for one in cards(text):
        hand.take(one)
    return hand


def dealt(wanted: str, bet: int = 10) -> Deal:
    """A game with these cards in the order in which they are drawn: the player's and the dealer's by turns."""
    shoe = shuffled(random.Random(1), DECKS)
    stack(shoe, cards(wanted))
    return Deal(bet, shoe)


# --- what cards count


@given(A_HAND)
def test_a_hand_counts_as_much_as_it_can_without_going_above_21(taken):
    hand = Hand(1)
    for one in taken:
        hand.take(one)
    sums = [sum(each) for each in product(*([1, 11] if one.rank == 1 else [VALUES[one.rank]] for one in taken))]
    assert hand.total == max((each for each in sums if each <= 21), default=min(sums))
    assert hand.soft == (hand.total != min(sums))
    assert hand.done or hand.total < 21


def test_pictures_count_ten_and_blackjack_takes_two_cards():
    assert [hand_of(rank).total for rank in ("2", "9", "10", "J", "Q", "K", "A")] == [2, 9, 10, 10, 10, 10, 11]
    assert hand_of("A K").is_blackjack
    assert not hand_of("A 5 5").is_blackjack
    assert not hand_of("A K", of_split=True).is_blackjack


# --- what hands bring


@pytest.mark.parametrize(
    ("player", "dealer", "of_split", "outcome", "brings"),
    [
        ("K 9 5", "K 9", False, Outcome.BUST, 0),
        ("K 9 5", "K 6 K", False, Outcome.BUST, 0),  # the dealer's own bust doesn't help
        ("K 8", "K 9", False, Outcome.LOST, 0),
        ("K 5 6", "A K", False, Outcome.LOST, 0),  # 21 isn't blackjack
        ("A K", "A K", True, Outcome.LOST, 0),  # nor is that of a split
        ("K 9", "10 9", False, Outcome.PUSH, 10),
        ("K 5 6", "7 7 7", False, Outcome.PUSH, 10),
        ("A K", "A Q", False, Outcome.PUSH, 10),
        ("A K", "7 7 7", True, Outcome.PUSH, 10),
        ("K 10", "K 9", False, Outcome.WON, 20),
        ("5 5 2", "K 6 6", False, Outcome.WON, 20),
        ("A K", "K 9", True, Outcome.WON, 20),
        ("A K", "K 9", False, Outcome.BLACKJACK, 25),
        ("A K", "7 7 7", False, Outcome.BLACKJACK, 25),
    ],
)
def test_the_table_of_settlements(player, dealer, of_split, outcome, brings):
    game = dealt("2 K 3 7")
    game.hands, game.dealer = [hand_of(player, of_split=of_split)], hand_of(dealer)
    assert game.outcome(game.hands[0]) == outcome
    assert game.payout == brings


@given(st.integers(1, 10**12))
def test_blackjack_pays_three_to_two_rounded_down(bet):
    assert [paid(bet, one) for one in (Outcome.BUST, Outcome.LOST, Outcome.PUSH, Outcome.WON)] == [0, 0, bet, 2 * bet]
    assert paid(bet, Outcome.BLACKJACK) == int(bet * Fraction(5, 2))


# --- what may be done


def test_blackjack_ends_the_game_at_once():
    won, lost, push = dealt("A 9 K 9"), dealt("9 A 9 K"), dealt("A K K A")
    assert (won.payout, lost.payout, push.payout) == (25, 0, 10)
    assert [game.moves() for game in (won, lost, push)] == [(), (), ()]
    assert len(won.dealer.cards) == 2


def test_the_dealer_stands_on_a_soft_17_and_draws_at_16():
    game = dealt("10 A 9 6 K")
    game.do(STAND)
    assert (game.dealer.total, game.payout) == (17, 20)
    game = dealt("10 10 9 6 5")
    game.do(STAND)
    assert (game.dealer.total, game.payout) == (21, 0)


def test_a_dealer_whose_player_is_bust_draws_nothing():
    game = dealt("10 10 6 6 10")
    game.do(HIT)
    assert game.over
    assert game.payout == 0
    assert len(game.dealer.cards) == 2


def test_twenty_one_stands_by_itself():
    game = dealt("5 10 6 7 10")
    game.do(HIT)
    assert game.over
    assert game.payout == 20


def test_a_double_takes_one_card_for_twice_the_bet():
    game = dealt("5 10 6 7 2")
    assert game.moves() == (HIT, STAND, DOUBLE)
    assert (game.price(DOUBLE), game.price(HIT)) == (10, 0)
    game.do(DOUBLE)
    assert game.over
    assert (game.staked, game.hands[0].total, game.payout) == (20, 13, 0)
    game = dealt("5 10 3 7 2 10")
    game.do(HIT)
    assert game.moves() == (HIT, STAND)


def test_splits_into_four_hands_and_doubles_in_one():
    game = dealt("8 6 8 10 8 3 8 10 2 8 10")
    game.do(SPLIT)  # 8 8 | 8 3
    assert SPLIT in game.moves()
    game.do(SPLIT)  # 8 8 | 8 10 | 8 3
    game.do(SPLIT)  # 8 2 | 8 8 | 8 10 | 8 3
    assert [[one.rank for one in hand.cards] for hand in game.hands] == [[8, 2], [8, 8], [8, 10], [8, 3]]
    game.do(STAND)
    assert SPLIT not in game.moves()
    assert len(game.hands) == MOST_HANDS
    game.do(STAND)
    game.do(STAND)
    game.do(DOUBLE)
    assert game.over
    assert game.staked == 50
    assert game.hands[3].total == 21


def test_pairs_are_of_a_value_and_aces_are_split_once_for_a_card_each():
    assert SPLIT in dealt("K 6 10 10").moves()
    assert SPLIT not in dealt("9 6 10 10").moves()
    game = dealt("A 6 A 10 A K 10")
    game.do(SPLIT)
    assert game.over
    assert [hand.total for hand in game.hands] == [12, 21]
    assert [game.outcome(hand) for hand in game.hands] == [Outcome.WON, Outcome.WON]
    assert game.payout == 40


@given(st.integers(0, 2**32), st.lists(st.integers(0, 3), max_size=40), st.integers(1, 10**9))
def test_any_game_ends_with_all_cards_and_coins_accounted_for(seed, choices, bet):
    game = Deal(bet, shuffled(random.Random(seed), DECKS))
    taken = bet
    for choice in choices:
        if game.over:
            break
        assert best_move(game) in game.moves()
        move = game.moves()[choice % len(game.moves())]
        taken += game.price(move)
        game.do(move)
    if not game.over:
        game.run_out()
    assert game.over
    assert game.moves() == ()
    assert game.staked == taken <= 2 * MOST_HANDS * bet
    assert len(game.hands) <= MOST_HANDS
    assert game.payout == sum(paid(hand.bet, game.outcome(hand)) for hand in game.hands)
    assert 0 <= game.payout <= 2 * taken + bet // 2
    if any(hand.total <= 21 and not hand.is_blackjack for hand in game.hands):
        assert game.dealer.total >= 17
    table = [one for hand in [*game.hands, game.dealer] for one in hand.cards]
    assert Counter(table) + Counter(game.shoe) == Counter(DECK * DECKS)


# --- what it brings back


@pytest.mark.parametrize(
    ("player", "dealers", "move"),
    [
        ("8 8", "A", SPLIT), ("A A", "10", SPLIT), ("10 10", "6", STAND), ("9 9", "7", STAND), ("5 5", "9", DOUBLE),
        ("7 4", "A", HIT), ("7 4", "K", DOUBLE), ("10 2", "3", HIT), ("10 2", "4", STAND), ("10 6", "7", HIT),
        ("10 6", "6", STAND), ("A 7", "6", DOUBLE), ("A 7", "8", STAND), ("A 7", "9", HIT), ("A 2 5", "6", STAND),
        ("A 6", "2", HIT), ("2 3", "2", HIT), ("4 4", "5", SPLIT), ("10 7", "A", STAND), ("2 3 4", "6", HIT),
    ],
)  # fmt: skip
def test_basic_strategy(player, dealers, move):
    game = dealt("2 K 3 7")
    game.hands, game.dealer = [hand_of(player)], hand_of(dealers)
    game.dealer.take(card("7"))
    assert best_move(game) == move


@pytest.mark.parametrize(
    ("style", "games", "came_out"),
    [(STYLES[0], 48_000, (0.994563, 0.433896)), (STYLES[1], 24_000, (0.937229, 0.408042))],
)
def test_the_published_returns(style, games, came_out):
    measured = simulate(games, random.Random(7), style.choose)
    # The same seed plays the same games: another number here means that a rule or a table has changed, and that
    # what is published is to be measured again, as `python -m cogs.economy.games.blackjack.strategy` does.
    assert (measured.games, round(measured.returned, 6), round(measured.wins, 6)) == (games, *came_out)
    assert abs(measured.returned - float(style.returned)) < 3 * measured.error
    assert 1.9 * measured.error * sqrt(games / style.games) < style.within < 0.001
    assert abs(measured.wins - float(style.wins)) < 0.01


def test_what_is_published_is_marked_as_simulated():
    published = odds(lambda setting: setting.default)
    assert all(one.simulated for one in published)
    assert [(one.returned, one.wins) for one in published] == [(style.returned, style.wins) for style in STYLES]

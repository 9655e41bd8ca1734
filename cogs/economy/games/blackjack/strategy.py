"""Blackjack: how it is best played without counting cards, and what that brings back.

The tables are the well-known basic strategy for these rules. Each row is a hand, each letter what to do against the
dealer's open card, from 2 over 10 to the ace.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from math import sqrt
from typing import Final

from cogs.economy.games.blackjack.rules import (
    DEALER_STANDS_ON,
    DECKS,
    DOUBLE,
    HIT,
    MOST_HANDS,
    SPLIT,
    STAND,
    VALUES,
    Deal,
)
from cogs.economy.games.cards import shuffled
from cogs.economy.games.catalogue import Odds, ReadSetting, add_game
from utils.i18n import N_, _, format_number

HARD: Final = {
    8: "HHHHHHHHHH",
    9: "HDDDDHHHHH",
    10: "DDDDDDDDHH",
    11: "DDDDDDDDDH",
    12: "HHSSSHHHHH",
    13: "SSSSSHHHHH",
    14: "SSSSSHHHHH",
    15: "SSSSSHHHHH",
    16: "SSSSSHHHHH",
    17: "SSSSSSSSSS",
}
"""Hands in which no ace counts eleven, by their points; below 8 as for 8, above 17 as for 17. D: double, or hit."""
SOFT: Final = {
    13: "HHHDDHHHHH",
    14: "HHHDDHHHHH",
    15: "HHDDDHHHHH",
    16: "HHDDDHHHHH",
    17: "HDDDDHHHHH",
    18: "SddddSSHHH",
    19: "SSSSSSSSSS",
}
"""Hands in which an ace counts eleven; below 13 as for 13, above 19 as for 19. d: double, or stand."""
PAIRS: Final = {
    1: "PPPPPPPPPP",
    2: "PPPPPP----",
    3: "PPPPPP----",
    4: "---PP-----",
    5: "----------",
    6: "PPPPP-----",
    7: "PPPPPP----",
    8: "PPPPPPPPPP",
    9: "PPPPP-PP--",
    10: "----------",
}
"""Two cards of a value. P: split; else as any other hand."""

_MOVES: Final = {"H": (HIT, HIT), "S": (STAND, STAND), "D": (DOUBLE, HIT), "d": (DOUBLE, STAND)}

ROUNDS_FROM_A_SHOE: Final = 32
"""Games simulated with one shuffle: as the number is fixed, each of them is as if the shoe was new, only faster."""


def best_move(game: Deal) -> str:
    """What the tables say about the hand that is being played."""
    hand, moves = game.hand, game.moves()
    column = (VALUES[game.dealer.cards[0].rank] - 2) % 10  # the ace comes last
    if SPLIT in moves and PAIRS[VALUES[hand.cards[0].rank]][column] == "P":
        return SPLIT
    row = SOFT[min(max(hand.total, 13), 19)] if hand.soft else HARD[min(max(hand.total, 8), 17)]
    first, otherwise = _MOVES[row[column]]
    return first if first in moves else otherwise


def dealers_move(game: Deal) -> str:
    """What the dealer would do."""
    return HIT if game.hand.total < DEALER_STANDS_ON else STAND


@dataclass(frozen=True, slots=True)
class Measured:
    """What came out of simulated games, of one coin that was bet at the start of each."""

    games: int
    returned: float
    """Mean of what a game left: one coin, and what it won or lost on all hands."""
    wins: float
    """How many games won something."""
    error: float
    """Standard error of `returned`."""


def simulate(games: int, chance: random.Random, choose: Callable[[Deal], str] = best_move) -> Measured:
    """Play so many games, rounded up to whole shoes."""
    bet, shoes = 2, -(-games // ROUNDS_FROM_A_SHOE)  # of two coins, half as much again is a whole number
    total = squares = wins = 0
    for _shoe in range(shoes):
        shoe = shuffled(chance, DECKS)
        for _round in range(ROUNDS_FROM_A_SHOE):
            game = Deal(bet, shoe)
            while not game.over:
                game.do(choose(game))
            gain = game.payout - game.staked
            total += gain
            squares += gain * gain
            wins += gain > 0
    played = shoes * ROUNDS_FROM_A_SHOE
    mean = total / played
    return Measured(played, 1 + mean / bet, wins / played, sqrt((squares / played - mean**2) / played) / bet)


@dataclass(frozen=True, slots=True)
class Style:
    """A way to play, and what it brought back in simulated games: too many to go through one by one."""

    name: str
    """Marked with `N_`."""
    choose: Callable[[Deal], str]
    games: int
    returned: Fraction
    within: Fraction
    """How far off `returned` may be, with 95% confidence."""
    wins: Fraction


# What `python -m cogs.economy.games.blackjack.strategy` found; it takes ten minutes.
STYLES: Final = (
    Style(
        N_("played by basic strategy"), best_move,
        24_000_000, Fraction(9961, 10_000), Fraction(5, 10_000), Fraction(4336, 10_000),
    ),
    Style(
        N_("played like the dealer, drawing up to 16"), dealers_move,
        6_000_000, Fraction(9439, 10_000), Fraction(8, 10_000), Fraction(4119, 10_000),
    ),
)  # fmt: skip


def odds(_read: ReadSetting) -> list[Odds]:
    """What a game brings back on average, of the bet it began with, by how it is played."""
    return [Odds(style.name, style.wins, style.returned, simulated=True) for style in STYLES]


def about() -> str:
    """The rules, in the reader's language."""
    return _(
        "Come closer to 21 than the dealer, and not above it. {decks} decks are shuffled for each game; the dealer"
        " stands on every 17 and looks for blackjack at the start. Blackjack pays 3 to 2, rounded down; equal points"
        " give your bet back. You may double on two cards, and split two cards of the same value into up to {hands}"
        " hands; aces are split once, and get one card each. There is no insurance and no surrender."
    ).format(decks=format_number(DECKS), hands=format_number(MOST_HANDS))


BLACKJACK = add_game("blackjack", N_("Blackjack"), N_("Whether members may play blackjack."), odds, about)


if __name__ == "__main__":
    for style in STYLES:
        print(style.name, simulate(style.games, random.Random(2026), style.choose))  # noqa: T201 - what it is for

"""Playing cards, and decks of them in an order that chance decides."""

import random
from typing import Final, NamedTuple

SUITS: Final = ("♠", "♥", "♦", "♣")
RANKS: Final = ("A", "2", "3", "4", "5", "6", "7", "8", "9", "10", "J", "Q", "K")
ACE: Final = 1
"""An ace's rank; those of jack, queen and king are 11 to 13, and those of the others what stands on them."""


class Card(NamedTuple):
    """One card. `rank` is from 1 to 13, `suit` a place in `SUITS`."""

    rank: int
    suit: int

    def __str__(self) -> str:
        return RANKS[self.rank - 1] + SUITS[self.suit]


DECK: Final = tuple(Card(rank, suit) for suit in range(len(SUITS)) for rank in range(1, len(RANKS) + 1))


def shuffled(chance: random.Random, decks: int = 1) -> list[Card]:
    """So many whole decks in one pile, to be drawn from its end by `pop`."""
    pile = list(DECK * decks)
    chance.shuffle(pile)
    return pile

"""Chance that deals the cards that a test says."""

import random
from collections.abc import Sequence
from typing import Any

from cogs.economy.games.cards import RANKS, SUITS, Card


def card(text: str) -> Card:
    """K♠, or just K."""
    suit = SUITS.index(text[-1]) if text[-1] in SUITS else 0
    return Card(RANKS.index(text.rstrip("".join(SUITS))) + 1, suit)


def cards(text: str) -> list[Card]:
    """`A K♥ 10`."""
    return [card(one) for one in text.split()]


class Stacked(random.Random):
    """Puts wanted cards on top of each pile that is shuffled, in the order in which they are to be drawn."""

    def __init__(self, wanted: str) -> None:
        super().__init__(1)
        self.wanted = cards(wanted)

    def shuffle(self, x: Any) -> None:
        """Shuffle, and then lay the wanted cards on top."""
        super().shuffle(x)
        stack(x, self.wanted)


def stack(pile: list[Card], wanted: Sequence[Card]) -> None:
    """Move cards of these ranks to the pile's end, so that they are drawn in this order."""
    chosen = []
    for one in wanted:
        found = one if one in pile else next(other for other in pile if other.rank == one.rank)
        pile.remove(found)
        chosen.append(found)
    pile.extend(reversed(chosen))

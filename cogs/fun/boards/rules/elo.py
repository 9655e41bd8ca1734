"""Ratings by Arpad Elo's formula: what one gains by a game, the other loses."""

from typing import Final

BEGIN: Final = 1000
"""Everybody's rating before their first game."""
MOST_CHANGE: Final = 32
"""How much one game can change at most; what chess federations take for newcomers."""
SPREAD: Final = 400
"""Somebody so much above another is expected to win ten games for each that they lose."""
MOST_DIFFERENCE: Final = 10 * SPREAD
"""A larger difference counts as this one: the expectation is one by then."""


def expected(own: int, other: int) -> float:
    """The share of points that somebody is expected to get against another."""
    difference = max(-MOST_DIFFERENCE, min(MOST_DIFFERENCE, other - own))
    return float(1 / (1 + 10 ** (difference / SPREAD)))


def gain(first: int, second: int, winner: int | None) -> int:
    """What the first gains and the second loses; below zero the other way round. None as winner is a draw.

    A win always brings a point.
    """
    if winner is None:
        return round(MOST_CHANGE * (0.5 - expected(first, second)))
    if winner == 0:
        return max(1, round(MOST_CHANGE * (1 - expected(first, second))))
    return -gain(second, first, 0)

"""Pots that players fill for each other, such as a lottery's: what the house keeps of one."""

from fractions import Fraction


def prize(pot: int, house_percent: int) -> int:
    """What the winner gets; the house's share is rounded down."""
    return pot - pot * house_percent // 100


def returned(house_percent: int) -> Fraction:
    """What one coin in a pot brings back on average, all players together."""
    return 1 - Fraction(house_percent, 100)

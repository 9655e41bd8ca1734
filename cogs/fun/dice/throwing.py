"""Throwing what was read, and showing each die."""

import random
from collections.abc import Iterator
from dataclasses import dataclass

from cogs.fun.dice.grammar import MOST_EXTRA, Dice, Group, Keep, Negative, Node, Number, Pair
from utils.i18n import format_number


@dataclass(frozen=True, slots=True)
class Die:
    """One die on the table. One that is `extra` was thrown because the one before it showed its highest."""

    pips: int
    counts: bool = True
    extra: bool = False


@dataclass(frozen=True, slots=True)
class Thrown:
    """What came of it: the result, and how it came about, in Discord's markdown."""

    total: int
    shown: str


def throw(node: Node, chance: random.Random) -> Thrown:
    """Throw all dice, from left to right."""
    return _throw(node, chance, iter(range(MOST_EXTRA)))


def _throw(node: Node, chance: random.Random, extra: Iterator[int]) -> Thrown:
    match node:
        case Number(value):
            return Thrown(value, format_number(value))
        case Dice():
            dice = throw_dice(node, chance, extra)
            total = sum(die.pips for die in dice if die.counts)
            return Thrown(total, f"{node} [{', '.join(_shown(die, node.sides) for die in dice)}]")
        case Negative(of):
            inner = _throw(of, chance, extra)
            return Thrown(-inner.total, f"-{inner.shown}")
        case Group(of):
            inner = _throw(of, chance, extra)
            return Thrown(inner.total, f"({inner.shown})")
        case Pair(left, sign, right):
            first, second = _throw(left, chance, extra), _throw(right, chance, extra)
            # As a character of its own, an asterisk would begin to slant what follows.
            between = {"*": "×", "-": "−"}.get(sign, sign)
            return Thrown(reckon(first.total, sign, second.total), f"{first.shown} {between} {second.shown}")


def reckon(left: int, sign: str, right: int) -> int:
    """Two numbers put together."""
    if sign == "*":
        return left * right
    return left + right if sign == "+" else left - right


def throw_dice(dice: Dice, chance: random.Random, extra: Iterator[int]) -> list[Die]:
    """Throw equal dice; `extra` has an item for each further die that explosions may still bring."""
    pips: list[tuple[int, bool]] = []
    for _number in range(dice.count):
        pips.append((chance.randint(1, dice.sides), False))
        while dice.explode and pips[-1][0] == dice.sides and next(extra, None) is not None:
            pips.append((chance.randint(1, dice.sides), True))
    kept = counting([number for number, _extra in pips], dice.keep)
    return [Die(number, index in kept, is_extra) for index, (number, is_extra) in enumerate(pips)]


def counting(pips: list[int], keep: Keep | None) -> set[int]:
    """Which dice count, by their places; of equal ones the earlier."""
    if keep is None:
        return set(range(len(pips)))
    highest_first = keep.how in {"kh", "dl"}
    number = keep.count if keep.how.startswith("k") else len(pips) - keep.count
    order = sorted(range(len(pips)), key=lambda index: -pips[index] if highest_first else pips[index])
    return set(order[:number])


def _shown(die: Die, sides: int) -> str:
    text = f"{'+' if die.extra else ''}{die.pips}"
    if not die.counts:
        return f"~~{text}~~"
    return f"**{text}**" if die.pips == sides else text

"""Slots: three equal reels, and the middle line of what they show pays."""

import random
from collections import Counter
from fractions import Fraction
from itertools import product
from typing import Final, NamedTuple

from cogs.economy.games.catalogue import Odds, ReadSetting, Round, add_game
from utils.i18n import N_, _, format_decimal

FIRE, GEM, STAR, BELL, CHERRY, LEMON = "🔥", "💎", "⭐", "🔔", "🍒", "🍋"
REEL: Final = (
    FIRE, LEMON, CHERRY, BELL, LEMON, STAR, CHERRY, LEMON, GEM, CHERRY, LEMON, BELL,
    STAR, LEMON, CHERRY, BELL, LEMON, GEM, CHERRY, LEMON, STAR, CHERRY, LEMON, BELL,
)  # fmt: skip
"""What stands on each reel, from top to bottom and around; every place is equally likely."""
THREE_PAY: Final = {FIRE: 500, GEM: 100, STAR: 50, BELL: 25, CHERRY: 10, LEMON: 5}
TWO_CHERRIES_PAY: Final = 2
LARGEST_PRIZE: Final = max(TWO_CHERRIES_PAY, *THREE_PAY.values())

Line = tuple[str, str, str]


class Prize(NamedTuple):
    """What one line of the table pays, and how likely it is."""

    symbols: str
    pays: int
    chance: Fraction


class Spin(NamedTuple):
    """Where the three reels stopped: the places in the middle line."""

    stops: tuple[int, int, int]

    def line(self, below: int = 0) -> Line:
        """The line that pays, or one so many places below it."""
        one, two, three = (REEL[(stop + below) % len(REEL)] for stop in self.stops)
        return one, two, three

    def round(self, stake: int) -> Round:
        """What a bet brings."""
        paid = stake * factor(self.line())
        return Round(stake, paid, stake * LARGEST_PRIZE, won=paid > 0)


def spin(chance: random.Random) -> Spin:
    """Turn the reels."""
    places = range(len(REEL))
    return Spin((chance.choice(places), chance.choice(places), chance.choice(places)))


def factor(line: Line) -> int:
    """How many times the stake a line pays; zero for most."""
    if len(set(line)) == 1:
        return THREE_PAY[line[0]]
    return TWO_CHERRIES_PAY if line.count(CHERRY) == 2 else 0


def shown(spun: Spin) -> str:
    """The reels as they stopped, with the places above and below, and what the middle line pays."""
    above, middle, below = ("".join(spun.line(row)) for row in (-1, 0, 1))
    pays = factor(spun.line())
    words = _("The middle line pays {factor}×.").format(factor=pays) if pays else _("The middle line pays nothing.")
    return f"▪️ {above} ▪️\n▶️ {middle} ◀️\n▪️ {below} ▪️\n{words}"


def prizes() -> list[Prize]:
    """The table of what pays, the most first, with each prize's chance from the reels as they are."""
    weights = Counter(REEL)
    ways: Counter[tuple[str, int]] = Counter()
    for line in product(weights, weights, weights):
        if pays := factor(line):
            symbols = "".join(line) if len(set(line)) == 1 else CHERRY * 2
            ways[symbols, pays] += weights[line[0]] * weights[line[1]] * weights[line[2]]
    found = [Prize(symbols, pays, Fraction(count, len(REEL) ** 3)) for (symbols, pays), count in ways.items()]
    return sorted(found, key=lambda prize: -prize.pays)


def odds(_read: ReadSetting) -> list[Odds]:
    """What a spin brings back on average."""
    table = prizes()
    wins = Fraction(sum(prize.chance for prize in table if prize.pays > 1))
    return [Odds(N_("a spin"), wins, Fraction(sum(prize.chance * prize.pays for prize in table)))]


def about() -> str:
    """The rules, in words, with the table of prizes."""
    first = _("There are {places} places on each of the three reels. The middle line pays:").format(places=len(REEL))
    return "\n".join([first, *(f"- {_in_words(prize)}" for prize in prizes())])


def _in_words(prize: Prize) -> str:
    return _("{symbols} pays {factor}×, once in {spins} spins").format(
        symbols=prize.symbols, factor=prize.pays, spins=format_decimal(float(1 / prize.chance), 1)
    )


SLOTS = add_game("slots", N_("Slots"), N_("Whether members may play the slot machine."), odds, about)

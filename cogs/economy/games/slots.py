"""Slots: three equal reels, and the middle line of what they show pays."""

import random
from collections import Counter
from fractions import Fraction
from itertools import product
from typing import Final, NamedTuple

from cogs.economy.games.catalogue import Odds, Prize, ReadSetting, Round, add_game, less_share, times
from cogs.economy.games.settings import HOUSE_SHARE
from utils.i18n import N_, _, format_decimal

FIRE, GEM, STAR, BELL, CHERRY, LEMON = "🔥", "💎", "⭐", "🔔", "🍒", "🍋"
REEL: Final = (
    FIRE, LEMON, CHERRY, BELL, LEMON, STAR, CHERRY, LEMON, GEM, CHERRY, LEMON, BELL,
    STAR, LEMON, CHERRY, BELL, LEMON, GEM, CHERRY, LEMON, STAR, CHERRY, LEMON, BELL,
)  # fmt: skip
"""What stands on each reel, from top to bottom and around; every place is equally likely."""
THREE_PAY: Final = {
    FIRE: Fraction(500), GEM: Fraction(100), STAR: Fraction(50), BELL: Fraction(25), CHERRY: Fraction(10),
    LEMON: Fraction(5),
}  # fmt: skip
TWO_CHERRIES_PAY: Final = Fraction(2)
LARGEST_PRIZE: Final = max(TWO_CHERRIES_PAY, *THREE_PAY.values())

Line = tuple[str, str, str]


class Spin(NamedTuple):
    """Where the three reels stopped: the places in the middle line."""

    stops: tuple[int, int, int]

    def line(self, below: int = 0) -> Line:
        """The line that pays, or one so many places below it."""
        one, two, three = (REEL[(stop + below) % len(REEL)] for stop in self.stops)
        return one, two, three

    def round(self, stake: int, house_percent: int) -> Round:
        """What a bet brings; payouts are rounded down."""
        pays = factor(self.line(), house_percent)
        return Round(stake, times(stake, pays), times(stake, less_share(LARGEST_PRIZE, house_percent)), won=pays > 0)


def spin(chance: random.Random) -> Spin:
    """Turn the reels."""
    places = range(len(REEL))
    return Spin((chance.choice(places), chance.choice(places), chance.choice(places)))


def factor(line: Line, house_percent: int) -> Fraction:
    """How many times the stake a line pays; zero for most."""
    if len(set(line)) == 1:
        return less_share(THREE_PAY[line[0]], house_percent)
    return less_share(TWO_CHERRIES_PAY, house_percent) if line.count(CHERRY) == 2 else Fraction(0)


def shown(spun: Spin, house_percent: int) -> str:
    """The reels as they stopped, with the places above and below, and what the middle line pays."""
    above, middle, below = ("".join(spun.line(row)) for row in (-1, 0, 1))
    pays = factor(spun.line(), house_percent)
    told = _("The middle line pays {factor}×.") if pays else _("The middle line pays nothing.")
    words = told.format(factor=format_decimal(float(pays), 2))
    return f"▪️ {above} ▪️\n▶️ {middle} ◀️\n▪️ {below} ▪️\n{words}"


def prizes(house_percent: int) -> list[Prize]:
    """The table of what pays, the most first, with each prize's chance from the reels as they are."""
    weights = Counter(REEL)
    ways: Counter[tuple[str, Fraction]] = Counter()
    for line in product(weights, weights, weights):
        if pays := factor(line, house_percent):
            symbols = "".join(line) if len(set(line)) == 1 else CHERRY * 2
            ways[symbols, pays] += weights[line[0]] * weights[line[1]] * weights[line[2]]
    found = [Prize(symbols, pays, Fraction(count, len(REEL) ** 3)) for (symbols, pays), count in ways.items()]
    return sorted(found, key=lambda prize: -prize.pays)


def odds(read: ReadSetting) -> list[Odds]:
    """What a spin brings back on average."""
    table = prizes(read(HOUSE_SHARE))
    wins = Fraction(sum(prize.chance for prize in table if prize.pays > 1))
    return [Odds(N_("a spin"), wins, Fraction(sum(prize.chance * prize.pays for prize in table)), prizes=table)]


def about() -> str:
    """The rules, in words."""
    return _("Each of the three reels has {places} places, and stops at any of them. The middle line pays.").format(
        places=len(REEL)
    )


SLOTS = add_game("slots", N_("Slots"), N_("Whether members may play the slot machine."), odds, about)

"""Coinflip: the rules."""

from fractions import Fraction
from typing import Final, Literal

from cogs.economy.games.catalogue import Odds, ReadSetting, add_game
from utils.i18n import N_

Side = Literal["heads", "tails"]
SIDES: Final[tuple[Side, Side]] = ("heads", "tails")
PAYS: Final = Fraction(195, 100)
"""Times the stake, for the side that was named."""


def payout(stake: int, named: Side, fell: Side) -> int:
    """What comes back, rounded down."""
    return int(stake * PAYS) if named == fell else 0


def odds(_read: ReadSetting) -> list[Odds]:
    """What a bet brings back on average."""
    wins = Fraction(sum(side == SIDES[0] for side in SIDES), len(SIDES))
    return [Odds(N_("heads or tails"), wins, wins * PAYS, pays=PAYS)]


COINFLIP = add_game("coinflip", N_("Coinflip"), N_("Whether members may bet on a coin's side."), odds)

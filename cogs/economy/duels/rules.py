"""Duels: who wins, and what that pays. The first of the two is the challenger."""

import random
import re
from collections.abc import Iterable
from fractions import Fraction
from itertools import product
from typing import Final, Literal, get_args

from cogs.economy.duels.settings import RAKE
from cogs.economy.games.catalogue import Odds, ReadSetting, add_game
from cogs.economy.games.pots import prize, returned
from utils.formatting import safe, truncate
from utils.i18n import N_, _

Variety = Literal["coinflip", "dice", "rps"]
VARIETIES: Final[dict[str, str]] = {
    "coinflip": N_("Coinflip"),
    "dice": N_("Dice"),
    "rps": N_("Rock, paper, scissors"),
}
"""What can be played, and what each is called."""

_WORDS: Final[dict[str, Variety]] = {
    **dict.fromkeys(("coinflip", "coin flip", "coin", "flip", "cf", "münze", "münzwurf"), "coinflip"),
    **dict.fromkeys(("dice", "die", "roll", "würfel", "würfeln"), "dice"),
    **dict.fromkeys(("rps", "rock paper scissors", "schere stein papier", "ssp"), "rps"),
}

SIDES: Final = (N_("Heads"), N_("Tails"))
"""The challenger's side, and the other's."""
PIPS: Final = range(1, 7)

Hand = Literal["rock", "paper", "scissors"]
HANDS: Final[tuple[Hand, ...]] = get_args(Hand)
BEATS: Final[dict[Hand, Hand]] = {"rock": "scissors", "paper": "rock", "scissors": "paper"}

Throw = tuple[int, int]
Winner = Literal[0, 1] | None
"""Which of the two; None for a draw."""


def find_variety(text: str) -> Variety:
    """What somebody wants to play; raises `ValueError` with a sentence."""
    variety = _WORDS.get(" ".join(re.split(r"[\s,/-]+", text.strip().casefold())))
    if variety is None:
        raise ValueError(
            _("“{text}” isn't played in duels: choose `coinflip`, `dice` or `rps`.").format(
                text=safe(truncate(text, 40))
            )
        )
    return variety


def coin_falls(chance: random.Random) -> Literal[0, 1]:
    """Whose side the coin shows."""
    return 0 if chance.randrange(2) == 0 else 1


def throws(chance: random.Random) -> list[tuple[Throw, Throw]]:
    """What both throw with two dice, again and again as long as the sums are equal."""
    rounds: list[tuple[Throw, Throw]] = []
    while not rounds or dice_winner(*rounds[-1]) is None:
        first, second, third, fourth = (chance.choice(PIPS) for _die in range(4))
        rounds.append(((first, second), (third, fourth)))
    return rounds


def dice_winner(challenger: Throw, opponent: Throw) -> Winner:
    """Who has the higher sum."""
    mine, theirs = sum(challenger), sum(opponent)
    return None if mine == theirs else 0 if mine > theirs else 1


def rps_winner(challenger: Hand | None, opponent: Hand | None) -> Winner:
    """Whose hand beats the other's; who didn't choose loses against who did."""
    if challenger == opponent:
        return None
    if opponent is None:
        return 0
    if challenger is None:
        return 1
    return 0 if BEATS[challenger] == opponent else 1


def payouts(stake: int, winner: Winner, rake: int) -> tuple[int, int]:
    """What each gets: the winner both bets but for the house's share, and their own bets after a draw."""
    if winner is None:
        return stake, stake
    won = prize(2 * stake, rake)
    return (won, 0) if winner == 0 else (0, won)


def odds(read: ReadSetting) -> list[Odds]:
    """What a bet brings back on average, for either of the two."""
    rake = read(RAKE)
    thrown = [dice_winner((one, two), (three, four)) for one, two, three, four in product(PIPS, PIPS, PIPS, PIPS)]
    return [
        _odds("coinflip", [0, 1], rake),
        _odds("dice", [winner for winner in thrown if winner is not None], rake),
        _odds("rps", [rps_winner(mine, theirs) for mine, theirs in product(HANDS, HANDS)], rake),
    ]


def _odds(variety: Variety, winners: Iterable[Winner], rake: int) -> Odds:
    outcomes = list(winners)
    wins = Fraction(outcomes.count(0), len(outcomes))
    draws = Fraction(outcomes.count(None), len(outcomes))
    pays = 2 * returned(rake)
    return Odds(VARIETIES[variety], wins, wins * pays + draws, pays)


def about() -> str:
    """How it goes."""
    return _("Two members bet the same, and the winner gets both bets. In `rps` a third of all duels are draws.")


DUEL = add_game("duel", N_("Duel"), N_("Whether members may challenge each other to a duel for coins."), odds, about)

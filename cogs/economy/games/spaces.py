"""Bets on something that falls on one of several equally likely outcomes: a coin, two dice, a wheel."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, Generic, TypeVar

from cogs.economy.games.catalogue import Odds, Round, less_share, times
from utils.i18n import translate

Outcome = TypeVar("Outcome")


@dataclass(frozen=True, slots=True)
class Space(Generic[Outcome]):
    """What can be bet on: the outcomes that win, and how many times the stake these pay, the stake included."""

    name: str
    """Marked with `N_`; names in braces are filled from `values`."""
    wins: frozenset[Outcome]
    pays: Fraction
    values: Mapping[str, Any] = field(default_factory=dict)
    kind: str | None = None
    """What it and others like it are called in the list of odds, if not by its name; the same marks hold."""

    def label(self) -> str:
        """Its name, in the reader's language."""
        return translate(self.name).format(**self.values)

    def round(self, stake: int, fell: Outcome, house_percent: int) -> Round:
        """What a bet on it brings; payouts are rounded down."""
        most, won = times(stake, less_share(self.pays, house_percent)), fell in self.wins
        return Round(stake, most if won else 0, most, won)


def odds_of(spaces: Iterable[Space[Outcome]], outcomes: int, house_percent: int) -> list[Odds]:
    """The odds of each kind of space, where one of so many outcomes falls."""
    found: dict[str, Odds] = {}
    for space in spaces:
        kind = space.kind or space.name
        wins = Fraction(len(space.wins), outcomes)
        pays = less_share(space.pays, house_percent)
        odds = Odds(kind, wins, wins * pays, pays, values=space.values)
        found.setdefault(kind.format(**space.values), odds)
    return list(found.values())

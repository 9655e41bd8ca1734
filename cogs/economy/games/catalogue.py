"""Which games there are: the name each is called, switched and counted by, and what it brings back on average.

A game joins by `add_game`, with a function that computes its odds from the very tables it plays by. `odds` and
`gamestats` show what these functions say, and the tests hold each game to it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from math import ceil
from typing import Any, NamedTuple, Protocol, TypeVar

from utils.i18n import translate
from utils.setting_types import Setting, Switch

T = TypeVar("T")


class ReadSetting(Protocol):
    """What a setting is in the guild whose odds are asked for; most games' odds are the same everywhere."""

    def __call__(self, setting: Setting[T], /) -> T:
        """The value that holds there."""


class Prize(NamedTuple):
    """One of several wins that the same bet can bring."""

    name: str
    """What has to come for it; symbols, which are the same in every language."""
    pays: Fraction
    """Times the stake, the stake included."""
    chance: Fraction


@dataclass(frozen=True, slots=True)
class Odds:
    """What one kind of bet in a game brings back on average, of one coin that is bet."""

    bet: str
    """Which bet or way to play, marked with `N_`; names in braces are filled from `values`."""
    wins: Fraction | None
    """How likely it is that more than the stake comes back; None where that depends on the other players."""
    returned: Fraction
    """Mean payout over the stake, before single payouts are rounded down to whole coins."""
    pays: Fraction | None = None
    """Times the stake that a win pays, the stake included; None where wins differ."""
    prizes: Sequence[Prize] = ()
    """What it can win, where that differs, the most first."""
    values: Mapping[str, Any] = field(default_factory=dict)
    simulated: bool = False
    """Whether `returned` and `wins` were found by playing many games, where nobody can go through all of them."""

    @property
    def edge(self) -> Fraction:
        """What the house keeps on average, of one coin that is bet."""
        return 1 - self.returned

    def label(self) -> str:
        """The bet's name, in the reader's language."""
        return translate(self.bet).format(**self.values)


ComputeOdds = Callable[[ReadSetting], Sequence[Odds]]


@dataclass(frozen=True)
class Game:
    """A game for coins."""

    name: str
    """The command's, and what its stakes are written down under."""
    label: str
    """What it is called, marked with `N_`."""
    switch: Setting[bool]
    odds: ComputeOdds
    """Each kind of bet, or each way to play, with what it brings back."""
    about: Callable[[], str] | None = None
    """Its rules in words, in the reader's language, as `odds` shows them."""


GAMES: dict[str, Game] = {}
"""Every game by its name; each topic adds its own when it is imported."""


def add_game(
    name: str, label: str, help_text: str, odds: ComputeOdds, about: Callable[[], str] | None = None
) -> Game:  # fmt: skip
    """Put a game into the catalogue, with a switch `game-<name>` of its own.

    `odds` is asked each time somebody looks: it remembers what takes long to compute.
    """
    GAMES[name] = Game(name, label, Setting[bool](f"game-{name}", Switch(), True, help_text), odds, about)
    return GAMES[name]


class Round(NamedTuple):
    """A game that is over at once, as it came out."""

    stake: int
    paid: int
    """What comes back, the stake included; nothing for a loss."""
    most: int
    """The largest payout that the same bet could have had."""
    won: bool


def less_share(factor: Fraction, house_percent: int) -> Fraction:
    """What a win pays where the house keeps a share of what it brings above the stake."""
    return 1 + (factor - 1) * Fraction(100 - house_percent, 100)


def least_bet(factor: Fraction) -> int:
    """The smallest bet for which a win at a factor above one pays more than the bet, rounded down."""
    return ceil(1 / (factor - 1))


def times(stake: int, factor: Fraction) -> int:
    """What so many times a stake pays: whole coins, rounded down."""
    return int(stake * factor)

"""Which games there are: the name each is called, switched and counted by."""

from dataclasses import dataclass
from fractions import Fraction

from utils.setting_types import Setting, Switch


@dataclass(frozen=True)
class Game:
    """A game for coins."""

    name: str
    """The command's, and what its stakes are written down under."""
    label: str
    """What it is called, marked with `N_`."""
    switch: Setting[bool]


@dataclass(frozen=True, slots=True)
class Odds:
    """What one kind of bet in a game brings back on average, of one coin that is bet."""

    bet: str
    """Which bet or way to play, marked with `N_`."""
    wins: Fraction
    """How likely it is that more than the stake comes back."""
    returned: Fraction
    """Mean payout over the stake, exact."""


GAMES: dict[str, Game] = {}
"""Every game by its name; each topic adds its own when it is imported."""


def add_game(name: str, label: str, help_text: str) -> Game:
    """Put a game into the catalogue, with a switch `game-<name>` of its own."""
    GAMES[name] = Game(name, label, Setting[bool](f"game-{name}", Switch(), True, help_text))
    return GAMES[name]

"""Coinflip: the rules."""

from fractions import Fraction
from typing import Final, Literal

from cogs.economy.games.catalogue import Odds, ReadSetting, add_game
from cogs.economy.games.settings import HOUSE_SHARE
from cogs.economy.games.spaces import Space, odds_of
from utils.formatting import safe, truncate
from utils.i18n import N_, _

Side = Literal["heads", "tails"]
SIDES: Final[tuple[Side, Side]] = ("heads", "tails")
PAYS: Final = Fraction(195, 100)
SPACES: Final[dict[Side, Space[Side]]] = {
    "heads": Space(N_("heads"), frozenset({"heads"}), PAYS, kind=N_("heads or tails")),
    "tails": Space(N_("tails"), frozenset({"tails"}), PAYS, kind=N_("heads or tails")),
}
_WORDS: Final[dict[str, Side]] = {
    **dict.fromkeys(("heads", "head", "h", "kopf", "k"), "heads"),
    **dict.fromkeys(("tails", "tail", "t", "zahl", "z"), "tails"),
}


def find(text: str) -> Space[Side]:
    """The side that somebody names; raises `ValueError` with a sentence."""
    side = _WORDS.get(text.strip().casefold())
    if side is None:
        raise ValueError(
            _("“{text}” isn't a side of a coin: say `heads` or `tails`.").format(text=safe(truncate(text, 40)))
        )
    return SPACES[side]


def odds(read: ReadSetting) -> list[Odds]:
    """What a bet brings back on average."""
    return odds_of(SPACES.values(), len(SIDES), read(HOUSE_SHARE))


COINFLIP = add_game("coinflip", N_("Coinflip"), N_("Whether members may bet on a coin's side."), odds)

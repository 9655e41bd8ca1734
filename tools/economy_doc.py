"""Write the odds in docs/ECONOMY.md from the code: what each bet of each game brings back.

`python -m tools.economy_doc` writes what stands between the two markers and leaves the rest as it is; `--check` fails
when it is not what the code says.
"""

import sys
from collections.abc import Iterator
from fractions import Fraction

from cogs.economy.games.catalogue import GAMES, Odds, T
from cogs.economy.games.odds import percent, prize_in_words
from tools import generated
from utils.i18n import format_decimal
from utils.setting_types import Setting

TARGET = generated.DOCS / "ECONOMY.md"
COMMAND = "python -m tools.economy_doc"
NOTHING = "–"
LONGEST_FRACTION = 10_000
"""Exact values whose denominators are larger tell nobody anything."""


async def document() -> str:
    """The whole page, with the odds as they should be."""
    async with generated.loaded_bot():  # which imports every game
        return generated.put_between(TARGET, COMMAND, "\n".join(tables()))


def tables() -> Iterator[str]:
    """A table for each game, with the settings as they are at the start."""
    for game in sorted(GAMES.values(), key=lambda one: one.label):
        yield from ["", f"### {game.label}", ""]
        if game.about:
            yield from [game.about(), ""]
        yield from ["| bet | a win pays | chance to win | returns | house edge |", "|---|---|---|---|---|"]
        odds = game.odds(_default)
        yield from map(_row, odds)
        if prizes := [prize for one in odds for prize in one.prizes]:
            yield from ["", *(f"- {prize_in_words(prize)}" for prize in prizes)]
    yield ""


def _row(odds: Odds) -> str:
    about = "about " if odds.simulated else ""
    cells = (
        odds.label(),
        NOTHING if odds.pays is None else f"{format_decimal(float(odds.pays))}×",
        NOTHING if odds.wins is None else percent(odds.wins),
        about + (percent(odds.returned) if odds.simulated else _exactly(odds.returned)),
        about + percent(odds.edge),
    )
    return f"| {' | '.join(cells)} |"


def _exactly(share: Fraction) -> str:
    is_telling = 1 < share.denominator <= LONGEST_FRACTION
    return f"{percent(share)} ({share})" if is_telling else percent(share)


def _default(setting: Setting[T], /) -> T:
    return setting.default


if __name__ == "__main__":
    sys.exit(generated.run(__doc__, TARGET, document, COMMAND))

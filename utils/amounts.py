"""Amounts of coins as people write them: `250`, `1,000`, `1k`, `2.5m`, `all`, `half`, `25%`."""

import re
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final

from discord.ext import commands

from database.economy import MOST_COINS
from utils.arguments import as_bad_argument
from utils.formatting import safe, truncate
from utils.i18n import _, format_number

_WORDS: Final[dict[str, Fraction]] = {
    "all": Fraction(1),
    "max": Fraction(1),
    "everything": Fraction(1),
    "alles": Fraction(1),
    "half": Fraction(1, 2),
    "hälfte": Fraction(1, 2),
    "halb": Fraction(1, 2),
    "quarter": Fraction(1, 4),
    "viertel": Fraction(1, 4),
}
_THOUSANDS: Final = {"": 1, "k": 10**3, "m": 10**6, "b": 10**9, "t": 10**12}
_WHOLE = re.compile(r"[0-9]{1,16}|[0-9]{1,3}(?:([,._'’])[0-9]{3})(?:\1[0-9]{3}){0,4}")
_SHORT = re.compile(r"([0-9]{1,15}(?:[.,][0-9]{1,6})?)\s?([kmbt])")
_PERCENT = re.compile(r"([0-9]{1,3}(?:[.,][0-9]{1,2})?)\s?%")


@dataclass(frozen=True, slots=True)
class Amount:
    """So many coins, or a share of what one has; usable as a parameter's type in a command."""

    coins: int | None = None
    share: Fraction | None = None

    def resolve(self, available: int) -> int:
        """How many coins that is of those available, rounded down; a fixed amount may be more than these.

        Raises `ValueError` with a sentence if a share of them is less than one coin.
        """
        if self.coins is not None:
            return self.coins
        assert self.share is not None
        coins = int(available * self.share)
        if coins < 1:
            raise ValueError(_("You don't have enough for that: it would be less than one coin."))
        return coins

    @classmethod
    def parse(cls, text: str) -> "Amount":
        """Read an amount; raises `ValueError` with a sentence if it is none, zero, or too large."""
        wanted = text.strip().casefold()
        if wanted in _WORDS:
            return cls(share=_WORDS[wanted])
        if percent := _PERCENT.fullmatch(wanted):
            share = Fraction(percent[1].replace(",", ".")) / 100
            if not 0 < share <= 1:
                raise ValueError(_("A share is more than 0% and at most 100%, like `25%`."))
            return cls(share=share)
        number = parse_number(wanted)
        if number is not None:
            return cls(coins=_checked(number))
        raise ValueError(
            _("“{text}” isn't an amount. Write it like `250`, `1k`, `2.5m`, `half`, `25%` or `all`.").format(
                text=safe(truncate(text, 40))
            )
        )

    @classmethod
    async def convert(cls, _ctx: commands.Context[Any], argument: str) -> "Amount":
        """For discord.py: read a command's argument."""
        with as_bad_argument():
            return cls.parse(argument)


def parse_number(text: str) -> Fraction | None:
    """Read `250`, `1,000`, `1k` or `2.5m`, whatever is counted; None for anything else."""
    wanted = text.strip().casefold()
    if _WHOLE.fullmatch(wanted):
        return Fraction(re.sub(r"[^0-9]", "", wanted))
    if short := _SHORT.fullmatch(wanted):
        return Fraction(short[1].replace(",", ".")) * _THOUSANDS[short[2]]
    return None


def _checked(coins: Fraction) -> int:
    if coins.denominator != 1:
        raise ValueError(_("Coins can't be split: write a whole number, like `250`."))
    if coins == 0:
        raise ValueError(_("An amount is at least 1."))
    if coins > MOST_COINS:
        raise ValueError(_("That's too much: the most is {maximum}.").format(maximum=format_number(MOST_COINS)))
    return int(coins)

"""Multipliers as people write them: `2x`, `1.5`, `150%`. Pure."""

import re
from decimal import Decimal
from typing import Final

from cogs.leveling.multipliers import MOST_PERCENT, WHOLE
from utils.formatting import safe, truncate
from utils.i18n import _, format_percent

MOST_IN_A_GUILD: Final = 50
_NUMBER = r"([0-9]{1,6}(?:[.,][0-9]{1,4})?)"
_PERCENT = re.compile(rf"{_NUMBER}\s?%")
_TIMES = re.compile(rf"[x×*]\s?{_NUMBER}|{_NUMBER}\s?[x×]")
_PLAIN = re.compile(_NUMBER)


def parse_percent(text: str) -> int:
    """Read how much XP counts, in percent; a bare number is a factor up to 10, and percent above it.

    Raises `ValueError` with a sentence for what can't be read, isn't a whole percentage, or is more than tenfold.
    """
    word = text.strip().casefold()
    if found := _PERCENT.fullmatch(word):
        percent = _decimal(found[1])
    elif found := _TIMES.fullmatch(word):
        percent = _decimal(found[1] or found[2]) * WHOLE
    elif found := _PLAIN.fullmatch(word):
        number = _decimal(found[1])
        percent = number * WHOLE if number * WHOLE <= MOST_PERCENT else number
    else:
        raise ValueError(
            _("“{text}” isn't a multiplier. Write it like `150%`, `1.5` or `2x`.").format(
                text=safe(truncate(text, 40))
            )
        )
    if percent > MOST_PERCENT:
        raise ValueError(
            _("A multiplier goes from {least} to {most}.").format(
                least=format_percent(0), most=format_percent(MOST_PERCENT / WHOLE)
            )
        )
    if percent != int(percent):
        raise ValueError(_("A multiplier is a whole percentage, such as `125%`."))
    return int(percent)


def _decimal(text: str) -> Decimal:
    return Decimal(text.replace(",", "."))

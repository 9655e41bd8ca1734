"""How much XP staff means, and what somebody has after it. Pure."""

import re
from dataclasses import dataclass, replace
from typing import Final, Literal

from cogs.leveling.curves import Curve
from database.standing_values import MOST, Standing
from utils.amounts import parse_number
from utils.formatting import code, truncate
from utils.i18n import _, format_number

Unit = Literal["xp", "levels"]
Doing = Literal["give", "take", "set"]

_LEVELS: Final = r"(?:levels?|lvls?|stufen?)"
_LEVEL_FIRST = re.compile(rf"{_LEVELS}\s*[:=]?\s*(?P<number>.*)", re.IGNORECASE)
_LEVEL_LAST = re.compile(rf"(?P<number>.*?)\s*{_LEVELS}", re.IGNORECASE)
_XP_LAST = re.compile(r"(?P<number>.*?)\s*(?:xp|exp)", re.IGNORECASE)

_HUGE = re.compile(r"(?:[0-9]{16,}|[0-9]{1,3}(?:[,._'’][0-9]{3}){5,})\s*[kmbt]?", re.IGNORECASE)
"""Of what can't be read, what is a number all the same."""


class AmountError(ValueError):
    """Not an amount of XP; the message is the sentence for whoever wrote it."""


@dataclass(frozen=True, slots=True)
class XpAmount:
    """So much XP, or so many levels."""

    number: int
    unit: Unit = "xp"


def parse_amount(text: str) -> XpAmount:
    """Read `500`, `1.5k`, `500 xp`, `level 10` or `10 levels`. Raises `AmountError`."""
    words = " ".join(text.split())
    unit: Unit = "xp"
    if found := _LEVEL_FIRST.fullmatch(words) or _LEVEL_LAST.fullmatch(words):
        unit = "levels"
    else:
        found = _XP_LAST.fullmatch(words)
    number = found["number"] if found else words
    if re.fullmatch(r"[-−–]\s*[0-9].*", number):
        raise AmountError(_("Write how much without a minus: `xp take` takes XP away."))
    value = parse_number(number)
    if (value is None and _HUGE.fullmatch(number)) or (value is not None and value > MOST):
        raise AmountError(_("That's too much: the most is {most} XP.").format(most=format_number(MOST)))
    if value is None:
        raise AmountError(
            _("{text} isn't an amount. Write XP like `500` or `1.5k`, or a level like `level 10`.").format(
                text=code(truncate(words, 40))
            )
        )
    if value.denominator != 1:
        raise AmountError(_("XP and levels can't be split: write a whole number."))
    return XpAmount(int(value), unit)


def check_amount(doing: Doing, amount: XpAmount, curve: Curve) -> None:
    """Raise `AmountError` if this can't be given, taken or set on a curve."""
    if not amount.number and doing != "set":
        raise AmountError(_("An amount is at least 1."))
    if amount.unit == "levels" and amount.number > curve.highest:
        raise AmountError(
            _("On this server's curve, the highest level is {highest}.").format(highest=format_number(curve.highest))
        )


def xp_after(doing: Doing, amount: XpAmount, xp: int, curve: Curve) -> int:
    """The XP that somebody has after it: never below zero, never above the most.

    Setting a level sets the XP that it begins at. Levels that are given or taken move somebody to the same part of
    another level: who is half-way through level 3 and gets two is half-way through level 5. There is nothing above
    the highest level and nothing below zero.
    """
    if amount.unit == "xp":
        wanted = {"give": xp + amount.number, "take": xp - amount.number, "set": amount.number}[doing]
        return max(0, min(wanted, MOST))
    if doing == "set":
        return curve.total(amount.number)
    moved = _moved(xp, amount.number if doing == "give" else -amount.number, curve)
    return max(xp, moved) if doing == "give" else min(xp, moved)


def _moved(xp: int, levels: int, curve: Curve) -> int:
    level = curve.level(xp) + levels
    if level < 0:
        return 0
    if level >= curve.highest:
        return curve.total(curve.highest)
    done, length = curve.progress(xp)
    _start, new_length = curve.progress(curve.total(level))
    assert new_length is not None
    return curve.total(level) + (0 if length is None else done * new_length // length)


def standing_after(doing: Doing, amount: XpAmount, standing: Standing, curve: Curve) -> Standing:
    """As `xp_after`, for somebody's standing."""
    return replace(standing, xp=xp_after(doing, amount, standing.xp, curve))

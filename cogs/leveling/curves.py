"""Curves: how much XP each level takes. Pure.

A curve is a polynomial: either of what each next level costs, or of what a level costs in all. XP is the truth, a
level is computed from it, so that another curve changes levels and loses nobody's XP.
"""

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Literal

from database.standing_values import MOST
from utils.i18n import _, format_list

MOST_LEVEL: Final = 1_000
MOST_COEFFICIENTS: Final = 5
LARGEST_COEFFICIENT: Final = 10**9
MOST_DIGITS: Final = 18

Kind = Literal["step", "total"]


class CurveError(ValueError):
    """Not a curve; the message is the sentence for whoever gave it."""


@dataclass(frozen=True, slots=True)
class Curve:
    """`coefficients` from the highest power down: `(5, 50, 100)` is 5n² + 50n + 100.

    As `step` it is what it costs to get from level n to n + 1; as `total`, what level n takes in all, for n from one.
    """

    kind: Kind
    coefficients: tuple[int, ...]

    def total(self, level: int) -> int:
        """The XP at which a level begins; 0 for level 0. Raises `ValueError` beyond the highest level."""
        return _totals(self)[level] if 0 <= level <= self.highest else _beyond(level)

    @property
    def highest(self) -> int:
        """The last level that somebody can reach."""
        return len(_totals(self)) - 1

    def level(self, xp: int) -> int:
        """The level that so much XP makes."""
        return bisect_right(_totals(self), xp) - 1

    def progress(self, xp: int) -> tuple[int, int | None]:
        """How much of the way to the next level is done, and how long it is; None at the highest level."""
        level = self.level(xp)
        start = self.total(level)
        return xp - start, None if level == self.highest else self.total(level + 1) - start

    def problem(self) -> str | None:
        """Why this isn't a curve, as a sentence; None if it is one."""
        if not 1 <= len(self.coefficients) <= MOST_COEFFICIENTS:
            return _("A curve has 1 to {most} numbers.").format(most=MOST_COEFFICIENTS)
        if any(abs(one) > LARGEST_COEFFICIENT for one in self.coefficients):
            return _limits()
        before = 0
        for level in range(1, MOST_LEVEL + 1):
            total = _raw_total(self, level, before)
            if total <= before:
                return _(
                    "On this curve, level {level} would take no more XP than level {before}."
                    " Each level has to take more."
                ).format(level=level, before=level - 1)
            before = total
        return None


PRESETS: Final[dict[str, Curve]] = {
    # https://github.com/Mee6/Mee6-documentation: 5n² + 50n + 100 from one level to the next
    "mee6": Curve("step", (5, 50, 100)),
    "arcane": Curve("step", (100, 75)),
    "nadeko": Curve("step", (9, 36)),
    "lurkr": Curve("total", (50, -100, 150)),
    "amari": Curve("total", (20, -40, 55)),
    "levelup": Curve("total", (100, 0, 0)),
    "flat": Curve("step", (1_000,)),
    "linear": Curve("step", (100, 100)),
    "quadratic": Curve("step", (5, 50, 100)),
}
DEFAULT: Final = PRESETS["mee6"]
_SHAPES: Final[dict[str, tuple[Kind, int]]] = {"flat": ("step", 1), "linear": ("step", 2), "quadratic": ("step", 3)}
"""Curves that take their own numbers: of what kind, and how many."""
_FREE: Final[dict[str, Kind]] = {"step": "step", "custom": "step", "total": "total", "polynomial": "total"}


def parse_curve(text: str) -> Curve:
    """Read `mee6`, `linear 100 75`, `flat 500`, `step 5 50 100` or `total 50 -100 150`. Raises `CurveError`."""
    name, *words = re.split(r"[\s,;]+", text.strip().lower())
    if not words and name in PRESETS:
        return PRESETS[name]
    if name in _SHAPES:
        kind, count = _SHAPES[name]
        numbers = _numbers(words)
        if len(numbers) != count:
            raise CurveError(_usage())
        return checked(Curve(kind, numbers))
    if name in _FREE and words:
        return checked(Curve(_FREE[name], _numbers(words)))
    raise CurveError(_usage())


def checked(curve: Curve) -> Curve:
    """The curve itself; raises `CurveError` if it isn't one."""
    problem = curve.problem()
    if problem is not None:
        raise CurveError(problem)
    return curve


def show_curve(curve: Curve) -> str:
    """A curve as it can be typed again: the name of a preset, else kind and numbers."""
    for name, preset in PRESETS.items():
        if preset == curve:
            return name
    return " ".join([curve.kind, *map(str, curve.coefficients)])


def _usage() -> str:
    return _(
        "A curve is one of {names}, or `flat 500`, `linear 100 75`, `quadratic 5 50 100`, `step 1 0 0 50` for what"
        " each next level costs, or `total 50 -100 150` for what a level takes in all."
    ).format(names=format_list([f"`{name}`" for name in PRESETS], style="or"))


def _limits() -> str:
    return _("A curve's numbers go from {least} to {most}.").format(
        least=-LARGEST_COEFFICIENT, most=LARGEST_COEFFICIENT
    )


def _numbers(words: Sequence[str]) -> tuple[int, ...]:
    if any(re.fullmatch(r"[+-]?[0-9]+", word) is None for word in words):
        raise CurveError(_usage())
    if any(len(word) > MOST_DIGITS for word in words):  # Python refuses to read thousands of digits
        raise CurveError(_limits())
    return tuple(int(word) for word in words)


def _value(coefficients: Sequence[int], n: int) -> int:
    value = 0
    for one in coefficients:
        value = value * n + one
    return value


def _raw_total(curve: Curve, level: int, before: int) -> int:
    """What a level takes in all, if the one below takes `before`."""
    if curve.kind == "step":
        return before + _value(curve.coefficients, level - 1)
    return _value(curve.coefficients, level)


@lru_cache(maxsize=256)
def _totals(curve: Curve) -> list[int]:
    """Where each level begins, as far as anybody can come."""
    totals = [0]
    while len(totals) <= MOST_LEVEL:
        total = _raw_total(curve, len(totals), totals[-1])
        if total > MOST:
            break
        totals.append(total)
    return totals


def _beyond(level: int) -> int:
    raise ValueError(f"there is no level {level}")

"""What can be done with numbers besides the four ways of reckoning. Each step is bounded by the digits. Pure."""

import decimal
import math
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from cogs.utility.calculating.numbers import CONTEXT, DIGITS, WHOLE_DIGITS, CalculationError, too_large
from utils.i18n import _

MOST_FACTORIAL: Final = 2_000
MOST_NUMBERS: Final = 300
"""Of a function that takes any number of them: as many as an expression has characters."""
TRIGONOMETRY_DIGITS: Final = 14
"""Of what the processor's own functions give."""

PI: Final = Decimal("3.14159265358979323846264338327950288419716939937510582097494459")
CONSTANTS: Final = {"pi": PI, "π": PI, "tau": 2 * PI, "e": CONTEXT.exp(Decimal(1))}


@dataclass(frozen=True, slots=True)
class Function:
    """A function of so many numbers."""

    work: Callable[..., Decimal]
    fewest: int = 1
    most: int = 1


def raised(base: Decimal, exponent: Decimal) -> Decimal:
    """A power; nothing to the power of nothing is 1."""
    if base == 0 and exponent == 0:
        return Decimal(1)
    if base == 0 and exponent < 0:
        raise decimal.DivisionByZero
    return CONTEXT.power(base, exponent)


def remainder(value: Decimal, other: Decimal) -> Decimal:
    """What is left over, with the sign of the divisor."""
    if other == 0:
        raise decimal.DivisionByZero
    # Of larger ones the last digits aren't known.
    if value and max(value.adjusted(), value.adjusted() - other.adjusted()) >= DIGITS - 1:
        raise CalculationError(_("That number is too large for an exact remainder."))
    left = value % other
    return left + other if left and (left < 0) != (other < 0) else left


def factorial(value: Decimal) -> Decimal:
    """The product of all whole numbers from 1 to this one."""
    if value != value.to_integral_value() or value < 0:
        raise CalculationError(_("Only whole numbers from 0 on have a factorial."))
    if value > MOST_FACTORIAL:
        raise too_large()
    return CONTEXT.create_decimal(math.factorial(int(value)))


def _root(value: Decimal, degree: Decimal) -> Decimal:
    if degree == 0:
        raise decimal.DivisionByZero
    if value < 0 and degree % 2 == 1:
        return -_root(-value, degree)
    made = raised(value, 1 / degree)
    near = made.to_integral_value()
    return near if degree == degree.to_integral_value() and _is(near, degree, value) else made


def _is(root: Decimal, degree: Decimal, value: Decimal) -> bool:
    return abs(degree) < 1000 and raised(root, degree) == value


def _logarithm(value: Decimal, base: Decimal | None = None) -> Decimal:
    if value <= 0 or (base is not None and (base <= 0 or base == 1)):
        raise decimal.InvalidOperation
    if base is None or base == 10:
        return CONTEXT.log10(value)
    return CONTEXT.ln(value) / CONTEXT.ln(base)


def _natural(value: Decimal) -> Decimal:
    return CONTEXT.ln(value) if value > 0 else _logarithm(value)


def _by_processor(work: Callable[[float], float]) -> Callable[[Decimal], Decimal]:
    def worked(value: Decimal) -> Decimal:
        if abs(value) > 10**12:
            raise CalculationError(_("That angle is too large."))
        try:
            made = work(float(value))
        except ValueError as error:
            raise decimal.InvalidOperation from error
        return Decimal(repr(round(made, TRIGONOMETRY_DIGITS)))

    return worked


def _tangent(value: float) -> float:
    if abs(math.cos(value)) < 1e-14:
        raise ValueError
    return math.tan(value)


def _rounded_to(value: Decimal, places: Decimal = Decimal(0)) -> Decimal:
    if places != places.to_integral_value() or abs(places) > WHOLE_DIGITS:
        raise CalculationError(
            _("Round to a whole number of digits, at most {maximum}.").format(maximum=WHOLE_DIGITS)
        )
    if value.adjusted() + int(places) >= DIGITS:
        return value
    return value.quantize(Decimal(1).scaleb(-int(places)), decimal.ROUND_HALF_UP)


def _whole(rounding: str) -> Callable[[Decimal], Decimal]:
    return lambda value: value.to_integral_value(rounding)


FUNCTIONS: Final[dict[str, Function]] = {
    "sqrt": Function(CONTEXT.sqrt),
    "cbrt": Function(lambda value: _root(value, Decimal(3))),
    "root": Function(_root, 2, 2),
    "abs": Function(abs),
    "round": Function(_rounded_to, 1, 2),
    "floor": Function(_whole(decimal.ROUND_FLOOR)),
    "ceil": Function(_whole(decimal.ROUND_CEILING)),
    "min": Function(min, 1, MOST_NUMBERS),
    "max": Function(max, 1, MOST_NUMBERS),
    "sum": Function(lambda *values: sum(values, Decimal(0)), 1, MOST_NUMBERS),
    "avg": Function(lambda *values: sum(values, Decimal(0)) / len(values), 1, MOST_NUMBERS),
    "exp": Function(CONTEXT.exp),
    "ln": Function(_natural),
    "log": Function(_logarithm, 1, 2),
    "log2": Function(lambda value: _logarithm(value, Decimal(2))),
    "sin": Function(_by_processor(math.sin)),
    "cos": Function(_by_processor(math.cos)),
    "tan": Function(_by_processor(_tangent)),
    "asin": Function(_by_processor(math.asin)),
    "acos": Function(_by_processor(math.acos)),
    "atan": Function(_by_processor(math.atan)),
}

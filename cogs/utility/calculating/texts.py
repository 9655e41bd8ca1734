"""Numbers as answers show them."""

from decimal import Context, Decimal
from fractions import Fraction
from typing import Final

from babel.numbers import get_decimal_symbol, get_group_symbol

from cogs.utility.calculating.numbers import rounded
from utils.i18n import babel_locale

LONGEST_PLAIN: Final = 21
"""Digits before the decimal sign; larger numbers that aren't whole are shown with a power of ten."""
SMALLEST_PLAIN: Final = -7
_RAISED: Final = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
SIGNIFICANT: Final = 10
"""Digits of a converted quantity that has no end."""


def uses_decimal_comma() -> bool:
    """Whether the current language writes 1,5 for one and a half."""
    return get_decimal_symbol(babel_locale()) == ","


def number_text(number: Decimal) -> str:
    """A result in the writing of the current language."""
    number = rounded(number)
    _sign, digits, exponent = number.as_tuple()
    is_whole = isinstance(exponent, int) and exponent >= 0
    if number and not SMALLEST_PLAIN <= number.adjusted() < (len(digits) if is_whole else LONGEST_PLAIN):
        mantissa = _localized(f"{number.scaleb(-number.adjusted()):f}".rstrip("0").rstrip("."))
        return f"{mantissa} × 10{str(number.adjusted()).translate(_RAISED)}"
    return _localized(f"{number:,f}")


def quantity_text(amount: Fraction) -> tuple[str, bool]:
    """A quantity in the writing of the current language, and whether that is all of it."""
    exact = (Decimal(amount.numerator) / Decimal(amount.denominator)).normalize()  # of 28 digits, as everywhere
    is_exact = Fraction(exact) == amount
    if is_exact and len(exact.as_tuple().digits) <= 2 * SIGNIFICANT:
        return number_text(exact), True
    return number_text(exact.normalize(Context(prec=SIGNIFICANT))), False


def _localized(text: str) -> str:
    locale = babel_locale()
    marks = {",": get_group_symbol(locale), ".": get_decimal_symbol(locale)}
    return "".join(marks.get(one, one) for one in text)

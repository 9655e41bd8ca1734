"""The numbers that are reckoned with: decimals of `DIGITS` digits, and reading them. Pure."""

import decimal
import re
from decimal import Decimal
from typing import Final

from utils.formatting import safe, truncate
from utils.i18n import _

DIGITS: Final = 60
WHOLE_DIGITS, SHOWN_DIGITS = 40, 20
"""Of whole numbers, and of others: fewer than are reckoned with, so that (1/3)*3 is 1."""
LARGEST_EXPONENT: Final = 9_999

CONTEXT: Final = decimal.Context(
    prec=DIGITS,
    Emax=LARGEST_EXPONENT,
    Emin=-LARGEST_EXPONENT,
    traps=[decimal.InvalidOperation, decimal.DivisionByZero, decimal.Overflow],
)


class CalculationError(ValueError):
    """What can't be worked out; the message is a sentence for who wrote it."""


def read_number(text: str, *, decimal_comma: bool) -> Decimal:
    """A number as people write it: `1,234.5`, `1'234.5`, `1e6`; with `decimal_comma` `1.234,5`."""
    plain, _mark, exponent = text.lower().partition("e")
    group, point = (".", ",") if decimal_comma else (",", ".")
    whole, mark, fraction = plain.rpartition(point) if plain.count(point) == 1 else (plain, "", "")
    if not mark:
        whole, fraction = plain, ""
    groups = re.split(rf"[{re.escape(group)}'_]", whole)
    in_threes = all(len(one) == 3 for one in groups[1:]) and len(groups[0]) <= 3
    if not "".join([*groups, fraction]).isdigit() or (len(groups) > 1 and not in_threes):
        raise CalculationError(
            _("I can't read the number “{text}”. Write it like `{example}`.").format(
                text=safe(truncate(text, 40)), example="1234,5" if decimal_comma else "1234.5"
            )
        )
    return CONTEXT.create_decimal(f"{''.join(groups) or '0'}.{fraction or '0'}e{exponent or '0'}")


def rounded(value: Decimal) -> Decimal:
    """A result as it is shown: with fewer digits than it was reckoned with, and no zeros at its end."""
    context = decimal.Context(prec=WHOLE_DIGITS, Emax=LARGEST_EXPONENT, Emin=-LARGEST_EXPONENT)
    whole = context.plus(value)
    if whole == whole.to_integral_value() and whole.adjusted() < WHOLE_DIGITS:
        return context.quantize(whole, Decimal(1))
    context.prec = SHOWN_DIGITS
    return value.normalize(context)


def too_large() -> CalculationError:
    """What is said of a result that can't be shown."""
    return CalculationError(_("The result is too large for me."))

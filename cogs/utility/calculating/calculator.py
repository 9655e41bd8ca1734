"""Working out what people write: numbers, operators, brackets and a few functions. Pure, and bounded in every way.

    sum     = product (("+" | "-") product)*
    product = sign (("*" | "/" | "//" | "%" | nothing before a bracket or a name) sign)*
    sign    = ("+" | "-") sign | power
    power   = ended (("^" | "**") sign)?
    ended   = value ("!" | "%" | "°")*
    value   = number | constant | function "(" sum ("," sum)* ")" | "(" sum ")"

Numbers are decimals of `DIGITS` digits, so 0.1 + 0.2 is 0.3, and each step takes the same short time however large
they get. An expression has at most `LONGEST` characters, which bounds the steps, and `DEEPEST` brackets.
"""

import decimal
import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from utils.formatting import safe, truncate
from utils.i18n import _

LONGEST: Final = 300
DEEPEST: Final = 30
DIGITS: Final = 60
WHOLE_DIGITS, SHOWN_DIGITS = 40, 20
"""Of whole numbers, and of others: fewer than are reckoned with, so that (1/3)*3 is 1."""
LARGEST_EXPONENT: Final = 9_999
MOST_FACTORIAL: Final = 2_000
TRIGONOMETRY_DIGITS: Final = 14
"""Of what the processor's own functions give."""

CONTEXT: Final = decimal.Context(
    prec=DIGITS,
    Emax=LARGEST_EXPONENT,
    Emin=-LARGEST_EXPONENT,
    traps=[decimal.InvalidOperation, decimal.DivisionByZero, decimal.Overflow],
)
PI: Final = Decimal("3.14159265358979323846264338327950288419716939937510582097494459")
CONSTANTS: Final = {"pi": PI, "π": PI, "tau": 2 * PI, "e": CONTEXT.exp(Decimal(1))}

_PIECES: Final = (
    r"\s*(?:(?P<number>(?:[0-9]+(?:[{marks}][0-9]+)*|\.[0-9]+)(?:e[+-]?[0-9]{{1,5}}(?![\w.]))?)"
    r"|(?P<name>π|[a-z]+[0-9]*)|(?P<sign>\*\*|//|[-+*/%^!°(),;√]))"
)
_TOKEN: Final = re.compile(_PIECES.format(marks=".,'_"), re.IGNORECASE)
_TOKEN_WITHOUT_COMMA: Final = re.compile(_PIECES.format(marks=".'_"), re.IGNORECASE)
_LOOKALIKES: Final = str.maketrans(
    {"×": "*", "·": "*", "⋅": "*", "÷": "/", ":": "/", "−": "-", "–": "-", "[": "(", "]": ")", "²": "^2", "³": "^3"}
)


class CalculationError(ValueError):
    """What can't be worked out; the message is a sentence for who wrote it."""


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of an expression."""

    kind: str
    text: str


def calculate(text: str, *, decimal_comma: bool = False) -> Decimal:
    """What an expression comes to, rounded to `SHOWN_DIGITS` digits. Raises `CalculationError`.

    With `decimal_comma`, 1,5 is one and a half, and 1.500 fifteen hundred; else it is the other way round.
    """
    if len(text) > LONGEST:
        raise CalculationError(
            _("This is too long to work out: {maximum} characters are the most.").format(maximum=LONGEST)
        )
    try:
        with decimal.localcontext(CONTEXT):
            value = _Reader(tokens(text), decimal_comma=decimal_comma).read()
            return +value if value else Decimal(0)
    except decimal.DivisionByZero as error:
        raise CalculationError(_("Nothing can be divided by zero.")) from error
    except decimal.Overflow as error:
        raise _too_large() from error
    except decimal.InvalidOperation as error:
        raise CalculationError(_("This has no result among the real numbers.")) from error


def rounded(value: Decimal) -> Decimal:
    """A result as it is shown: with fewer digits than it was reckoned with, and no zeros at its end."""
    context = decimal.Context(prec=WHOLE_DIGITS, Emax=LARGEST_EXPONENT, Emin=-LARGEST_EXPONENT)
    whole = context.plus(value)
    if whole == whole.to_integral_value() and whole.adjusted() < WHOLE_DIGITS:
        return context.quantize(whole, Decimal(1))
    context.prec = SHOWN_DIGITS
    return value.normalize(context)


def tokens(text: str) -> list[Token]:
    """The pieces of an expression; raises `CalculationError` at what is none."""
    text = text.translate(_LOOKALIKES).rstrip().removesuffix("=").rstrip()
    found: list[Token] = []
    functions: list[bool] = []  # for each open bracket whether it is a function's
    position = 0
    while position < len(text):
        # Between the numbers of a function, a comma belongs to none of them.
        parts = bool(functions) and functions[-1] and ";" not in text
        match = (_TOKEN_WITHOUT_COMMA if parts else _TOKEN).match(text, position)
        if match is None:
            raise _cannot_read(text[position:].strip())
        assert match.lastgroup is not None
        piece = Token(match.lastgroup, match[match.lastgroup].lower())
        if piece.text == "(":
            functions.append(bool(found) and found[-1].text in FUNCTIONS)
        elif piece.text == ")" and functions:
            functions.pop()
        found.append(piece)
        position = match.end()
    if not found:
        raise CalculationError(_("There is nothing to work out. Write something like `2 * (3 + 4)`."))
    return found


class _Reader:
    """Reads an expression from left to right, and works it out meanwhile."""

    def __init__(self, pieces: list[Token], *, decimal_comma: bool) -> None:
        self.pieces = pieces
        self.decimal_comma = decimal_comma
        self.position = 0
        self.depth = 0

    def read(self) -> Decimal:
        value = self._sum()
        if self.position < len(self.pieces):
            raise _cannot_read(self._next.text)
        return value

    # --- looking

    @property
    def _next(self) -> Token:
        return self.pieces[self.position] if self.position < len(self.pieces) else Token("end", "")

    def _take(self, *signs: str) -> str | None:
        """The next sign, if it is one of these; it is passed then."""
        if self._next.kind == "sign" and self._next.text in signs:
            self.position += 1
            return self.pieces[self.position - 1].text
        return None

    def _begins_value(self, offset: int = 0) -> bool:
        index = self.position + offset
        piece = self.pieces[index] if index < len(self.pieces) else Token("end", "")
        return piece.kind in {"number", "name"} or piece.text in {"(", "√"}

    # --- the grammar

    def _sum(self) -> Decimal:
        value = self._product()
        while sign := self._take("+", "-"):
            share = self._share()
            other = value * share / 100 if share is not None else self._product()
            value = value + other if sign == "+" else value - other
        return value

    def _share(self) -> Decimal | None:
        """The number of a percentage that stands alone, as in 200 + 10%: people mean 10% of the 200."""
        if self._next.kind != "number" or self.position + 1 >= len(self.pieces):
            return None
        percent = self.pieces[self.position + 1]
        ends = self.pieces[self.position + 2].text if self.position + 2 < len(self.pieces) else ")"
        if percent.text != "%" or ends not in {")", "+", "-", ",", ";"}:
            return None
        share = self._number(self._next.text)
        self.position += 2
        return share

    def _product(self) -> Decimal:
        value = self._sign()
        while True:
            if sign := self._take("*", "/", "//"):
                other = self._sign()
                value = value * other if sign == "*" else value / other
                value = value.to_integral_value(decimal.ROUND_FLOOR) if sign == "//" else value
            elif (self._next.kind == "name" and self._next.text == "mod") or self._take("%"):
                self.position += self._next.text == "mod"
                value = _remainder(value, self._sign())
            elif self._begins_value() and self._next.kind != "number":
                value *= self._sign()  # 2(3 + 4), 3 pi
            else:
                return value

    def _sign(self) -> Decimal:
        negative = False
        while sign := self._take("+", "-"):
            negative ^= sign == "-"
        value = self._power()
        return -value if negative else value

    def _power(self) -> Decimal:
        base = self._ended()
        if not self._take("^", "**"):
            return base
        self._deeper()
        exponent = self._sign()
        self.depth -= 1
        return _raised(base, exponent)

    def _ended(self) -> Decimal:
        value = self._value()
        while True:
            if self._take("!"):
                value = _factorial(value)
            elif self._take("°"):
                value = value * PI / 180
            elif self._next.text == "%" and not self._begins_value(1):
                self.position += 1
                value /= 100
            else:
                return value

    def _value(self) -> Decimal:
        piece = self._next
        self.position += 1
        if piece.kind == "number":
            return self._number(piece.text)
        if piece.text == "√":
            return CONTEXT.sqrt(self._ended())
        if piece.text == "(":
            return self._bracket()[0]
        if piece.kind == "name":
            return self._named(piece.text)
        if piece.kind == "end":
            raise CalculationError(_("Something is missing at the end."))
        raise _cannot_read(piece.text)

    def _named(self, name: str) -> Decimal:
        if name in CONSTANTS:
            return CONSTANTS[name]
        function = FUNCTIONS.get(name)
        if function is None:
            raise CalculationError(
                _("I know no “{name}”. There are {names}.").format(
                    name=safe(truncate(name, 30)), names=", ".join(f"`{one}`" for one in [*FUNCTIONS, "pi", "e"])
                )
            )
        if not self._take("("):
            raise CalculationError(
                _("Write brackets after `{name}`: `{example}`.").format(name=name, example=f"{name}(…)")
            )
        values = self._bracket(several=True)
        if not function.fewest <= len(values) <= function.most:
            raise CalculationError(_("`{name}` doesn't take so many numbers.").format(name=name))
        return function.work(*values)

    def _bracket(self, *, several: bool = False) -> list[Decimal]:
        """What stands in a bracket that was opened."""
        self._deeper()
        values = [self._sum()]
        while several and self._take(",", ";"):
            values.append(self._sum())
        # One that is missing at the very end is meant.
        if not self._take(")") and self._next.kind != "end":
            raise _cannot_read(self._next.text)
        self.depth -= 1
        return values

    def _deeper(self) -> None:
        self.depth += 1
        if self.depth > DEEPEST:
            raise CalculationError(_("There are too many brackets inside each other."))

    def _number(self, text: str) -> Decimal:
        return read_number(text, decimal_comma=self.decimal_comma)


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


# --- Functions --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Function:
    """A function of so many numbers."""

    work: Callable[..., Decimal]
    fewest: int = 1
    most: int = 1


def _raised(base: Decimal, exponent: Decimal) -> Decimal:
    if base == 0 and exponent == 0:
        return Decimal(1)
    if base == 0 and exponent < 0:
        raise decimal.DivisionByZero
    return CONTEXT.power(base, exponent)


def _remainder(value: Decimal, other: Decimal) -> Decimal:
    """What is left over, with the sign of the divisor."""
    if other == 0:
        raise decimal.DivisionByZero
    left = value % other
    return left + other if left and (left < 0) != (other < 0) else left


def _factorial(value: Decimal) -> Decimal:
    if value != value.to_integral_value() or value < 0:
        raise CalculationError(_("Only whole numbers from 0 on have a factorial."))
    if value > MOST_FACTORIAL:
        raise _too_large()
    made = Decimal(1)
    for factor in range(2, int(value) + 1):
        made *= factor
    return made


def _root(value: Decimal, degree: Decimal) -> Decimal:
    if degree == 0:
        raise decimal.DivisionByZero
    if value < 0 and degree % 2 == 1:
        return -_root(-value, degree)
    made = _raised(value, 1 / degree)
    near = made.to_integral_value()
    return near if degree == degree.to_integral_value() and _is(near, degree, value) else made


def _is(root: Decimal, degree: Decimal, value: Decimal) -> bool:
    return abs(degree) < 1000 and _raised(root, degree) == value


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
    "min": Function(min, 1, LONGEST),
    "max": Function(max, 1, LONGEST),
    "sum": Function(lambda *values: sum(values, Decimal(0)), 1, LONGEST),
    "avg": Function(lambda *values: sum(values, Decimal(0)) / len(values), 1, LONGEST),
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


def _too_large() -> CalculationError:
    return CalculationError(_("The result is too large for me."))


def _cannot_read(text: str) -> CalculationError:
    return CalculationError(
        _("I can't go on at “{text}”. Write something like `2 * (3 + 4)` or `sqrt(2)`.").format(
            text=safe(truncate(text, 30))
        )
    )

"""Working out what people write: numbers, operators, brackets and a few functions. Pure, and bounded in every way.

    sum     = product (("+" | "-") product)*
    product = sign (("*" | "/" | "//" | "%" | "mod" | "of" | nothing before a bracket or a name) sign)*
    sign    = ("+" | "-") sign | power
    power   = ended (("^" | "**") sign)?
    ended   = value ("!" | "%" | "°")*
    value   = number | constant | function "(" sum ("," sum)* ")" | "(" sum ")"

Numbers are decimals of `DIGITS` digits, so 0.1 + 0.2 is 0.3, and each step takes the same short time however large
they get. An expression has at most `LONGEST` characters, which bounds the steps, and `DEEPEST` brackets.
"""

import decimal
import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from cogs.utility.calculating.functions import CONSTANTS, FUNCTIONS, PI, factorial, raised, remainder
from cogs.utility.calculating.numbers import CONTEXT, CalculationError, read_number, too_large
from utils.formatting import safe, truncate
from utils.i18n import _

LONGEST: Final = 300
DEEPEST: Final = 30
OF: Final = frozenset({"of", "von"})

_PIECES: Final = (
    r"\s*(?:(?P<number>(?:[0-9]+(?:[{marks}][0-9]+)*|\.[0-9]+)(?:e[+-]?[0-9]{{1,5}}(?![\w.]))?)"
    r"|(?P<sign>\*\*|//|[-+*/%^!°(),;√]|x(?![a-z]))|(?P<name>π|[a-z]+[0-9]*))"
)
_TOKEN: Final = re.compile(_PIECES.format(marks=".,'_"), re.IGNORECASE)
_TOKEN_WITHOUT_COMMA: Final = re.compile(_PIECES.format(marks=".'_"), re.IGNORECASE)
_LOOKALIKES: Final = str.maketrans(
    {"×": "*", "·": "*", "⋅": "*", "÷": "/", ":": "/", "−": "-", "–": "-", "[": "(", "]": ")", "²": "^2", "³": "^3"}
)


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
        raise too_large() from error
    except decimal.InvalidOperation as error:
        raise CalculationError(_("This has no result among the real numbers.")) from error


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
        return self._ahead(0)

    def _take(self, *signs: str) -> str | None:
        """The next sign, if it is one of these; it is passed then."""
        if self._next.kind == "sign" and self._next.text in signs:
            self.position += 1
            return self.pieces[self.position - 1].text
        return None

    def _ahead(self, offset: int) -> Token:
        index = self.position + offset
        return self.pieces[index] if index < len(self.pieces) else Token("end", "")

    def _is_of(self, offset: int = 0) -> bool:
        piece = self._ahead(offset)
        return piece.kind == "name" and piece.text in OF

    def _begins_value(self, offset: int = 0) -> bool:
        piece = self._ahead(offset)
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
        ends = self._ahead(2)
        if self._next.kind != "number" or self._ahead(1).text != "%":
            return None
        if ends.kind != "end" and ends.text not in {")", "+", "-", ",", ";"}:
            return None
        share = self._number(self._next.text)
        self.position += 2
        return share

    def _product(self) -> Decimal:
        value = self._sign()
        while True:
            if sign := self._take("*", "x", "/", "//"):
                other = self._sign()
                value = value * other if sign in {"*", "x"} else value / other
                value = value.to_integral_value(decimal.ROUND_FLOOR) if sign == "//" else value
            elif (self._next.kind == "name" and self._next.text == "mod") or self._take("%"):
                self.position += self._next.text == "mod"
                value = remainder(value, self._sign())
            elif self._is_of():
                self.position += 1
                value *= self._sign()  # 15% of 80
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
        return raised(base, exponent)

    def _ended(self) -> Decimal:
        value = self._value()
        while True:
            if self._take("!"):
                value = factorial(value)
            elif self._take("°"):
                value = value * PI / 180
            elif self._next.text == "%" and (self._is_of(1) or not self._begins_value(1)):
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


def _cannot_read(text: str) -> CalculationError:
    return CalculationError(
        _("I can't go on at “{text}”. Write something like `2 * (3 + 4)` or `sqrt(2)`.").format(
            text=safe(truncate(text, 30))
        )
    )

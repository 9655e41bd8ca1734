"""What people write to throw dice, read by a small parser into a tree.

    sum     = product { ("+" | "-") product }
    product = factor { "*" factor }
    factor  = "-" factor | "(" sum ")" | dice | number
    dice    = [number] "d" (number | "%") { "!" | ("kh" | "kl" | "k" | "dh" | "dl") [number] }

The German "w" stands for "d", and "×" for "*". Everything has a limit, so that no words make much work: what is
read can be thrown in well under a millisecond, and shown within one embed.
"""

import re
from dataclasses import dataclass
from typing import Final

from utils.errors import UserError
from utils.formatting import code, truncate
from utils.i18n import _, format_number, ngettext

MOST_CHARACTERS: Final = 200
MOST_DICE: Final = 100  # in all of an expression; each is shown
MOST_SIDES: Final = 100_000
MOST_TERMS: Final = 25
MOST_DEPTH: Final = 10  # of parentheses and signs
LARGEST_NUMBER: Final = 1_000_000
LARGEST_RESULT: Final = 10**15
MOST_EXTRA: Final = 100  # dice that come from explosions, in all of an expression


@dataclass(frozen=True, slots=True)
class Number:
    """A whole number."""

    value: int

    @property
    def most(self) -> int:
        """The largest that the result can be, without its sign."""
        return self.value

    def __str__(self) -> str:
        return str(self.value)


@dataclass(frozen=True, slots=True)
class Keep:
    """Which dice count: the `highest` or lowest so many; `how` is the two letters it was written with."""

    how: str
    count: int

    def __str__(self) -> str:
        return f"{self.how}{self.count}"


@dataclass(frozen=True, slots=True)
class Dice:
    """Equal dice that are thrown together."""

    count: int
    sides: int
    explode: bool = False
    keep: Keep | None = None

    @property
    def most(self) -> int:
        """The largest that the result can be, without its sign."""
        return (self.count + (MOST_EXTRA if self.explode else 0)) * self.sides

    def __str__(self) -> str:
        return f"{self.count}d{self.sides}{'!' if self.explode else ''}{self.keep or ''}"


@dataclass(frozen=True, slots=True)
class Negative:
    """Something with its sign turned."""

    of: "Node"

    @property
    def most(self) -> int:
        """The largest that the result can be, without its sign."""
        return self.of.most

    def __str__(self) -> str:
        return f"-{self.of}"


@dataclass(frozen=True, slots=True)
class Group:
    """Something in parentheses."""

    of: "Node"

    @property
    def most(self) -> int:
        """The largest that the result can be, without its sign."""
        return self.of.most

    def __str__(self) -> str:
        return f"({self.of})"


@dataclass(frozen=True, slots=True)
class Pair:
    """Two things put together by `+`, `-` or `*`."""

    left: "Node"
    sign: str
    right: "Node"

    @property
    def most(self) -> int:
        """The largest that the result can be, without its sign."""
        if self.sign == "*":
            return self.left.most * self.right.most
        return self.left.most + self.right.most

    def __str__(self) -> str:
        return f"{self.left} {self.sign} {self.right}"


Node = Number | Dice | Negative | Group | Pair

# What says how dice count stands right behind them, or has a number: in "2d6 kill the dragon" the k begins a word.
_TOKEN = re.compile(
    r"(?P<how>!|(?:kh|kl|dh|dl|k)(?![^\W\d_])|\s*(?:kh|kl|dh|dl)(?=[0-9]))|\s*(?:(?P<number>[0-9]+)|(?P<die>[dw](?=\s*[0-9%]))|(?P<sign>[-+*×()%−]))",
    re.IGNORECASE,
)
_SAME: Final = {"×": "*", "−": "-", "w": "d", "k": "kh"}
_LABEL = re.compile(r"\s+(?=[^\W\d_]|#)|\s*#\s*")


@dataclass(frozen=True, slots=True)
class Request:
    """What is to be thrown, and what the writer calls it."""

    node: Node
    label: str


def read(text: str) -> Request:
    """Read dice such as `4d6kh3+2`, perhaps with words behind; raises `UserError` with what is wrong.

    A number alone is a die with so many sides, and nothing at all one with six.
    """
    if len(text) > MOST_CHARACTERS:
        raise UserError(
            _("That's too long: write at most {most} characters.").format(most=format_number(MOST_CHARACTERS))
        )
    if not text.strip():
        return Request(Dice(1, 6), "")
    reader = _Reader(text)
    node = reader.sum()
    label = reader.rest()
    if isinstance(node, Number):
        node = Dice(1, _sides(node.value))
    return Request(node, label)


class _Reader:
    """Goes through a text from left to right."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.position = 0
        self.terms = 0
        self.dice = 0
        self.depth = 0

    # --- tokens

    def peek(self) -> str:
        """The next token in the form in which the grammar has it; "" if there is none."""
        found = _TOKEN.match(self.text, self.position)
        return "" if found is None else self._known(found)

    def take(self) -> str:
        """Go past the next token."""
        found = _TOKEN.match(self.text, self.position)
        if found is None:
            raise self.wrong()
        self.position = found.end()
        return self._known(found)

    def takes(self, *wanted: str) -> str:
        """Go past the next token if it is one of these; else "", and nothing happens."""
        return self.take() if self.peek() in wanted else ""

    def number(self) -> int | None:
        """Go past a number, if one comes next."""
        token = self.peek()
        if not token.isdecimal():
            return None
        self.take()
        if len(token) > len(str(LARGEST_NUMBER)) or int(token) > LARGEST_NUMBER:
            raise UserError(
                _("Numbers go up to {most} here.").format(most=format_number(LARGEST_NUMBER)),
            )
        return int(token)

    def _known(self, found: re.Match[str]) -> str:
        token = found[0].strip().lower()
        return _SAME.get(token, token)

    # --- the grammar

    def sum(self) -> Node:
        node = self.product()
        while sign := self.takes("+", "-"):
            node = self._checked(Pair(node, sign, self.product()))
        return node

    def product(self) -> Node:
        node = self.factor()
        while self.takes("*"):
            node = self._checked(Pair(node, "*", self.factor()))
        return node

    def factor(self) -> Node:
        self.terms += 1
        if self.terms > MOST_TERMS:
            raise UserError(_("That's too much at once: put together at most {most} parts.").format(most=MOST_TERMS))
        if sign := self.takes("-", "("):
            return self._deeper(sign)
        count = self.number()
        if self.peek() == "d":
            return self._thrown(1 if count is None else count)
        if count is None:
            raise self.wrong()
        return Number(count)

    def _deeper(self, sign: str) -> Node:
        self.depth += 1
        if self.depth > MOST_DEPTH:
            raise UserError(_("There are too many signs and parentheses inside each other."))
        node: Node
        if sign == "-":
            node = Negative(self.factor())
        else:
            node = Group(self.sum())
            if not self.takes(")"):
                raise self.wrong()
        self.depth -= 1
        return node

    def _thrown(self, count: int) -> Dice:
        self.take()
        sides = 100 if self.takes("%") else self.number()
        if sides is None:
            raise self.wrong()
        self.dice += count
        if count < 1 or self.dice > MOST_DICE:
            raise UserError(_("Throw from 1 to {most} dice at once.").format(most=MOST_DICE))
        explode, keep = False, None
        while how := self.takes("!", "kh", "kl", "dh", "dl"):
            if (how == "!" and explode) or (how != "!" and keep is not None):
                raise UserError(_("Dice explode once, and you choose once which of them count."))
            if how == "!":
                explode = True
            else:
                keep = self._kept(how, count)
        return Dice(count, _sides(sides), explode=explode, keep=keep)

    def _kept(self, how: str, count: int) -> Keep:
        wanted = self.number()
        keep = Keep(how, 1 if wanted is None else wanted)
        least, most = (1, count) if how.startswith("k") else (0, count - 1)
        if not least <= keep.count <= most:
            raise UserError(
                ngettext(
                    "Of {count} die one has to count, and no more than there are.",
                    "Of {count} dice at least one has to count, and no more than there are.",
                    count,
                ).format(count=count)
            )
        return keep

    def _checked(self, node: Node) -> Node:
        if node.most > LARGEST_RESULT:
            raise UserError(_("The result could get too large: take fewer dice or smaller numbers."))
        return node

    # --- the end

    def rest(self) -> str:
        """What stands behind the dice: what they are thrown for."""
        rest = self.text[self.position :]
        if not rest.strip():
            return ""
        start = _LABEL.match(rest)
        if start is None:
            raise self.wrong()
        return rest[start.end() :].lstrip("# ").strip()

    def wrong(self) -> UserError:
        """The error for what doesn't belong where the reader is."""
        rest = self.text[self.position :].strip()
        if not rest:
            return UserError(_("Something is missing at the end. Write dice like `2d6` or `4d6kh3 + 2`."))
        return UserError(
            _("I can't read this from {text} on. Write dice like `2d6` or `4d6kh3 + 2`.").format(
                text=code(truncate(rest, 30))
            )
        )


def _sides(sides: int) -> int:
    if not 2 <= sides <= MOST_SIDES:
        raise UserError(_("A die has from 2 to {most} sides.").format(most=format_number(MOST_SIDES)))
    return sides

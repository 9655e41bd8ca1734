"""The piece of text that is being parsed, on top of markdown-it's own state.

Discord's client knows no blocks: it goes through a text from left to right and takes the first rule that fits, so a
quote can stand in a bold text and a block of code in a spoiler. So all rules here are inline rules for markdown-it,
also those for what stands at the beginning of a line.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Self, cast

from markdown_it import MarkdownIt
from markdown_it.parser_inline import RuleFuncInlineType
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from markdown_it.utils import EnvType

BRACKET = re.compile(r"\\.|[\[\]]", re.DOTALL)
"""Or a backslash with what it takes the meaning from."""


class Scope(StateInline):
    """A text, or what a quote, a list item or a heading holds, without its marks.

    `pos` is the next character, `posMax` the end of the innermost pair around it.
    """

    def __init__(self, text: str, md: MarkdownIt, env: EnvType, tokens: list[Token]) -> None:
        super().__init__(text, md, env, tokens)
        self.quoted = False
        self.titled = False
        """In a heading or in small print."""
        self.linked = False
        self.lists = 0
        """How many lists are around it."""
        self._starts = {0}
        self._barren: dict[tuple[str, int], int] = {}
        self._brackets: dict[int, int] | None = None

    def at_line_start(self) -> bool:
        """Whether nothing but the marks of pairs stands before `pos` in its line."""
        return self.src[self.pos - 1 : self.pos] == "\n" or self.pos in self._starts

    def put(self, kind: str, tag: str = "", **meta: Any) -> Token:
        """Add what has nothing inside; the renderer has a method for each such kind."""
        token = self.push(kind, tag, 0)
        token.meta = meta
        return token

    def around(self, kind: str, tag: str, start: int, end: int, after: int, **meta: Any) -> bool:
        """Parse `src[start:end]` as the inside of a pair that ends at `after`."""
        if self.at_line_start():
            self._starts.add(start)
        self.push(f"{kind}_open", tag, 1).meta = meta
        outer, self.pos, self.posMax = self.posMax, start, end
        self.md.inline.tokenize(self)
        self.pos, self.posMax = after, outer
        self.push(f"{kind}_close", tag, -1)
        return True

    def inside(self, text: str, **changes: Any) -> None:
        """Parse a text that was cut out of this one, as a scope of its own."""
        child = self._child(text)
        for name, value in changes.items():
            setattr(child, name, value)
        self.md.inline.tokenize(child)

    def _child(self, text: str) -> Self:
        child = type(self)(text, self.md, self.env, self.tokens)
        child.level = self.level
        child.quoted, child.titled, child.linked, child.lists = self.quoted, self.titled, self.linked, self.lists
        return child

    def barren(self, mark: str) -> bool:
        """Whether a search for the mark's other half from here on is known to be in vain."""
        return self._barren.get((mark, self.posMax), self.pos + 1) <= self.pos

    def found_none(self, mark: str) -> None:
        """Remember that; so an unfinished pair is searched for once, not once for each of its beginnings."""
        self._barren[mark, self.posMax] = self.pos

    def closing_bracket(self, opening: int) -> int | None:
        """Where the bracket at `opening` is closed."""
        if self._brackets is None:
            self._brackets = _matching_brackets(self.src)
        return self._brackets.get(opening)


def _matching_brackets(text: str) -> dict[int, int]:
    matching: dict[int, int] = {}
    opened: list[int] = []
    for bracket in BRACKET.finditer(text):
        if bracket[0] == "[":
            opened.append(bracket.start())
        elif bracket[0] == "]" and opened:
            matching[opened.pop()] = bracket.start()
    return matching


Rule = Callable[[Scope], bool]
"""Looks at what stands at `pos`. If it fits it adds tokens, moves `pos` behind it and returns True."""


def at_line_starts(rules: Sequence[Rule]) -> RuleFuncInlineType:
    """One rule for markdown-it out of those for what fills lines."""

    def parse(state: StateInline, silent: bool) -> bool:
        scope = cast("Scope", state)
        return scope.at_line_start() and not scope.linked and any(rule(scope) for rule in rules)

    return parse


def at_marks(rules: Mapping[str, Sequence[Rule]]) -> RuleFuncInlineType:
    """One rule for markdown-it out of those for each mark: asked one by one, they would all look at each."""

    def parse(state: StateInline, silent: bool) -> bool:
        scope = cast("Scope", state)
        return any(rule(scope) for rule in rules.get(scope.src[scope.pos], ()))

    return parse

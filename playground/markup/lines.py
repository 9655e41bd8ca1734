"""What fills whole lines: quotes, headings, small print, lists."""

import re

from playground.markup.scope import Scope

MOST_LISTS = 11
"""That many lists may be in one another, as in Discord's client."""

LONG_QUOTE = re.compile(r" *>>> (.+)", re.DOTALL)
QUOTE = re.compile(r" *> [^\n]*(?:\n *> [^\n]*)*\n?")
QUOTE_MARK = re.compile(r"^ *> ", re.MULTILINE)
HEADING = re.compile(r" *(#{1,3}) +(?=[^\s#])([^\n]+)(?:\n(?:\s*(?:\n|\Z))?|\Z)")  # with the empty lines below it
SMALL_PRINT = re.compile(r" *-# +((?!-#)[^\n]+)(?:\n|\Z)")

ITEM = re.compile(r"( *)([*-]|[0-9]{1,9}\.) +")
LONGEST_PREFIX = 64
"""Spaces in front of an item and its bullet, beyond which nobody means a list."""


def quote(scope: Scope) -> bool:
    """`> ` before each line, or `>>> ` before all of them. There are no quotes in quotes."""
    if scope.quoted:
        return False
    if match := LONG_QUOTE.match(scope.src, scope.pos, scope.posMax):
        content = match[1]
    elif match := QUOTE.match(scope.src, scope.pos, scope.posMax):
        content = QUOTE_MARK.sub("", match[0]).removesuffix("\n")
    else:
        return False
    scope.push("quote_open", "blockquote", 1)
    scope.inside(content, quoted=True)
    scope.push("quote_close", "blockquote", -1)
    scope.pos = match.end()
    return True


def heading(scope: Scope) -> bool:
    """`# `, `## ` or `### ` before a line. The page has headings of its own above them."""
    match = None if scope.titled else HEADING.match(scope.src, scope.pos, scope.posMax)
    if match is None:
        return False
    tag = f"h{len(match[1]) + 2}"
    scope.push("heading_open", tag, 1)
    scope.inside(match[2].rstrip().rstrip("#").rstrip(), titled=True)
    scope.push("heading_close", tag, -1)
    scope.pos = match.end()
    return True


def small_print(scope: Scope) -> bool:
    """`-# ` before a line."""
    match = None if scope.titled else SMALL_PRINT.match(scope.src, scope.pos, scope.posMax)
    if match is None:
        return False
    scope.push("small_open", "div", 1).attrs = {"class": "small-print"}
    scope.inside(match[1], titled=True)
    scope.push("small_close", "div", -1)
    scope.pos = match.end()
    return True


def item_list(scope: Scope) -> bool:
    """`- `, `* ` or `1. ` before a line; lines that begin with a space belong to the item above them."""
    first = None if scope.lists >= MOST_LISTS else ITEM.match(scope.src, scope.pos, scope.posMax)
    if first is None or first.end() == scope.posMax or len(first[0]) > LONGEST_PREFIX:
        return False
    ordered = first[2][-1] == "."
    lines, after = _lines_of_list(scope, len(first[1]))
    token = scope.push("list_open", "ol" if ordered else "ul", 1)
    if ordered and int(first[2][:-1]) != 1:
        token.attrs = {"start": int(first[2][:-1])}
    for item in _items(lines, len(first[1])):
        scope.push("item_open", "li", 1)
        scope.inside(item, lists=scope.lists + 1)
        scope.push("item_close", "li", -1)
    scope.push("list_close", token.tag, -1)
    scope.pos = after
    return True


def _lines_of_list(scope: Scope, indent: int) -> tuple[list[str], int]:
    """The list's lines, and where it ends: before a line that neither begins with a space nor is an item."""
    lines: list[str] = []
    at = scope.pos
    while at < scope.posMax:
        if lines and not (scope.src[at] == " " or _is_item(scope.src, at, scope.posMax, indent)):
            break
        end = scope.src.find("\n", at, scope.posMax)
        end = scope.posMax if end < 0 else end
        lines.append(scope.src[at:end])
        at = end + 1
    return lines, min(at, scope.posMax)


def _is_item(text: str, at: int, end: int, indent: int) -> bool:
    match = ITEM.match(text, at, end)
    return match is not None and len(match[1]) == indent


def _items(lines: list[str], indent: int) -> list[str]:
    """The text of each item: what is less indented than the first line's text loses its indentation."""
    items: list[list[str]] = []
    width = 0
    for line in lines:
        match = ITEM.match(line)
        if match is not None and (len(match[1]) == indent or not items):
            width = match.end()
            items.append([line[width:]])
        else:
            spaces = len(line) - len(line.lstrip(" "))
            items[-1].append(line[min(spaces, width) :])
    return ["\n".join(item).rstrip() for item in items]

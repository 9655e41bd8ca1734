"""Rows of a database as text, and what somebody writes behind `sql`. Without Discord."""

import re
from collections.abc import Callable
from typing import Any, Final

from database.console import Found
from utils.formatting import clean_input, pages_of, table, truncate, width

WIDEST_CELL: Final = 40  # characters
WIDEST_TABLE: Final = 88
"""Columns of a monospace font that a message shows without breaking lines."""
LONGEST_VALUE: Final = 300
"""Characters of a value where each has a line of its own."""
LINES_A_PAGE: Final = 22
PAGE_CHARACTERS: Final = 1_700

_FLAG: Final = re.compile(r"\s*(?:--|—|–)write\b", re.IGNORECASE)  # telephones make a dash of two hyphens
_FENCE: Final = re.compile(r"```(?:[A-Za-z]*\n)?(.*?)```", re.DOTALL)


def read_request(text: str) -> tuple[str, bool]:
    """A statement, out of its code block if it is in one, and whether `--write` stands in front of it."""
    flag = _FLAG.match(text)
    rest = text[flag.end() :] if flag else text
    return out_of_block(rest), flag is not None


def out_of_block(text: str) -> str:
    """What stands in a code block, or the text itself."""
    fenced = _FENCE.fullmatch(text.strip())
    if fenced:
        return fenced[1].strip("\n")
    text = text.strip()
    return text[1:-1] if len(text) > 2 and text[0] == text[-1] == "`" and "`" not in text[1:-1] else text


def cell(value: Any) -> str:
    """A value as it is shown."""
    if value is None:
        return "NULL"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, bytes):
        return f"x'{value.hex()}'"
    return str(value)


def pages(found: Found, mask: Callable[[str], str]) -> list[str]:
    """The rows as pages of text: a table, or a line for each value where that would be too wide.

    `mask` blots secrets out; it comes before anything is cut off, so that no half of one is left.
    """
    rows = [[mask(cell(value)) for value in row] for row in found.rows]
    short = [[truncate(_one_line(text), WIDEST_CELL) for text in row] for row in rows]
    names = [mask(name) for name in found.columns]
    lines = table(short, names).split("\n")
    if max(map(width, lines), default=0) <= WIDEST_TABLE:
        head, body = lines[:2], lines[2:]
        parts = pages_of(body, PAGE_CHARACTERS - sum(map(len, head)), LINES_A_PAGE) or [""]
        return ["\n".join([*head, part]).rstrip("\n") for part in parts]
    return pages_of(_records(names, rows), PAGE_CHARACTERS, LINES_A_PAGE)


def _records(names: list[str], rows: list[list[str]]) -> list[str]:
    widest = max(map(width, names))
    lines = []
    for number, row in enumerate(rows, start=1):
        lines.append(f"── {number}")
        for name, text in zip(names, row, strict=True):
            padding = " " * (widest - width(name))
            lines.append(f"{name}{padding}  {truncate(_one_line(text), LONGEST_VALUE)}")
    return lines


def _one_line(text: str) -> str:
    # A backtick could end the block that the page is shown in. Of a very long text not all is looked at.
    return " ".join(clean_input(text[: 10 * LONGEST_VALUE]).split()).replace("`", "ˋ")

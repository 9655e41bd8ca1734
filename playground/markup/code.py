"""Code: between backticks, and blocks with the colours of their language."""

import re

from playground.markup.scope import Scope

FENCE = "```"
BLOCK = "a block"
LANGUAGE = re.compile(r"([a-z0-9_+\-.#]+)[^\S\n]*\n", re.IGNORECASE)
TICKS = re.compile("`+")
PADDING = re.compile(r"^ (?= *`)|(` *) $")
"""The space that keeps a backtick of the code apart from the marks."""


def code_block(scope: Scope) -> bool:
    """Three backticks around it, on lines of their own or not; a word alone in the first line is its language."""
    if not scope.src.startswith(FENCE, scope.pos) or scope.linked or scope.barren(BLOCK):
        return False
    start, end = scope.pos + len(FENCE), scope.posMax
    language = LANGUAGE.match(scope.src, start, end)
    found = _block(scope.src, language.end(), end) if language else None
    if found is None:
        language, found = None, _block(scope.src, start, end)
    if found is None:
        scope.found_none(BLOCK)
        return False
    code, after = found
    scope.put("code_block", code=code, language=language[1].lower() if language else "")
    # The block stands on its own: the line break behind it is no empty line.
    scope.pos = after + 1 if scope.src[after : min(after + 1, end)] == "\n" else after
    return True


def code(scope: Scope) -> bool:
    """Backticks around it, as many on each side."""
    ticks = TICKS.match(scope.src, scope.pos, scope.posMax)
    assert ticks is not None
    close = None if scope.barren(ticks[0]) else _closing(scope, ticks)
    if close is None:
        scope.found_none(ticks[0])
        scope.append_pending(ticks[0])
        scope.pos = ticks.end()
        return True
    scope.put("code", code=PADDING.sub(r"\1", scope.src[ticks.end() : close]))
    scope.pos = close + len(ticks[0])
    return True


def _block(text: str, start: int, end: int) -> tuple[str, int] | None:
    """The code from `start` on, and where it is over. Empty lines around it don't belong to it."""
    while start < end and text[start] == "\n":
        start += 1
    close = text.find(FENCE, start + 1, end)
    if close < 0:
        return None
    return text[start:close].rstrip("\n"), close + len(FENCE)


def _closing(scope: Scope, ticks: re.Match[str]) -> int | None:
    """Where as many backticks stand again, no more and no less."""
    for other in TICKS.finditer(scope.src, ticks.end(), scope.posMax):
        if len(other[0]) == len(ticks[0]):
            return other.start()
    return None

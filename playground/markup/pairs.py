"""Marks around a text: bold, italic, underline, strikethrough, spoilers; and the backslash against all marks."""

import re

from playground.markup.scope import Scope

# `¯\_(ツ)_/¯` keeps its arm, though a backslash before an underscore would go.
SHRUG = "¯\\_(ツ)_/¯"
ESCAPED = re.compile(r"\\([^0-9A-Za-z\s])")
# Possessive where there is only one way to go on, so that nothing is tried twice.
# An italic text neither begins with a space nor ends behind one; `**` in it stay together.
ITALIC_STARS = re.compile(r"\*(?!\s)((?:\*\*|\\.|\s++(?=[^*]|\*\*)|[^\s*\\])++)\*(?!\*)", re.DOTALL)
ITALIC_UNDERSCORES = re.compile(r"_((?:__|\\.|[^\\_])++)_(?![0-9A-Za-z_])", re.DOTALL)
BOLD = re.compile(r"\*\*((?:\\.|[^\\])+?)\*\*(?!\*)", re.DOTALL)
UNDERLINE = re.compile(r"__((?:\\.|[^\\])+?)__(?!_)", re.DOTALL)


def line_break(scope: Scope) -> bool:
    """Every line break is one; what fills lines is looked for behind it."""
    scope.append_pending("\n")
    scope.pos += 1
    return True


def backslash(scope: Scope) -> bool:
    """A backslash takes the meaning from the mark behind it."""
    if scope.src.startswith(SHRUG, scope.pos - 1):
        scope.append_pending(SHRUG[1:])
        scope.pos += len(SHRUG) - 1
        return True
    match = ESCAPED.match(scope.src, scope.pos, scope.posMax)
    if match is None:
        return False
    scope.append_pending(match[1])
    scope.pos = match.end()
    return True


def stars(scope: Scope) -> bool:
    """`*italic*` and `**bold**`: the longer one counts, italic if they are equally long (`***both***`)."""
    return _longer(scope, ITALIC_STARS, BOLD, "**", "strong")


def underscores(scope: Scope) -> bool:
    """`_italic_` and `__underline__`, as with stars."""
    return _longer(scope, ITALIC_UNDERSCORES, UNDERLINE, "__", "u")


def strikethrough(scope: Scope) -> bool:
    """`~~gone~~`."""
    end = _next_pair(scope, "~~")
    return end is not None and scope.around("s", "s", scope.pos + 2, end, end + 2)


def spoiler(scope: Scope) -> bool:
    """`||hidden||`."""
    end = _next_pair(scope, "||")
    return end is not None and scope.around("spoiler", "span", scope.pos + 2, end, end + 2)


def _longer(scope: Scope, italic: re.Pattern[str], doubled: re.Pattern[str], mark: str, tag: str) -> bool:
    single = italic.match(scope.src, scope.pos, scope.posMax)
    double = None
    if scope.src.startswith(mark, scope.pos) and not scope.barren(mark):
        double = doubled.match(scope.src, scope.pos, scope.posMax)
        if double is None:
            scope.found_none(mark)
    if double is not None and (single is None or double.end() > single.end()):
        return scope.around(tag, tag, double.start(1), double.end(1), double.end())
    return single is not None and scope.around("em", "em", single.start(1), single.end(1), single.end())


def _next_pair(scope: Scope, mark: str) -> int | None:
    """Where the other half of a mark begins; there must be something between."""
    if not scope.src.startswith(mark, scope.pos) or scope.barren(mark):
        return None
    end = scope.src.find(mark, scope.pos + 3, scope.posMax)
    if end < 0:
        scope.found_none(mark)
        return None
    return end

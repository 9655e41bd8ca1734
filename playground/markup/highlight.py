"""The colours of code, as spans with classes: `hl-…` for what Pygments finds, `ansi-…` for a terminal's colours."""

import re
from functools import cache, lru_cache
from html import escape
from time import thread_time

from pygments.lexer import Lexer
from pygments.lexers import get_lexer_by_name
from pygments.token import STANDARD_TYPES, Whitespace, _TokenType

LONGEST_CHARACTERS = 4_096
"""Longer code stays plain; a message can't hold more anyway."""
LONGEST_SECONDS = 0.1
"""Of the processor's time; where it is up, the rest stays plain. Some lexers take long for text made to slow them."""

# Those that people write in chats. The lexers of all others weren't tried with hostile text.
LANGUAGES = frozenset(
    """
    asm bash bat c c++ clojure cmake cpp cs csharp css dart diff docker dockerfile elixir elm erlang
    fish fsharp glsl go golang graphql groovy haskell hs html http ini java javascript js json julia
    kotlin latex less lua make makefile markdown md nasm nginx nim objc
    perl php pl powershell properties ps1 py python r rb rs ruby rust scala scss sh shell sql swift tex
    toml ts tsx typescript vb.net vim xml yaml yml zig zsh
    """.split()  # noqa: SIM905 - a list of them would fill a page
)
ALIASES = {"gql": "graphql", "kt": "kotlin", "patch": "diff", "vb": "vb.net"}
ANSI = "ansi"
ANSI_SEQUENCE = re.compile(r"\x1b\[([0-9;]*)m")
ANSI_CODES = {1, 4, *range(30, 38), *range(40, 48)}


@lru_cache(maxsize=256)
def highlight(code: str, language: str) -> str:
    """Code as HTML; plain if the language isn't known."""
    if language == ANSI:
        return _ansi(code)
    if ALIASES.get(language, language) not in LANGUAGES or len(code) > LONGEST_CHARACTERS:
        return escape(code)
    runs: list[tuple[str, list[str]]] = []
    done, until = 0, thread_time() + LONGEST_SECONDS
    for token, text in _lexer(ALIASES.get(language, language)).get_tokens(code):
        text = text[: len(code) - done]  # noqa: PLW2901 - lexers need a line break at the end that isn't in the code
        name = _name(token)
        if not runs or runs[-1][0] != name:
            runs.append((name, []))
        runs[-1][1].append(text)
        done += len(text)
        if thread_time() > until:
            break
    return "".join(_coloured(name, "".join(texts)) for name, texts in runs) + escape(code[done:])


def _coloured(name: str, text: str) -> str:
    return f'<span class="hl-{name}">{escape(text)}</span>' if name else escape(text)


@cache
def _lexer(language: str) -> Lexer:
    return get_lexer_by_name(language, stripnl=False)


@cache
def _name(token: _TokenType) -> str:
    """The short name for what a piece of code is, as in Pygments' own style sheets; spaces have none."""
    if Whitespace in token.split():
        return ""
    if token in STANDARD_TYPES or token.parent is None:
        return STANDARD_TYPES.get(token, "")
    return _name(token.parent)


def _ansi(code: str) -> str:
    parts: list[str] = []
    worn: set[int] = set()
    at = 0
    for match in ANSI_SEQUENCE.finditer(code):
        parts.append(_dressed(code[at : match.start()], worn))
        at = match.end()
        for number in match[1].split(";"):
            worn = _after(worn, int(number or 0))
    parts.append(_dressed(code[at:], worn))
    return "".join(parts)


def _after(worn: set[int], number: int) -> set[int]:
    """What the text wears after a code: 0 takes everything off, a colour takes the place of another of its kind."""
    if number == 0:
        return set()
    if number not in ANSI_CODES:
        return worn
    return {other for other in worn if other < 30 or other // 10 != number // 10} | {number}


def _dressed(text: str, worn: set[int]) -> str:
    if not text or not worn:
        return escape(text)
    return f'<span class="{" ".join(f"ansi-{number}" for number in sorted(worn))}">{escape(text)}</span>'

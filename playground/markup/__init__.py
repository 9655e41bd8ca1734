"""Discord's Markdown, as its client shows it, as safe HTML.

markdown-it-py does the walking through the text and keeps the tokens; the rules are Discord's own (see `scope`), and
which of them hold depends on where the text stands.

The HTML is meant for an element of the class `markup` (with `only-emoji` beside it where that applies) on a page that
has `style/markup.css` and `js/markup.js`.
"""

import re
from collections.abc import Mapping, Sequence, Set

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token
from markdown_it.utils import EnvType

from playground.markup import code, lines, links, mentions, pairs
from playground.markup.emoji import only_emoji
from playground.markup.html import READER, Html
from playground.markup.names import Kind, Names, Reader
from playground.markup.preview import line
from playground.markup.scope import Rule, Scope, at_line_starts, at_marks

__all__ = ["Kind", "Names", "only_emoji", "plain", "render"]

PREVIEW_CHARACTERS = 200
DEEPEST_NESTING = 24
"""What is nested deeper is shown as it was typed."""

LINE_RULES: Sequence[Rule] = (lines.quote, lines.heading, lines.small_print, lines.item_list)
# Of the rules for a mark, the first is asked first.
MARK_RULES: Mapping[str, Sequence[Rule]] = {
    "\n": (pairs.line_break,),
    "\\": (pairs.backslash,),
    "`": (code.code_block, code.code),
    "*": (pairs.stars,),
    "_": (pairs.underscores,),
    "~": (pairs.strikethrough,),
    "|": (pairs.spoiler,),
    "<": (
        mentions.mention,
        mentions.emoji,
        mentions.moment,
        mentions.command,
        mentions.place,
        links.bracketed_link,
    ),
    "@": (mentions.everyone,),
    ":": (links.bare_link,),
    "[": (links.masked_link,),
}
BLOCKS: Set[Rule] = {*LINE_RULES, code.code_block}
MENTIONS: Set[Rule] = {mentions.mention, mentions.command, mentions.place, mentions.everyone}
LINKS: Set[Rule] = {links.bracketed_link, links.bare_link, links.masked_link}
WITHOUT: dict[Kind, Set[Rule]] = {
    "message": set(),
    "embed": set(),
    "title": BLOCKS | MENTIONS | LINKS,
    "field_name": BLOCKS | MENTIONS | LINKS,
    "topic": BLOCKS,
}


def render(
    text: str, names: Names, *, kind: Kind = "message", viewer: int | None = None, everyone: bool = False
) -> str:
    """The HTML for what somebody wrote.

    `viewer` is the id of whoever reads it: mentions of them get the class `you`. `everyone` tells whether the message
    really calls everybody; else `@everyone` is just text.
    """
    if kind == "topic":
        text = " ".join(text.splitlines())
    return str(PARSERS[kind].renderInline(text, {READER: Reader(names, viewer, everyone)}))


def plain(text: str, names: Names, *, characters: int = PREVIEW_CHARACTERS) -> str:
    """The beginning of a text in one line without formatting, at most `characters` long; spoilers stay hidden."""
    reader = Reader(names, None, everyone=False)
    words = line(_tokens(PARSERS["message"], text, {READER: reader}), reader)
    return words if len(words) <= characters else f"{words[: characters - 1].rstrip()}…"


def _tokens(parser: MarkdownIt, text: str, env: EnvType) -> list[Token]:
    return [token for inline in parser.parseInline(text, env) for token in inline.children or []]


def _parse(state: StateCore) -> None:
    """Take the place of markdown-it's own way into the text, so that every text is a scope."""
    for token in state.tokens:
        token.children = []
        state.md.inline.tokenize(Scope(token.content, state.md, state.env, token.children))


def _parser(without: Set[Rule]) -> MarkdownIt:
    parser = MarkdownIt("zero", {"maxNesting": DEEPEST_NESTING}, renderer_cls=Html)
    parser.core.ruler.at("inline", _parse)
    # Only these end a text; markdown-it would stop at more. The bracket is where the text of a link ends.
    parser.inline.terminator_re = re.compile(f"[{re.escape(''.join(MARK_RULES))}\\]]")
    parser.inline.ruler.before("text", "lines", at_line_starts([rule for rule in LINE_RULES if rule not in without]))
    marks = {mark: [rule for rule in rules if rule not in without] for mark, rules in MARK_RULES.items()}
    parser.inline.ruler.after("text", "marks", at_marks(marks))
    return parser


PARSERS = {kind: _parser(without) for kind, without in WITHOUT.items()}

"""What a text says in one line, without its looks."""

from collections.abc import Callable, Sequence

from markdown_it.token import Token

from playground.markup.highlight import ANSI_SEQUENCE
from playground.markup.html import PLACES
from playground.markup.names import Reader
from playground.markup.times import words

HIDDEN = "▇▇▇"
"""Stands for a spoiler."""

SAYS: dict[str, Callable[[Token, Reader], str]] = {
    "text": lambda token, reader: token.content,
    "code": lambda token, reader: str(token.meta["code"]),
    "code_block": lambda token, reader: f" {ANSI_SEQUENCE.sub('', token.meta['code'])} ",
    "link": lambda token, reader: str(token.meta["address"]),
    "user": lambda token, reader: reader.user(token.meta["identity"]),
    "role": lambda token, reader: reader.role(token.meta["identity"]),
    "channel": lambda token, reader: reader.channel(token.meta["identity"]),
    "everyone": lambda token, reader: str(token.meta["text"]),
    "command": lambda token, reader: f"/{token.meta['name']}",
    "place": lambda token, reader: PLACES[token.meta["place"]],
    "emoji": lambda token, reader: f":{token.meta['name']}:",
    "moment": lambda token, reader: words(token.meta["unix"], token.meta["style"]),
    # What fills lines is kept apart from what stands before and behind it.
    **dict.fromkeys(("quote_open", "item_open", "heading_open", "small_open"), lambda token, reader: " "),
    **dict.fromkeys(("quote_close", "item_close", "heading_close", "small_close"), lambda token, reader: " "),
}


def line(tokens: Sequence[Token], reader: Reader) -> str:
    """The words of parsed text."""
    parts: list[str] = []
    spoilers = 0
    for token in tokens:
        if token.type == "spoiler_open":
            spoilers += 1
            if spoilers == 1:
                parts.append(HIDDEN)
        elif token.type == "spoiler_close":
            spoilers -= 1
        elif not spoilers and token.type in SAYS:
            parts.append(SAYS[token.type](token, reader))
    return " ".join("".join(parts).split())

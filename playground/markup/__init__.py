"""Discord's Markdown, as its client shows it, as safe HTML.

The HTML is meant for an element of the class `markup` (with `only-emoji` beside it where that applies) on a page that
has `style/markup.css` and `js/markup.js`.
"""

from html import escape

from playground.markup.names import Kind, Names

__all__ = ["Kind", "Names", "only_emoji", "plain", "render"]

PREVIEW_CHARACTERS = 200


def render(
    text: str, names: Names, *, kind: Kind = "message", viewer: int | None = None, everyone: bool = False
) -> str:
    """The HTML for what somebody wrote.

    `viewer` is the id of whoever reads it: mentions of them get the class `you`. `everyone` tells whether the message
    really calls everybody; else `@everyone` is just text.
    """
    return escape(text).replace("\n", "<br>")


def only_emoji(text: str) -> bool:
    """Whether a message is a few emoji and nothing else, and so is shown large."""
    return False


def plain(text: str, names: Names, *, characters: int = PREVIEW_CHARACTERS) -> str:
    """The beginning of a text in one line without formatting, at most `characters` long; spoilers stay hidden."""
    return " ".join(text.split())[:characters]

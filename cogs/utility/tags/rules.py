"""What a tag may be called and hold. Neither Discord nor SQL."""

import re
from collections.abc import Container
from typing import Final

from utils.converters import parse_text
from utils.formatting import clean_input, code
from utils.i18n import _

NAME_LIMIT: Final = 60  # characters
MOST_TAGS: Final = 2_000
"""Of one server."""
MOST_OF_ONE: Final = 200
"""Of one member who isn't staff."""
MOST_ALIASES: Final = 10
"""Of one tag."""

_MENTION: Final = re.compile(r"<(?:@[!&]?|#|a?:\w+:)[0-9]+>|@everyone|@here")
_EXPIRING: Final = re.compile(
    r"https?://(?:cdn|media)\.discordapp\.(?:com|net)/(?:ephemeral-)?attachments/", re.IGNORECASE
)


def folded(name: str) -> str:
    """A name as it is kept and looked up: whatever its case and its spaces."""
    return " ".join(clean_input(name).casefold().split())


def read_name(text: str, taken_words: Container[str]) -> str:
    """The name for a new tag; raises `ValueError` if no tag may be called so.

    `taken_words` are what sub-commands are called: `tag list of games` would list, and not show that tag.
    """
    name = folded(parse_text(text, NAME_LIMIT))
    first = name.split(" ")[0] if name else ""
    if first in taken_words:
        raise ValueError(_("No tag's name can begin with {word}: that is a command.").format(word=code(first)))
    if _MENTION.search(name) or "`" in name:
        raise ValueError(_("A tag's name can't hold mentions, custom emoji or backticks."))
    return name


def expires(content: str) -> bool:
    """Whether a text has a link to a file of Discord's in it: these work for a day."""
    return _EXPIRING.search(content) is not None

"""Emoji of servers, as people write them. Pure."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qs

CUSTOM: Final = re.compile(r"<(?P<animated>a?):(?P<name>[A-Za-z0-9_]{1,32}):(?P<id>[0-9]{15,20})>")
LINK: Final = re.compile(
    r"<?https://(?:cdn\.discordapp\.com|media\.discordapp\.net)/emojis/(?P<id>[0-9]{15,20})\.(?P<ending>[a-z]{3,4})"
    r"(?:\?(?P<options>[^\s>]*))?>?"
)
"""To the picture of an emoji: what Discord's "Copy Link" gives."""
NAME: Final = re.compile(r"[A-Za-z0-9_]{2,32}")
MOST_OF_A_MESSAGE: Final = 10
"""Different ones that are counted."""


@dataclass(frozen=True, slots=True)
class Source:
    """The emoji of a server, wherever that is; `name` None if all that is known of it is a link."""

    emoji_id: int
    name: str | None
    is_animated: bool

    def __str__(self) -> str:
        return f"<{'a' if self.is_animated else ''}:{self.name or '_'}:{self.emoji_id}>"


@dataclass(frozen=True, slots=True)
class Use:
    """An emoji, and in how many messages it was used."""

    emoji_id: int
    uses: int


def sources_in(text: str) -> tuple[list[Source], list[str]]:
    """The emoji that a text has, as such or by links to their pictures, and the other words of it."""
    found = [Source(int(one["id"]), one["name"], bool(one["animated"])) for one in CUSTOM.finditer(text)]
    for link in LINK.finditer(text):
        options = parse_qs(link["options"] or "")
        name = fitting_name(options.get("name", [""])[0])
        is_animated = link["ending"] == "gif" or options.get("animated") == ["true"]
        found.append(Source(int(link["id"]), name, is_animated))
    return found, LINK.sub(" ", CUSTOM.sub(" ", text)).split()


def used_in(text: str) -> list[int]:
    """The ids of the emoji in a message, each once."""
    return list(dict.fromkeys(int(found["id"]) for found in CUSTOM.finditer(text)))[:MOST_OF_A_MESSAGE]


def ranked(emoji_ids: Sequence[int], uses: Mapping[int, int]) -> list[Use]:
    """The server's emoji from the most used to those that nobody uses; of equally used ones the older first."""
    return sorted((Use(one, uses.get(one, 0)) for one in emoji_ids), key=lambda use: (-use.uses, use.emoji_id))


def fitting_name(name: str) -> str | None:
    """A file's or emoji's name as Discord takes it for an emoji; None if too little of it is left."""
    made = re.sub(r"[^A-Za-z0-9_]+", "_", name.rpartition(".")[0] or name).strip("_")[:32]
    return made if NAME.fullmatch(made) else None

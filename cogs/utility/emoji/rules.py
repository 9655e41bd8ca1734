"""Emoji of servers, as people write them. Pure."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

CUSTOM: Final = re.compile(r"<(?P<animated>a?):(?P<name>[A-Za-z0-9_]{1,32}):(?P<id>[0-9]{15,20})>")
NAME: Final = re.compile(r"[A-Za-z0-9_]{2,32}")
MOST_OF_A_MESSAGE: Final = 10
"""Different ones that are counted."""


@dataclass(frozen=True, slots=True)
class Use:
    """An emoji, and in how many messages it was used."""

    emoji_id: int
    uses: int


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

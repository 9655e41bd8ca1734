"""What somebody writes as a status, read. Without Discord's connection."""

from typing import Final

import discord

from database.bot_status import Line
from utils.errors import UserError
from utils.formatting import clean_input, code, shows_nothing
from utils.i18n import _, format_list
from utils.templates import unknown_places

MOST_LINES: Final = 20
TEXT_CHARACTERS: Final = 128
"""Discord's limit for an activity."""
PLACES: Final = ("servers", "members", "prefix")
_BEGINNINGS: Final = {
    "playing": "playing", "watching": "watching", "listening to": "listening", "listening": "listening",
    "competing in": "competing", "competing": "competing", "custom": "custom",
}  # fmt: skip
_KINDS: Final = {
    "playing": discord.ActivityType.playing,
    "watching": discord.ActivityType.watching,
    "listening": discord.ActivityType.listening,
    "competing": discord.ActivityType.competing,
}
_SHOWN: Final = {
    "playing": "Playing",
    "watching": "Watching",
    "listening": "Listening to",
    "competing": "Competing in",
}
"""As Discord writes it before the text, in English."""


def read_line(text: str) -> Line:
    """A status: `watching the fire`, or just words. Raises UserError."""
    text = " ".join(clean_input(text).split())
    kind, rest = "custom", text
    for beginning, meant in _BEGINNINGS.items():
        if text.casefold().startswith(f"{beginning} "):
            kind, rest = meant, text[len(beginning) :].strip()
            break
    if shows_nothing(rest) or len(rest) > TEXT_CHARACTERS:
        raise UserError(_("A status has 1 to {most} characters.").format(most=TEXT_CHARACTERS))
    unknown = unknown_places(rest, PLACES)
    if unknown:
        raise UserError(
            _("I know no {place}; there are {places}.").format(
                place=code(f"{{{unknown[0]}}}"), places=format_list([f"`{{{place}}}`" for place in PLACES])
            )
        )
    return Line(kind, rest)


def activity(kind: str, text: str) -> discord.BaseActivity:
    """What Discord is told. A text that its places made too long is cut."""
    text = text[:TEXT_CHARACTERS]
    if kind == "custom":
        return discord.CustomActivity(text)
    return discord.Activity(type=_KINDS[kind], name=text)


def shown(line: Line) -> str:
    """A status as it reads on Discord, with its places."""
    return f"{_SHOWN[line.kind]} {line.text}" if line.kind in _SHOWN else line.text

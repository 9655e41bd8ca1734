"""Where news go in a server, and what somebody writes behind `announce`."""

import re
from collections.abc import Iterator
from typing import Final

import discord

from utils.errors import UserError
from utils.formatting import clean_input, shows_nothing
from utils.i18n import _
from utils.permissions import missing_in

TEXT_CHARACTERS: Final = 3_500
NEEDED: Final = ("view_channel", "send_messages")
_IDS: Final = re.compile(r"(?:[0-9]{15,20}[\s,]+)+")


def checked_text(text: str) -> str:
    """News that can be sent. Raises UserError."""
    text = clean_input(text).strip()
    if shows_nothing(text) or len(text) > TEXT_CHARACTERS:
        raise UserError(_("News have 1 to {most} characters.").format(most=TEXT_CHARACTERS))
    return text


def split_ids(text: str) -> tuple[list[int], str]:
    """The ids of servers in front of a text, each once, and the text. Raises UserError if there are none."""
    found = _IDS.match(text.strip())
    if found is None:
        raise UserError(_("Write the ids of servers, then the text; `guilds` lists them."))
    ids = list(dict.fromkeys(int(one) for one in re.findall(r"[0-9]+", found[0])))
    return ids, checked_text(text.strip()[found.end() :])


def place_for(guild: discord.Guild, chosen_id: int | None) -> discord.TextChannel | None:
    """The channel for news: the first of these that the bot can write in.

    The one that the server chose; where Discord itself tells moderators its news; where Discord tells who joins;
    the first channel.
    """
    return next((one for one in _places(guild, chosen_id) if not missing_in(one, guild.me, NEEDED)), None)


def _places(guild: discord.Guild, chosen_id: int | None) -> Iterator[discord.TextChannel]:
    chosen = guild.get_channel(chosen_id) if chosen_id is not None else None
    if isinstance(chosen, discord.TextChannel):
        yield chosen
    for one in (guild.public_updates_channel, guild.system_channel):
        if one is not None:
            yield one
    yield from sorted(guild.text_channels, key=lambda one: (one.position, one.id))

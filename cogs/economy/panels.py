"""Messages with buttons that change while two people play or trade."""

import logging
from typing import Any

import discord

from utils import embeds
from utils.bot import CANNOT_SAY

log = logging.getLogger("hearth.economy")


async def repaint(
    message: discord.Message | None,
    embed: discord.Embed,
    view: discord.ui.View | None,
    *,
    can_embed: bool,
    click: discord.Interaction[Any] | None = None,
) -> None:
    """Let a message say how things stand, as the answer to a click if there is one. Never raises for want of a place.

    If the message was deleted and nothing can be pressed any more, how it ended is sent anew.
    """
    content: dict[str, Any] = {"embed": embed} if can_embed else {"content": embeds.as_text(embed)}
    try:
        if click is not None:
            try:
                await click.response.edit_message(**content, view=view)
            except discord.NotFound:  # the message is gone, or Discord has waited too long for this answer
                pass
            else:
                return
        if message is None:
            return
        try:
            await message.edit(**content, view=view)
        except discord.NotFound:
            if view is None:
                await message.channel.send(**content)
    except CANNOT_SAY:
        log.info("A message of two can't be changed", exc_info=True)

"""Messages with buttons that change while somebody plays or trades."""

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
    over: bool,
    click: discord.Interaction[Any] | None = None,
) -> None:
    """Let a message say how things stand, as the answer to a click if there is one. Never raises for want of a place.

    If the message was deleted and it is `over`, how it ended is sent anew.
    """
    content: dict[str, Any] = {"embed": embed} if can_embed else {"content": embeds.as_text(embed)}
    if click is not None:
        try:
            await click.response.edit_message(**content, view=view)
        except CANNOT_SAY:  # Discord is slow or had this click before; the message can be changed all the same
            pass
        else:
            return
    if message is None:
        return
    try:
        try:
            await message.edit(**content, view=view)
        except discord.NotFound:
            if over:
                await message.channel.send(**content)
    except CANNOT_SAY:
        log.info("Could not change a message in channel %d", message.channel.id, exc_info=True)

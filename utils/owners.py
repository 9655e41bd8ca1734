"""Telling whoever runs a server what only they can mend."""

import logging
from typing import TYPE_CHECKING

import discord

from utils.bot import CANNOT_SAY

if TYPE_CHECKING:
    from utils.bot import Hearth

log = logging.getLogger(__name__)


async def tell_owner(bot: "Hearth", guild: discord.Guild, sentence: str) -> None:
    """Tell whoever runs a guild what only they can mend; if they can't be written to, its staff."""
    try:
        owner = bot.get_user(guild.owner_id or 0) or await bot.fetch_user(guild.owner_id or 0)
        await owner.send(f"**{discord.utils.escape_markdown(guild.name)}**: {sentence}")
    except CANNOT_SAY:
        await _say_to_staff(guild, sentence)


async def _say_to_staff(guild: discord.Guild, sentence: str) -> None:
    """In the channel where Discord itself tells moderators its news, if the guild has one."""
    channel = guild.public_updates_channel
    try:
        if channel is not None:
            await channel.send(sentence)
    except CANNOT_SAY:
        log.info("Nobody of guild %d can be told", guild.id)

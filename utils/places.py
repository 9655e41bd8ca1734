"""Channels that messages were or are to be sent in, looked for long after: perhaps archived, forbidden or gone."""

import logging
from typing import TYPE_CHECKING, Any

import discord

from utils.bot import CANNOT_SAY
from utils.errors import is_final

if TYPE_CHECKING:
    from utils.bot import Hearth

log = logging.getLogger("hearth.messages")


async def place_of(bot: "Hearth", guild_id: int, channel_id: int) -> Any:
    """A channel that messages can be sent in, also an archived thread; None if there is none any more.

    Raises what Discord answers where that may pass.
    """
    guild = bot.get_guild(guild_id)
    if guild is None:
        return None
    try:
        # Threads that nobody writes in are archived, and archived ones aren't in memory.
        channel: Any = guild.get_channel_or_thread(channel_id) or await bot.fetch_channel(channel_id)
    except discord.InvalidData:
        return None
    except discord.HTTPException as error:
        if not is_final(error):
            raise
        return None
    return channel if isinstance(channel, discord.abc.Messageable) else None


async def edit_message(bot: "Hearth", guild_id: int, channel_id: int, message_id: int | None, **content: Any) -> bool:
    """Change a message; False when it is gone. Raises what Discord answers where that may pass."""
    channel = None if message_id is None else await place_of(bot, guild_id, channel_id)
    if channel is None or message_id is None:
        return False
    try:
        await channel.get_partial_message(message_id).edit(**content)
    except discord.HTTPException as error:
        if not is_final(error):
            raise
        return False
    return True


async def delete_message(bot: "Hearth", guild_id: int, channel_id: int, message_id: int | None) -> None:
    """Delete a message of ours if it is still there; one that can't be deleted stays."""
    try:
        channel = None if message_id is None else await place_of(bot, guild_id, channel_id)
        if channel is not None and message_id is not None:
            await channel.get_partial_message(message_id).delete()
    except CANNOT_SAY as error:
        log.info("Message %s in channel %d stays: %r", message_id, channel_id, error)


async def say(
    bot: "Hearth",
    guild_id: int,
    channel_id: int,
    text: str | None,
    *,
    nonce: str,
    reply_to: int | None = None,
    **content: Any,
) -> bool:
    """Send something, as an answer to a message if that is still there; False where that can't be done.

    Discord knows by the nonce what was sent before a crash. Raises what it answers where that may pass.
    """
    channel = await place_of(bot, guild_id, channel_id)
    if channel is None:
        return False
    reference = None
    if reply_to is not None:
        reference = discord.MessageReference(message_id=reply_to, channel_id=channel_id, fail_if_not_exists=False)
    try:
        await channel.send(text, reference=reference, nonce=nonce, mention_author=False, **content)
    except discord.HTTPException as error:
        if not is_final(error):
            raise
        return False
    return True

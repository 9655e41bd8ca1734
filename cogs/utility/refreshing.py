"""Messages that show a count which many people change: each is edited at most once in a few seconds."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final
from weakref import WeakValueDictionary

import discord

from database.errors import DatabaseError
from utils.bot import CANNOT_SAY
from utils.errors import is_final

if TYPE_CHECKING:
    from utils.bot import Hearth
    from utils.cog import Cog

log = logging.getLogger("hearth.utility")

EVERY_SECONDS: Final = 5.0
LAST_SECONDS: Final = 3.0
"""For what has yet to be shown when the bot ends."""


class Refresher:
    """Brings messages up to date some seconds after the first change, with all the changes until then."""

    def __init__(self, cog: "Cog", refresh: Callable[[int], Awaitable[bool]]) -> None:
        """`refresh` edits the message of the thing with this id, and gives False when it is gone."""
        self.cog = cog
        self.refresh = refresh
        self._waiting: set[int] = set()
        self._locks: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()

    def changed(self, about_id: int) -> None:
        """Something about it is different now."""
        if about_id not in self._waiting:
            self._waiting.add(about_id)
            self.cog.spawn(self._later(about_id))

    async def _later(self, about_id: int) -> None:
        await asyncio.sleep(EVERY_SECONDS)
        self._waiting.discard(about_id)  # what changes from here on isn't in it for sure
        await self._attempt(about_id)

    async def now(self, about_id: int) -> bool:
        """Bring its message up to date at once; False when that is gone.

        One at a time, else the older look could come last. Raises what Discord or the database answers where that
        may pass.
        """
        async with self._locks.setdefault(about_id, asyncio.Lock()):
            return await self.refresh(about_id)

    async def finish(self) -> None:
        """Show what changed last: after this nobody would, until it changes again."""
        waiting, self._waiting = self._waiting, set()
        with suppress(TimeoutError):
            async with asyncio.timeout(LAST_SECONDS):
                await asyncio.gather(*map(self._attempt, waiting))

    async def _attempt(self, about_id: int) -> None:
        try:
            await self.now(about_id)
        except (DatabaseError, *CANNOT_SAY) as error:
            log.info("The message about %d stays as it is until the next change: %r", about_id, error)


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
    reply_to: int | None,
    nonce: str,
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

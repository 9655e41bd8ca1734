"""Sending what was scheduled, at least once; Discord recognises what was sent before a crash by its nonce."""

import logging
from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

import discord

from cogs.utility.later import AT_ONCE, PLACES, nonce
from cogs.utility.schedule.rights import NEEDED
from cogs.utility.schedule.rules import is_too_late
from cogs.utility.schedule.service import Schedule, recurrence_of
from database.scheduled_messages import ScheduledMessage
from utils.bot import CANNOT_SAY, Hearth
from utils.errors import is_final
from utils.events import ScheduledMessageTimer
from utils.i18n import _
from utils.members import get_member
from utils.permissions import missing_in
from utils.timers import InHand

log = logging.getLogger("hearth.utility")

Trouble = str
"""`gone`, `forbidden` or `author`, as the table has it."""


class Delivery:
    """Sends what is due."""

    def __init__(self, bot: Hearth, schedule: Schedule, is_on: Callable[[int], bool]) -> None:
        """`is_on` says whether a guild has switched this feature on."""
        self.bot = bot
        self.schedule = schedule
        self._is_on = is_on
        self._in_hand = InHand(AT_ONCE)

    async def deliver(self, event: ScheduledMessageTimer) -> None:
        """Send the message of a timer, and write down how that went."""
        await self._in_hand.handle(event, self._deliver)

    async def _deliver(self, event: ScheduledMessageTimer) -> None:
        message = await self.schedule.store.get(event.payload["scheduled_id"])
        if message is None or message.timer_id != event.timer_id:
            await self.bot.timers.done(event)  # cancelled, or sent and only this was left to say
            return
        if message.due_at != event.due_at:
            return  # moved since, and the timer with it
        trouble, late = message.trouble, discord.utils.utcnow() - message.due_at
        left_out = not self._is_on(message.guild_id) or is_too_late(late, recurrence_of(message))
        if not left_out:
            try:
                trouble = await self._send(message)
            except CANNOT_SAY as error:
                log.warning("Scheduled message %d will be tried again: %s", message.id, error)
                return
        if not await self._settle(message, event, trouble, left_out=left_out):
            return
        if trouble is not None and trouble != message.trouble:
            await self._tell(message, trouble)

    async def _send(self, message: ScheduledMessage) -> Trouble | None:
        """Send it, and tell what stands in the way for good."""
        channel: Any = self.bot.get_channel(message.channel_id)
        try:
            # Threads that nobody writes in are archived, and archived ones aren't in memory.
            channel = channel or await self.bot.fetch_channel(message.channel_id)
        except discord.InvalidData:
            return "gone"
        except discord.HTTPException as error:
            if not is_final(error):
                raise
            return "forbidden" if isinstance(error, discord.Forbidden) else "gone"
        if not isinstance(channel, PLACES) or channel.guild.id != message.guild_id:
            return "gone"
        author = await get_member(channel.guild, message.author_id)
        if author is None or missing_in(channel, author, NEEDED):
            return "author"  # who lost their place in the staff doesn't speak through the bot
        try:
            await channel.send(
                message.text, nonce=nonce(message.id, message.due_at), allowed_mentions=discord.AllowedMentions.none()
            )
        except discord.HTTPException as error:
            if not is_final(error):
                raise
            log.info("Scheduled message %d can't be sent: %s", message.id, error)
            return "gone" if isinstance(error, discord.NotFound) else "forbidden"
        return None

    async def _settle(
        self, message: ScheduledMessage, event: ScheduledMessageTimer, trouble: Trouble | None, *, left_out: bool
    ) -> bool:
        """Let it wait for its next time, or no more; False if somebody moved or cancelled it meanwhile."""
        recurrence = recurrence_of(message)
        store = self.schedule.store
        async with self.bot.db.transaction():
            if recurrence is not None and trouble != "gone":
                now = max(discord.utils.utcnow(), message.due_at)
                next_due = recurrence.next_after(now, ZoneInfo(message.timezone))
                if not await store.settle(message, next_due=next_due, trouble=trouble):
                    return False
                await self.bot.timers.reschedule(event.timer_id, next_due)
                return True
            if not await store.settle(message, next_due=None, trouble=trouble):
                return False
            if trouble is None and not left_out:
                await store.remove(message.id)
            await self.bot.timers.done(event)
        return True

    async def _tell(self, message: ScheduledMessage, trouble: Trouble) -> None:
        """Tell the author once; if that can't be, the list still shows it."""
        guild = self.bot.get_guild(message.guild_id)
        await self.bot.speak_to(message.author_id, guild)
        if trouble == "gone":
            text = _(
                "The channel of scheduled message **#{number}** in {server} is gone, so I don't send it any more."
            )
        elif trouble == "author":
            text = _(
                "I didn't send scheduled message **#{number}** in {server}: you may not write in {channel} any more."
            )
        else:
            text = _("I couldn't send scheduled message **#{number}** in {server}: I may not write in {channel}.")
        answer = text.format(
            number=message.number, server=guild.name if guild else "?", channel=f"<#{message.channel_id}>"
        )
        try:
            person = self.bot.get_user(message.author_id) or await self.bot.fetch_user(message.author_id)
            await person.send(answer, allowed_mentions=discord.AllowedMentions.none())
        except CANNOT_SAY as error:
            log.info("User %d can't be told of scheduled message %d: %s", message.author_id, message.id, error)

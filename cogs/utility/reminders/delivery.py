"""Bringing a reminder: in its channel, else by direct message, else kept as missed."""

import logging
from datetime import timedelta
from zoneinfo import ZoneInfo

import discord

from cogs.utility.later import AT_ONCE, PLACES, nonce
from cogs.utility.reminders import rules
from cogs.utility.reminders.service import Reminders, recurrence_of
from cogs.utility.reminders.views import snooze_buttons
from database.reminders import Reminder
from utils.bot import CANNOT_SAY, Hearth
from utils.errors import is_final
from utils.events import ReminderTimer
from utils.formatting import message_link
from utils.i18n import _
from utils.members import get_member
from utils.places import place_of
from utils.time import human_duration, timestamp
from utils.timers import InHand

log = logging.getLogger("hearth.reminders")


class Delivery:
    """Delivers what is due, at least once; Discord recognises what was sent before a crash by its nonce."""

    def __init__(self, bot: Hearth) -> None:
        self.bot = bot
        self.reminders = Reminders(bot)
        self.store = self.reminders.store
        self._in_hand = InHand(AT_ONCE)

    async def deliver(self, event: ReminderTimer) -> None:
        """Bring the reminder of a timer, and write down how that went."""
        await self._in_hand.handle(event, self._deliver)

    async def _deliver(self, event: ReminderTimer) -> None:
        reminder = await self.store.get(event.payload["reminder_id"])
        if reminder is None or reminder.timer_id != event.timer_id:
            await self.bot.timers.done(event)  # cancelled, or delivered and only this was left to say
            return
        if reminder.due_at != event.due_at:
            return  # moved since, and the timer with it
        guild = self.bot.get_guild(reminder.guild_id) if reminder.guild_id else None
        await self.bot.speak_to(reminder.user_id, guild)
        try:
            arrived = await self._bring(reminder, discord.utils.utcnow() - reminder.due_at)
        except CANNOT_SAY as error:
            log.warning("Reminder %d will be tried again: %s", reminder.id, error)
            return
        await self._settle(reminder, event, arrived=arrived)

    async def _bring(self, reminder: Reminder, late: timedelta) -> bool:
        channel = await self._channel_of(reminder)
        if channel is not None and await self._send(channel, reminder, late):
            return True
        try:
            person = self.bot.get_user(reminder.user_id) or await self.bot.fetch_user(reminder.user_id)
        except discord.NotFound:
            return False
        return await self._send(person, reminder, late)

    async def _send(self, place: discord.abc.Messageable, reminder: Reminder, late: timedelta) -> bool:
        """Send it there; False when Discord says that this can't be done."""
        try:
            await place.send(
                delivered_text(reminder, late),
                view=snooze_buttons(reminder),
                nonce=nonce(reminder.id, reminder.due_at),
                # The text is the person's own: nobody else is notified, whoever it names, and links show no preview.
                allowed_mentions=discord.AllowedMentions(users=[discord.Object(reminder.user_id)]),
                suppress_embeds=True,
            )
        except discord.HTTPException as error:
            if not is_final(error):
                raise
            log.info("Reminder %d can't be sent to %s: %s", reminder.id, place, error)
            return False
        return True

    async def _channel_of(self, reminder: Reminder) -> discord.abc.Messageable | None:
        """The channel it was set in, if it is there and the person still reads it; None also for direct messages."""
        if reminder.guild_id is None:
            return None
        channel = await place_of(self.bot, reminder.guild_id, reminder.channel_id)
        if not isinstance(channel, PLACES):
            return None
        member = await get_member(channel.guild, reminder.user_id)
        return channel if member is not None and channel.permissions_for(member).view_channel else None

    async def _settle(self, reminder: Reminder, event: ReminderTimer, *, arrived: bool) -> None:
        now = discord.utils.utcnow()
        recurrence = recurrence_of(reminder) if arrived else None
        async with self.bot.db.transaction():
            if recurrence is not None and reminder.timer_id is not None:
                # After a long downtime it came once; what was missed meanwhile is left out.
                next_due = recurrence.next_after(max(now, reminder.due_at), ZoneInfo(reminder.timezone))
                if await self.store.settle(reminder, delivered_at=now, next_due=next_due):
                    await self.bot.timers.reschedule(reminder.timer_id, next_due)
            elif await self.store.settle(
                reminder, delivered_at=now if arrived else None, missed_at=None if arrived else now
            ):
                await self.bot.timers.done(event)


def delivered_text(reminder: Reminder, late: timedelta) -> str:
    """The message that is delivered, in the current language. The person's text comes last: it may hold anything."""
    member = f"<@{reminder.user_id}>"
    first = (
        _("⏰ {member}, you asked me to remind you:")
        if reminder.text
        else _("⏰ {member}, the time you set has come.")
    )
    details = [
        _("set {when} [here]({link})").format(when=timestamp(reminder.set_at, "R"), link=jump_url(reminder)),
    ]
    if recurrence := recurrence_of(reminder):
        details.append(recurrence.describe())
    if late > rules.SAID_LATE:
        details.append(_("{duration} late, sorry").format(duration=human_duration(late)))
    lines = [first.format(member=member), f"-# {' · '.join(details)}"]
    if reminder.text:
        lines.append(f">>> {reminder.text}")
    return "\n".join(lines)


def jump_url(reminder: Reminder) -> str:
    """The link to the message that set a reminder."""
    return message_link(reminder.guild_id, reminder.channel_id, reminder.message_id)

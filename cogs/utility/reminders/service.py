"""What can be done with reminders, from a command or a button: each step moves the row and its timer together."""

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import discord

from cogs.utility.reminders import rules
from database.ids import new_id
from database.numbering import with_next_number
from database.reminders import Reminder, RemindersStore
from utils.errors import UserError
from utils.events import ReminderTimer
from utils.i18n import _, ngettext
from utils.time import Recurrence

if TYPE_CHECKING:
    from utils.bot import Hearth


class Reminders:
    """Sets, moves, snoozes and cancels reminders."""

    def __init__(self, bot: "Hearth") -> None:
        self.bot = bot
        self.store = RemindersStore(bot.db)

    async def set(self, message: discord.Message, plan: rules.Plan, zone: ZoneInfo) -> Reminder:
        """Keep a reminder that a message asks for; the same message asks only once. Raises UserError when full."""
        return await self._add(
            Reminder(
                id=new_id(), user_id=message.author.id, number=0,
                guild_id=message.guild.id if message.guild else None,
                channel_id=message.channel.id, message_id=message.id, text=plan.text,
                set_at=discord.utils.utcnow(), due_at=plan.due_at,
                recurrence=plan.recurrence.encode() if plan.recurrence else None,
                timezone=zone.key, timer_id=None,
            )
        )  # fmt: skip

    async def change(self, reminder: Reminder, change: rules.Change, zone: ZoneInfo) -> Reminder:
        """Give a reminder another time, recurrence or text. Raises UserError when it is gone."""
        recurrence, timezone = reminder.recurrence, reminder.timezone
        if change.recurrence is not None:
            recurrence, timezone = change.recurrence.encode(), zone.key
        text = reminder.text if change.text is None else change.text
        async with self.bot.db.transaction():
            if change.due_at is not None:
                reminder = await self._arm(reminder, change.due_at)
            if not await self.store.rewrite(reminder.id, text=text, recurrence=recurrence, timezone=timezone):
                raise _gone()
        return replace(reminder, text=text, recurrence=recurrence, timezone=timezone)

    async def snooze(self, reminder: Reminder, until: datetime, message: discord.Message) -> Reminder:
        """Bring a reminder again at `until`. A repeating one goes on as it was, and a copy comes besides.

        `message` asks for it, the delivered one or a command; it gets one copy only, which comes in its channel.
        """
        if reminder.recurrence is None:
            async with self.bot.db.transaction():
                return await self._arm(reminder, until)
        copy = replace(
            reminder, id=new_id(), guild_id=message.guild.id if message.guild else None,
            channel_id=message.channel.id, message_id=message.id, recurrence=None, due_at=until, timer_id=None,
        )  # fmt: skip
        kept = await self._add(copy)
        if kept.due_at == until:
            return kept
        async with self.bot.db.transaction():
            return await self._arm(kept, until)

    async def cancel(self, reminder: Reminder) -> bool:
        """Forget a reminder; False when it is gone already."""
        async with self.bot.db.transaction():
            if reminder.timer_id is not None:
                await self.bot.timers.cancel(reminder.timer_id)
            return await self.store.remove(reminder.id)

    async def numbered(self, user_id: int, number: int) -> Reminder:
        """A person's reminder. Raises UserError when there is none of this number."""
        reminder = await self.store.numbered(user_id, number)
        if reminder is None:
            raise UserError(_("You have no reminder **#{number}**.").format(number=number))
        return reminder

    # --- steps

    async def _add(self, reminder: Reminder) -> Reminder:
        now = discord.utils.utcnow()
        await self.store.forget_old(
            reminder.user_id,
            delivered_before=now - rules.DELIVERED_KEPT,
            missed_before=now - rules.MISSED_KEPT,
            keep=rules.MOST_DELIVERED_KEPT,
        )
        return await with_next_number(lambda: self._write(reminder))

    async def _write(self, reminder: Reminder) -> Reminder:
        async with self.bot.db.transaction():
            timer_id = await self._schedule(reminder, reminder.due_at)
            kept = await self.store.add(replace(reminder, timer_id=timer_id), most_pending=rules.MOST_PENDING)
            if kept is None:
                # The message has set one already, and its timer stands.
                await self.bot.timers.cancel(timer_id)
                kept = await self.store.of_message(reminder.message_id)
            if kept is None:
                raise _full()
            return kept

    async def _arm(self, reminder: Reminder, due_at: datetime) -> Reminder:
        """Let it wait for another moment, with its timer or a new one; inside a transaction."""
        timer_id = reminder.timer_id
        if timer_id is None or not await self.bot.timers.reschedule(timer_id, due_at):
            timer_id = await self._schedule(reminder, due_at)
        if not await self.store.arm(reminder, due_at, timer_id, most_pending=rules.MOST_PENDING):
            raise _full() if await self.store.get(reminder.id) else _gone()
        return replace(reminder, due_at=due_at, timer_id=timer_id, missed_at=None)

    async def _schedule(self, reminder: Reminder, due_at: datetime) -> int:
        # Without the guild: its timers would wait until the bot is back in it; this goes to direct messages then.
        return await self.bot.timers.schedule(
            ReminderTimer, due_at,
            user_id=reminder.user_id, payload={"reminder_id": reminder.id}, near_guild_id=reminder.guild_id,
        )  # fmt: skip


def recurrence_of(reminder: Reminder) -> Recurrence | None:
    """How a reminder repeats; None for once."""
    return Recurrence.decode(reminder.recurrence) if reminder.recurrence else None


def _full() -> UserError:
    return UserError(
        ngettext(
            "You have {count} reminder waiting already, which is the most. Cancel one first.",
            "You have {count} reminders waiting already, which is the most. Cancel one first.",
            rules.MOST_PENDING,
        ).format(count=rules.MOST_PENDING)
    )


def _gone() -> UserError:
    return UserError(_("That reminder doesn't exist any more."))

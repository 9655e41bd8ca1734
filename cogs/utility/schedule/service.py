"""What can be done with scheduled messages: each step moves the row and its timer together."""

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import discord

from cogs.utility.schedule.rules import MOST_SCHEDULED, Plan
from database.ids import new_id
from database.numbering import with_next_number
from database.scheduled_messages import ScheduledMessage, ScheduledMessagesStore
from utils.errors import UserError
from utils.events import ScheduledMessageTimer
from utils.i18n import _
from utils.time import Recurrence

if TYPE_CHECKING:
    from utils.bot import Hearth


class Schedule:
    """Adds, moves, changes and cancels scheduled messages."""

    def __init__(self, bot: "Hearth") -> None:
        self.bot = bot
        self.store = ScheduledMessagesStore(bot.db)

    async def add(self, asked: discord.Message, channel_id: int, plan: Plan, zone: ZoneInfo) -> ScheduledMessage:
        """Keep a message that another one asks for, once for each. Raises UserError when there are too many."""
        assert asked.guild is not None
        wanted = ScheduledMessage(
            id=new_id(), guild_id=asked.guild.id, number=0, channel_id=channel_id, author_id=asked.author.id,
            text=plan.text, due_at=plan.due_at, timezone=zone.key, timer_id=None, message_id=asked.id,
            recurrence=plan.recurrence.encode() if plan.recurrence else None,
        )  # fmt: skip
        return await with_next_number(lambda: self._add(wanted))

    async def _add(self, wanted: ScheduledMessage) -> ScheduledMessage:
        async with self.bot.db.transaction():
            timer_id = await self._timer(wanted, wanted.due_at)
            kept = await self.store.add(replace(wanted, timer_id=timer_id), most=MOST_SCHEDULED)
            if kept is None:
                # This message has asked already, and that one's timer stands.
                await self.bot.timers.cancel(timer_id)
                kept = await self.store.of_message(wanted.message_id)
            if kept is None:
                raise UserError(
                    _("{count} messages are scheduled here, which is the most. Cancel one first.").format(
                        count=MOST_SCHEDULED
                    )
                )
            return kept

    async def move(
        self, message: ScheduledMessage, due_at: datetime, recurrence: Recurrence | None, zone: ZoneInfo
    ) -> ScheduledMessage:
        """Let one be sent at another time, once or repeating, on behalf of its author. Raises UserError."""
        encoded = recurrence.encode() if recurrence else None
        async with self.bot.db.transaction():
            timer_id = message.timer_id
            if timer_id is None or not await self.bot.timers.reschedule(timer_id, due_at):
                timer_id = await self._timer(message, due_at)
            moved = replace(
                message, due_at=due_at, timer_id=timer_id, recurrence=encoded, timezone=zone.key, trouble=None
            )
            if not await self.store.arm(moved):
                raise gone(message.number)
        return moved

    async def place(self, message: ScheduledMessage, channel_id: int) -> ScheduledMessage:
        """Let one be sent in another channel; what repeats and had stopped goes on. Raises UserError."""
        if not await self.store.place(message.id, channel_id, author_id=message.author_id):
            raise gone(message.number)
        placed = replace(message, channel_id=channel_id, trouble=None)
        recurrence, zone = recurrence_of(message), ZoneInfo(message.timezone)
        if message.timer_id is not None or recurrence is None:
            return placed
        return await self.move(placed, recurrence.next_after(discord.utils.utcnow(), zone), recurrence, zone)

    async def cancel(self, message: ScheduledMessage) -> bool:
        """Forget one; False when it is gone already."""
        async with self.bot.db.transaction():
            if message.timer_id is not None:
                await self.bot.timers.cancel(message.timer_id)
            return await self.store.remove(message.id)

    async def _timer(self, message: ScheduledMessage, due_at: datetime) -> int:
        return await self.bot.timers.schedule(
            ScheduledMessageTimer, due_at, guild_id=message.guild_id, payload={"scheduled_id": message.id}
        )


def recurrence_of(message: ScheduledMessage) -> Recurrence | None:
    """How a message repeats; None for once."""
    return Recurrence.decode(message.recurrence) if message.recurrence else None


def gone(number: int) -> UserError:
    """What is said of a number that there isn't."""
    return UserError(
        _("There is no scheduled message **#{number}**. `schedule list` shows those there are.").format(number=number)
    )

"""Reminders: telling people later what they want to be told, once or again and again."""

import logging
from typing import Annotated, Any, ClassVar
from zoneinfo import ZoneInfo

import discord

from cogs.utility.later import then, when, which_zone
from cogs.utility.numbers import read_numbers
from cogs.utility.reminders import rules
from cogs.utility.reminders.delivery import Delivery
from cogs.utility.reminders.service import Reminders as Service
from cogs.utility.reminders.service import recurrence_of
from cogs.utility.reminders.views import SnoozeButton, again_at
from database.errors import DatabaseUnavailable
from database.reminders import Reminder
from utils.bot import Hearth
from utils.cog import Cog
from utils.commands import example, group
from utils.context import Context
from utils.converters import Number
from utils.errors import UserError
from utils.events import ReminderTimer
from utils.formatting import safe, truncate
from utils.i18n import N_, _, format_list, ngettext

log = logging.getLogger("hearth.reminders")

SHOWN_TEXT = 150  # characters of a reminder's text in answers and lists
REMINDERS_A_PAGE = 10
ALL = frozenset({"all", "everything", "alle", "alles"})


ReminderNumber = Annotated[int, Number(N_("Name the reminder by its number, like `3`; `remind list` shows them."))]
"""What a person calls a reminder."""


class Reminders(Cog):
    """Reminders: once or repeating, in your own words and your own time zone."""

    dynamic_items: ClassVar = (SnoozeButton,)

    def __init__(self, bot: Hearth) -> None:
        super().__init__(bot)
        self.reminders = Service(bot)
        self.delivery = Delivery(bot)

    @Cog.listener()
    async def on_reminder_timer(self, event: ReminderTimer) -> None:
        """Deliver what is due. While the database is away nothing is lost: the timer comes again."""
        try:
            await self.delivery.deliver(event)
        except DatabaseUnavailable:
            log.warning("Timer %d waits for the database", event.timer_id, exc_info=True)

    # --- setting

    @group(aliases=["reminder", "remindme"])
    @example("2h tea", "tomorrow 9am call mum", "water the plants in 3 days", "me every monday 8:00 gym")
    async def remind(self, ctx: Context, *, when_and_what: str) -> None:
        """Remind you of something later.

        Say when and what, in this order or the other: `2h tea`, `tomorrow 9am call mum`, `friday 18:00 party`,
        `31 december 20:00 fireworks`, `water the plants in 3 days`. Begin with `every` for a reminder that repeats.
        Times of day are read in your time zone, which you set with `timezone`. If what you want to be told begins
        with a word like `cancel` or `list`, begin with `me to`.

        It comes in this channel and notifies you alone, or by direct message if that isn't possible. You can have
        25 reminders waiting, each up to 5 years ahead and with up to 1,000 characters.
        """
        await self._set(ctx, rules.read_plan(when_and_what, discord.utils.utcnow(), ctx.timezone))

    @remind.command(name="in")
    @example("2h tea", "1 week and 2 days pay the rent")
    async def remind_in(self, ctx: Context, *, duration_and_what: str) -> None:
        """Remind you after some time.

        Write the time like `10m`, `1h30m`, `2 days` or `3 weeks`, then what you want to be reminded of.
        """
        await self._set(ctx, rules.read_plan_after("in", duration_and_what, discord.utils.utcnow(), ctx.timezone))

    @remind.command(name="at")
    @example("18:00 dinner", "9am tomorrow call mum")
    async def remind_at(self, ctx: Context, *, time_and_what: str) -> None:
        """Remind you at a time of day.

        Without a date it is the next such time, today or tomorrow, in your time zone.
        """
        await self._set(ctx, rules.read_plan_after("at", time_and_what, discord.utils.utcnow(), ctx.timezone))

    @remind.command(name="every")
    @example(
        "day at 9 standup", "monday and thursday 18:00 training", "2 weeks empty the bins", "month on the 1st rent"
    )
    async def remind_every(self, ctx: Context, *, interval_and_what: str) -> None:
        """Remind you again and again.

        A time of day stays the same by your clock all year, also when it changes to summer time. The shortest
        interval is five minutes. After a time in which I was offline a repeating reminder comes once.
        """
        await self._set(ctx, rules.read_plan(f"every {interval_and_what}", discord.utils.utcnow(), ctx.timezone))

    # --- looking and changing

    @remind.command(name="list")
    @example("")
    async def remind_list(self, ctx: Context) -> None:
        """Show your reminders that wait, and those you missed.

        A reminder is missed when neither its channel nor your direct messages took it. What you set in places that
        not everybody here can read is shown without its text.
        """
        reminders = await self.reminders.store.open_of(ctx.author.id)
        if not reminders:
            await ctx.info(_("You have no reminders."))
            return
        lines = [self._line(ctx, reminder) for reminder in reminders]
        await ctx.paginate_lines(lines, most_lines=REMINDERS_A_PAGE, title=_("Your reminders"))

    @remind.command(name="cancel", aliases=["delete"])
    @example("3", "3 4 7", "all")
    async def remind_cancel(self, ctx: Context, *, numbers: str) -> None:
        """Cancel reminders by their numbers, or all of them."""
        if numbers.strip().lower() in ALL:
            await self._cancel_all(ctx)
            return
        wanted = read_numbers(numbers)
        mine = {reminder.number: reminder for reminder in await self.reminders.store.open_of(ctx.author.id)}
        unknown = [number for number in wanted if number not in mine]
        if unknown:
            raise UserError(
                _("You have no reminder {numbers}; nothing is cancelled.").format(numbers=_named(unknown))
            )
        for number in wanted:
            await self.reminders.cancel(mine[number])
        await ctx.success(
            ngettext("Reminder {numbers} is cancelled.", "Reminders {numbers} are cancelled.", len(wanted)).format(
                numbers=_named(wanted)
            )
        )

    @remind.command(name="edit")
    @example("3 in 2h", "3 tomorrow 9am", "3 buy bread, too")
    async def remind_edit(self, ctx: Context, number: ReminderNumber, *, time_or_text: str) -> None:
        """Change a reminder's time or text.

        A time moves it, a time followed by words changes both, `every …` makes it repeat, and anything else is its
        new text. Moving a repeating reminder moves its next turn; the turns after that stay.
        """
        reminder = await self.reminders.numbered(ctx.author.id, number)
        if not reminder.waits and reminder.missed_at is None:
            raise UserError(
                _("Reminder **#{number}** was delivered already; snooze it to get it again.").format(number=number)
            )
        change = rules.read_change(time_or_text, discord.utils.utcnow(), ctx.timezone)
        if change.due_at is None and not reminder.waits:
            raise UserError(_("You missed reminder **#{number}**: give it another time.").format(number=number))
        changed = await self.reminders.change(reminder, change, ctx.timezone)
        written_here = change.text is not None
        await ctx.success(described(changed, new=False, with_text=written_here or may_show_text(ctx, changed)))

    @remind.command(name="snooze")
    @example("10m", "3 1h", "3 tomorrow 9am", "")
    async def remind_snooze(self, ctx: Context, *, number_and_time: str = "") -> None:
        """Get a reminder again later.

        Without a number it is the one you got last, without a time it is 10 minutes. The buttons under a delivered
        reminder do the same. A repeating reminder goes on as it was.
        """
        number, until = rules.read_snooze(number_and_time, discord.utils.utcnow(), ctx.timezone)
        if number is not None:
            reminder = await self.reminders.numbered(ctx.author.id, number)
        else:
            latest = await self.reminders.store.latest_delivered(ctx.author.id)
            if latest is None:
                raise UserError(_("You got no reminder lately that could be snoozed."))
            reminder = latest
        if reminder.recurrence is not None and not may_show_text(ctx, reminder):
            raise UserError(
                _("You set it elsewhere, and it would come here: snooze it there, or in direct messages.")
            )
        await ctx.success(again_at(await self.reminders.snooze(reminder, until, ctx.message)))

    # --- helpers

    async def _set(self, ctx: Context, plan: rules.Plan) -> None:
        reminder = await self.reminders.set(ctx.message, plan, ctx.timezone)
        answer = described(reminder, new=True)
        if plan.by_clock and ctx.preferences.timezone is None:
            answer += "\n" + which_zone(ctx)
        await ctx.success(answer)

    async def _cancel_all(self, ctx: Context) -> None:
        reminders = await self.reminders.store.open_of(ctx.author.id)
        if not reminders:
            raise UserError(_("You have no reminders."))
        question = ngettext("Cancel your {count} reminder?", "Cancel all your {count} reminders?", len(reminders))
        if not await ctx.confirm(question.format(count=len(reminders))):
            await ctx.info(_("Nothing is cancelled."))
            return
        # What was shown is what goes: one set meanwhile stays.
        gone = [await self.reminders.cancel(reminder) for reminder in reminders].count(True)
        await ctx.success(
            ngettext("{count} reminder is cancelled.", "{count} reminders are cancelled.", gone).format(count=gone)
        )

    def _line(self, ctx: Context, reminder: Reminder) -> str:
        words = [f"**#{reminder.number}** {when(reminder.due_at)}"]
        if recurrence := recurrence_of(reminder):
            words.append(f"🔁 {recurrence.describe()}")
        if reminder.missed_at is not None:
            words.append("⚠️ " + _("missed: neither the channel nor your direct messages took it"))
        if not may_show_text(ctx, reminder):
            text = _("*set elsewhere: ask me in direct messages for its text*")
        else:
            text = shown(reminder.text) or _("*without text*")
        return f"{' · '.join(words)}\n> {text}"


def described(reminder: Reminder, *, new: bool, with_text: bool = True) -> str:
    """How a reminder was understood: its number, its moment, how it repeats, and its text if it may be read here."""
    recurrence = recurrence_of(reminder)
    if recurrence is not None:
        sentence = _("Reminder **#{number}** comes {recurrence}, next {when}.")
    elif new:
        sentence = _("I'll remind you {when}: number **#{number}**.")
    else:
        sentence = _("Reminder **#{number}** comes {when}.")
    answer = sentence.format(
        number=reminder.number, when=when(reminder.due_at), recurrence=recurrence.describe() if recurrence else ""
    )
    if recurrence is not None:
        answer += "\n" + then(recurrence, reminder.due_at, ZoneInfo(reminder.timezone))
    return f"{answer}\n> {shown(reminder.text)}" if reminder.text and with_text else answer


def shown(text: str) -> str:
    """A person's text on one line of an answer."""
    return safe(truncate(" ".join(text.split()), SHOWN_TEXT))


def may_show_text(ctx: Context, reminder: Reminder) -> bool:
    """Whether a text may be read here: it was written here, or where everybody here may read."""
    if ctx.guild is None or reminder.channel_id == ctx.channel.id:
        return True
    channel: Any = ctx.guild.get_channel_or_thread(reminder.channel_id)
    if channel is None or (isinstance(channel, discord.Thread) and channel.is_private()):
        return False
    return bool(channel.permissions_for(ctx.guild.default_role).view_channel)


def _named(numbers: list[int]) -> str:
    return format_list([f"**#{number}**" for number in numbers])

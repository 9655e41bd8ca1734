"""`schedule`: messages that the bot writes later, once or again and again."""

import logging
from dataclasses import replace
from typing import Annotated, Any, Final
from zoneinfo import ZoneInfo

import discord

from cogs.utility.later import then, when, which_zone
from cogs.utility.schedule import rules
from cogs.utility.schedule.delivery import Delivery
from cogs.utility.schedule.rights import check_change, check_place, may_see, place_of
from cogs.utility.schedule.service import Schedule, gone, recurrence_of
from database.errors import DatabaseUnavailable
from database.scheduled_messages import ScheduledMessage
from utils import checks, embeds
from utils.bot import Hearth
from utils.cog import Cog
from utils.commands import example, group
from utils.context import GuildContext
from utils.converters import BoundedText, ChannelConverter, Number
from utils.errors import UserError
from utils.events import ScheduledMessageTimer
from utils.formatting import MESSAGE_LIMIT, safe, truncate
from utils.i18n import N_, _

log = logging.getLogger("hearth.utility")

SHOWN_TEXT: Final = 100
MESSAGES_A_PAGE: Final = 10

Place = Annotated[Any, ChannelConverter]


ScheduleNumber = Annotated[int, Number(N_("Name the message by its number, like `3`; `schedule list` shows them."))]
"""What people call a scheduled message."""


class Scheduling(Cog):
    """Messages that I write later, once or again and again."""

    def __init__(self, bot: Hearth) -> None:
        super().__init__(bot)
        self.schedule_of = Schedule(bot)
        self.delivery = Delivery(bot, self.schedule_of, self.is_on)

    @Cog.listener()
    async def on_scheduled_message_timer(self, event: ScheduledMessageTimer) -> None:
        """Send what is due. While the database is away nothing is lost: the timer comes again."""
        try:
            await self.delivery.deliver(event)
        except DatabaseUnavailable:
            log.warning("Timer %d waits for the database", event.timer_id, exc_info=True)

    @group(aliases=["scheduled"])
    @example("#news tomorrow 9am The new season begins!", "#general every monday 18:00 Who is in for training?")
    @checks.requires(manage_messages=True)
    async def schedule(self, ctx: GuildContext, channel: Place, *, when_and_what: str) -> None:
        """Let me write a message later, once or again and again.

        Say the channel, then when, then what. Times of day are read in your time zone, which you set with
        `timezone`, and stay the same by the clock all year. The message pings nobody. A server has room for 50.

        One that repeats is left out if I can't send it within an hour; one that is sent once is sent late then.
        Nothing is sent for who may not write there any more; who changes a message answers for it from then on.
        """
        check_place(ctx, channel)
        plan = rules.read_plan(when_and_what, discord.utils.utcnow(), ctx.timezone)
        message = await self.schedule_of.add(ctx.message, channel.id, plan, ctx.timezone)
        answer = described(message)
        if ctx.preferences.timezone is None:
            answer += "\n" + which_zone(ctx)
        await ctx.success(answer)

    @schedule.command(name="list")
    @example("")
    async def schedule_list(self, ctx: GuildContext) -> None:
        """Show the messages that are scheduled here.

        Those for channels that you can't see are left out.
        """
        messages = [one for one in await self.schedule_of.store.of_guild(ctx.guild.id) if await may_see(ctx, one)]
        if not messages:
            await ctx.info(_("No messages are scheduled here."))
            return
        await ctx.paginate_lines(map(line, messages), most_lines=2 * MESSAGES_A_PAGE, title=_("Scheduled messages"))

    @schedule.command(name="show")
    @example("3")
    async def schedule_show(self, ctx: GuildContext, number: ScheduleNumber) -> None:
        """Show a scheduled message with all of its text, and the next times it comes."""
        message = await self._numbered(ctx, number)
        await ctx.show(embeds.info(f"{described(message)}\n\n{message.text}"))

    @schedule.command(name="edit")
    @example("3 Who is in for training on Monday?")
    async def schedule_edit(
        self,
        ctx: GuildContext,
        number: ScheduleNumber,
        *,
        text: Annotated[str, BoundedText(MESSAGE_LIMIT)],
    ) -> None:
        """Change what a scheduled message says."""
        message = await self._numbered(ctx, number)
        if (channel := await place_of(ctx, message)) is not None:
            check_place(ctx, channel)
        if not await self.schedule_of.store.rewrite(message.id, text, author_id=ctx.author.id):
            raise gone(number)
        await ctx.success(_("Scheduled message **#{number}** is changed.").format(number=number))

    @schedule.command(name="move")
    @example("3 tomorrow 10am", "3 every friday 18:00")
    async def schedule_move(self, ctx: GuildContext, number: ScheduleNumber, *, time: str) -> None:
        """Let a scheduled message come at another time, once or again and again."""
        message = await self._numbered(ctx, number)
        check_place(ctx, await place_of(ctx, message))
        due_at, recurrence, rest = rules.read_time(time, discord.utils.utcnow(), ctx.timezone)
        if rest:
            raise UserError(_("Write only a time; `schedule edit` changes the text."))
        message = replace(message, author_id=ctx.author.id)
        await ctx.success(described(await self.schedule_of.move(message, due_at, recurrence, ctx.timezone)))

    @schedule.command(name="channel")
    @example("3 #events")
    async def schedule_channel(self, ctx: GuildContext, number: ScheduleNumber, *, channel: Place) -> None:
        """Let a scheduled message come in another channel."""
        message = await self._numbered(ctx, number)
        await check_change(ctx, message)
        check_place(ctx, channel)
        message = replace(message, author_id=ctx.author.id)
        await ctx.success(described(await self.schedule_of.place(message, channel.id)))

    @schedule.command(name="cancel", aliases=["delete", "remove"])
    @example("3")
    async def schedule_cancel(self, ctx: GuildContext, number: ScheduleNumber) -> None:
        """Cancel a scheduled message."""
        message = await self._numbered(ctx, number)
        await check_change(ctx, message)
        if not await self.schedule_of.cancel(message):
            raise gone(number)
        await ctx.success(_("Scheduled message **#{number}** is cancelled.").format(number=number))

    # --- helpers

    async def _numbered(self, ctx: GuildContext, number: int) -> ScheduledMessage:
        message = await self.schedule_of.store.numbered(ctx.guild.id, number)
        if message is None or not await may_see(ctx, message):
            raise gone(number)
        return message


def described(message: ScheduledMessage) -> str:
    """When and where a message is sent, with the times after that."""
    recurrence = recurrence_of(message)
    if message.timer_id is None:
        sentence = _("Scheduled message **#{number}** for {channel} isn't sent any more.")
    elif recurrence is None:
        sentence = _("Scheduled message **#{number}** comes in {channel} {when}.")
    else:
        sentence = _("Scheduled message **#{number}** comes in {channel} {recurrence}, next {when}.")
    answer = sentence.format(
        number=message.number, channel=f"<#{message.channel_id}>", when=when(message.due_at),
        recurrence=recurrence.describe() if recurrence else "",
    )  # fmt: skip
    if recurrence is not None and message.timer_id is not None:
        answer += "\n" + then(recurrence, message.due_at, ZoneInfo(message.timezone))
    return answer


def line(message: ScheduledMessage) -> str:
    """A message in the list, on two lines."""
    words = [f"**#{message.number}** <#{message.channel_id}>"]
    words.append(when(message.due_at) if message.timer_id is not None else _("isn't sent any more"))
    if recurrence := recurrence_of(message):
        words.append(f"🔁 {recurrence.describe()}")
    if message.trouble == "gone":
        words.append("⚠️ " + _("its channel is gone"))
    elif message.trouble == "forbidden":
        words.append("⚠️ " + _("I may not write there"))
    elif message.trouble == "author":
        words.append("⚠️ " + _("{member} may not write there any more").format(member=f"<@{message.author_id}>"))
    text = safe(truncate(" ".join(message.text.split()), SHOWN_TEXT))
    return f"{' · '.join(words)}\n> {text}"

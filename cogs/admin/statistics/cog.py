"""`stats` for who manages a server, `botstats` for who runs the bot."""

import math
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Annotated, ClassVar, Final

import discord
from discord.ext import commands

from cogs.admin.statistics import texts
from cogs.admin.statistics.chart import ChartFacts, draw_chart
from cogs.admin.statistics.counting import SAMPLED_EVERY, Distances, UsageCounts, today
from database.personal_tables import of_guild
from database.usage import Tally, UsageStore
from utils import embeds
from utils.bot import Hearth
from utils.checks import owner_only, requires
from utils.cog import Cog
from utils.commands import command, example, group
from utils.context import Context, GuildContext
from utils.converters import Days
from utils.errors import UserError
from utils.formatting import code_block, table
from utils.i18n import N_, _, format_decimal, format_number
from utils.personal_data import PersonalData
from utils.time import timestamp
from utils.views import LivePage

FILE_NAME: Final = "statistics.png"
DEFAULT_DAYS: Final = 30
EVENTS_SHOWN: Final = 25
SAMPLE_STEP: Final = int(SAMPLED_EVERY.total_seconds() * 1000) << 22
"""By how much ids of messages grow from one sample to the next."""

SomeDays = Annotated[int, Days(7, 90)]


class Statistics(Cog):
    """How much I'm used, and how I am."""

    also_needs: ClassVar[Mapping[str, str]] = {"attach_files": "the pictures of `stats`"}
    personal_data: ClassVar = (
        PersonalData(
            N_("How often which command was used in the server on each day, and by nobody in particular."),
            N_("So that who manages the server sees what is used."),
            N_("For 90 days."),
            of_guild("command_days"),
        ),
    )

    def __init__(self, bot: Hearth) -> None:
        super().__init__(bot)
        self.store = UsageStore(bot.db)
        self.counts = UsageCounts(self, self.store)
        self.distances = Distances()
        self._next_sample = 0

    async def cog_load(self) -> None:
        """Count from now on."""
        self.bot.usage.hearers.append(self.counts.hear)
        self.bot.message_hearers.append(self._hear_message)

    async def cog_unload(self) -> None:
        """Write what was counted."""
        self.bot.usage.hearers.remove(self.counts.hear)
        self.bot.message_hearers.remove(self._hear_message)
        await self.counts.writer.write_the_last()

    def _hear_message(self, message: discord.Message) -> None:
        # Measured when something happens: a task that wakes up for it would do so on a bot where nothing does, too.
        # Ids hold the milliseconds of their making, and comparing two numbers is all that most messages cost.
        if message.id >= self._next_sample:
            self._next_sample = message.id + SAMPLE_STEP
            self.distances.sample(self.bot.latency, discord.utils.utcnow())

    # --- of a server

    @command(aliases=["usage", "serverstats"])
    @example("", "90")
    @requires(manage_guild=True)
    @commands.cooldown(3, 15.0, commands.BucketType.user)
    async def stats(self, ctx: GuildContext, days: SomeDays = DEFAULT_DAYS) -> None:
        """Show which commands are used in this server, and how many fail.

        For the last 30 days, or as many as you say. Nobody's name is kept with it.
        """
        await self._show_usage(ctx, ctx.guild.id, days)

    # --- of all

    @group(aliases=["statistics"])
    @owner_only()
    @example("", "7")
    async def botstats(self, ctx: Context, days: SomeDays = DEFAULT_DAYS) -> None:
        """Show how much I'm used everywhere: commands with errors and time, memory, and since when I run."""
        state = texts.state(await self.bot.everywhere.states())
        await self._show_usage(ctx, None, days, "\n".join([state, *self._backups()]))

    @botstats.command(name="latency", aliases=["ping"])
    @example("")
    async def botstats_latency(self, ctx: Context) -> None:
        """Show how far away Discord was in the last day."""
        samples = list(self.distances.samples)
        if not samples:
            raise UserError(_("That wasn't measured yet; try again in a few minutes."))
        values = [milliseconds for _moment, milliseconds in samples]
        embed = embeds.info(
            _("Now {now} ms; at least {least} ms, {average} ms on average, at most {most} ms.").format(
                now=round(values[-1]), least=round(min(values)), average=round(sum(values) / len(values)),
                most=round(max(values)),
            ),
            title=_("Distance to Discord"),
        )  # fmt: skip
        file = await self._picture(ctx, texts.distance_chart(samples, ctx.timezone))
        if file is not None:
            embed.set_image(url=f"attachment://{FILE_NAME}")
        await ctx.show(embed, file=file)

    @botstats.command(name="events")
    @example("")
    async def botstats_events(self, ctx: Context) -> None:
        """Show what Discord told me since I started, and what I told myself."""
        seconds = max(1.0, (discord.utils.utcnow() - self.bot.started_at).total_seconds())
        counted = self.bot.usage.events.most_common(EVENTS_SHOWN)
        rows = [(name, format_number(count), format_decimal(count * 60 / seconds)) for name, count in counted]
        shown = code_block(table(rows, [_("Event"), _("Count"), _("A minute")], right=(1, 2)))
        await ctx.info(shown, title=_("Events since the start"))

    # --- helpers

    def _backups(self) -> list[str]:
        backups = self.bot.backups
        if backups.trouble is not None:
            return [_("⚠️ The latest backup failed; `backup` says why.")]
        if backups.newest is not None:
            return [_("The newest backup was made {when}.").format(when=timestamp(backups.newest, "R"))]
        return []

    async def _show_usage(self, ctx: Context, guild_id: int | None, days: int, above: str = "") -> None:
        last = today()
        first = last - timedelta(days=days - 1)
        await self.counts.write()
        by_command = list((await self.store.by_command(guild_id, first)).items())
        by_day = await self.store.by_day(guild_id, first)
        heading = "\n".join(filter(None, [above, texts.summary(sum(by_day.values(), Tally()), days)]))
        await ctx.leaf(lambda index: self._page(ctx, index, heading, by_command, (first, last, by_day)))

    async def _page(
        self,
        ctx: Context,
        index: int,
        heading: str,
        by_command: Sequence[tuple[str, Tally]],
        chart: tuple[date, date, Mapping[date, Tally]],
    ) -> LivePage:
        count = max(1, math.ceil(len(by_command) / texts.COMMANDS_A_PAGE))
        index = min(index, count - 1)
        shown = by_command[index * texts.COMMANDS_A_PAGE : (index + 1) * texts.COMMANDS_A_PAGE]
        embed = embeds.info(
            "\n".join([heading, texts.table_of(shown)] if shown else [heading]), title=_("Statistics")
        )
        file = await self._picture(ctx, texts.usage_chart(*chart)) if chart[2] and index == 0 else None
        if file is not None:
            embed.set_image(url=f"attachment://{FILE_NAME}")
        return LivePage(embed, index, count, file)

    async def _picture(self, ctx: Context, facts: ChartFacts) -> discord.File | None:
        """The chart; None where no picture can be sent or drawn."""
        if not (ctx.can_embed and ctx.can_attach):
            return None
        drawing = self.bot.drawing
        labels = [facts.title, facts.bars_label, facts.failed_label, facts.curve_label]
        return await drawing.file(
            facts,
            lambda: draw_chart(facts, drawing.fonts),
            name=FILE_NAME,
            description=", ".join(filter(None, labels)),
        )

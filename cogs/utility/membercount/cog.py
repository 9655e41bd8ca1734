"""`membercount`."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Annotated, ClassVar, Final

import discord
from discord.ext import commands

from cogs.utility.membercount.counting import MemberCounts
from cogs.utility.membercount.graph import GraphFacts, draw_graph
from database.server_counts import Coming, ServerCountsStore
from utils import embeds
from utils.bot import Hearth
from utils.cog import Cog
from utils.commands import command, example
from utils.context import GuildContext
from utils.converters import Days
from utils.i18n import _, format_date, format_number, ngettext

FILE_NAME: Final = "members.png"
DEFAULT_DAYS: Final = 30


class MemberCount(Cog):
    """How many members there are, and how many come and go."""

    also_needs: ClassVar[Mapping[str, str]] = {"attach_files": "the pictures of `membercount`"}

    def __init__(self, bot: Hearth) -> None:
        super().__init__(bot)
        self.counts = MemberCounts(self, ServerCountsStore(bot.db))

    async def cog_unload(self) -> None:
        """Write what was counted."""
        await self.counts.writer.write_the_last()

    @Cog.listener()
    async def on_member_join(self, member: discord.Member) -> None:
        """Count who joined."""
        self.counts.count(member.guild.id, today(), joined=1)

    @Cog.listener()
    async def on_raw_member_remove(self, payload: discord.RawMemberRemoveEvent) -> None:
        """Count who left or was removed."""
        self.counts.count(payload.guild_id, today(), gone=1)

    @command(aliases=["members", "growth"])
    @example("", "90")
    @commands.guild_only()
    @commands.cooldown(3, 15.0, commands.BucketType.user)
    async def membercount(self, ctx: GuildContext, days: Annotated[int, Days(7, 365)] = DEFAULT_DAYS) -> None:
        """Show how many members this server has, and how many joined and left.

        The graph shows the last 30 days, or as many as you say. Only what happened while I was online is counted.
        """
        last = today()
        first = last - timedelta(days=days - 1)
        counted = await self.counts.since(ctx.guild.id, first)
        embed = embeds.info(self._text(ctx.guild, days, counted), title=_("Members"))
        file = await self._picture(ctx, first, last, counted)
        if file is not None:
            embed.set_image(url=f"attachment://{FILE_NAME}")
        await ctx.show(embed, file=file)

    # --- helpers

    def _text(self, guild: discord.Guild, days: int, counted: Mapping[date, Coming]) -> str:
        members = guild.member_count or 0
        lines = [
            ngettext("This server has **{count}** member.", "This server has **{count}** members.", members).format(
                count=format_number(members)
            )
        ]
        if not self.bot.intents.members:
            lines.append(_("Who joins and leaves isn't told to me here, so I can't count it."))
            return "\n".join(lines)
        total = sum(counted.values(), Coming())
        lines.append(
            _("In the last {days} days {joined} joined and {gone} left.").format(
                days=days, joined=format_number(total.joined), gone=format_number(total.gone)
            )
        )
        return "\n".join(lines)

    async def _picture(
        self, ctx: GuildContext, first: date, last: date, counted: Mapping[date, Coming]
    ) -> discord.File | None:
        """The graph; None where there is nothing to show, or no picture can be sent or drawn."""
        if not counted or not (ctx.can_embed and ctx.can_attach):
            return None
        facts, drawing = graph_facts(first, last, counted), self.bot.drawing
        return await drawing.file(
            facts,
            lambda: draw_graph(facts, drawing.fonts),
            name=FILE_NAME,
            description=_("{joined}, {gone}").format(joined=facts.joined_label, gone=facts.gone_label),
        )


def today() -> date:
    """The day by which it is counted: UTC's, the same for everybody."""
    return discord.utils.utcnow().date()


def graph_facts(first: date, last: date, counted: Mapping[date, Coming]) -> GraphFacts:
    """What the graph shows, in the current language."""
    days = [counted.get(first + timedelta(days=n), Coming()) for n in range((last - first).days + 1)]
    total = sum(days, Coming())
    return GraphFacts(
        title=_("Joins and leaves"),
        joined=tuple(one.joined for one in days),
        gone=tuple(one.gone for one in days),
        joined_label=_("{count} joined").format(count=format_number(total.joined)),
        gone_label=_("{count} went away").format(count=format_number(total.gone)),
        first_day=format_date(first, length="medium"),
        last_day=format_date(last, length="medium"),
        most_joined_label=format_number(max(one.joined for one in days)) if total.joined else "",
        most_gone_label=format_number(max(one.gone for one in days)) if total.gone else "",
    )

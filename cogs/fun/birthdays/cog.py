"""Birthdays: members say when theirs is, and are congratulated on the day."""

import logging
from collections.abc import Mapping
from datetime import date
from typing import Annotated, ClassVar

import discord
from discord.ext import commands

from cogs.fun.birthdays import rules, settings, texts
from cogs.fun.birthdays.rules import Birthday
from cogs.fun.birthdays.service import Birthdays as Service
from database.birthdays import StoredBirthday
from database.errors import DatabaseUnavailable
from utils.bot import Hearth
from utils.cog import Cog
from utils.commands import example, group
from utils.context import GuildContext
from utils.converters import GuildMember
from utils.errors import UserError
from utils.events import BirthdayRoleTimer, BirthdayTimer
from utils.formatting import code
from utils.i18n import _
from utils.members import MOST_FOUND, those_here
from utils.time import timestamp

log = logging.getLogger("hearth.fun")

LINES_A_PAGE = 15
MOST_LISTED = 300
MOST_NEXT = 5
SHOWN_TIMES, SHOWN_SECONDS = 6, 20.0
"""So often in this time somebody may ask for the list: Discord is asked then who is still here."""


class Birthdays(Cog):
    """Birthdays of members."""

    settings = settings.SETTINGS
    also_needs: ClassVar[Mapping[str, str]] = {
        "send_messages": "telling of birthdays",
        "manage_roles": "the role for the day of a birthday",
    }

    def __init__(self, bot: Hearth) -> None:
        super().__init__(bot)
        self.birthdays = Service(bot, self.feature)

    @Cog.listener()
    async def on_birthday_timer(self, event: BirthdayTimer) -> None:
        """Tell of a birthday."""
        try:
            await self.birthdays.come(event)
        except DatabaseUnavailable:
            log.warning("A birthday waits for the database", exc_info=True)

    @Cog.listener()
    async def on_birthday_role_timer(self, event: BirthdayRoleTimer) -> None:
        """Take the role of a birthday that is over."""
        try:
            await self.birthdays.end_role(event)
        except DatabaseUnavailable:
            log.warning("The role of a birthday waits for the database", exc_info=True)

    @group(aliases=["bday", "birthdays"])
    @example("", "@Ann")
    @commands.guild_only()
    async def birthday(
        self, ctx: GuildContext, *, member: Annotated[discord.Member | None, GuildMember] = None
    ) -> None:
        """Show when somebody's birthday is."""
        await self._show(ctx, member or ctx.author)

    @birthday.command(name="set")
    @example("24 December", "24.12.1990", "1990-12-24")
    @commands.guild_only()
    async def birthday_set(self, ctx: GuildContext, *, date: str) -> None:
        """Tell me your birthday, and I congratulate you in this server.

        Everybody here can see the date. The year is up to you: with it, I say how old you are. The day begins by your
        own clock, if you have set your `timezone`, else by the server's. What is on 29 February is kept on
        28 February in other years, unless the server says 1 March.
        """
        today = discord.utils.utcnow().astimezone(ctx.timezone).date()
        birthday = rules.read_birthday(date, today)
        stored = await self.birthdays.set(ctx.guild.id, ctx.author.id, birthday)
        answer = _("Your birthday is {day}. The next one begins {when}.").format(
            day=texts.whole(birthday), when=timestamp(stored.due_at)
        )
        if ctx.preferences.timezone is None:
            hint = _("I read it as {zone}; tell me your time zone with `{command}`, then set your birthday again.")
            answer += "\n" + hint.format(zone=code(ctx.timezone.key), command=f"{ctx.clean_prefix}timezone Berlin")
        get = self.bot.guild_settings.get
        if get(ctx.guild.id, settings.BIRTHDAY_CHANNEL) is None and get(ctx.guild.id, settings.BIRTHDAY_ROLE) is None:
            hint = _("I say nothing on the day until who manages the server chooses a channel: `{command}`.")
            answer += "\n" + hint.format(command=f"{ctx.clean_prefix}config set birthday-channel #birthdays")
        await ctx.success(answer)

    @birthday.command(name="remove", aliases=["delete", "clear", "forget"])
    @example("")
    @commands.guild_only()
    async def birthday_remove(self, ctx: GuildContext) -> None:
        """Let me forget your birthday in this server."""
        if not await self.birthdays.remove(ctx.guild.id, ctx.author.id):
            raise UserError(_("I don't know your birthday here."))
        await ctx.success(_("I have forgotten your birthday."))

    @birthday.command(name="show", aliases=["of"])
    @example("@Ann", "")
    @commands.guild_only()
    async def birthday_show(
        self, ctx: GuildContext, *, member: Annotated[discord.Member | None, GuildMember] = None
    ) -> None:
        """Show when somebody's birthday is."""
        await self._show(ctx, member or ctx.author)

    @birthday.command(name="list", aliases=["all"])
    @example("")
    @commands.guild_only()
    @commands.cooldown(SHOWN_TIMES, SHOWN_SECONDS, commands.BucketType.user)
    async def birthday_list(self, ctx: GuildContext) -> None:
        """Show the birthdays in this server, the next one first."""
        await ctx.paginate_lines(await self._lines(ctx, MOST_LISTED), most_lines=LINES_A_PAGE, title=_("Birthdays"))

    @birthday.command(name="next", aliases=["upcoming"])
    @example("")
    @commands.guild_only()
    @commands.cooldown(SHOWN_TIMES, SHOWN_SECONDS, commands.BucketType.user)
    async def birthday_next(self, ctx: GuildContext) -> None:
        """Show whose birthdays come next."""
        await ctx.info("\n".join(await self._lines(ctx, MOST_NEXT)), title=_("The next birthdays"))

    async def _show(self, ctx: GuildContext, member: discord.Member) -> None:
        stored = await self.birthdays.store.get(ctx.guild.id, member.id)
        if stored is None and member.id == ctx.author.id:
            raise UserError(
                _("I don't know your birthday here. Tell me with `{command}`.").format(
                    command=f"{ctx.clean_prefix}birthday set 24 December"
                )
            )
        if stored is None:
            raise UserError(_("I don't know the birthday of {member} here.").format(member=member.mention))
        await ctx.info(
            _("{member}'s birthday is {day}. The next one begins {when}.").format(
                member=member.mention, day=texts.whole(_of(stored)), when=timestamp(stored.due_at)
            )
        )

    async def _lines(self, ctx: GuildContext, most: int) -> list[str]:
        """The next birthdays of those who are here, so many at most. Raises `UserError` if there is none."""
        today: date = discord.utils.utcnow().astimezone(ctx.timezone).date()
        in_march = self.bot.guild_settings.get(ctx.guild.id, settings.BIRTHDAY_LEAP_DAY) == settings.MARCH
        stored = await self.birthdays.store.of_guild(ctx.guild.id)
        coming = sorted(
            (rules.days_until(_of(one), today, in_march=in_march), one.user_id, _of(one)) for one in stored
        )
        lines: list[str] = []
        while coming and len(lines) < most:
            looked_at, coming = coming[:MOST_FOUND], coming[MOST_FOUND:]
            here = await those_here(ctx.guild, (user_id for _days, user_id, _birthday in looked_at))
            lines += [texts.line(user_id, birthday, days) for days, user_id, birthday in looked_at if user_id in here]
        if not lines:
            raise UserError(
                _("I know nobody's birthday here. Tell me yours with `{command}`.").format(
                    command=f"{ctx.clean_prefix}birthday set 24 December"
                )
            )
        return lines[:most]


def _of(stored: StoredBirthday) -> Birthday:
    return Birthday(stored.month, stored.day, stored.year)

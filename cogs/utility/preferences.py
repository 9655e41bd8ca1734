"""What people choose for themselves, in every server: their language and their time zone."""

from contextlib import suppress
from datetime import datetime
from typing import Annotated
from zoneinfo import ZoneInfo

import discord
from babel.dates import get_day_names
from discord.ext import commands

from utils.cog import Cog
from utils.commands import command, example, group
from utils.context import Context
from utils.converters import GuildMember, Timezone, parse_language
from utils.errors import UserError, as_user_error
from utils.formatting import code, quoted
from utils.i18n import LANGUAGES, _, babel_locale, current_language, format_list, format_time, set_language
from utils.lookup import user_id_in
from utils.time import TimeError, find_timezone

BACK_TO_DEFAULT = frozenset({"clear", "reset", "default", "none", "auto", "standard"})


class MemberOrZone(commands.Converter[discord.Member | ZoneInfo]):
    """A time zone by the words that `timezone` takes, or a member of this guild; a mention is always a member."""

    async def convert(self, ctx: Context, argument: str) -> discord.Member | ZoneInfo:  # type: ignore[override]
        """Raise `BadArgument` if it is neither."""
        if user_id_in(argument.strip()) is None:
            with suppress(TimeError):
                return find_timezone(argument)
        try:
            return await GuildMember().convert(ctx, argument)
        except commands.BadArgument as error:
            raise commands.BadArgument(
                _("“{text}” is neither a member here nor a place whose time I know.").format(text=quoted(argument))
            ) from error


class Preferences(Cog):
    """Your own language and time zone."""

    @command(aliases=["lang"])
    @example("german", "de", "clear", "")
    async def language(self, ctx: Context, *, language: str = "") -> None:
        """Show or choose the language I answer you in.

        It holds in every server and in direct messages. `clear` goes back to each server's own language.
        """
        word = language.strip().lower()
        if not word:
            await ctx.info(self._language_shown(ctx))
            return
        with as_user_error():
            chosen = None if word in BACK_TO_DEFAULT else parse_language(word)
        await self.bot.user_settings.set_language(ctx.author.id, chosen)
        set_language(chosen or self.bot.language_of(ctx.guild))
        if chosen is None:
            await ctx.success(_("I answer you in the language of each server again."))
        else:
            await ctx.success(_("From now on I answer you in {language}.").format(language=LANGUAGES[chosen]))

    @group(aliases=["tz"])
    @example("Berlin", "America/New_York", "UTC+2", "")
    async def timezone(
        self, ctx: Context, *, place: Annotated[ZoneInfo | None, Timezone] = None
    ) -> None:  # fmt: skip
        """Show or set your time zone, in which I read times such as `tomorrow 9am`.

        Name a city in it, a country that has only one, or the zone itself. Once you have set it, others can ask by
        `time` what time it is for you; the zone itself is shown to nobody else.
        """
        if place is None:
            await self.show_timezone(ctx)
        else:
            await self._set_timezone(ctx, place)

    @timezone.command(name="set")
    @example("Berlin", "Europe/Berlin")
    async def set_timezone(self, ctx: Context, *, place: Annotated[ZoneInfo, Timezone]) -> None:
        """Set your time zone by a city, a country or the zone's name."""
        await self._set_timezone(ctx, place)

    @timezone.command(name="show")
    @example("")
    async def timezone_show(self, ctx: Context) -> None:
        """Show your time zone, and what time it is there."""
        await self.show_timezone(ctx)

    @timezone.command(name="clear", aliases=["reset", "remove"])
    @example("")
    async def clear_timezone(self, ctx: Context) -> None:
        """Forget your time zone; I read times by that of the server then.

        Reminders that you have set stay as they are.
        """
        await self.bot.user_settings.set_timezone(ctx.author.id, None)
        ctx.preferences = await self.bot.user_settings.of(ctx.author.id)
        await ctx.success(
            _("Your time zone is forgotten; I read times here as {zone}.").format(zone=code(ctx.timezone.key))
        )

    @command(aliases=["timefor", "localtime"])
    @example("@ann", "Tokyo", "")
    async def time(
        self, ctx: Context, *, whose: Annotated[discord.Member | ZoneInfo | None, MemberOrZone] = None
    ) -> None:
        """Show what time it is for a member, or in a place.

        Only the time of members who have set a time zone is known, by `timezone`.
        """
        if whose is None or (isinstance(whose, discord.Member) and whose.id == ctx.author.id):
            await self.show_timezone(ctx)
            return
        now = discord.utils.utcnow()
        if isinstance(whose, ZoneInfo):
            answer = _("It is **{time}** on {day} in {zone}.").format(
                time=format_time(now, whose), day=weekday(now, whose), zone=code(whose.key)
            )
        else:
            zone = (await self.bot.user_settings.of(whose.id)).zone
            if zone is None:
                raise UserError(_("{member} has set no time zone.").format(member=whose.mention))
            answer = _("It is **{time}** on {day} for {member}.").format(
                time=format_time(now, zone), day=weekday(now, zone), member=whose.mention
            )
        await ctx.info(answer)

    async def show_timezone(self, ctx: Context) -> None:
        """Answer with the member's time zone."""
        zone = ctx.timezone
        time = format_time(discord.utils.utcnow(), zone)
        if ctx.preferences.timezone is None:
            answer = _(
                "You have set no time zone, so I read times here as {zone}; it is {time} there. "
                "Set one with {command}."
            )
            command = f"`{ctx.clean_prefix}timezone Berlin`"
            await ctx.info(answer.format(zone=code(zone.key), time=time, command=command))
        else:
            await ctx.info(_("Your time zone is {zone}; it is {time} there.").format(zone=code(zone.key), time=time))

    async def _set_timezone(self, ctx: Context, zone: ZoneInfo) -> None:
        await self.bot.user_settings.set_timezone(ctx.author.id, zone.key)
        await ctx.success(
            _("Your time zone is {zone} now; it is {time} there. Is that right?").format(
                zone=code(zone.key), time=format_time(discord.utils.utcnow(), zone)
            )
        )

    def _language_shown(self, ctx: Context) -> str:
        names = {key: f"`{key}` ({name})" for key, name in LANGUAGES.items()}
        now = names.get(ctx.preferences.language or current_language(), f"`{current_language()}`")
        choice = (
            _("I answer you in the language of each server; here it is {language}.")
            if ctx.preferences.language is None
            else _("I answer you in {language}.")
        )
        others = _("You can choose {languages}.").format(languages=format_list(list(names.values()), style="or"))
        return f"{choice.format(language=now)}\n{others}"


def weekday(moment: datetime, zone: ZoneInfo) -> str:
    """The day of the week in a zone: it may be tomorrow there."""
    return str(get_day_names("wide", locale=babel_locale())[moment.astimezone(zone).weekday()])

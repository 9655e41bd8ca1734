"""What members tell the staff about others: `report`, and for the staff what is open."""

import asyncio
import logging
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Annotated, Any, ClassVar, Final

import discord
from discord.ext import commands

from cogs.moderation import settings
from cogs.moderation.actions import Target
from cogs.moderation.cases.cog import Anybody
from cogs.moderation.pipeline import Pipeline
from cogs.moderation.refusals import DoneBeforeError
from cogs.moderation.reports import texts as report_texts
from cogs.moderation.reports.copies import images_of
from cogs.moderation.reports.desk import ReportDesk
from cogs.moderation.reports.taking import KnownError, Taking
from cogs.moderation.reports.views import ReportButton
from cogs.moderation.staff_places import others_read
from database.errors import DatabaseError
from database.reports import Report
from utils import checks, embeds, errors
from utils.bot import CANNOT_SAY, Hearth
from utils.cog import Cog, StartingCog
from utils.commands import command, example, group
from utils.context import Context
from utils.discretion import hidden, whisper
from utils.errors import UserError
from utils.events import GuildSettingChanged
from utils.formatting import safe, truncate
from utils.i18n import _, ngettext
from utils.setting_types import Setting

log = logging.getLogger("hearth.moderation")

QUOTE_LIMIT: Final = 3000  # characters, of what is given back to who wrote it
LOOK_EVERY: Final = timedelta(hours=6)
TRY_AGAIN_AFTER: Final = (timedelta(minutes=1), timedelta(minutes=10), timedelta(hours=1))
TEXTS_KEPT: Final = timedelta(days=90)
"""So long after a report was resolved, what people wrote in it is forgotten."""
MOST_LISTED: Final = 100  # reports, the newest
REPORTS_A_PAGE: Final = 8
PAGE_CHARACTERS: Final = 3500


class Reports(StartingCog):
    """Report people and messages to the staff, who claim and resolve what is reported."""

    settings: ClassVar[Sequence[Setting[Any]]] = settings.REPORT_SETTINGS
    dynamic_items = (ReportButton,)
    also_needs: ClassVar[Mapping[str, str]] = {
        "attach_files": "pictures of what was reported, where the staff reads it",
        "manage_messages": "`report` deletes at once what the member wrote",
    }

    def __init__(self, bot: Hearth, pipeline: Pipeline) -> None:
        super().__init__(bot)
        self.pipeline = pipeline
        self.desk = ReportDesk(bot)
        self.store = self.desk.store
        self.taking = Taking(bot, self.store)
        self._trying: asyncio.Task[None] | None = None

    # --- life cycle

    @Cog.listener()
    async def on_guild_setting_changed(self, event: GuildSettingChanged) -> None:
        """Show what waits when there is another channel for it, or others are staff, who may read there."""
        if event.key in {settings.REPORT_CHANNEL.key, settings.MOD_LOG.key, settings.MOD_ROLES.key}:
            await self.desk.show_waiting(event.guild_id)

    @Cog.listener()
    async def on_guild_channel_update(
        self, _before: discord.abc.GuildChannel, after: discord.abc.GuildChannel
    ) -> None:
        """Show what waits when somebody let the bot write there, or hid the channel from the others."""
        if self.desk.channel_id(after.guild) == after.id:
            await self.desk.show_waiting(after.guild.id)

    async def from_the_start_on(self) -> None:
        while True:
            await self._look()
            await asyncio.sleep(LOOK_EVERY.total_seconds())

    async def _look(self) -> None:
        try:
            await self.desk.show_waiting()
            if self.bot.cluster.leads:
                await self.store.remove_texts(discord.utils.utcnow() - TEXTS_KEPT)
        except DatabaseError:
            log.warning("Reports wait for the database", exc_info=True)

    def _try_again(self) -> None:
        """Look sooner than regularly: it may have been a passing trouble of Discord's."""
        if self._trying is None or self._trying.done():
            self._trying = self.spawn(self._look_soon())

    async def _look_soon(self) -> None:
        for pause in TRY_AGAIN_AFTER:
            await asyncio.sleep(pause.total_seconds())
            await self._look()

    # --- for members

    @command()
    @example("@Ann insults people", "ann sends me advertising", "https://discord.com/channels/1/2/3 a threat")
    @commands.guild_only()
    async def report(self, ctx: Context, *, whom_and_why: str = "") -> None:
        """Report somebody or a message to the staff.

        Reply to the message that you mean with `report`, or write a link to it; or say whom you mean, by name or id,
        and why. Pictures that you attach go along. Nobody but the staff sees who reported: I delete what you wrote at
        once and answer by direct message. If you write a name without the @, they aren't notified.
        """
        files = await images_of(ctx.message)  # which go with it
        deleted = await hidden(ctx)
        try:
            answer = embeds.success(await self._take(ctx, whom_and_why, files))
        except DoneBeforeError:
            return
        except Exception as error:  # noqa: BLE001 - what is our bug is raised again
            answer = embeds.error(_why_not(ctx, error))
        if not deleted:
            hint = _("I couldn't delete your message: delete it yourself if others shouldn't see it.")
            answer.description = f"{answer.description}\n\n{hint}"
        await _whisper(ctx, answer, whom_and_why)

    async def _take(self, ctx: Context, text: str, files: list[discord.File]) -> str:
        """Take a report; the sentence for who made it, which names nobody who is reported. Raises UserError."""
        assert isinstance(ctx.author, discord.Member)
        guild = ctx.author.guild
        if self.desk.channel_id(guild) is None:
            raise UserError(report_texts.not_set_up(self.bot, guild))
        try:
            report, message = await self.taking.take(ctx, ctx.author, text)
        except KnownError as known:
            return report_texts.known(known.report)
        shown = await self._show(report, message)
        sentence = report_texts.thanks(guild) if shown else report_texts.kept(self.bot, guild)
        attached = ctx.message.attachments
        arrived = bool(files) and shown and await self.desk.attach(report.id, ctx.author.id, files)
        if attached and not (arrived and len(files) == len(attached)):
            sentence = f"{sentence} {report_texts.files_left(self.bot, guild)}"
        return sentence

    async def _show(self, report: Report, message: discord.Message | None) -> bool:
        """Show it to the staff; soon again if that doesn't work."""
        try:
            if await self.desk.show(report.id, message):
                return True
        except DatabaseError:
            log.warning("Report %d in guild %d waits for the database", report.id, report.guild_id, exc_info=True)
        self._try_again()
        return False

    # --- for the staff

    @group(ignore_extra=True)
    @example("", "all", "@Ann", "all @Ann")
    @checks.requires(moderate_members=True)
    async def reports(self, ctx: Context, *, which: str = "") -> None:
        """Show the reports that are open, with links to them.

        `all` shows the resolved ones, too; name somebody to see the reports on them. Only where not everybody can
        read.
        """
        assert ctx.guild is not None
        if others_read(self.bot, ctx.channel):
            raise UserError(_("Not only staff can read this channel; ask in one of the staff."))
        first, _space, rest = which.strip().partition(" ")
        everything = first.casefold() == "all"
        name = rest.strip() if everything else which.strip()
        target_id = (await Anybody().convert(ctx, name)).id if name else None
        found = await self.store.find(ctx.guild.id, target_id=target_id, open_only=not everything, limit=MOST_LISTED)
        if not found:
            await ctx.info(_("There is no such report."))
            return
        lines = [await self._line(ctx.guild, report) for report in found]
        title = ngettext("{count} report", "{count} reports", len(found)).format(count=len(found))
        if len(found) == MOST_LISTED:
            title = _("The newest {count} reports").format(count=MOST_LISTED)
        await ctx.paginate_lines(lines, PAGE_CHARACTERS, most_lines=REPORTS_A_PAGE, title=title)

    async def _line(self, guild: discord.Guild, report: Report) -> str:
        readable = guild.get_channel(report.staff_channel_id or 0) is not None
        return report_texts.report_line(report, await self.store.voices(report.id), staff_reads_it=readable)

    @reports.command(name="block")
    @example("@Ann", "80351110224678912")
    @checks.requires(moderate_members=True)
    async def reports_block(self, ctx: Context, *, person: Annotated[Target, Anybody]) -> None:
        """Take no more reports from somebody who abuses them."""
        if not await self.store.block(person.guild.id, person.id, ctx.author.id, discord.utils.utcnow()):
            raise UserError(_("I take no reports from {person} already.").format(person=person.mention))
        await ctx.success(_("I take no more reports from {person}.").format(person=person.mention))

    @reports.command(name="unblock")
    @example("@Ann")
    @checks.requires(moderate_members=True)
    async def reports_unblock(self, ctx: Context, *, person: Annotated[Target, Anybody]) -> None:
        """Take reports from somebody again."""
        if not await self.store.unblock(person.guild.id, person.id):
            raise UserError(_("I take reports from {person} as it is.").format(person=person.mention))
        await ctx.success(_("I take reports from {person} again.").format(person=person.mention))


def _why_not(ctx: Context, error: Exception) -> str:
    """The sentence for what stopped a report. Raises what is our bug."""
    if errors.is_expected(error):
        return errors.answer_to(ctx, error) or _("You can't use this here.")
    if isinstance(error, CANNOT_SAY):
        return _("Discord has trouble at the moment; try again in a minute.")
    raise error


async def _whisper(ctx: Context, answer: discord.Embed, written: str) -> None:
    """Answer directly, with what they wrote since that is deleted; else in the channel, where it soon goes."""
    direct, you_wrote = answer.copy(), _("You wrote")
    if written.strip():
        quote = truncate(safe(written.strip()), QUOTE_LIMIT)
        direct.description = f"{direct.description}\n\n**{you_wrote}**\n>>> {quote}"
    await whisper(ctx, direct, for_all=answer)

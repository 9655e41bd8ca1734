"""The buttons under a report in the staff's channel. They carry its id, so they work after any restart."""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any, Final, cast

import discord
from discord.ui import Label, Select, TextDisplay, TextInput, View

from cogs.moderation.reports.texts import OUTCOMES
from cogs.moderation.staff import is_staff
from database.reports import Report
from utils.errors import UserError
from utils.formatting import clean_input
from utils.i18n import N_, _, translate
from utils.lasting import DoingButton, Look
from utils.time import timestamp
from utils.views import Form

if TYPE_CHECKING:
    from cogs.moderation.reports.cog import Reports

NOTE_LIMIT = 500  # characters
MODAL_SECONDS = 900.0

LOOKS: Final[dict[str, Look]] = {
    "claim": (N_("Claim"), "✋", discord.ButtonStyle.primary),
    "release": (N_("Release"), "↩️", discord.ButtonStyle.secondary),
    "resolve": (N_("Resolve"), "✅", discord.ButtonStyle.success),
}


class ReportButton(DoingButton, prefix="report", looks=LOOKS):
    """Claims a report, lets it go, or resolves it; for the staff."""

    async def press(self, interaction: discord.Interaction[Any]) -> None:
        """Do it. Raises UserError."""
        await DOINGS[self.doing](reports_of(interaction), interaction, self.about_id)


def reports_of(interaction: discord.Interaction[Any]) -> "Reports":
    """The cog of these buttons, which come and go with it; a form may be sent later. Raises UserError."""
    found = interaction.client.get_cog("Reports")
    if found is None:
        raise UserError(_("Moderation is switched off at the moment."))
    return cast("Reports", found)


async def _open_report(reports: "Reports", interaction: discord.Interaction[Any], report_id: int) -> Report:
    """The report, if it is open and this person may deal with it. Raises UserError."""
    report = await reports.store.get(report_id)
    if report is None or report.guild_id != interaction.guild_id:
        raise UserError(_("I know nothing of this report any more."))
    person = interaction.user
    if not isinstance(person, discord.Member) or not is_staff(reports.bot, person):
        raise UserError(_("Only the staff of this server deals with reports."))
    if report.target_id == person.id:
        raise UserError(_("This report is about you, so somebody else has to deal with it."))
    if report.resolved_at is not None:
        await reports.desk.show(report.id)  # else its buttons wouldn't be there
        raise UserError(_too_late(report))
    return report


def _too_late(report: Report) -> str:
    assert report.resolved_at is not None
    return _("{member} has resolved this report, {when}.").format(
        member=f"<@{report.resolved_by}>", when=timestamp(report.resolved_at, "R")
    )


async def _show(reports: "Reports", interaction: discord.Interaction[Any], report_id: int) -> None:
    """Change the message that was pressed on, as an answer to that."""
    async with reports.desk.lock(report_id):
        report = await reports.store.get(report_id)
        if report is not None:
            await interaction.response.edit_message(**await reports.desk.content(report))


async def _claim(reports: "Reports", interaction: discord.Interaction[Any], report_id: int) -> None:
    await _open_report(reports, interaction, report_id)
    if await reports.store.claim(report_id, interaction.user.id, discord.utils.utcnow()) is None:
        report = await _open_report(reports, interaction, report_id)
        await reports.desk.show(report_id)
        if report.claimed_by is None:  # and released again in between
            raise UserError(_("Somebody was faster; look at the report again."))
        raise UserError(_("{member} has claimed this report already.").format(member=f"<@{report.claimed_by}>"))
    await _show(reports, interaction, report_id)


async def _release(reports: "Reports", interaction: discord.Interaction[Any], report_id: int) -> None:
    report = await _open_report(reports, interaction, report_id)
    if await reports.store.release(report_id, interaction.user.id) is None:
        await reports.desk.show(report_id)
        if report.claimed_by is None:
            raise UserError(_("Nobody has claimed this report."))
        raise UserError(
            _("Only {member} can release it, but you may resolve it.").format(member=f"<@{report.claimed_by}>")
        )
    await _show(reports, interaction, report_id)


async def _ask_outcome(reports: "Reports", interaction: discord.Interaction[Any], report_id: int) -> None:
    report = await _open_report(reports, interaction, report_id)
    await interaction.response.send_modal(ResolveForm(report, interaction.user.id))


Doing = Callable[["Reports", discord.Interaction[Any], int], Awaitable[None]]
DOINGS: dict[str, Doing] = {"claim": _claim, "release": _release, "resolve": _ask_outcome}


class ResolveForm(Form):
    """Asks what came of a report."""

    def __init__(self, report: Report, asked: int) -> None:
        super().__init__(title=_("Resolve the report"), timeout=MODAL_SECONDS)
        self.report_id = report.id
        self.outcome: Select[Any] = Select(custom_id="outcome", options=[
            discord.SelectOption(label=translate(label), value=key) for key, label in OUTCOMES.items()
        ])  # fmt: skip
        self.note: TextInput[Any] = TextInput(
            custom_id="note", style=discord.TextStyle.paragraph, max_length=NOTE_LIMIT, required=False
        )
        if report.claimed_by not in {None, asked}:
            sentence = _("{member} looks after this report, but you may resolve it.")
            self.add_item(TextDisplay(sentence.format(member=f"<@{report.claimed_by}>")))
        self.add_item(Label(text=_("What came of it"), component=self.outcome))
        hint = _("Nobody else reads it; you may leave it out.")
        self.add_item(Label(text=_("Note for the staff"), component=self.note, description=hint))

    async def on_submit(self, interaction: discord.Interaction[Any]) -> None:
        """Resolve it, unless somebody was faster."""
        await interaction.client.speak_to(interaction.user.id, interaction.guild)
        reports = reports_of(interaction)
        await _open_report(reports, interaction, self.report_id)
        resolved = await reports.store.resolve(
            self.report_id, self.outcome.values[0], clean_input(self.note.value).strip() or None, interaction.user.id,
            discord.utils.utcnow(),
        )  # fmt: skip
        if resolved is None:
            await _open_report(reports, interaction, self.report_id)
            return
        await _show(reports, interaction, self.report_id)
        reports.spawn(reports.desk.tell_reporters(resolved))


def buttons_of(report: Report) -> View | None:
    """What can be done about a report. Only dynamic ones: an ordinary one beside them would end them all."""
    if report.resolved_at is not None:
        return None
    view = View(timeout=None)
    for doing in ("claim" if report.claimed_by is None else "release", "resolve"):
        view.add_item(ReportButton(doing, report.id))
    return view

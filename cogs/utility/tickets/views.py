"""The buttons of panels and tickets, whose ids say what they are for, so they work after any restart; and forms."""

import re
from typing import TYPE_CHECKING, Any, Final, Self, cast

import discord
from discord.ui import Button, Label, Select, TextInput, View

from cogs.utility.tickets.rules import LONGEST_ANSWER, LONGEST_SHORT_ANSWER, MOST_QUESTIONS
from cogs.utility.tickets.texts import LONGEST_REASON
from database.ticket_panels import TicketKind, TicketPanel
from utils.errors import UserError
from utils.formatting import clean_input
from utils.i18n import N_, _
from utils.lasting import DoingButton, LastingButton, LastingSelect, Look
from utils.views import Form

if TYPE_CHECKING:
    from cogs.utility.tickets.cog import Tickets

FORM_SECONDS: Final = 3_600.0
"""Somebody who has a problem may write about it for long."""
TITLE_LIMIT: Final = 45  # characters of a form's title

_FORM = re.compile(r"ticketform:(?P<kind>[0-9]{1,19}):(?P<run>[0-9]{1,12}):[0-9]{1,20}")

LOOKS: Final[dict[str, Look]] = {
    "claim": (N_("Claim"), "🙋", discord.ButtonStyle.success),
    "close": (N_("Close"), "🔒", discord.ButtonStyle.secondary),
    "reopen": (N_("Reopen"), "🔓", discord.ButtonStyle.secondary),
    "delete": (N_("Delete"), "🗑️", discord.ButtonStyle.danger),
}
STARS: Final[dict[str, Look]] = {
    str(stars): (f"{stars} ⭐", None, discord.ButtonStyle.secondary) for stars in range(1, 6)
}


def tickets_of(interaction: discord.Interaction[Any]) -> "Tickets":
    """The cog of these buttons, which come and go with it; a form may be sent later. Raises UserError."""
    found = interaction.client.get_cog("Tickets")
    if found is None:
        raise UserError(_("Tickets are switched off at the moment."))
    return cast("Tickets", found)


class KindButton(LastingButton, template=r"ticketkind:(?P<kind>[0-9]{1,19})"):
    """Opens a ticket of a kind."""

    def __init__(self, kind_id: int, *, label: str = "…", emoji: str | None = None) -> None:
        style = discord.ButtonStyle.primary
        super().__init__(Button(label=label, emoji=emoji, style=style, custom_id=f"ticketkind:{kind_id}"))
        self.kind_id = kind_id

    @classmethod
    def read(cls, match: re.Match[str]) -> Self:
        """The button whose id this is."""
        return cls(int(match["kind"]))

    async def press(self, interaction: discord.Interaction[Any]) -> None:
        """Ask what there is to ask, then open it."""
        await tickets_of(interaction).chosen(interaction, self.kind_id)


class KindSelect(LastingSelect, template=r"ticketpanel:(?P<panel>[0-9]{1,19})"):
    """Opens a ticket of the kind that is chosen."""

    def __init__(self, panel: TicketPanel | None, panel_id: int) -> None:
        options = [] if panel is None else [
            discord.SelectOption(label=kind.label, value=str(kind.id), emoji=kind.emoji) for kind in panel.kinds
        ]  # fmt: skip
        placeholder = _("What is it about?")
        super().__init__(Select(custom_id=f"ticketpanel:{panel_id}", options=options, placeholder=placeholder))
        self.panel_id = panel_id

    @classmethod
    def read(cls, match: re.Match[str]) -> Self:
        """The selection whose id this is."""
        return cls(None, int(match["panel"]))

    async def press(self, interaction: discord.Interaction[Any]) -> None:
        """Ask what there is to ask, then open it; and show the selection anew, else this can't be chosen again."""
        tickets, chosen = tickets_of(interaction), self.item.values[0]
        try:
            await tickets.chosen(interaction, int(chosen) if chosen.isdecimal() else 0)
        finally:
            await tickets.show_anew(self.panel_id)


def panel_view(panel: TicketPanel) -> View | None:
    """What stands under a panel's message; None for a panel without kinds."""
    if not panel.kinds:
        return None
    view = View(timeout=None)
    if panel.style == "select":
        view.add_item(KindSelect(panel, panel.id))
        return view
    for kind in panel.kinds:
        view.add_item(KindButton(kind.id, label=kind.label, emoji=kind.emoji))
    return view


class TicketButton(DoingButton, prefix="ticket", looks=LOOKS):
    """Does something about a ticket."""

    async def press(self, interaction: discord.Interaction[Any]) -> None:
        """Do it. Raises UserError."""
        await tickets_of(interaction).pressed(interaction, self.about_id, self.doing)


def buttons_of(ticket_id: int, *doings: str) -> View:
    """Buttons about a ticket. Only dynamic ones: an ordinary one beside them would end them all."""
    view = View(timeout=None)
    for doing in doings:
        view.add_item(TicketButton(doing, ticket_id))
    return view


class StarsButton(DoingButton, prefix="ticketstars", looks=STARS):
    """Tells how well a ticket was answered."""

    async def press(self, interaction: discord.Interaction[Any]) -> None:
        """Keep it. Raises UserError."""
        await tickets_of(interaction).rated(interaction, self.about_id, int(self.doing))


def stars_of(ticket_id: int) -> View:
    """Buttons that ask how well a ticket was answered."""
    view = View(timeout=None)
    for stars in STARS:
        view.add_item(StarsButton(stars, ticket_id))
    return view


class QuestionsForm(Form):
    """Asks what staff wants to know before a ticket is opened.

    Its id says for which kind, in which run of the bot, by which press: what was opened in an earlier run, no object
    waits for any more, and `answers_of_earlier_run` reads it.
    """

    def __init__(self, kind: TicketKind, interaction: discord.Interaction[Any]) -> None:
        custom_id = f"ticketform:{kind.id}:{_run_of(interaction)}:{interaction.id}"
        super().__init__(title=kind.label[:TITLE_LIMIT], timeout=FORM_SECONDS, custom_id=custom_id)
        self.kind_id = kind.id
        self.inputs: list[tuple[str, TextInput[Any]]] = []
        for number, question in enumerate(kind.questions):
            field: TextInput[Any] = TextInput(
                custom_id=f"answer{number}", required=question.is_needed,
                style=discord.TextStyle.paragraph if question.is_long else discord.TextStyle.short,
                max_length=LONGEST_ANSWER if question.is_long else LONGEST_SHORT_ANSWER,
            )  # fmt: skip
            self.inputs.append((question.text, field))
            self.add_item(Label(text=question.text, component=field))

    async def on_submit(self, interaction: discord.Interaction[Any]) -> None:
        """Open it with the answers."""
        await interaction.client.speak_to(interaction.user.id, interaction.guild)
        answers = [(question, field.value) for question, field in self.inputs]
        await tickets_of(interaction).answered(interaction, self.kind_id, answers)


def _run_of(interaction: discord.Interaction[Any]) -> int:
    return int(interaction.client.started_at.timestamp())


def form_of_earlier_run(interaction: discord.Interaction[Any]) -> tuple[int, list[str]] | None:
    """The kind and the answers of a form that was opened before the bot was restarted; None if it is none."""
    data: Any = interaction.data or {}
    found = _FORM.fullmatch(str(data.get("custom_id", "")))
    if found is None or int(found["run"]) == _run_of(interaction):
        return None
    fields = [row.get("component") or {} for row in data.get("components") or []]
    answers = {str(field.get("custom_id")): str(field.get("value") or "") for field in fields}
    return int(found["kind"]), [answers.get(f"answer{number}", "") for number in range(MOST_QUESTIONS)]


class CloseForm(Form):
    """Asks why a ticket is closed."""

    def __init__(self, ticket_id: int) -> None:
        super().__init__(title=_("Close this ticket"), timeout=FORM_SECONDS)
        self.ticket_id = ticket_id
        self.reason: TextInput[Any] = TextInput(
            custom_id="reason", required=False, max_length=LONGEST_REASON, style=discord.TextStyle.paragraph
        )
        self.add_item(Label(text=_("Reason"), component=self.reason))

    async def on_submit(self, interaction: discord.Interaction[Any]) -> None:
        """Close it."""
        await interaction.client.speak_to(interaction.user.id, interaction.guild)
        reason = clean_input(self.reason.value).strip()
        await tickets_of(interaction).closed_by_form(interaction, self.ticket_id, reason or None)

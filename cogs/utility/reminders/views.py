"""The snooze buttons under a delivered reminder. They carry its id, so they work after any restart."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

import discord
from discord.ui import View

from cogs.utility.later import near_enough
from cogs.utility.reminders import rules
from cogs.utility.reminders.service import Reminders
from database.reminders import Reminder
from utils.errors import UserError
from utils.i18n import N_, _
from utils.lasting import DoingButton, Look
from utils.time import timestamp

if TYPE_CHECKING:
    from utils.bot import Hearth

Until = Callable[[Reminder, datetime, ZoneInfo], datetime]

CHOICES: dict[str, tuple[str, Until]] = {
    "10m": (N_("In 10 minutes"), lambda reminder, now, zone: now + timedelta(minutes=10)),
    "1h": (N_("In 1 hour"), lambda reminder, now, zone: now + timedelta(hours=1)),
    "1d": (
        N_("Tomorrow"),
        lambda reminder, now, zone: rules.tomorrow(reminder.due_at, now, zone),
    ),
}
"""What can be chosen, by what stands in the button's id: its label, and the moment it means."""

LOOKS: Final[dict[str, Look]] = {
    choice: (label, "💤", discord.ButtonStyle.secondary) for choice, (label, _until) in CHOICES.items()
}


class SnoozeButton(DoingButton, prefix="reminder:snooze", looks=LOOKS):
    """Brings a delivered reminder again later; only for its owner."""

    async def press(self, interaction: discord.Interaction[Any]) -> None:
        """Snooze, and tell the owner until when; anybody else is told that it isn't theirs."""
        answer = await self._snooze(interaction.client, interaction)
        await interaction.response.send_message(answer, ephemeral=True)

    async def _snooze(self, bot: "Hearth", interaction: discord.Interaction[Any]) -> str:
        reminders = Reminders(bot)
        reminder = await reminders.store.get(self.about_id)
        if reminder is None:
            raise UserError(_("That reminder doesn't exist any more."))
        if reminder.user_id != interaction.user.id:
            raise UserError(_("These buttons are not yours."))
        zone = await bot.timezone_for(interaction.user.id, interaction.guild)
        now = discord.utils.utcnow()
        until = near_enough(CHOICES[self.doing][1](reminder, now, zone), now)
        assert interaction.message is not None
        snoozed = await reminders.snooze(reminder, until, interaction.message)
        return again_at(snoozed)


def again_at(reminder: Reminder) -> str:
    """The sentence that says when a snoozed reminder comes."""
    return _("I'll remind you again {moment} ({when}): number **#{number}**.").format(
        moment=timestamp(reminder.due_at, "F"), when=timestamp(reminder.due_at, "R"), number=reminder.number
    )


def snooze_buttons(reminder: Reminder) -> View:
    """The buttons for a delivery. Only dynamic ones: an ordinary one beside them would end them all when it ends."""
    view = View(timeout=None)
    for choice in CHOICES:
        view.add_item(SnoozeButton(choice, reminder.id))
    return view

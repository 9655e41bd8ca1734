"""The buttons of polls. They carry the poll's id and the option's place, so they work after any restart."""

import re
from typing import TYPE_CHECKING, Any, Self, cast

import discord
from discord.ui import Button, View

from cogs.utility.polls.texts import option_label
from database.polls import Poll
from utils.errors import UserError
from utils.i18n import _
from utils.lasting import LastingButton

if TYPE_CHECKING:
    from cogs.utility.polls.cog import Polls

BACK = "back"


class VoteButton(LastingButton, template=rf"poll:(?P<choice>[0-9]{{1,2}}|{BACK}):(?P<id>[0-9]+)"):
    """Votes for an option, or takes one's vote back."""

    def __init__(self, poll_id: int, choice: int | None, label: str | None = None) -> None:
        """`choice` is the option's place, from zero; None takes the vote back."""
        custom_id = f"poll:{BACK if choice is None else choice}:{poll_id}"
        style = discord.ButtonStyle.secondary if choice is None else discord.ButtonStyle.primary
        super().__init__(Button(label=label, custom_id=custom_id, style=style))
        self.poll_id = poll_id
        self.choice = choice

    @classmethod
    def read(cls, match: re.Match[str]) -> Self:
        """The button whose id this is."""
        return cls(int(match["id"]), None if match["choice"] == BACK else int(match["choice"]))

    async def press(self, interaction: discord.Interaction[Any]) -> None:
        """Vote. Raises UserError."""
        found = interaction.client.get_cog("Polls")
        if found is None:
            raise UserError(_("Polls are switched off at the moment."))
        await cast("Polls", found).press(interaction, self.poll_id, self.choice)


def buttons_of(poll: Poll) -> View | None:
    """What can be chosen, while the poll is open."""
    if not poll.is_open:
        return None
    view = View(timeout=None)
    for place, option in enumerate(poll.options):
        view.add_item(VoteButton(poll.id, place, option_label(place + 1, option)))
    view.add_item(VoteButton(poll.id, None, _("Take my vote back")))
    return view

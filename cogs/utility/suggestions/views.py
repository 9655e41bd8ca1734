"""The buttons under a suggestion. They carry its id, so they work after any restart."""

from typing import TYPE_CHECKING, Any, Final, cast

import discord
from discord.ui import View

from database.suggestions import Suggestion
from utils.errors import UserError
from utils.i18n import N_, _
from utils.lasting import DoingButton, Look

if TYPE_CHECKING:
    from cogs.utility.suggestions.cog import Suggestions

LOOKS: Final[dict[str, Look]] = {
    "for": (N_("For it"), "👍", discord.ButtonStyle.secondary),
    "against": (N_("Against it"), "👎", discord.ButtonStyle.secondary),
    "back": (N_("Take back"), "↩️", discord.ButtonStyle.secondary),
}


class SuggestionButton(DoingButton, prefix="suggestion", looks=LOOKS):
    """Votes on a suggestion, once a person; or takes the vote back."""

    async def press(self, interaction: discord.Interaction[Any]) -> None:
        """Do it. Raises UserError."""
        found = interaction.client.get_cog("Suggestions")
        if found is None:
            raise UserError(_("Suggestions are switched off at the moment."))
        answer = await cast("Suggestions", found).vote(interaction, self.about_id, self.doing)
        await interaction.response.send_message(answer, ephemeral=True)


def buttons_of(one: Suggestion) -> View | None:
    """What members can do about a suggestion. Only dynamic ones: an ordinary one beside them would end them all."""
    if not one.takes_votes:
        return None
    view = View(timeout=None)
    for doing in LOOKS:
        view.add_item(SuggestionButton(doing, one.id))
    return view

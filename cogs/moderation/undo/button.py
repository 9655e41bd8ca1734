"""The button under a case that undoes it. Its id names the case, so it works after any restart."""

import re
from typing import TYPE_CHECKING, Any, Self

import discord
from discord.ui import Button, View

from cogs.moderation.kinds import KINDS
from database.moderation import Case
from utils.i18n import _
from utils.lasting import LastingButton

if TYPE_CHECKING:
    from cogs.moderation.undo.cog import Undoing


class UndoButton(LastingButton, template=r"case:undo:(?P<number>[0-9]{1,19})"):
    """Undoes a case of the server that it is pressed in, after a question."""

    def __init__(self, number: int) -> None:
        label, custom_id = _("Undo"), f"case:undo:{number}"
        super().__init__(Button(label=label, emoji="↩️", style=discord.ButtonStyle.secondary, custom_id=custom_id))
        self.number = number

    @classmethod
    def read(cls, match: re.Match[str]) -> Self:
        """The button whose id this is."""
        return cls(int(match["number"]))

    async def press(self, interaction: discord.Interaction[Any]) -> None:
        """Undo the case; only who presses reads the question and the answer."""
        cog: Undoing = interaction.client.get_cog("Undo")
        await cog.pressed(interaction, self.number)


def undo_view(case: Case) -> View | None:
    """The button for a case; None if it can't be undone, or not any more."""
    kind = KINDS.get(case.kind)
    if kind is None or not kind.undoable or case.status != "done":
        return None
    view = View(timeout=None)
    view.add_item(UndoButton(case.number))
    return view

"""The button under a case that undoes it. Its id names the case, so it works after any restart."""

import re
from typing import TYPE_CHECKING, Any, Self

import discord
from discord.ui import Button, DynamicItem, Item, View

from cogs.moderation.kinds import KINDS
from database.moderation import Case
from utils.i18n import _
from utils.views import answer_failed

if TYPE_CHECKING:
    from cogs.moderation.undo.cog import Undoing


class UndoButton(DynamicItem[Button[View]], template=r"case:undo:(?P<number>[0-9]{1,19})"):
    """Undoes a case of the server that it is pressed in, after a question."""

    def __init__(self, number: int) -> None:
        label, custom_id = _("Undo"), f"case:undo:{number}"
        super().__init__(Button(label=label, emoji="↩️", style=discord.ButtonStyle.secondary, custom_id=custom_id))
        self.number = number

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction[Any], item: Item[Any], match: re.Match[str]
    ) -> Self:
        """Read the button that was pressed out of its id."""
        return cls(int(match["number"]))

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Undo the case; only who presses reads the question and the answer."""
        bot = interaction.client
        try:
            await bot.speak_to(interaction.user.id, interaction.guild)
            cog: Undoing = bot.get_cog("Undo")
            await cog.pressed(interaction, self.number)
        except Exception as error:  # noqa: BLE001 - what a button raises reaches nobody else
            await answer_failed(bot, interaction, error)


def undo_view(case: Case) -> View | None:
    """The button for a case; None if it can't be undone, or not any more."""
    kind = KINDS.get(case.kind)
    if kind is None or not kind.undoable or case.status != "done":
        return None
    view = View(timeout=None)
    view.add_item(UndoButton(case.number))
    return view

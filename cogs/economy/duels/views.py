"""The buttons of duels. They carry its id: one that a restart cut off is known to be over."""

import re
from typing import TYPE_CHECKING, Any, Self, cast

import discord
from discord.ui import Button, DynamicItem, Item, View

from cogs.economy.duels.duel import HAND_EMOJI, HAND_LABELS, Duel, Phase
from cogs.economy.duels.rules import HANDS
from cogs.economy.games.casino import game_is_over
from utils.errors import UserError
from utils.i18n import N_, translate
from utils.views import answer_failed

if TYPE_CHECKING:
    from cogs.economy.duels.cog import Duels

LOOKS: dict[str, tuple[str, str | None, discord.ButtonStyle]] = {
    "accept": (N_("Accept"), "⚔️", discord.ButtonStyle.success),
    "decline": (N_("Decline"), None, discord.ButtonStyle.secondary),
    "withdraw": (N_("Withdraw"), None, discord.ButtonStyle.secondary),
    **{hand: (HAND_LABELS[hand], HAND_EMOJI[hand], discord.ButtonStyle.primary) for hand in HANDS},
}
"""Label, emoji and style of each button, by what it does."""
SHOWN: dict[Phase, tuple[str, ...]] = {
    Phase.ASKED: ("accept", "decline", "withdraw"),
    Phase.CHOOSING: HANDS,
    Phase.OVER: (),
}


class DuelButton(
    DynamicItem[Button[View]], template=rf"duel:(?P<doing>{'|'.join(LOOKS)}):(?P<id>[0-9]+)"
):  # fmt: skip
    """Accepts, declines or withdraws a challenge, or chooses a hand."""

    def __init__(self, doing: str, duel_id: int) -> None:
        label, emoji, style = LOOKS[doing]
        super().__init__(
            Button(label=translate(label), emoji=emoji, style=style, custom_id=f"duel:{doing}:{duel_id}")
        )
        self.doing = doing
        self.duel_id = duel_id

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction[Any], item: Item[Any], match: re.Match[str]
    ) -> Self:
        """Read the button that was pressed out of its id."""
        return cls(match["doing"], int(match["id"]))

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Do it, or tell the one who pressed why not."""
        try:
            await interaction.client.speak_to(interaction.user.id, interaction.guild)
            duels = cast("Duels | None", interaction.client.get_cog("Duels"))
            if duels is None:
                raise UserError(game_is_over())
            await duels.press(interaction, self.doing, self.duel_id)
        except Exception as error:  # noqa: BLE001 - what a button raises reaches nobody else
            await answer_failed(interaction.client, interaction, error)


def buttons_of(duel: Duel) -> View | None:
    """What can be pressed now. Only dynamic ones: an ordinary one beside them would end them all when it ends."""
    if not SHOWN[duel.phase]:
        return None
    view = View(timeout=None)
    for doing in SHOWN[duel.phase]:
        view.add_item(DuelButton(doing, duel.id))
    return view

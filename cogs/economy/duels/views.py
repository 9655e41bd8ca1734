"""The buttons of duels. They carry its id: one that a restart cut off is known to be over."""

from typing import TYPE_CHECKING, Any, Final, cast

import discord
from discord.ui import View

from cogs.economy.duels.duel import HAND_EMOJI, HAND_LABELS, Duel, Phase
from cogs.economy.duels.rules import HANDS
from cogs.economy.games.casino import game_is_over
from utils.errors import UserError
from utils.i18n import N_
from utils.lasting import DoingButton, Look

if TYPE_CHECKING:
    from cogs.economy.duels.cog import Duels

LOOKS: Final[dict[str, Look]] = {
    "accept": (N_("Accept"), "⚔️", discord.ButtonStyle.success),
    "decline": (N_("Decline"), None, discord.ButtonStyle.secondary),
    "withdraw": (N_("Withdraw"), None, discord.ButtonStyle.secondary),
    **{hand: (HAND_LABELS[hand], HAND_EMOJI[hand], discord.ButtonStyle.primary) for hand in HANDS},
}
SHOWN: dict[Phase, tuple[str, ...]] = {
    Phase.ASKED: ("accept", "decline", "withdraw"),
    Phase.CHOOSING: HANDS,
    Phase.OVER: (),
}


class DuelButton(DoingButton, prefix="duel", looks=LOOKS):
    """Accepts, declines or withdraws a challenge, or chooses a hand."""

    async def press(self, interaction: discord.Interaction[Any]) -> None:
        """Do it. Raises `UserError`."""
        duels = cast("Duels | None", interaction.client.get_cog("Duels"))
        if duels is None:
            raise UserError(game_is_over())
        await duels.press(interaction, self.doing, self.about_id)


def buttons_of(duel: Duel) -> View | None:
    """What can be pressed now. Only dynamic ones: an ordinary one beside them would end them all when it ends."""
    if not SHOWN[duel.phase]:
        return None
    view = View(timeout=None)
    for doing in SHOWN[duel.phase]:
        view.add_item(DuelButton(doing, duel.id))
    return view

"""The buttons of trades, and the form for an offer. They carry the trade's id: one that a restart ended is known."""

from typing import TYPE_CHECKING, Any, Final, cast

import discord
from discord.ui import Label, TextInput, View

from utils.errors import UserError
from utils.i18n import N_, _
from utils.lasting import DoingButton, Look
from utils.views import Form

if TYPE_CHECKING:
    from cogs.economy.trade.cog import Trades

LONGEST_OFFER = 1_000  # characters
FORM_SECONDS = 600.0

LOOKS: Final[dict[str, Look]] = {
    "change": (N_("Change my offer"), "✏️", discord.ButtonStyle.primary),
    "confirm": (N_("Confirm"), "✅", discord.ButtonStyle.success),
    "cancel": (N_("Cancel"), "✖️", discord.ButtonStyle.secondary),
}


def trade_is_over() -> str:
    """What who presses a button of a trade reads that is over."""
    return _("This trade is over. Everybody still has what didn't change hands.")


def _trades_of(interaction: discord.Interaction[Any]) -> "Trades":
    found = interaction.client.get_cog("Trades")
    if found is None:
        raise UserError(trade_is_over())
    return cast("Trades", found)


class TradeButton(DoingButton, prefix="trade", looks=LOOKS):
    """Changes one's offer, confirms, or calls the trade off."""

    async def press(self, interaction: discord.Interaction[Any]) -> None:
        """Do it. Raises `UserError`."""
        await _trades_of(interaction).press(interaction, self.doing, self.about_id)


class OfferForm(Form):
    """Asks what somebody gives."""

    def __init__(self, trade_id: int, present: str) -> None:
        super().__init__(title=_("Your offer"), timeout=FORM_SECONDS)
        self.trade_id = trade_id
        self.offer: TextInput[Any] = TextInput(
            custom_id="offer", style=discord.TextStyle.paragraph, default=present[:LONGEST_OFFER] or None,
            max_length=LONGEST_OFFER, required=False, placeholder=_("100 coins, 2 golden fish"),
        )  # fmt: skip
        hint = _("Coins and items of your inventory; leave it empty to give nothing.")
        self.add_item(Label(text=_("What you give"), component=self.offer, description=hint))

    async def on_submit(self, interaction: discord.Interaction[Any]) -> None:
        """Offer it."""
        await interaction.client.speak_to(interaction.user.id, interaction.guild)
        await _trades_of(interaction).change(interaction, self.trade_id, self.offer.value)


def buttons_of(trade_id: int) -> View:
    """What can be done. Only dynamic ones: an ordinary one beside them would end them all when it ends."""
    view = View(timeout=None)
    for doing in LOOKS:
        view.add_item(TradeButton(doing, trade_id))
    return view

"""Buttons of the shop: reading a text that can't be sent, and writing one that nobody else should see."""

from typing import TYPE_CHECKING, Any

import discord
from discord.ui import Button, Label, Modal, TextInput

from cogs.economy.shop.fields import LONGEST_TEXT
from cogs.economy.shop.handover import text_embed
from database.shop import ShopItem
from utils.converters import parse_text
from utils.errors import UserError
from utils.i18n import _, set_language
from utils.views import OwnedView, answer_failed

if TYPE_CHECKING:
    from cogs.economy.shop.till import Till

MODAL_SECONDS = 900.0


class ReadText(OwnedView):
    """Shows a text to its owner alone, and takes it out of their inventory with that."""

    def __init__(self, till: "Till", owner_id: int, item: ShopItem) -> None:
        super().__init__(till.bot, owner_id)
        self.till = till
        self.item = item
        button: Button[ReadText] = Button(label=_("Read"), emoji="📜", style=discord.ButtonStyle.primary)
        button.callback = self._read  # type: ignore[method-assign]
        self.add_item(button)

    async def _read(self, interaction: discord.Interaction) -> None:
        delivery = await self.till.use_text(interaction, self.item)
        try:
            await interaction.response.send_message(embed=text_embed(self.item), ephemeral=True)
        except discord.HTTPException:
            await self.till.handover.give_back(self.item, delivery)
            raise
        await self.till.handover.settle(self.item, delivery)
        await self.retire()


class WriteText(OwnedView):
    """Opens a form for the text of an item, so that nobody in the channel reads it."""

    def __init__(self, till: "Till", owner_id: int, item: ShopItem) -> None:
        super().__init__(till.bot, owner_id, timeout_seconds=MODAL_SECONDS)
        self.till = till
        self.item = item
        button: Button[WriteText] = Button(label=_("Write the text"), emoji="✏️", style=discord.ButtonStyle.primary)
        button.callback = self._open  # type: ignore[method-assign]
        self.add_item(button)

    async def _open(self, interaction: discord.Interaction) -> None:
        await interaction.response.send_modal(TextForm(self.till, self.item, self.language))


class TextForm(Modal):
    """What whoever uses a text reads."""

    def __init__(self, till: "Till", item: ShopItem, language: str) -> None:
        super().__init__(title=_("A text for the shop"), timeout=MODAL_SECONDS)
        self.till = till
        self.item = item
        self.language = language
        self.text: TextInput[Any] = TextInput(
            style=discord.TextStyle.paragraph, max_length=LONGEST_TEXT, default=item.content
        )
        self.add_item(Label(text=_("What its buyer reads"), component=self.text))

    async def on_submit(self, interaction: discord.Interaction) -> None:
        """Keep it."""
        set_language(self.language)
        if not interaction.permissions.manage_guild:
            raise UserError(_("You may not change the shop any more."))
        try:
            text = parse_text(self.text.value, LONGEST_TEXT)
        except ValueError as error:
            raise UserError(str(error)) from error
        changed = await self.till.shop.change(self.item.guild_id, self.item.number, {"content": text})
        if changed is None:
            raise UserError(_("This item isn't sold any more."))
        await interaction.response.send_message(_("The text is written."), ephemeral=True)

    async def on_error(  # type: ignore[override]
        self, interaction: discord.Interaction, error: Exception
    ) -> None:  # fmt: skip
        """Tell who sent it what went wrong."""
        await answer_failed(self.till.bot, interaction, error)

"""Buttons of the shop: reading a text that can't be sent, and writing one that nobody else should see."""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

import discord
from discord.ui import Button, Label, TextInput

from cogs.economy.shop.fields import LONGEST_CODE, LONGEST_TEXT
from database.shop import ShopItem
from utils.converters import parse_text
from utils.errors import UserError
from utils.i18n import _, current_language, format_number, ngettext, set_language
from utils.views import Form, OwnedView

if TYPE_CHECKING:
    from cogs.economy.shop.till import Till

Keep = Callable[[str], Awaitable[str]]

MODAL_SECONDS = 900.0
LONGEST_FORM = 4_000  # characters, which is Discord's limit


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
        assert interaction.guild is not None
        delivery = await self.till.use_text(interaction, self.item)
        embed = await self.till.handover.text_embed(interaction.guild, self.item, delivery)
        try:
            await interaction.response.send_message(embed=embed, ephemeral=True)
        except discord.HTTPException:
            await self.till.handover.give_back(self.item, delivery)
            raise
        await self.till.handover.settle(self.item, delivery)
        await self.retire()


class Write(OwnedView):
    """Opens a form for what nobody else in the channel should read."""

    def __init__(self, till: "Till", owner_id: int, item: ShopItem) -> None:
        super().__init__(till.bot, owner_id, timeout_seconds=MODAL_SECONDS)
        self.till = till
        self.item = item
        label = _("Add codes") if item.kind == "code" else _("Write the text")
        button: Button[Write] = Button(label=label, emoji="✏️", style=discord.ButtonStyle.primary)
        button.callback = self._open  # type: ignore[method-assign]
        self.add_item(button)

    async def _open(self, interaction: discord.Interaction) -> None:
        form = codes_form if self.item.kind == "code" else text_form
        await interaction.response.send_modal(form(self.till, self.item))


class LongTextForm(Form):
    """One long text that an admin writes about an item. `keep` stores it, and gives the answer to that."""

    def __init__(self, field: Label[Any], text: TextInput[Any], keep: Keep) -> None:
        super().__init__(title=_("For the shop"), timeout=MODAL_SECONDS)
        self.language = current_language()
        self.text = text
        self.keep = keep
        self.add_item(field)

    async def on_submit(self, interaction: discord.Interaction) -> None:
        """Keep it, if its writer may still do that."""
        set_language(self.language)
        if not interaction.permissions.manage_guild:
            raise UserError(_("You may not change the shop any more."))
        try:
            answer = await self.keep(self.text.value)
        except ValueError as error:
            raise UserError(str(error)) from error
        await interaction.response.send_message(answer, ephemeral=True)


def text_form(till: "Till", item: ShopItem) -> LongTextForm:
    """A form for what whoever uses a text reads."""

    async def keep(text: str) -> str:
        changes = {"content": parse_text(text, LONGEST_TEXT)}
        if await till.shop.change(item.guild_id, item.number, changes) is None:
            raise UserError(_("This item isn't sold any more."))
        return _("The text is written.")

    field: TextInput[Any] = TextInput(
        style=discord.TextStyle.paragraph, max_length=LONGEST_TEXT, default=item.content
    )  # fmt: skip
    return LongTextForm(Label(text=_("What its buyer reads"), component=field), field, keep)


def codes_form(till: "Till", item: ShopItem) -> LongTextForm:
    """A form for codes to be sold."""

    async def keep(text: str) -> str:
        codes = [parse_text(line, LONGEST_CODE) for line in text.splitlines() if line.strip()]
        new = await till.handover.codes.add(item.guild_id, item.number, codes, discord.utils.utcnow())
        if not new:
            raise UserError(_("No code is new, or this item isn't sold any more."))
        return ngettext("{count} code is added.", "{count} codes are added.", new).format(count=format_number(new))

    field: TextInput[Any] = TextInput(style=discord.TextStyle.paragraph, max_length=LONGEST_FORM)
    return LongTextForm(Label(text=_("Codes, one on each line"), component=field), field, keep)

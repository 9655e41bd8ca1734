"""The menu of questions, for who doesn't write one."""

from collections.abc import Awaitable, Callable
from typing import Any, Final

import discord

from cogs.admin.why.rules import Asked, Kind, read
from utils.bot import Hearth
from utils.i18n import N_, _, translate
from utils.views import Form, OwnedView

Answer = Callable[[discord.Interaction[Any], Asked], Awaitable[None]]
"""Answers a question in the place of the menu; raises `UserError`."""

LABELS: Final = {
    Kind.COMMAND: (N_("A command doesn't work"), "⌨️"),
    Kind.REMOVED: (N_("A message is gone"), "🗑️"),
    Kind.XP: (N_("I get no XP"), "⭐"),
    Kind.ROLE: (N_("I have a role"), "🏷️"),
}


class Menu(OwnedView):
    """Four buttons, one for each question."""

    def __init__(self, bot: Hearth, owner_id: int, answer: Answer) -> None:
        super().__init__(bot, owner_id)
        self.answer = answer
        for kind in LABELS:
            self.add_item(_AskButton(kind))

    def offer_roles(self) -> None:
        """Let a role be chosen, in place of a role chooser that is there."""
        if not any(isinstance(item, _ChooseRole) for item in self.children):
            self.add_item(_ChooseRole())


class _AskButton(discord.ui.Button[Menu]):
    def __init__(self, kind: Kind) -> None:
        label, emoji = LABELS[kind]
        super().__init__(label=translate(label), emoji=emoji)
        self.kind = kind

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        assert self.view is not None
        if self.kind is Kind.XP:
            await self.view.answer(interaction, Asked(Kind.XP, about_self=True))
        elif self.kind is Kind.ROLE:
            self.view.offer_roles()
            await interaction.response.edit_message(view=self.view)
        else:
            await interaction.response.send_modal(_Details(self.kind, self.view.answer))


class _ChooseRole(discord.ui.RoleSelect[Menu]):
    def __init__(self) -> None:
        super().__init__(placeholder=_("Which role?"))

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        assert self.view is not None
        await self.view.answer(interaction, Asked(Kind.ROLE, role_ids=(self.values[0].id,), about_self=True))


class _Details(Form):
    """What else there is to say of a command or a message."""

    def __init__(self, kind: Kind, answer: Answer) -> None:
        super().__init__(title=translate(LABELS[kind][0]))
        self.kind = kind
        self.answer = answer
        self.what: discord.ui.TextInput[_Details] = discord.ui.TextInput(
            label=_("Which command?") if kind is Kind.COMMAND else _("Its link or id (empty: your last one)"),
            max_length=200, required=kind is Kind.COMMAND,
        )  # fmt: skip
        self.add_item(self.what)

    async def on_submit(self, interaction: discord.Interaction[Any]) -> None:
        asked = read(self.what.value)
        found = {name: getattr(asked, name) for name in ("words", "ids", "linked", "channel_ids", "channel_name")}
        await self.answer(interaction, Asked(self.kind, about_self=True, **found))

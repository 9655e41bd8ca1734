"""Buttons and menus that outlive the process that sent them: their id says what they do, after any restart."""

import re
from collections.abc import Mapping
from typing import Any, ClassVar, Final, Generic, Self, TypeVar

import discord
from discord.ui import Button, DynamicItem, Item, Select, View

from utils.errors import UserError
from utils.i18n import _, translate
from utils.views import answer_failed

NO_ID: Final = r"(?!)"
"""The template of what is only a base: discord.py wants one of every class, and no id matches this one."""

Look = tuple[str, str | None, discord.ButtonStyle]
"""Label (marked by `N_`), emoji and style of a button."""


AnyItem = TypeVar("AnyItem", bound=Item[Any])


class LastingItem(DynamicItem[AnyItem], Generic[AnyItem], template=NO_ID):
    """The base: each has its `template`, `read` and `press`. A cog names it in `dynamic_items`."""

    @classmethod
    def read(cls, match: re.Match[str]) -> Self:
        """The item whose id this is."""
        raise NotImplementedError

    async def press(self, interaction: discord.Interaction[Any]) -> None:
        """Do what it is for, in the language of who uses it; what is raised is told to them."""
        raise NotImplementedError

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction[Any], item: Item[Any], match: re.Match[str]
    ) -> Self:
        """Read what was pressed out of its id."""
        return cls.read(match)

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Do it, or tell the one who pressed why not; once, also where Discord delivers the press twice."""
        bot = interaction.client
        if not bot.is_new(interaction.id):
            return
        try:
            await bot.speak_to(interaction.user.id, interaction.guild)
            if bot.access.blocks.hold(interaction.guild, interaction.user.id):
                raise UserError(_("I don't listen to you here."))
            await self.press(interaction)
        except Exception as error:  # noqa: BLE001 - what a button raises reaches nobody else
            await answer_failed(bot, interaction, error)


class LastingButton(LastingItem[Button[View]], template=NO_ID):
    """The base of buttons."""


class LastingSelect(LastingItem[Select[View]], template=NO_ID):
    """The base of menus in which one or several things are chosen: `self.item.values` has them."""


class DoingButton(LastingButton, template=NO_ID):
    """One of several buttons beside each other, that do different things to the same: its id is `prefix:doing:id`.

    `looks` has all that they do, each with its look.
    """

    prefix: ClassVar[str]
    looks: ClassVar[Mapping[str, Look]]

    def __init_subclass__(cls, *, prefix: str, looks: Mapping[str, Look]) -> None:
        super().__init_subclass__(template=rf"{prefix}:(?P<doing>{'|'.join(looks)}):(?P<id>[0-9]+)")
        cls.prefix = prefix
        cls.looks = looks

    def __init__(self, doing: str, about_id: int) -> None:
        """`about_id` is the id of what it is done to."""
        label, emoji, style = self.looks[doing]
        custom_id = f"{self.prefix}:{doing}:{about_id}"
        super().__init__(Button(label=translate(label), emoji=emoji, style=style, custom_id=custom_id))
        self.doing = doing
        self.about_id = about_id

    @classmethod
    def read(cls, match: re.Match[str]) -> Self:
        """The button whose id this is."""
        return cls(match["doing"], int(match["id"]))

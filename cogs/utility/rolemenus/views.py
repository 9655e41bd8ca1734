"""The buttons and the selection of a role menu. Their ids name the menu, so they work after any restart."""

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Self, cast

import discord
from discord.ui import Button, Select, View

from cogs.utility.rolemenus.texts import label_of
from database.role_menus import RoleMenu
from utils.errors import UserError
from utils.i18n import _
from utils.lasting import LastingButton, LastingSelect

if TYPE_CHECKING:
    from cogs.utility.rolemenus.cog import RoleMenus


class RoleButton(LastingButton, template=r"rolemenu:(?P<menu>[0-9]{1,19}):(?P<role>[0-9]{1,20})"):
    """A role of a menu."""

    def __init__(
        self, menu_id: int, role_id: int, *, label: str = "…", emoji: str | None = None, is_gone: bool = False
    ) -> None:
        style = discord.ButtonStyle.secondary
        custom_id = f"rolemenu:{menu_id}:{role_id}"
        super().__init__(Button(label=label, emoji=emoji, style=style, disabled=is_gone, custom_id=custom_id))
        self.menu_id = menu_id
        self.role_id = role_id

    @classmethod
    def read(cls, match: re.Match[str]) -> Self:
        """The button whose id this is."""
        return cls(int(match["menu"]), int(match["role"]))

    async def press(self, interaction: discord.Interaction[Any]) -> None:
        """Give or take this role."""
        await _choose(interaction, self.menu_id, [self.role_id])


class RoleSelect(LastingSelect, template=r"rolemenu:(?P<menu>[0-9]{1,19}):choose"):
    """All roles of a menu."""

    def __init__(
        self, menu_id: int, options: Sequence[discord.SelectOption] = (), *, most: int = 1, placeholder: str = "…"
    ) -> None:
        super().__init__(
            Select(
                custom_id=f"rolemenu:{menu_id}:choose", options=list(options), max_values=most,
                placeholder=placeholder,
            )
        )  # fmt: skip
        self.menu_id = menu_id

    @classmethod
    def read(cls, match: re.Match[str]) -> Self:
        """The selection whose id this is."""
        return cls(int(match["menu"]))

    async def press(self, interaction: discord.Interaction[Any]) -> None:
        """Give and take what was chosen."""
        await _choose(interaction, self.menu_id, [int(value) for value in self.item.values if value.isdecimal()])


async def _choose(interaction: discord.Interaction[Any], menu_id: int, role_ids: list[int]) -> None:
    cog = cast("RoleMenus | None", interaction.client.get_cog("RoleMenus"))
    if cog is None:
        raise UserError(_("Role menus are switched off at the moment."))
    await cog.chosen(interaction, menu_id, role_ids)


def view_of(guild: discord.Guild, menu: RoleMenu) -> View | None:
    """What stands under a menu's message; None for a menu without roles."""
    if not menu.roles:
        return None
    view = View(timeout=None)
    if menu.style == "select":
        view.add_item(_selection(guild, menu))
        return view
    for role in menu.roles:
        is_gone = guild.get_role(role.role_id) is None
        view.add_item(
            RoleButton(menu.id, role.role_id, label=label_of(guild, role), emoji=role.emoji, is_gone=is_gone)
        )
    return view


def _selection(guild: discord.Guild, menu: RoleMenu) -> RoleSelect:
    options = [
        discord.SelectOption(label=label_of(guild, role), value=str(role.role_id), emoji=role.emoji)
        for role in menu.roles
    ]
    one_only = menu.mode == "unique"
    most = 1 if one_only else len(options)
    placeholder = _("Choose a role") if one_only else _("Choose roles")
    return RoleSelect(menu.id, options, most=most, placeholder=placeholder)

"""Role menus as a section of a server's file: by name, the roles and how they are taken."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Any, ClassVar, Final

import discord

from cogs.utility.rolemenus.rules import (
    LONGEST_NAME,
    LONGEST_TEXT,
    MODES,
    MOST_MENUS,
    MOST_ROLES,
    SHORTEST_TIME,
    STYLES,
    label_of,
)
from database.ids import new_id
from database.role_menus import MenuRole, RoleMenu
from utils.converters import parse_text
from utils.emoji import is_emoji
from utils.errors import UserError
from utils.formatting import BUTTON_LABEL_LIMIT, code
from utils.giving_roles import power_names
from utils.i18n import N_, _
from utils.portable import (
    EntryChange,
    Field,
    Section,
    called_twice,
    duration_text,
    each_found,
    role_reference,
    why_not_giving,
    without_nothing,
)
from utils.time import LONGEST, parse_duration

if TYPE_CHECKING:
    from cogs.utility.rolemenus.cog import RoleMenus

PARTS: Final = ("text", "style", "mode", "max", "required", "lasts", "roles")


class RoleMenusSection(Section):
    """Role menus, without the messages that show them: a new one is yet to be posted."""

    name = "role-menus"
    title = N_("Role menus")
    needs: ClassVar[Sequence[str]] = ("manage_guild", "manage_roles")
    most: ClassVar[int] = MOST_MENUS

    def __init__(self, cog: "RoleMenus") -> None:
        self.cog = cog
        self._gone: dict[int, list[RoleMenu]] = {}

    async def export(self, guild: discord.Guild) -> dict[str, Any]:
        """By name, all that is set of each."""
        return {menu.name: _as_plain(guild, menu) for menu in await self.cog.store.of_guild(guild.id)}

    def read(self, key: str, entry: Field) -> Any:
        """One menu."""
        if entry.checked(lambda: parse_text(key, LONGEST_NAME)) != key:
            raise entry.misfit(_("This name can't begin or end with a space, nor hold characters that nobody sees."))
        parts = entry.parts((), PARTS)
        guild = entry.target.guild
        lasts = parts["lasts"].optional_duration(SHORTEST_TIME, LONGEST)
        required = parts["required"].role() if parts["required"].is_given else None
        found = each_found(parts["roles"].items(MOST_ROLES), _read_role)
        menu = RoleMenu(
            0,
            guild.id,
            key,
            parts["text"].checked(lambda: _text_of(parts["text"])),
            parts["style"].one_of(STYLES) if parts["style"].is_given else "buttons",
            parts["mode"].one_of(MODES) if parts["mode"].is_given else "toggle",
            parts["max"].optional_whole(0, MOST_ROLES) or 0,
            None if required is None or required.is_default() else required.id,
            None if lasts is None else int(lasts.total_seconds()),
            roles=tuple({one.role_id: one for one in found}.values()),
        )
        return _as_plain(guild, menu)

    def allowed(self, change: EntryChange, member: discord.Member) -> str | None:
        """Nobody has roles given away that they may not give themselves."""
        new, old = (change.new or {}).get("roles", ()), (change.old or {}).get("roles", ())
        return why_not_giving(member.guild, member, [one["role"]["id"] for one in new if one not in old])

    def clash(self, entries: Mapping[str, Any]) -> str | None:
        """A name means one menu, whatever its case."""
        return called_twice(key.casefold() for key in entries)

    async def write(self, guild: discord.Guild, changes: Sequence[EntryChange], by: int, import_id: int) -> None:
        """Store them: first what goes, so that there is room. Raises `UserError`."""
        store = self.cog.store
        present = {menu.name: menu for menu in await store.of_guild(guild.id)}
        self._gone[guild.id] = [present[one.key] for one in changes if one.new is None and one.key in present]
        for menu in self._gone[guild.id]:
            await store.remove(menu.id)
        for change in changes:
            if change.new is None:
                continue
            known = present.get(change.key)
            menu = _from_plain(guild, change.key, change.new, new_id() if known is None else known.id)
            if known is None:
                if not await store.create(menu, MOST_MENUS):
                    raise UserError(_("There is a role menu {name} already.").format(name=code(change.key)))
                continue
            await store.change(menu)
            for role in known.roles:  # all of them: the order may be another one
                await store.remove_role(menu.id, role.role_id)
            for role in menu.roles:
                await store.put_role(menu.id, role, MOST_ROLES)

    async def written(self, guild: discord.Guild, changes: Sequence[EntryChange], by: int) -> None:
        """Show them as they are now; that goes on by itself."""
        self.cog.spawn(self._show(guild, {one.key for one in changes}, self._gone.pop(guild.id, [])))

    async def _show(self, guild: discord.Guild, names: set[str], gone: list[RoleMenu]) -> None:
        for menu in gone:
            await self.cog.board.take_down(guild, menu)
        for menu in await self.cog.store.of_guild(guild.id):
            if menu.name in names:
                await self.cog.board.refresh(guild, menu)


def _text_of(field: Field) -> str | None:
    return None if not field.is_given else parse_text(field.text(LONGEST_TEXT), LONGEST_TEXT)


def _read_role(field: Field) -> MenuRole:
    parts = field.parts(("role",), ("label", "emoji", "powers"))
    emoji = parts["emoji"].optional_text(BUTTON_LABEL_LIMIT)
    if emoji is not None and not is_emoji(emoji):
        raise parts["emoji"].misfit(_("This isn't an emoji."))
    role = parts["role"].role()
    label = label_of(parts["label"].optional_text(BUTTON_LABEL_LIMIT) or role.name)
    return MenuRole(role.id, label, emoji, parts["powers"].powers())


def _as_plain(guild: discord.Guild, menu: RoleMenu) -> dict[str, Any]:
    return without_nothing({
        "text": menu.text,
        "style": menu.style,
        "mode": menu.mode,
        "max": menu.most or None,
        "required": None if menu.required_role_id is None else role_reference(guild, menu.required_role_id),
        "lasts": None if menu.seconds is None else duration_text(timedelta(seconds=menu.seconds)),
        "roles": [_role_as_plain(guild, one) for one in menu.roles],
    })  # fmt: skip


def _role_as_plain(guild: discord.Guild, one: MenuRole) -> dict[str, Any]:
    """A role; its label is left out where it is the role's name, so that it stays so."""
    role = guild.get_role(one.role_id)
    own_label = one.label if role is None or label_of(role.name) != one.label else None
    return without_nothing({
        "role": role_reference(guild, one.role_id),
        "label": own_label,
        "emoji": one.emoji,
        "powers": power_names(one.powers),
    })  # fmt: skip


def _from_plain(guild: discord.Guild, name: str, plain: dict[str, Any], menu_id: int) -> RoleMenu:
    roles = []
    for one in plain.get("roles", ()):
        role = guild.get_role(one["role"]["id"])
        label = one.get("label") or label_of(role.name if role else str(one["role"]["id"]))
        powers = discord.Permissions(**dict.fromkeys(one.get("powers", ()), True)).value
        roles.append(MenuRole(one["role"]["id"], label, one.get("emoji"), powers))
    return RoleMenu(
        menu_id,
        guild.id,
        name,
        plain.get("text"),
        plain["style"],
        plain["mode"],
        plain.get("max", 0),
        plain["required"]["id"] if "required" in plain else None,
        int(parse_duration(plain["lasts"]).total_seconds()) if "lasts" in plain else None,
        roles=tuple(roles),
    )

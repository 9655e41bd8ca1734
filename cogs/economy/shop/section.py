"""What is sold, as a section of a server's file: by name, without codes and without who has what."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar, Final

import discord

from cogs.economy.shop import fields
from cogs.economy.shop.rules import MOST_ITEMS
from database.economy import MOST_COINS
from database.shop import ShopItem, ShopStore, name_key
from utils.converters import parse_text
from utils.errors import UserError
from utils.formatting import code
from utils.giving_roles import power_names
from utils.i18n import N_, _
from utils.portable import (
    EntryChange,
    Field,
    Section,
    called_twice,
    optional_duration_text,
    role_reference,
    why_not_giving,
    without_nothing,
)
from utils.time import LONGEST, parse_duration

ALWAYS: Final = (
    "description", "limit", "needed-role", "needed-level", "needed-balance", "from", "until",
)  # fmt: skip
"""What items of every kind may have."""
NEEDED: Final[dict[str, tuple[str, ...]]] = {
    "role": ("role",), "text": (), "code": (), "boost": ("percent", "duration"), "collectable": (),
}  # fmt: skip
OPTIONAL: Final[dict[str, tuple[str, ...]]] = {
    "role": ("stock", "powers", "duration", "keep"), "text": ("stock", "text"), "code": (), "boost": ("stock",),
    "collectable": ("stock",),
}  # fmt: skip

MOST_COMPARED: Final = 20
"""Items of one name that were taken out of the shop."""


class ShopSection(Section):
    """What the shop sells. A new item that sells codes has none yet."""

    name = "shop"
    title = N_("Shop")
    needs: ClassVar[Sequence[str]] = ("manage_guild", "manage_roles")
    most: ClassVar[int] = MOST_ITEMS
    secret = ("text",)

    def __init__(self, store: ShopStore) -> None:
        self.store = store

    async def export(self, guild: discord.Guild) -> dict[str, Any]:
        """By name, all that is set of each item."""
        items = sorted(await self.store.on_sale(guild.id), key=lambda item: item.name)
        return {item.name: _as_plain(guild, item) for item in items}

    def read(self, key: str, entry: Field) -> Any:
        """One item."""
        if entry.checked(lambda: fields.read_name(key)) != key:
            raise entry.misfit(_("This name can't begin or end with a space, nor hold characters that nobody sees."))
        found = entry.entries()
        kind = found["kind"].one_of(tuple(NEEDED)) if "kind" in found else ""
        if not kind:
            raise entry.misfit(_("The part {name} is missing.").format(name=code("kind")))
        parts = entry.parts(("kind", "price", *NEEDED[kind]), (*ALWAYS, *OPTIONAL[kind]))
        return _as_plain(entry.target.guild, _read(key, kind, parts, entry))

    def allowed(self, change: EntryChange, member: discord.Member) -> str | None:
        """Nobody has roles sold that they may not give themselves."""
        if change.new is None or "role" not in change.new:
            return None
        same = change.old is not None and all(
            change.old.get(part) == change.new.get(part) for part in ("role", "powers")
        )
        return None if same else why_not_giving(member.guild, member, [change.new["role"]["id"]])

    def clash(self, entries: Mapping[str, Any]) -> str | None:
        """A name means one item, whatever its case and spaces."""
        return called_twice(name_key(key) for key in entries)

    async def write(self, guild: discord.Guild, changes: Sequence[EntryChange], by: int, import_id: int) -> None:
        """Store them: first what goes, so that its names are free. Raises `UserError`.

        An item keeps its number as long as it is of the same kind: members have it by that. One that was taken out
        and comes back as it was is the same again, with its codes, such as when an import is taken back.
        """
        present = {item.name: item for item in await self.store.on_sale(guild.id)}
        for change in changes:
            item = present.get(change.key)
            if item is not None and (change.new is None or change.new["kind"] != item.kind):
                await self.store.remove(guild.id, item.number, discord.utils.utcnow())
                del present[change.key]
        for change in changes:
            if change.new is None:
                continue
            wanted = _from_plain(guild.id, change.key, change.new)
            known = present.get(change.key)
            if known is not None:
                await self.store.change(guild.id, known.number, _columns(wanted))
            elif not await self._put_back(guild, change) and await self.store.add(wanted) is None:
                raise UserError(
                    _("There is something called {item} in the shop already.").format(item=code(change.key))
                )

    async def _put_back(self, guild: discord.Guild, change: EntryChange) -> bool:
        """Sell what was taken out as it is to be; False if there is no such item."""
        for item in await self.store.removed(guild.id, change.key, MOST_COMPARED):
            if item.name == change.key and _as_plain(guild, item) == change.new:
                return await self.store.put_back(guild.id, item.number)
        return False


def _read(name: str, kind: Any, parts: dict[str, Field], entry: Field) -> ShopItem:
    def part(key: str, read: Callable[[Field], Any]) -> Any:
        """What a part says, if an item of this kind may have it and it is given."""
        return read(parts[key]) if key in parts and parts[key].is_given else None

    def text_of(longest: int) -> Callable[[Field], str]:
        return lambda field: field.checked(lambda: parse_text(field.text(longest), longest))

    begins, ends = part("from", Field.moment), part("until", Field.moment)
    if begins is not None and ends is not None and ends <= begins:
        raise entry.misfit(_("It would end before it begins."))
    pieces = fields.MOST_PIECES
    return ShopItem(
        entry.target.guild.id,
        kind,
        name,
        parts["price"].whole(0, MOST_COINS),
        description=part("description", text_of(fields.LONGEST_DESCRIPTION)),
        stock=part("stock", lambda field: field.whole(0, pieces)),
        per_person=part("limit", lambda field: field.whole(1, pieces)),
        role_id=part("role", _sold_role),
        accepted_permissions=part("powers", Field.powers) or 0,
        kept=part("keep", Field.switch) or False,
        lasts=part("duration", lambda field: field.duration(fields.SHORTEST, LONGEST)),
        percent=part("percent", lambda field: field.whole(1, fields.MOST_PERCENT)),
        content=part("text", text_of(fields.LONGEST_TEXT)),
        needed_role_id=part("needed-role", lambda field: field.role().id),
        needed_level=part("needed-level", lambda field: field.whole(1, fields.MOST_LEVEL)),
        needed_balance=part("needed-balance", lambda field: field.whole(1, MOST_COINS)),
        sold_from=begins,
        sold_until=ends,
    )


def _sold_role(field: Field) -> int:
    role = field.role()
    if role.is_default():
        raise field.misfit(_("Everybody has this role anyway."))
    return role.id


def _as_plain(guild: discord.Guild, item: ShopItem) -> dict[str, Any]:
    """An item; what its kind can't have is left out, such as how many codes are left."""
    plain = without_nothing({
        "kind": item.kind,
        "price": item.price,
        "description": item.description,
        "role": None if item.role_id is None else role_reference(guild, item.role_id),
        "powers": power_names(item.accepted_permissions),
        "keep": item.kept,
        "duration": optional_duration_text(item.lasts),
        "percent": item.percent,
        "text": item.content,
        "stock": item.stock,
        "limit": item.per_person,
        "needed-role": None if item.needed_role_id is None else role_reference(guild, item.needed_role_id),
        "needed-level": item.needed_level,
        "needed-balance": item.needed_balance,
        "from": None if item.sold_from is None else item.sold_from.isoformat(),
        "until": None if item.sold_until is None else item.sold_until.isoformat(),
    })  # fmt: skip
    known = {"kind", "price", *NEEDED[item.kind], *ALWAYS, *OPTIONAL[item.kind]}
    return {name: value for name, value in plain.items() if name in known}


def _from_plain(guild_id: int, name: str, plain: dict[str, Any]) -> ShopItem:
    kind = plain["kind"]
    return ShopItem(
        guild_id,
        kind,
        name,
        plain["price"],
        description=plain.get("description"),
        stock=0 if kind == "code" else plain.get("stock"),
        per_person=plain.get("limit"),
        role_id=plain["role"]["id"] if "role" in plain else None,
        accepted_permissions=discord.Permissions(**dict.fromkeys(plain.get("powers", ()), True)).value,
        kept=plain.get("keep", False),
        lasts=parse_duration(plain["duration"]) if "duration" in plain else None,
        percent=plain.get("percent"),
        content=plain.get("text"),
        needed_role_id=plain["needed-role"]["id"] if "needed-role" in plain else None,
        needed_level=plain.get("needed-level"),
        needed_balance=plain.get("needed-balance"),
        sold_from=discord.utils.parse_time(plain["from"]) if "from" in plain else None,
        sold_until=discord.utils.parse_time(plain["until"]) if "until" in plain else None,
    )


def _columns(item: ShopItem) -> dict[str, Any]:
    """What is set anew of an item that is there; how many codes are left isn't."""
    names = (
        "price", "description", "stock", "per_person", "role_id", "accepted_permissions", "kept", "lasts", "percent",
        "content", "needed_role_id", "needed_level", "needed_balance", "sold_from", "sold_until",
    )  # fmt: skip
    return {name: getattr(item, name) for name in names if name != "stock" or item.kind != "code"}

"""Multipliers as a section of a server's file: for the server, for channels and for roles."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Final

import discord

from cogs.leveling.multipliers import MOST_PERCENT, Multipliers
from cogs.leveling.multiplying.rules import MOST_IN_A_GUILD
from cogs.leveling.settings import CHANNELS
from database.xp_multipliers import Kind, XpMultiplier
from utils.i18n import N_, _, format_number
from utils.portable import (
    EntryChange,
    Field,
    Section,
    channel_reference,
    each_found,
    role_reference,
    without_nothing,
)

KINDS: Final[dict[str, Kind]] = {"server": "server", "channels": "channel", "roles": "role"}


class MultipliersSection(Section):
    """How much more or less XP counts where and for whom; what has ended is left out."""

    name = "xp-multipliers"
    title = N_("XP multipliers")
    most: ClassVar[int] = len(KINDS)

    def __init__(self, multipliers: Multipliers) -> None:
        self.multipliers = multipliers

    async def export(self, guild: discord.Guild) -> dict[str, Any]:
        """By kind, all that hold."""
        held = self.multipliers.of_guild(guild.id, discord.utils.utcnow())
        found = {name: [_as_plain(guild, one) for one in held if one.kind == kind] for name, kind in KINDS.items()}
        return {name: sorted(plain, key=_order) for name, plain in found.items() if plain}

    def read(self, key: str, entry: Field) -> Any:
        """Those of one kind that haven't ended."""
        if key not in KINDS:
            raise entry.misfit(_("There are only `server`, `channels` and `roles`."))
        most = 1 if key == "server" else MOST_IN_A_GUILD
        found = each_found(entry.items(most), lambda one: _read(KINDS[key], one))
        running = [plain for plain, is_over in found if not is_over]
        return sorted({_target(plain): plain for plain in running}.values(), key=_order)

    def clash(self, entries: Mapping[str, Any]) -> str | None:
        """A server has so many at most."""
        if sum(map(len, entries.values())) <= MOST_IN_A_GUILD:
            return None
        return _("That's enough: there may be {most} multipliers. Remove one first.").format(
            most=format_number(MOST_IN_A_GUILD)
        )

    async def write(self, guild: discord.Guild, changes: Sequence[EntryChange], by: int, import_id: int) -> None:
        """Store them."""
        for change in changes:
            kind = KINDS[change.key]
            wanted = {_target(plain): plain for plain in change.new or ()}
            for plain in change.old or ():
                if _target(plain) not in wanted:
                    await self.multipliers.store.remove(guild.id, kind, _target(plain))
            for target_id, plain in wanted.items():
                until = plain.get("until")
                ends_at = None if until is None else discord.utils.parse_time(until)
                await self.multipliers.store.put(XpMultiplier(guild.id, kind, target_id, plain["percent"], ends_at))

    async def written(self, guild: discord.Guild, changes: Sequence[EntryChange], by: int) -> None:
        """Read them again."""
        await self.multipliers.load_guild(guild.id)


def _read(kind: Kind, field: Field) -> tuple[dict[str, Any], bool]:
    """One, and whether it is over."""
    of = () if kind == "server" else (kind,)
    parts = field.parts((*of, "percent"), ("until",))
    plain: dict[str, Any] = {}
    if kind == "channel":
        plain["channel"] = channel_reference(field.target.guild, parts[kind].channel(CHANNELS).id)
    elif kind == "role":
        plain["role"] = role_reference(field.target.guild, parts[kind].role().id)
    until = parts["until"].optional_moment()
    plain |= {
        "percent": parts["percent"].whole(0, MOST_PERCENT),
        "until": None if until is None else until.isoformat(),
    }
    return without_nothing(plain), until is not None and until <= discord.utils.utcnow()


def _as_plain(guild: discord.Guild, one: XpMultiplier) -> dict[str, Any]:
    plain: dict[str, Any] = {}
    if one.kind == "channel":
        plain["channel"] = channel_reference(guild, one.target_id)
    elif one.kind == "role":
        plain["role"] = role_reference(guild, one.target_id)
    plain |= {"percent": one.percent, "until": None if one.ends_at is None else one.ends_at.isoformat()}
    return without_nothing(plain)


def _reference(plain: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = plain.get("channel") or plain.get("role") or {"id": 0}
    return found


def _target(plain: dict[str, Any]) -> int:
    target_id: int = _reference(plain)["id"]
    return target_id


def _order(plain: dict[str, Any]) -> tuple[str, int]:
    return _reference(plain).get("name", ""), _target(plain)

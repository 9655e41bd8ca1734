"""Roles for newcomers as a section of a server's file: for people, and for bots."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Any, ClassVar, Final

import discord

from cogs.utility.autoroles.rules import LONGEST_DELAY, MOST_ROLES
from database.auto_roles import AutoRole
from utils.errors import UserError
from utils.giving_roles import power_names
from utils.i18n import N_, _, format_number
from utils.portable import (
    EntryChange,
    Field,
    Section,
    duration_text,
    each_found,
    role_reference,
    why_not_giving,
    without_nothing,
)
from utils.time import parse_duration

if TYPE_CHECKING:
    from cogs.utility.autoroles.cog import AutoRoles

FOR: Final = {"people": False, "bots": True}


class AutoRolesSection(Section):
    """Roles that everybody gets who joins."""

    name = "autoroles"
    title = N_("Roles for newcomers")
    needs: ClassVar[Sequence[str]] = ("manage_guild", "manage_roles")
    most: ClassVar[int] = len(FOR)

    def __init__(self, cog: "AutoRoles") -> None:
        self.cog = cog

    async def export(self, guild: discord.Guild) -> dict[str, Any]:
        """Those for people, and those for bots."""
        held = self.cog.of_guild(guild.id)
        found = {
            name: [
                _as_plain(guild, one.role_id, one.delay_seconds, one.powers) for one in held if one.for_bots == bots
            ]
            for name, bots in FOR.items()
        }
        return {name: sorted(plain, key=_order) for name, plain in found.items() if plain}

    def read(self, key: str, entry: Field) -> Any:
        """Those for people, or those for bots."""
        if key not in FOR:
            raise entry.misfit(_("There are only `people` and `bots`."))
        found = each_found(entry.items(MOST_ROLES), _read)
        return sorted({one["role"]["id"]: one for one in found}.values(), key=_order)

    def allowed(self, change: EntryChange, member: discord.Member) -> str | None:
        """Nobody has roles given away that they may not give themselves."""
        return why_not_giving(member.guild, member, [one["role"]["id"] for one in change.added])

    def clash(self, entries: Mapping[str, Any]) -> str | None:
        """A server has so many at most, for people and bots together."""
        return None if sum(map(len, entries.values())) <= MOST_ROLES else _too_many()

    async def write(self, guild: discord.Guild, changes: Sequence[EntryChange], by: int, import_id: int) -> None:
        """Store them. Raises `UserError` if they are too many."""
        wanted = {
            (one.role_id, one.for_bots): one
            for one in self.cog.of_guild(guild.id)
            if one.for_bots not in {FOR[change.key] for change in changes}
        }
        for change in changes:
            for plain in change.new or ():
                delay = parse_duration(plain["delay"]) if "delay" in plain else timedelta(0)
                powers = discord.Permissions(**dict.fromkeys(plain.get("powers", ()), True)).value
                one = AutoRole(guild.id, plain["role"]["id"], FOR[change.key], int(delay.total_seconds()), powers)
                wanted[one.role_id, one.for_bots] = one
        for role_id in {one.role_id for one in self.cog.of_guild(guild.id)}:
            await self.cog.store.remove(guild.id, role_id)
        for one in wanted.values():
            if not await self.cog.store.put(one, MOST_ROLES):
                raise UserError(_too_many())

    async def written(self, guild: discord.Guild, changes: Sequence[EntryChange], by: int) -> None:
        """Read them again."""
        await self.cog.load_guild(guild.id)


def _too_many() -> str:
    return _("That's enough: {most} roles at most.").format(most=format_number(MOST_ROLES))


def _read(field: Field) -> dict[str, Any]:
    parts = field.parts(("role",), ("delay", "powers"))
    delay = parts["delay"].optional_duration(timedelta(0), LONGEST_DELAY) or timedelta(0)
    role = parts["role"].role()
    return _as_plain(field.target.guild, role.id, int(delay.total_seconds()), parts["powers"].powers())


def _as_plain(guild: discord.Guild, role_id: int, delay_seconds: int, powers: int) -> dict[str, Any]:
    delay = duration_text(timedelta(seconds=delay_seconds)) if delay_seconds else None
    return without_nothing({"role": role_reference(guild, role_id), "delay": delay, "powers": power_names(powers)})


def _order(plain: dict[str, Any]) -> tuple[str, int]:
    return plain["role"].get("name", ""), plain["role"]["id"]

"""Roles for levels as a section of a server's file: by level, the roles that it brings."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

import discord

from cogs.leveling.rewards.rules import MOST_REWARDS
from database.level_rewards import EVERYBODY, Reward
from utils.errors import UserError
from utils.formatting import code
from utils.giving_roles import power_names
from utils.i18n import N_, _
from utils.portable import EntryChange, Field, Section, each_found, role_reference, why_not_giving, without_nothing

if TYPE_CHECKING:
    from cogs.leveling.rewards.cog import Rewards


class RewardsSection(Section):
    """Roles for levels."""

    name = "level-rewards"
    title = N_("Roles for levels")
    needs: ClassVar[Sequence[str]] = ("manage_guild", "manage_roles")
    most: ClassVar[int] = MOST_REWARDS

    def __init__(self, cog: "Rewards") -> None:
        self.cog = cog

    async def export(self, guild: discord.Guild) -> dict[str, Any]:
        """By level, what it brings."""
        found: dict[int, list[dict[str, Any]]] = {}
        for one in self.cog.roles.of_guild(guild.id):
            found.setdefault(one.level, []).append(_as_plain(guild, one.role_id, one.powers))
        return {str(level): sorted(found[level], key=_order) for level in sorted(found)}

    def read(self, key: str, entry: Field) -> Any:
        """What one level brings."""
        highest = self.cog.leveling.curve(entry.target.guild.id).highest
        if not key.isascii() or not key.isdecimal() or str(int(key)) != key or not 1 <= int(key) <= highest:
            raise entry.misfit(_("Levels go from 1 to {highest}.").format(highest=highest))
        found = each_found(entry.items(MOST_REWARDS), _read)
        return sorted({one["role"]["id"]: one for one in found}.values(), key=_order)

    def allowed(self, change: EntryChange, member: discord.Member) -> str | None:
        """Nobody has roles given away that they may not give themselves."""
        return why_not_giving(member.guild, member, [one["role"]["id"] for one in change.added])

    def clash(self, entries: Mapping[str, Any]) -> str | None:
        """A role belongs to one level, and so many roles to levels at most."""
        roles = [one["role"] for brought in entries.values() for one in brought]
        seen = set()
        for role in roles:
            if role["id"] in seen:
                name = code(role.get("name", str(role["id"])))
                return _("The role {role} can belong to one level only.").format(role=name)
            seen.add(role["id"])
        return None if len(roles) <= MOST_REWARDS else _too_many()

    async def write(self, guild: discord.Guild, changes: Sequence[EntryChange], by: int, import_id: int) -> None:
        """Store them, and that everybody's roles are to be looked at. Raises `UserError`."""
        wanted: dict[int, Reward] = {}
        for change in changes:
            for one in change.new or ():
                role_id = one["role"]["id"]
                powers = discord.Permissions(**dict.fromkeys(one.get("powers", ()), True)).value
                wanted[role_id] = Reward(guild.id, role_id, int(change.key), powers)
        for change in changes:
            for one in change.old or ():
                if one["role"]["id"] not in wanted:
                    await self.cog.roles.store.remove(guild.id, one["role"]["id"])
        for reward in wanted.values():
            if not await self.cog.roles.store.put(reward, MOST_REWARDS):
                raise UserError(_too_many())
        await self.cog.dues.put(guild.id, [EVERYBODY])

    async def written(self, guild: discord.Guild, changes: Sequence[EntryChange], by: int) -> None:
        """Read them again, and look at everybody's roles."""
        await self.cog.roles.load_guild(guild.id)
        await self.cog.look_at(guild.id, EVERYBODY)


def _too_many() -> str:
    return _("That's enough: {most} roles may belong to levels. Remove one first.").format(most=MOST_REWARDS)


def _read(field: Field) -> dict[str, Any]:
    parts = field.parts(("role",), ("powers",))
    return _as_plain(field.target.guild, parts["role"].role().id, parts["powers"].powers())


def _as_plain(guild: discord.Guild, role_id: int, powers: int) -> dict[str, Any]:
    return without_nothing({"role": role_reference(guild, role_id), "powers": power_names(powers)})


def _order(plain: dict[str, Any]) -> tuple[str, int]:
    return plain["role"].get("name", ""), plain["role"]["id"]

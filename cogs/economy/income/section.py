"""Roles that pay coins as a section of a server's file."""

from collections.abc import Sequence
from typing import Any, ClassVar

import discord

from cogs.economy.income.rules import LONGEST_WAIT, MOST_ROLES, SHORTEST_WAIT
from cogs.economy.income.settings import MOST_PAID
from database.income import RoleIncome, RoleIncomeStore
from utils.i18n import N_, _
from utils.portable import EntryChange, Field, Section, duration_text, each_found, role_reference
from utils.time import parse_duration

ROLES = "roles"
"""The one entry: roles have no names that are theirs alone."""


class RoleIncomeSection(Section):
    """What roles pay to whoever has them."""

    name = "role-incomes"
    title = N_("Role income")
    most: ClassVar[int] = 1

    def __init__(self, store: RoleIncomeStore) -> None:
        self.store = store

    async def export(self, guild: discord.Guild) -> dict[str, Any]:
        """All of them."""
        found = [_as_plain(guild, one) for one in await self.store.all(guild.id)]
        return {ROLES: sorted(found, key=_order)} if found else {}

    def read(self, key: str, entry: Field) -> Any:
        """All of them, each role once."""
        if key != ROLES:
            raise entry.misfit(_("There is only `roles`, with a list."))
        found = each_found(entry.items(MOST_ROLES), _read)
        return sorted({one["role"]["id"]: one for one in found}.values(), key=_order)

    async def write(self, guild: discord.Guild, changes: Sequence[EntryChange], by: int, import_id: int) -> None:
        """Store them."""
        for change in changes:
            wanted = {one["role"]["id"]: one for one in change.new or ()}
            for income in await self.store.all(guild.id):
                if income.role_id not in wanted:
                    await self.store.remove(guild.id, income.role_id)
            for role_id, one in wanted.items():
                await self.store.put(guild.id, RoleIncome(role_id, one["coins"], parse_duration(one["every"])))


def _read(field: Field) -> dict[str, Any]:
    parts = field.parts(("role", "coins", "every"))
    coins = parts["coins"].whole(1, MOST_PAID)
    every = parts["every"].duration(SHORTEST_WAIT, LONGEST_WAIT)
    return _as_plain(field.target.guild, RoleIncome(parts["role"].role().id, coins, every))


def _as_plain(guild: discord.Guild, one: RoleIncome) -> dict[str, Any]:
    return {"role": role_reference(guild, one.role_id), "coins": one.amount, "every": duration_text(one.every)}


def _order(plain: dict[str, Any]) -> tuple[str, int]:
    return plain["role"].get("name", ""), plain["role"]["id"]

"""Every table with somebody's id, or a server's, is declared by a feature: else nobody could have it deleted."""

import re

import discord

from database.personal_data import ErasureRequest, Pending
from database.personal_tables import Erasure, Table
from database.schema import Shape, shapes
from tests.support.town import Town
from utils.privacy import by_feature, declared_tables, guild_data_of, store_of

PERSON = re.compile(
    r"(^|_)(user|owner|author|target|moderator|reporter|opener|host|winner|actor|counterparty|challenger|first|second)"
    r"(_id)$|_by$"
)
"""What columns with a person's id are called."""
NO_PERSON = {
    # What a row is about, and no person.
    ("xp_multipliers", "target_id"),
    # Which part of the bot removed it.
    ("removed_messages", "removed_by"),
}  # fmt: skip
OF_NOBODY = {"schema_migrations"}


def people_in(name: str, shape: Shape) -> set[str]:
    return {column for column in shape.columns if PERSON.search(column) and (name, column) not in NO_PERSON}


async def test_every_table_with_an_id_is_declared(town: Town):
    found = await shapes(town.db)
    declared: dict[str, Table] = {}
    for table in declared_tables(town.bot):
        assert table.name not in declared, f"{table.name} is declared twice"
        declared[table.name] = table
    assert set(declared) <= set(found), "tables that don't exist"
    for name, shape in found.items():
        if name in OF_NOBODY:
            continue
        people, guild = people_in(name, shape), "guild_id" in shape.columns
        assert name in declared or not (people or guild), f"no feature says what it stores in {name}"
        if name in declared:
            check(declared[name], shape, people, found)


def check(table: Table, shape: Shape, people: set[str], found: dict[str, Shape]) -> None:
    """The declaration names every column that it has to, and none that isn't there."""
    named = {person.column for person in table.people}
    assert people <= named, f"{table.name} doesn't say what becomes of {people - named}"
    blanked = {column for person in table.people for column, _ in person.blanked}
    waiting = {person.stays_while.column for person in table.people if person.stays_while is not None}
    assert named | blanked | waiting | set(table.hidden) <= set(shape.columns), table.name
    assert (table.guild in shape.columns) if table.guild else ("guild_id" not in shape.columns), table.name
    assert (table.timer == "timer_id") == ("timer_id" in shape.columns), f"{table.name} has a timer"
    assert shape.key, f"{table.name} can't be deleted in pieces"
    if table.parent is not None:
        assert table.parent.column in shape.columns
        assert {table.parent.key, table.parent.guild} <= set(found[table.parent.table].columns)
    if not table.people and table.guild is None:
        assert table.parent is not None, f"{table.name} is about nobody"


async def test_erasers_are_declared_with_what_they_erase(town: Town):
    assert sorted(by_feature(town.bot)) == town.bot.features.available()
    for declared in by_feature(town.bot).values():
        for one in declared:
            own = {table.name for table in one.tables for p in table.people if p.erased is Erasure.OWN}
            assert one.erasers or own <= {"timers"}, own


async def test_the_statements_fit_the_tables(town: Town):
    """All that is made from the declarations runs on this engine, for somebody and a server nothing is known of."""
    store, now = store_of(town.bot), discord.utils.utcnow()
    for guild_id in (None, 3):
        assert await store.export(1, guild_id) == {}
        assert await store.counts(1, guild_id) == {}
        request = ErasureRequest(1, 2, now, now, guild_id)
        assert not await store.erase(request)
        assert not await store.finish(Pending(1, guild_id, 2, now, strict=False), now)
    guilds = await guild_data_of(town.bot)
    assert await guilds.delete_some(3) == 0
    await guilds.guilds()

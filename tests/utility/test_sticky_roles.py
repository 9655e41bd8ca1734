"""Roles that stay with who leaves and comes back."""

from datetime import UTC, datetime, timedelta

import discord
import pytest

from database.sticky_roles import Known, StickyRolesStore
from tests.support.town import Town

GIVE = ("PUT", "/guilds/*/members/*/roles/*")


async def test_roles_are_stored(db):
    store, now = StickyRolesStore(db), datetime(2026, 1, 1, tzinfo=UTC)
    later = now + timedelta(days=1)
    await store.see(1, {7: [12, 11], 8: []}, now)
    assert await store.get(1, 7) == Known(frozenset({11, 12}), now)
    await store.take(1, 7, 12)
    await store.take(1, 9, 12)
    assert await store.get(1, 7) == Known(frozenset({11}), now)
    await store.leave(1, 7, [11], later)
    await store.see(1, {7: []}, later)  # noted before they left, written after it
    assert await store.get(1, 7) == Known(frozenset({11}), now, later)
    assert await store.left(1) == {7: later}
    await store.forget_left_before(1, later)
    assert await store.get(1, 7) is not None
    await store.forget_left_before(1, later + timedelta(seconds=1))
    assert await store.get(1, 7) is None
    await store.forget(1, 8)
    await store.see(1, {9: [1]}, now)
    await store.forget_guild(1)
    assert await store.get(1, 8) is None is await store.get(1, 9)


@pytest.fixture
async def roles(town: Town):
    """Sticky roles are on; there are harmless roles, and a powerful one."""
    for name in ("Red", "Blue", "Green", "Jailed"):
        town.role(name)
    town.role("Helper", permissions=discord.Permissions(kick_members=True))
    for name in ("Red", "Blue", "Helper"):
        await town.give_role(town.ann, name)
    await town.says(town.owner, "!config set jail-role Jailed")
    assert "is on now" in await town.says(town.admin, "!config set sticky-roles on")
    await town.wait(seconds=10)


async def comes_back(town: Town, who, **after: float) -> None:
    await town.leave(who)
    await town.wait(**(after or {"minutes": 5}))
    await town.join(who)
    await town.wait(minutes=3)


async def test_who_comes_back_gets_their_roles(town: Town, roles):
    await comes_back(town, town.ann)  # who never said a word
    assert town.ann.role_names == {"Red", "Blue"}
    assert "They had it before" in town.guild.audit_log[-1].reason
    await town.give_role(town.ann, "Green")
    await town.says(town.ann, "hello")
    await town.says(town.admin, "!config set sticky-roles-except Blue")
    town.refuse(*GIVE, status=502)
    await town.restart(clean=True)
    await comes_back(town, town.ann)
    assert town.ann.role_names == {"Red", "Green"}
    await town.says(town.owner, "!levels reward add 5 Green")
    await comes_back(town, town.ann)
    assert town.ann.role_names == {"Red"}  # her level gives the other one, if it does
    await comes_back(town, town.ann, days=31)
    assert town.ann.role_names == set()
    await town.give_role(town.ann, "Red")
    await town.says(town.ann, "hello")
    await town.wait(minutes=1)
    await town.leave(town.ann)
    await town.wait(minutes=1)
    with town.not_listening():
        await town.join(town.ann)
    await town.restart()
    await town.wait(minutes=3)
    assert town.ann.role_names == {"Red"}
    await town.says(town.admin, "!config set sticky-roles off")
    assert await town.db.fetchval("SELECT COUNT(*) FROM sticky_roles") == 0


async def test_what_moderation_took_stays_away(town: Town, roles):
    await town.says(town.admin, "!role remove @ann Blue")
    await comes_back(town, town.ann)
    assert town.ann.role_names == {"Red"}
    await town.acts_in_client(town.admin, "take-role", town.ann, role=town.guild.role("Red"))
    await comes_back(town, town.ann)
    assert town.ann.role_names == set()
    await town.give_role(town.ann, "Red")
    await town.says(town.ann, "hello")
    await town.wait(minutes=1)
    await town.says(town.admin, "!jail @ann")
    await town.says(town.ann, "let me out")
    await town.wait(minutes=1)
    count = len(town.guild.audit_log)
    await comes_back(town, town.ann)
    assert town.ann.role_names == {"Jailed"}
    assert not [one for one in town.guild.audit_log[count:] if "They had it" in (one.reason or "")]
    await town.says(town.admin, "!unjail @ann")
    assert "Jailed" not in town.ann.role_names
    await town.give_role(town.ann, "Red")
    await town.says(town.ann, "hello again")
    await town.wait(minutes=1)
    await town.says(town.admin, "!jail @ann 10m")
    await town.says(town.ann, "let me out again")
    await town.wait(minutes=1)
    await comes_back(town, town.ann, hours=1)  # the jail has ended meanwhile
    assert town.ann.role_names == {"Red"}
    await town.give_role(town.bob, "Green")
    await town.says(town.bob, "hello")
    await town.wait(minutes=1)
    await town.says(town.admin, "!kick @bob")
    await town.wait(minutes=1)
    await town.join(town.bob)
    await town.wait(minutes=3)
    assert town.bob.role_names == set()

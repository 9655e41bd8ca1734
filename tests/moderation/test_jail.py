"""Jail: roles taken, kept in mind, and given back."""

from datetime import timedelta

import pytest

from database.moderation import CasesStore, SanctionsStore


@pytest.fixture
async def jail(town):
    """The role of jailed people, as it is set."""
    role = town.role("Jailed")
    await town.says(town.owner, f"!config set jail-role {role.mention}")
    return role


@pytest.fixture
def cat(town):
    """Somebody with roles."""
    town.role("Artist")
    return town.member("cat", roles=["Member", "Artist"])


async def case(town, number: int):
    return await CasesStore(town.db).get(town.guild.id, number)


async def test_jail_and_unjail(town, jail, cat):
    answer = await town.says(town.moderator, f"!jail {cat.mention} we need to talk")
    assert answer == f"Jailed {cat.mention}. Case **1**."
    assert cat.role_names == {"Jailed"}
    before = (await case(town, 1)).state_before
    assert set(before["roles"]) == {town.role("Member").id, town.role("Artist").id}
    assert "in jail already" in await town.says(town.moderator, f"!jail {cat.mention}")
    assert town.last(cat).startswith("You were jailed in **Town**.")
    await town.give_role(cat, town.role("Guest"))
    answer = await town.says(town.moderator, f"!unjail {cat.mention}")
    assert answer == f"Let {cat.mention} out of jail. Case **2**."
    assert answer.replies == (answer,)
    assert cat.role_names == {"Member", "Artist", "Guest"}
    assert "isn't in jail" in await town.says(town.moderator, f"!unjail {cat.mention}")


async def test_a_role_of_staff_is_no_jail(town, cat):
    await town.says(town.owner, "!config set jail-role Moderator")
    assert "no jail" in await town.says(town.admin, f"!jail {cat.mention}")
    assert cat.role_names == {"Member", "Artist"}


async def test_a_jail_for_a_time_ends_by_itself(town, jail, cat):
    await town.says(town.moderator, f"!jail {cat.mention} 2h")
    await town.restart(clean=False)
    await town.wait(hours=1.9)
    assert cat.role_names == {"Jailed"}
    await town.wait(hours=0.2)
    assert cat.role_names == {"Member", "Artist"}
    ended = await case(town, 2)
    assert (ended.kind, ended.status, ended.parent) == ("unjail", "done", 1)


async def test_leaving_and_coming_back_doesnt_help(town, jail, cat):
    await town.says(town.moderator, f"!jail {cat.mention} 2d")
    await town.leave(cat)
    await town.wait(hours=30)
    await town.join(cat)
    await town.wait(seconds=1)
    assert cat.role_names == {"Jailed"}
    await town.wait(days=1)
    assert cat.role_names == {"Member", "Artist"}


async def test_a_jail_for_good_sticks_too(town, jail, cat):
    await town.says(town.moderator, f"!jail {cat.mention}")
    await town.leave(cat)
    await town.join(cat)
    await town.wait(seconds=1)
    assert cat.role_names == {"Jailed"}
    await town.says(town.moderator, f"!unjail {cat.mention}")
    assert cat.role_names == {"Member", "Artist"}


async def test_somebody_who_left_is_let_out_by_id(town, jail, cat):
    await town.says(town.moderator, f"!jail {cat.mention}")
    await town.leave(cat)
    assert (await town.says(town.moderator, f"!unjail {cat.id}")).startswith(f"Let {cat.mention} out of jail.")
    await town.join(cat)
    await town.wait(seconds=1)
    assert cat.role_names == set()


async def test_who_was_let_out_by_hand_comes_back_free(town, jail, cat):
    await town.says(town.moderator, f"!jail {cat.mention}")
    await town.acts_in_client(town.admin, "take-role", cat, role=jail)
    await town.leave(cat)
    await town.join(cat)
    await town.wait(seconds=1)
    assert cat.role_names == set()


async def test_an_end_while_they_are_away(town, jail, cat):
    await town.says(town.moderator, f"!jail {cat.mention} 2h")
    await town.leave(cat)
    await town.wait(hours=3)
    assert await SanctionsStore(town.db).of(town.guild.id, cat.id) == []
    await town.join(cat)
    await town.wait(seconds=1)
    assert cat.role_names == set()


async def test_roles_that_are_gone_dont_come_back(town, jail, cat):
    await town.says(town.moderator, f"!jail {cat.mention}")
    await town.delete_role(town.guild.role("Artist"))
    answer = await town.says(town.moderator, f"!unjail {cat.mention}")
    assert cat.role_names == {"Member"}
    assert answer.replies[1] == "1 role isn't back: it was deleted, or is above mine."


async def test_roles_above_the_bot_stay(town, jail, cat):
    await town.give_role(cat, town.role("Muse"))
    await town.says(town.moderator, f"!jail {cat.mention}")
    await town.says(town.moderator, f"!unjail {cat.mention}")
    assert cat.role_names == {"Member", "Artist", "Muse"}
    await town.put_bot_below("Member")
    assert "not below mine" in await town.says(town.owner, f"!jail {cat.mention}")
    assert cat.role_names == {"Member", "Artist", "Muse"}


async def test_without_a_jail_role(town, cat):
    assert "Choose the role for jailed people first" in await town.says(town.moderator, f"!jail {cat.mention}")
    role = town.role("Jailed")
    await town.says(town.owner, f"!config set jail-role {role.mention}")
    await town.delete_role(role)
    assert "The jail role was deleted" in await town.says(town.moderator, f"!jail {cat.mention}")
    assert cat.role_names == {"Member", "Artist"}
    assert await case(town, 1) is None


async def test_the_jail_role_is_deleted_while_somebody_is_in_jail(town, jail, cat):
    await town.says(town.moderator, f"!jail {cat.mention} 2h")
    await town.delete_role(jail)
    await town.wait(hours=3)
    assert cat.role_names == {"Member", "Artist"}


async def test_another_jail_role_meanwhile(town, jail, cat):
    await town.says(town.moderator, f"!jail {cat.mention}")
    await town.says(town.owner, f"!config set jail-role {town.role('Dungeon').mention}")
    await town.says(town.moderator, f"!unjail {cat.mention}")
    assert cat.role_names == {"Member", "Artist"}


async def test_a_refused_jail_is_a_failed_case(town, jail, cat):
    town.refuse("PATCH", f"/guilds/*/members/{cat.id}", status=403, code=50013)
    assert "Discord doesn't let me" in await town.says(town.moderator, f"!jail {cat.mention}")
    assert (await case(town, 1)).status == "failed"
    assert await SanctionsStore(town.db).of(town.guild.id, cat.id) == []


@pytest.mark.town(languages=("en",))  # buttons with names of roles
async def test_what_was_theirs_for_a_time_that_is_over_doesnt_come_back(town, jail, cat):
    town.role("Red")
    town.role("Birthday")
    await town.says(town.owner, "!config set birthday-role Birthday")
    await town.says(cat, f"!birthday set {town.now + timedelta(days=1):%d.%m.}")
    await town.says(town.owner, "!rolemenu create Colours Red")
    await town.says(town.owner, "!rolemenu lasts Colours 2d")
    await town.says(town.owner, "!rolemenu post Colours")
    await town.press(cat, town.last(), "Red")
    await town.wait(until=(town.now + timedelta(days=1)).replace(hour=9))
    assert cat.role_names == {"Member", "Artist", "Red", "Birthday"}
    await town.says(town.moderator, f"!jail {cat.mention}")
    await town.wait(days=2)
    await town.says(town.moderator, f"!unjail {cat.mention}")
    assert cat.role_names == {"Member", "Artist"}


async def test_nobody_gets_a_role_for_their_birthday_in_jail(town, jail, cat):
    town.role("Birthday")
    await town.says(town.owner, "!config set birthday-role Birthday")
    await town.says(cat, f"!birthday set {town.now + timedelta(days=1):%d.%m.}")
    await town.says(town.moderator, f"!jail {cat.mention}")
    await town.wait(days=2)
    assert cat.role_names == {"Jailed"}

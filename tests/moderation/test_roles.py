"""Nicknames, and roles given and taken, as people see it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cogs.moderation.long_names import longest_name
from database.moderation import CasesStore, SanctionsStore
from utils.events import ModAction


@pytest.fixture
def artist(town):
    """A role that staff may give."""
    return town.role("Artist")


async def case(town, number: int):
    return await CasesStore(town.db).get(town.guild.id, number)


# --- nicknames


async def test_nick_and_reset(town):
    await town.rename(town.ann, "Old")
    answer = await town.says(town.admin, f"!nick {town.ann.mention} Annie the First")
    assert answer == f"{town.ann.mention} is called **Annie the First** now. Case **1**."
    assert town.ann.nick == "Annie the First"
    assert (await case(town, 1)).state_before == {"nick": "Old"}
    assert "called that already" in await town.says(town.admin, f"!nick {town.ann.mention} Annie the First")
    answer = await town.says(town.admin, f"!nick {town.ann.mention} reset")
    assert answer.startswith(f"{town.ann.mention} goes by their own name again.")
    assert not town.ann.nick
    assert "has no nickname" in await town.says(town.admin, f"!nick {town.ann.mention}")


async def test_who_may_not_be_renamed(town):
    assert "Manage Nicknames" in await town.says(town.moderator, f"!nick {town.ann.mention} x")
    assert "owns this server" in await town.says(town.admin, f"!nick {town.owner.mention} x")
    assert "too long" in await town.says(town.admin, f"!nick {town.ann.mention} {'x' * 33}")
    await town.put_bot_below("Moderator")
    answer = await town.says(town.owner, f"!nick {town.moderator.mention} x")
    assert f"their role {town.guild.role('Moderator').mention} is not below mine" in answer
    await town.take_permission(town.guild, "manage_nicknames")
    assert "I need **Manage Nicknames**" in await town.says(town.owner, f"!nick {town.ann.mention} x")


# --- roles


async def test_role_add_and_remove(town, artist):
    answer = await town.says(town.admin, f"!role add {town.ann.mention} Artist won the contest")
    assert answer == f"Gave {artist.mention} to {town.ann.mention}. Case **1**."
    assert answer.pings == {town.admin.id}
    assert town.ann.role_names == {"Artist"}
    added = await case(town, 1)
    assert (added.reason, added.state_before) == (
        "won the contest",
        {"role_id": artist.id, "had_role": False, "sanction": None},
    )
    assert "already" in await town.says(town.admin, f"!role add {town.ann.mention} Artist")
    answer = await town.says(town.admin, f"!role remove {town.ann.mention} Artist")
    assert answer == f"Took {artist.mention} from {town.ann.mention}. Case **2**."
    assert town.ann.role_names == set()
    assert "doesn't have" in await town.says(town.admin, f"!role remove {town.ann.mention} Artist")
    assert [action.kind for action in town.sent(ModAction)] == ["role-add", "role-remove"]


async def test_roles_that_cant_be_given(town, artist):
    admin = town.guild.role("Admin")
    answer = await town.says(town.admin, f"!role add {town.ann.mention} {admin.mention}")
    assert f"You can't give or take {admin.mention}" in answer
    answer = await town.says(town.owner, f"!role add {town.ann.mention} {town.guild.live.me.top_role.id}")
    assert "Discord or an app manages it" in answer
    await town.put_bot_below(artist)
    answer = await town.says(town.owner, f"!role add {town.ann.mention} {artist.mention}")
    assert f"I can't give or take {artist.mention}" in answer
    assert town.ann.role_names == set()
    assert await case(town, 1) is None


async def test_without_saying_what(town, artist):
    for words in ("!role", f"!role {artist.mention}"):
        assert "`!role add`" in await town.says(town.admin, words)


async def test_somebody_above_may_be_given_a_lower_role(town, artist):
    await town.says(town.admin, f"!role add {town.owner.mention} Artist")
    assert town.owner.role_names == {"Artist"}
    await town.says(town.admin, f"!role add {town.admin.mention} Artist")
    assert "Artist" in town.admin.role_names


async def test_a_role_for_a_time(town, artist):
    answer = await town.says(town.admin, f"!role temp {town.ann.mention} Artist 2h helps")
    assert answer.startswith(f"Gave {artist.mention} to {town.ann.mention}. Until <t:")
    await town.restart(clean=False)
    await town.wait(hours=1)
    await town.says(town.admin, f"!role temp {town.ann.mention} Artist 2h")  # counted anew
    await town.wait(hours=1.5)
    assert town.ann.role_names == {"Artist"}
    await town.wait(hours=1)
    assert town.ann.role_names == set()
    ended = await case(town, 3)
    assert (ended.kind, ended.status, ended.source, ended.parent) == ("role-remove", "done", "timer", 2)


@pytest.mark.parametrize("command", ["add", "remove"])
async def test_a_role_for_a_time_that_is_changed_for_good(town, artist, command):
    await town.says(town.admin, f"!role temp {town.ann.mention} Artist 2h")
    await town.says(town.admin, f"!role {command} {town.ann.mention} Artist")
    kept = {"Artist"} if command == "add" else set()
    assert town.ann.role_names == kept
    assert await SanctionsStore(town.db).of(town.guild.id, town.ann.id) == []
    await town.wait(hours=3)
    assert town.ann.role_names == kept
    assert await case(town, 3) is None


@pytest.mark.parametrize("how", ["role deleted", "person left", "taken by hand"])
async def test_a_role_for_a_time_that_is_gone_when_it_ends(town, artist, how):
    await town.says(town.admin, f"!role temp {town.ann.mention} Artist 2h")
    if how == "role deleted":
        await town.delete_role(artist)
    elif how == "person left":
        await town.leave(town.ann)
    else:
        await town.take_role(town.ann, artist)
    assert await town.wait(hours=3) == ()
    assert await SanctionsStore(town.db).of(town.guild.id, town.ann.id) == []
    assert await case(town, 2) is None


# --- coming back to a role for a time


async def in_force(town) -> list[tuple[str, int]]:
    found = await SanctionsStore(town.db).of(town.guild.id, town.ann.id)
    return [(sanction.kind, sanction.role_id) for sanction in found]


async def comes_back(town, after_days: int = 1) -> None:
    await town.leave(town.ann)
    await town.wait(days=after_days)
    await town.join(town.ann)
    await town.wait(seconds=1)


async def test_leaving_and_coming_back_keeps_a_role_for_a_time(town, artist):
    await town.says(town.admin, f"!role temp {town.ann.mention} Artist 7d")
    await comes_back(town)
    assert town.ann.role_names == {"Artist"}
    await town.restart(clean=False)
    await town.wait(days=6, minutes=1)
    assert town.ann.role_names == set()
    assert await in_force(town) == []
    assert [(await case(town, number)).kind for number in (1, 2)] == ["role-temp", "role-remove"]


@pytest.mark.engines("sqlite")
async def test_a_role_whose_time_was_over_isnt_given_again(town, artist):
    await town.says(town.admin, f"!role temp {town.ann.mention} Artist 2d")
    await comes_back(town, after_days=3)
    assert town.ann.role_names == set()
    assert await in_force(town) == []


async def test_a_role_that_was_taken_by_hand_isnt_given_again(town, artist):
    await town.says(town.admin, f"!role temp {town.ann.mention} Artist 7d")
    await town.acts_in_client(town.moderator, "take-role", town.ann, role=artist)
    assert await in_force(town) == []
    await comes_back(town)
    assert town.ann.role_names == set()


@pytest.mark.engines("sqlite")
async def test_a_role_that_was_taken_while_the_bot_was_away_isnt_given_again(town, artist):
    await town.says(town.admin, f"!role temp {town.ann.mention} Artist 7d")
    with town.not_listening():
        await town.acts_in_client(town.moderator, "take-role", town.ann, role=artist)
    await town.restart(clean=False)
    await comes_back(town)
    assert town.ann.role_names == set()


@pytest.mark.engines("sqlite")
async def test_a_role_that_was_deleted_meanwhile_isnt_waited_for(town, artist):
    await town.says(town.admin, f"!role temp {town.ann.mention} Artist 7d")
    await town.leave(town.ann)
    await town.delete_role(artist)
    await town.join(town.ann)
    await town.wait(seconds=1)
    assert await in_force(town) == []


@pytest.mark.engines("sqlite")
async def test_giving_it_again_is_tried_again(town, artist):
    await town.says(town.admin, f"!role temp {town.ann.mention} Artist 7d")
    await town.leave(town.ann)
    town.refuse("PUT", "/guilds/*/members/*/roles/*", status=500, times=1)
    await town.join(town.ann)
    await town.wait(seconds=10)
    assert town.ann.role_names == set()
    await town.wait(minutes=1)
    assert town.ann.role_names == {"Artist"}


async def test_jail_goes_before_a_role_for_a_time(town, artist):
    jail = town.role("Jailed")
    await town.says(town.admin, f"!config set jail-role {jail.mention}")
    await town.says(town.admin, f"!role temp {town.ann.mention} Artist 7d")
    await town.says(town.admin, f"!jail {town.ann.mention}")
    await comes_back(town)
    assert town.ann.role_names == {"Jailed"}
    await town.says(town.admin, f"!unjail {town.ann.mention}")
    assert town.ann.role_names == {"Artist"}
    await town.wait(days=7)
    assert town.ann.role_names == set()


async def test_a_role_whose_time_ended_in_jail_doesnt_come_back(town, artist):
    jail = town.role("Jailed")
    await town.says(town.admin, f"!config set jail-role {jail.mention}")
    await town.says(town.admin, f"!role temp {town.ann.mention} Artist 2d")
    await town.says(town.admin, f"!jail {town.ann.mention}")
    await town.wait(days=3)
    answer = await town.says(town.admin, f"!unjail {town.ann.mention}")
    assert town.ann.role_names == set()
    assert "back" not in answer.replies[-1], "nobody misses it"


@pytest.mark.engines("sqlite")
async def test_the_same_after_a_jail_that_came_back_by_an_undo(town, artist):
    jail = town.role("Jailed")
    await town.says(town.admin, f"!config set jail-role {jail.mention}")
    await town.says(town.admin, f"!role temp {town.ann.mention} Artist 2d")
    await town.says(town.admin, f"!jail {town.ann.mention}")
    await town.says(town.admin, f"!unjail {town.ann.mention}")
    answer = await town.says(town.admin, "!undo 3")
    while "Yes" in answer.buttons:
        answer = (await town.press(town.admin, answer, "Yes")).replies[-1]
    assert town.ann.role_names == {"Jailed"}
    await town.wait(days=3)
    await town.says(town.admin, f"!unjail {town.ann.mention}")
    assert town.ann.role_names == set()


@pytest.mark.engines("sqlite")
@pytest.mark.parametrize(("days", "roles"), [(1, {"Artist", "Member"}), (3, {"Member"})])
async def test_a_role_for_a_time_after_a_kick_that_was_undone(town, artist, days, roles):
    await town.give_role(town.ann, town.role("Member"))
    await town.says(town.admin, f"!role temp {town.ann.mention} Artist 2d")
    await town.says(town.admin, f"!kick {town.ann.mention}")
    answer = await town.says(town.admin, "!undo 2")
    while "Yes" in answer.buttons:
        answer = (await town.press(town.admin, answer, "Yes")).replies[-1]
    await town.wait(days=days)
    await town.join(town.ann)
    await town.wait(seconds=1)
    assert town.ann.role_names == roles
    await town.wait(days=2)
    assert town.ann.role_names == {"Member"}


async def test_a_refused_role_is_a_failed_case(town, artist):
    town.refuse("PUT", "/guilds/*/members/*/roles/*", status=403, code=50013)
    assert "Discord doesn't let me" in await town.says(town.admin, f"!role add {town.ann.mention} Artist")
    assert (await case(town, 1)).status == "failed"


# --- names with spaces


async def test_the_longest_name_is_meant(town):
    mod, helper = town.role("Mod"), town.role("Mod Helper")
    await town.says(town.admin, f"!role add {town.ann.mention} mod helper she helps")
    assert town.ann.role_names == {"Mod Helper"}
    assert (await case(town, 1)).reason == "she helps"
    await town.says(town.admin, f"!role remove {town.ann.mention} Mod Helper")
    await town.says(town.admin, f"!role add {town.ann.mention} {mod.mention} Helper of all")
    assert town.ann.role_names == {"Mod"}
    await town.says(town.admin, f'!role remove {town.ann.mention} "Mod" Helper of all')
    assert town.ann.role_names == set()
    assert "Until" in await town.says(town.admin, f"!role temp {town.ann.mention} Mod Helper 7d")
    assert town.ann.role_names == {helper.name}
    await town.says(town.admin, f"!role add {town.bob.mention} Mod Helpers everywhere")
    assert (await case(town, 6)).reason == "Helpers everywhere"


@given(st.lists(st.text(st.characters(codec="ascii"), min_size=1), max_size=5), st.text())
def test_a_name_begins_the_text_as_whole_words(names, text):
    found = longest_name(text, names)
    assert found is None or (text.casefold() + " ").startswith(found.casefold() + " ")

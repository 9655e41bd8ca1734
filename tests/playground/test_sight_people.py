"""Who people are: names, colours, roles, and who stands in the member list."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from tests.playground.sight_town import SightTown, sight_town


@pytest.fixture
async def town() -> AsyncIterator[SightTown]:
    async with sight_town() as town:
        yield town


def names_in(town: SightTown, person, channel) -> dict[str, list[str]]:
    groups = town.sight.members(person.id, channel.id)
    return {group["name"]: [member["display"] for member in group["members"]] for group in groups}


def listed(town: SightTown, person, of):
    groups = town.sight.members(person.id, town.general.id)
    return next(member for group in groups for member in group["members"] if member["id"] == str(of.id))


async def test_you_are_somebody_with_guilds(town):
    assert town.sight.you(town.ann.id) == {
        "id": str(town.ann.id),
        "name": "ann",
        "display": "Ann",
        "avatar": f"files/avatar/{town.ann.id}.png",
        "bot": False,
        "guilds": [str(town.guild.id)],
        "owns_bot": False,
    }
    assert town.sight.you(town.olivia.id)["owns_bot"]


async def test_people_come_in_the_switchers_order_with_note_and_guilds(town):
    people = town.sight.people()
    assert [one["display"] for one in people] == ["Olivia", "Mo", "Ann", "Bob"]
    assert [one["note"] for one in people] == ["owner", "", "", ""]
    assert [one["owns"] for one in people] == [[str(town.guild.id)], [], [], []]


async def test_who_left_is_in_no_guild_and_sees_nothing_of_it(town):
    town.guild.remove_member(town.ann)
    await town.env.settle()
    assert town.sight.you(town.ann.id)["guilds"] == []
    assert town.sight.places(town.ann.id) == {"guilds": [], "direct": []}
    assert town.sight.members(town.ann.id, town.general.id) == []
    assert names_in(town, town.bob, town.general)["Members"] == ["Bob", "Hearth", "Olivia"]


async def test_somebody_unknown_has_discords_name_for_that(town):
    assert town.sight.person(1)["display"] == "Unknown User"
    assert town.sight.person(1)["avatar"] is None


async def test_members_stand_under_their_hoisted_role_and_by_name(town):
    town.guild.add_member(town.env.create_user("chloe", global_name="chloé"))
    town.guild.add_member(town.env.create_user("chloe2", global_name="Chloe"))
    assert names_in(town, town.ann, town.general) == {
        "Moderator": ["Mo"],
        "Members": ["Ann", "Bob", "Chloe", "chloé", "Hearth", "Olivia"],
    }


async def test_only_those_who_see_a_channel_stand_beside_it(town):
    assert names_in(town, town.mo, town.staff) == {"Moderator": ["Mo"], "Members": ["Hearth", "Olivia"]}
    assert town.sight.members(town.ann.id, town.staff.id) == []


async def test_beside_a_thread_stand_those_who_joined_it(town):
    thread = await town.place(town.general).create_thread(name="chat", type=None)
    await thread.add_user(town.cached.get_member(town.ann.id))
    await town.env.settle()
    assert names_in(town, town.bob, thread) == {}
    public = await (await town.bot_says(town.general, "Talk")).create_thread(name="public")
    await public.add_user(town.cached.get_member(town.ann.id))
    assert names_in(town, town.bob, public) == {"Members": ["Ann", "Hearth"]}


async def test_beside_direct_messages_stand_both(town):
    channel = town.users["Ann"].dm_channel
    assert names_in(town, town.ann, channel) == {"Members": ["Ann", "Hearth"]}
    assert town.sight.members(town.bob.id, channel.id) == []


async def test_a_nickname_and_the_highest_colour_are_shown(town):
    member = town.cached.get_member(town.ann.id)
    await member.edit(nick="آن عبد الله")
    await member.add_roles(town.cached.get_role(town.moderator.id), town.cached.get_role(town.plain.id))
    await town.env.settle()
    ann = listed(town, town.bob, town.ann)
    assert (ann["display"], ann["nick"], ann["name"]) == ("آن عبد الله", "آن عبد الله", "ann")
    assert ann["colour"] == "#3498db"
    assert [role["name"] for role in ann["roles"]] == ["Moderator", "Violet", "Plain"]
    assert ann["roles"][2]["colour"] is None


async def test_a_time_out_shows_until_it_is_over(town):
    await town.cached.get_member(town.ann.id).timeout(town.env.now() + timedelta(minutes=10))
    until = listed(town, town.bob, town.ann)["timed_out_until"]
    assert until == round((town.env.now() + timedelta(minutes=10)).timestamp() * 1000)
    await town.env.advance_time(601)
    assert listed(town, town.bob, town.ann)["timed_out_until"] is None


async def test_the_owner_is_marked(town):
    assert listed(town, town.bob, town.olivia)["owner"]
    assert not listed(town, town.bob, town.mo)["owner"]


async def test_the_bot_stands_among_the_roles_with_what_they_allow(town):
    (here,) = town.sight.bot_in_guilds()
    assert (here["guild"], here["name"]) == (str(town.guild.id), "Hearth Town")
    own = next(role for role in here["roles"] if role["id"] == here["bot_role"])
    assert own["managed"]
    assert [role["name"] for role in here["roles"]] == ["Hearth", "Moderator", "Violet", "Plain"]
    assert here["permissions"]["ban_members"]
    assert not here["permissions"]["administrator"]

"""People who come and go, roles and names, and voice."""

from collections.abc import AsyncIterator
from pathlib import Path

import discord
import pytest

from tests.playground.acting_town import ActingTown, acting_town, refused


@pytest.fixture
async def town(tmp_path: Path) -> AsyncIterator[ActingTown]:
    async with acting_town(tmp_path) as town:
        yield town


async def _member(town: ActingTown, name: str) -> discord.Member:
    return await town.guild.fetch_member(town.ids[name])


def _voice(town: ActingTown, guild: str = "Hearth Town") -> dict[str, tuple[str, bool, bool]]:
    """Who is where, muted, deafened."""
    people = {user_id: user.name for user_id, user in town.world.people.items()}
    channels = {channel_id: name for name, channel_id in town.ids.items()}
    handle = town.world.guild(town.ids[guild])
    return {
        people[user_id]: (channels[state.channel_id], state.self_mute, state.self_deaf)
        for user_id, state in handle.voice_states().items()
    }


# --- coming and going


async def test_somebody_new_can_act_at_once(town: ActingTown):
    town.ids["new"] = await town.acting.add_person("Zoë 王", town.ids["Hearth Town"])
    await town.send("new", "#general", "!ping")
    question, answer = town.conversation("new", "#general")
    assert question["author"]["display"] == "Zoë 王"
    assert answer["author"]["name"] == "Hearth"
    with refused("A name has 1 to 32 characters."):
        await town.acting.add_person(" ", town.ids["Hearth Town"])
    with refused("That server is gone."):
        await town.acting.add_person("Zoë", 1)


async def test_leaving_and_coming_back_as_on_a_first_day(town: ActingTown):
    bob, guild = town.ids["bob"], town.ids["Hearth Town"]
    await town.acting.set_role(bob, guild, town.ids["@Violet"], True)
    await town.acting.set_nick(bob, guild, "Bobby", by=bob)
    await town.acting.join_voice(bob, town.ids["#Stage"])
    await town.acting.leave(bob, guild)
    assert _voice(town) == {}
    with refused("You aren't in Hearth Town."):
        await town.send("bob", "#general", "hello?")
    with refused("Bob isn't in Hearth Town."):
        await town.acting.leave(bob, guild)
    await town.pass_time(3_600)
    await town.acting.rejoin(bob, guild)
    member = await _member(town, "bob")
    assert (member.nick, [role.name for role in member.roles]) == (None, ["@everyone"])
    assert member.joined_at == town.world.env.now()
    with refused("Bob is in Hearth Town already."):
        await town.acting.rejoin(bob, guild)


async def test_an_owner_stays_and_who_is_banned_stays_away(town: ActingTown):
    with refused("Olivia owns Hearth Town, and an owner can't leave."):
        await town.acting.leave(town.ids["olivia"], town.ids["Hearth Town"])
    await town.guild.ban(discord.Object(town.ids["bob"]))
    with refused("Bob is banned from Hearth Town."):
        await town.acting.rejoin(town.ids["bob"], town.ids["Hearth Town"])


async def test_a_server_that_the_bot_left_is_gone(town: ActingTown):
    await town.guild.leave()
    with refused("That server is gone."):
        await town.acting.rejoin(town.ids["bob"], town.ids["Hearth Town"])
    with refused("That channel is gone."):
        await town.send("bob", "#general", "hello?")


# --- roles and names


async def test_roles_are_given_and_taken_by_the_owner(town: ActingTown):
    ann, guild, violet = town.ids["ann"], town.ids["Hearth Town"], town.ids["@Violet"]
    await town.acting.set_role(ann, guild, violet, True)
    await town.acting.set_role(ann, guild, violet, True)
    assert violet in {role.id for role in (await _member(town, "ann")).roles}
    await town.acting.set_role(ann, guild, violet, False)
    assert violet not in {role.id for role in (await _member(town, "ann")).roles}
    log = [(entry.user_id, entry.target_id, entry.changes[0]["key"]) for entry in town.world.guilds[0].audit_log()]
    assert log == [(town.ids["olivia"], ann, "$add"), (town.ids["olivia"], ann, "$remove")]


async def test_roles_that_nobody_gives(town: ActingTown):
    ann, guild = town.ids["ann"], town.ids["Hearth Town"]
    with refused("Everybody has @everyone; it can't be given or taken."):
        await town.acting.set_role(ann, guild, town.ids["@everyone"], True)
    own = next(role for role in town.guild.roles if role.managed)
    with refused("The role Hearth belongs to an app; nobody can give or take it."):
        await town.acting.set_role(ann, guild, own.id, True)
    with refused("That role is gone."):
        await town.acting.set_role(ann, guild, 1, True)
    with refused("Bob isn't in Elsewhere."):
        await town.acting.set_role(town.ids["bob"], town.ids["Elsewhere"], 1, True)


async def test_nicknames(town: ActingTown):
    ids, guild = town.ids, town.ids["Hearth Town"]
    await town.acting.set_nick(ids["ann"], guild, "  Annie   Oakley ", by=ids["ann"])
    assert (await _member(town, "ann")).nick == "Annie Oakley"
    await town.acting.set_nick(ids["ann"], guild, "", by=ids["mo"])
    assert (await _member(town, "ann")).nick is None
    await town.acting.set_nick(ids["mo"], guild, "Momo", by=ids["olivia"])
    with refused("A nickname has at most 32 characters."):
        await town.acting.set_nick(ids["ann"], guild, "x" * 33, by=ids["ann"])
    with refused("You can't rename Ann in Hearth Town: that needs Manage Nicknames."):
        await town.acting.set_nick(ids["ann"], guild, "Silly", by=ids["bob"])
    with refused("You can't rename Olivia: their highest role isn't below yours."):
        await town.acting.set_nick(ids["olivia"], guild, "Silly", by=ids["mo"])
    await town.guild.default_role.edit(permissions=discord.Permissions(view_channel=True))
    with refused("You can't change your nickname in Hearth Town: that needs Change Nickname."):
        await town.acting.set_nick(ids["ann"], guild, "Annie", by=ids["ann"])


# --- voice


async def test_voice(town: ActingTown):
    ann = town.ids["ann"]
    await town.acting.join_voice(ann, town.ids["#Stage"])
    await town.acting.voice_state(ann, muted=True, deafened=False)
    assert _voice(town) == {"ann": ("#Stage", True, False)}
    await town.acting.voice_state(ann, muted=False, deafened=True)
    assert _voice(town) == {"ann": ("#Stage", True, True)}
    await town.acting.join_voice(ann, town.ids["#Lounge"])
    assert _voice(town)["ann"][0] == "#Lounge"
    await town.acting.join_voice(ann, town.ids["#Attic"])
    assert _voice(town) == {}
    assert _voice(town, "Elsewhere")["ann"][0] == "#Attic"
    await town.acting.leave_voice(ann)
    await town.acting.leave_voice(ann)
    assert _voice(town, "Elsewhere") == {}
    with refused("You aren't in a voice channel."):
        await town.acting.voice_state(ann, muted=True, deafened=False)


async def test_where_one_cant_talk(town: ActingTown):
    ids = town.ids
    with refused("#general is no voice channel."):
        await town.acting.join_voice(ids["ann"], ids["#general"])
    with refused("You aren't in Elsewhere."):
        await town.acting.join_voice(ids["bob"], ids["#Attic"])
    await town.acting.join_voice(ids["ann"], ids["#Lounge"])
    await town.acting.join_voice(ids["ann"], ids["#Lounge"])  # she is there, and takes no second place
    with refused("The voice channel “Lounge” is full: 1 person is in it."):
        await town.acting.join_voice(ids["bob"], ids["#Lounge"])
    await town.acting.join_voice(ids["mo"], ids["#Lounge"])  # who may move members squeezes in
    await town.live("#Stage").set_permissions(town.guild.default_role, connect=False)
    with refused("You can't join the voice channel “Stage”: that needs Connect."):
        await town.acting.join_voice(ids["bob"], ids["#Stage"])


async def test_people_come_and_go_while_the_bot_is_dead(town: ActingTown):
    bob, guild = town.ids["bob"], town.ids["Hearth Town"]
    await town.life.kill()
    await town.acting.add_person("Zoë", guild)
    await town.acting.set_role(bob, guild, town.ids["@Violet"], True)
    await town.acting.join_voice(bob, town.ids["#Stage"])
    await town.acting.leave(bob, guild)
    await town.acting.rejoin(bob, guild)
    await town.life.start()
    assert [role.name for role in (await _member(town, "bob")).roles] == ["@everyone"]

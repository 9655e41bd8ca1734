"""The default town with the bot in it: what the first visit suggests works, and so do the pictures."""

import pytest

from playground import Playground
from playground.town.file import HEARTH, load

SUGGESTIONS = load(HEARTH).suggestions


def last_answer(playground: Playground, channel_id: int) -> str:
    """What the bot said last in a channel; nothing if somebody else did."""
    stored = playground.world.env.backend.messages[channel_id]
    last = stored[max(stored)]
    if last.author_id != playground.world.env.backend.bot_user.id:
        return ""
    return str(last.embeds or last.content)


@pytest.mark.parametrize(
    ("number", "answer"), list(enumerate(["tea", "Warned", "prefixes"])), ids=[one.title for one in SUGGESTIONS]
)
async def test_a_suggestion_is_answered(playground: Playground, number: int, answer: str):
    world = playground.world
    suggestion = world.suggestions[number]
    channel = next(one for one in world.guilds[0].channels.values() if str(one.id) == suggestion["channel"])
    actor = world.actor(int(suggestion["person"]), world.guilds[0].id)
    assert actor is not None
    await actor.send(channel, suggestion["type"])
    assert answer in last_answer(playground, channel.id)


async def test_moderation_is_set_up_as_the_staff_chat_says(playground: Playground):
    world, guild = playground.world, playground.world.guilds[0]
    people = {user.name: world.actor(user.id, guild.id) for user in world.people.values()}
    stored = world.env.backend.messages[guild.channels["staff-chat"].id].values()
    said = "\n".join(str(message.content) for message in stored)
    for what in ("config set mod-log #mod-log", "config set jail-role @Jailed"):
        assert f"`!{what}`" in said
        await people["ada"].send(guild.channels["staff-chat"], f"!{what}")
    await people["mo"].send(guild.channels["staff-chat"], "!jail dan 2h shouting")
    assert "Jailed" in last_answer(playground, guild.channels["staff-chat"].id)
    assert "shouting" in last_answer(playground, guild.channels["mod-log"].id)


async def test_the_bot_can_download_pictures(playground: Playground):
    world = playground.world
    guild = playground.life.bot.get_guild(world.guilds[0].id)
    assert guild is not None
    for user in list(world.people.values())[:3]:
        member = await guild.fetch_member(user.id)
        assert await member.display_avatar.with_size(64).read() == world.pictures.avatar(user.id)
    for emoji in await guild.fetch_emojis():
        assert await emoji.read() == world.pictures.emoji(emoji.id)


@pytest.mark.parametrize(
    ("channel", "answered"), [("corner", True), ("no-embeds", True), ("no-answers", False), ("hidden", False)]
)
async def test_where_the_bot_answers_in_the_second_guild(playground: Playground, channel: str, answered: bool):
    world = playground.world
    ann = next(user for user in world.people.values() if user.name == "ann")
    actor = world.actor(ann.id, world.guilds[1].id)
    assert actor is not None
    there = world.guilds[1].channels[channel]
    await actor.send(there, "!help")
    assert ("What I can do" in last_answer(playground, there.id)) == answered


async def test_the_bot_hears_of_who_comes(playground: Playground):
    world = playground.world
    user = world.add_person("Grüße", world.guilds[0])
    actor = world.actor(user.id, world.guilds[0].id)
    assert actor is not None
    await actor.send(world.general, "!userinfo")
    assert "Grüße" in last_answer(playground, world.general.id)


async def test_a_surprise_is_kept_from_ann(playground: Playground):
    threads = playground.world.general.threads
    (surprise,) = [thread for thread in threads if thread.name == "Surprise for Ann"]
    people = playground.world.people.values()
    knowing = {user.name for user in people if playground.sight.can_see(user.id, surprise.id)}
    assert knowing == {"bob", "chloe", "zoe", "olivia"}  # the owner sees everything

"""What is new to whom, and what calls them."""

from collections.abc import AsyncIterator

import discord
import pytest

from playground.simulation.adapter import move_clock_before_start
from tests.playground.sight_town import SightTown, sight_town
from tests.support.simcord_adapter import write_before_start

ALL = discord.AllowedMentions.all()


@pytest.fixture
async def town() -> AsyncIterator[SightTown]:
    async with sight_town() as town:
        town.sight.mark_read(town.ann.id, town.general.id)
        yield town


def news(town: SightTown, person, channel) -> tuple[bool, int]:
    line = town.line(person, channel)
    return line["unread"], line["mentions"]


async def test_others_messages_are_new_until_they_are_read(town):
    assert news(town, town.ann, town.general) == (False, 0)
    await town.bob.send(town.general, "Hello")
    assert news(town, town.ann, town.general) == (True, 0)
    assert town.guild_of(town.ann)["unread"]
    town.sight.mark_read(town.ann.id, town.general.id)
    assert news(town, town.ann, town.general) == (False, 0)
    assert not town.guild_of(town.ann)["unread"]
    assert news(town, town.mo, town.general) == (True, 0)


async def test_ones_own_messages_are_not_new(town):
    await town.ann.send(town.general, f"Talking to myself <@{town.ann.id}>")
    assert news(town, town.ann, town.general) == (False, 0)


async def test_what_calls_somebody_is_counted(town):
    role = town.cached.get_role(town.violet.id)
    await role.edit(mentionable=True)
    await town.bob.send(town.general, f"<@{town.ann.id}>")
    await town.bob.send(town.general, f"<@{town.mo.id}>")
    await town.bob.send(town.general, f"<@&{town.violet.id}>")
    await town.bot_says(town.general, "@everyone", allowed_mentions=ALL)
    await town.ann.send(town.general, "Yes?")
    await town.bob.send(town.general, "You!", reply_to=await town.ann.send(town.general, "Who?"))
    assert news(town, town.ann, town.general) == (True, 4)
    assert town.guild_of(town.ann)["mentions"] == 4
    assert news(town, town.mo, town.general) == (True, 2)
    shown = {message["text"]: message["mentions_you"] for message in town.seen(town.ann)}
    assert [text for text, called in shown.items() if called] == [
        f"<@{town.ann.id}>", f"<@&{town.violet.id}>", "@everyone", "You!"
    ]  # fmt: skip


async def test_a_mention_that_pings_nobody_is_none(town):
    await town.place(town.general).set_permissions(town.cached.default_role, mention_everyone=False)
    silent = discord.AllowedMentions.none()
    await town.bot_says(town.general, f"<@{town.ann.id}> @everyone <@&{town.violet.id}>", allowed_mentions=silent)
    await town.bob.send(town.general, f"@everyone <@&{town.plain.id}>")
    assert news(town, town.ann, town.general) == (True, 0)
    assert not town.seen(town.ann)[0]["mentions_you"]


async def test_a_deleted_mention_no_longer_counts(town):
    message = await town.bob.send(town.general, f"<@{town.ann.id}>")
    assert news(town, town.ann, town.general) == (True, 1)
    await town.bob.delete(message)
    assert news(town, town.ann, town.general) == (False, 0)


async def test_in_direct_messages_everything_calls(town):
    await town.users["Ann"].send_dm("Hello?")
    user = town.bot.get_user(town.ann.id)
    await user.send("Hi!")
    await user.send("How are you?")
    (direct,) = town.sight.places(town.ann.id)["direct"]
    assert (direct["unread"], direct["mentions"]) == (True, 2)
    town.sight.mark_read(town.ann.id, int(direct["id"]))
    (direct,) = town.sight.places(town.ann.id)["direct"]
    assert (direct["unread"], direct["mentions"]) == (False, 0)


async def test_a_thread_that_one_has_not_joined_is_new_only_by_mentions(town):
    thread = await (await town.bot_says(town.general, "Talk")).create_thread(name="talk")
    await thread.add_user(town.cached.get_member(town.mo.id))
    await thread.send("Anybody?")
    assert news(town, town.ann, thread) == (False, 0)
    assert news(town, town.mo, thread) == (True, 0)
    await thread.send(f"<@{town.ann.id}>", allowed_mentions=ALL)
    assert news(town, town.ann, thread) == (True, 1)


async def test_nobody_marks_read_what_they_do_not_see(town):
    await town.bot_says(town.staff, "Hush")
    town.sight.mark_read(town.ann.id, town.staff.id)
    role = town.cached.get_role(town.moderator.id)
    await town.cached.get_member(town.ann.id).add_roles(role)
    await town.env.settle()
    assert news(town, town.ann, town.staff) == (True, 0)


async def test_what_was_there_before_one_came_is_not_new(town):
    await town.bob.send(town.general, "@everyone")
    await town.env.advance_time(1)
    eve = town.guild.add_member(town.env.create_user("eve"))
    assert news(town, eve, town.general) == (False, 0)
    await town.env.advance_time(1)
    await town.bob.send(town.general, "Welcome!")
    assert news(town, eve, town.general) == (True, 0)


async def test_at_first_only_a_few_channels_are_new():
    channels = []

    def talked(town: SightTown) -> None:
        for number in range(6):
            channels.append(town.guild.create_text_channel(f"room-{number}"))
            write_before_start(town.env, channels[-1], town.bob, "first")
        for channel in (*channels, town.general):
            move_clock_before_start(town.env, town.env.now().replace(year=2027))
            write_before_start(town.env, channel, town.bob, "second")

    async with sight_town(talked) as town:
        new = [one["name"] for one in town.guild_of(town.mo)["channels"] if one["unread"]]
        assert new == ["room-4", "room-5"]
        assert not town.line(town.bob, channels[-1])["unread"], "it was Bob who wrote there"
        town.sight.mark_read(town.mo.id, channels[5].id)
        assert [one["name"] for one in town.guild_of(town.mo)["channels"] if one["unread"]] == ["room-4"]

"""What one may do in a channel, and that nothing is shown to those who may not see it."""

import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import discord
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from playground.simulation.sight import Sight
from tests.playground.sight_town import SightTown, sight_town
from tests.support.simcord_adapter import write_before_start


@pytest.fixture
async def town() -> AsyncIterator[SightTown]:
    async with sight_town() as town:
        yield town


def may(town: SightTown, person, channel):
    shown = town.sight.channel(person.id, channel.id)
    assert shown is not None
    return shown["may"]


async def forbid(town: SightTown, channel, **denied: bool) -> None:
    await town.place(channel).set_permissions(town.cached.default_role, **denied)
    await town.env.settle()


async def test_an_open_channel(town):
    assert town.sight.channel(town.ann.id, town.general.id) == {
        "id": str(town.general.id),
        "guild": str(town.guild.id),
        "name": "general",
        "kind": "text",
        "topic_html": "Be <strong>kind</strong>",
        "may": {"send": True, "attach": True, "react": True, "manage_messages": False, "why_not_send": None},
        "pins": 0,
        "slowmode": 0,
    }
    assert may(town, town.mo, town.general)["manage_messages"]


async def test_a_hidden_channel_is_none(town):
    assert town.sight.channel(town.ann.id, town.staff.id) is None
    assert town.sight.channel(town.ann.id, 1) is None


async def test_slowmode_and_pins(town):
    await town.place(town.general).edit(slowmode_delay=30)
    await (await town.bot_says(town.general, "Keep this")).pin()
    await town.env.settle()
    shown = town.sight.channel(town.ann.id, town.general.id)
    assert (shown["slowmode"], shown["pins"]) == (30, 1)


async def test_without_the_permission_to_send(town):
    await forbid(town, town.general, send_messages=False)
    here = may(town, town.ann, town.general)
    assert not here["send"]
    assert not here["attach"]
    assert here["why_not_send"] == "You can't write in #general: that needs Send Messages."
    assert may(town, town.olivia, town.general)["send"]


async def test_without_the_permission_to_attach_or_react(town):
    await forbid(town, town.general, attach_files=False, add_reactions=False)
    here = may(town, town.ann, town.general)
    assert (here["send"], here["attach"], here["react"]) == (True, False, False)


async def test_announcements_are_read(town):
    news = town.guild.create_news_channel("news")
    await town.env.settle()
    assert may(town, town.ann, news)["send"]
    await forbid(town, news, send_messages=False)
    assert may(town, town.ann, news)["why_not_send"] == "You can't write in #news: that needs Send Messages."


async def test_a_time_out_says_until_when(town):
    await town.cached.get_member(town.ann.id).timeout(town.env.now() + timedelta(minutes=10))
    await town.env.settle()
    here = may(town, town.ann, town.general)
    local = datetime(2026, 1, 1, 0, 10, tzinfo=UTC).astimezone()
    assert here["why_not_send"] == f"You are timed out until {local:%H:%M} on {local.day} {local:%B}."
    assert not here["react"]
    await town.env.advance_time(601)
    assert may(town, town.ann, town.general)["send"]


@pytest.mark.parametrize(("make", "reason"), [("create_category", "category"), ("create_forum_channel", "forum")])
async def test_where_there_is_no_conversation(town, make, reason):
    channel = getattr(town.guild, make)("place")
    here = may(town, town.olivia, channel)
    assert not here["send"]
    assert not here["react"]
    assert reason in here["why_not_send"]


async def test_a_voice_channel_is_written_in_by_those_who_may_join_it(town):
    voice = town.guild.create_voice_channel("lounge")
    await town.env.settle()
    assert may(town, town.ann, voice)["send"]
    await forbid(town, voice, connect=False)
    assert "Connect" in may(town, town.ann, voice)["why_not_send"]


async def test_threads(town):
    thread = await (await town.bot_says(town.general, "Talk")).create_thread(name="talk")
    await thread.edit(archived=True)
    await town.env.settle()
    assert may(town, town.ann, thread)["send"], "writing opens an archived thread again"
    assert not may(town, town.ann, thread)["react"]
    await thread.edit(locked=True, archived=True)
    await town.env.settle()
    assert "locked" in may(town, town.ann, thread)["why_not_send"]
    assert may(town, town.mo, thread)["send"]
    await forbid(town, town.general, send_messages_in_threads=False)
    assert "Send Messages in Threads" in may(town, town.ann, thread)["why_not_send"]
    assert may(town, town.ann, town.general)["send"]


async def test_direct_messages_need_a_server_in_common(town):
    channel = town.users["Ann"].dm_channel
    assert may(town, town.ann, channel) == {
        "send": True, "attach": True, "react": True, "manage_messages": False, "why_not_send": None
    }  # fmt: skip
    town.guild.remove_member(town.ann)
    await town.env.settle()
    assert "share no server" in may(town, town.ann, channel)["why_not_send"]


async def test_without_the_history_one_has_what_came_since_the_town_opened(town):
    await town.olivia.send(town.general, "before")
    town.sight.read_all()
    await forbid(town, town.general, read_message_history=False)
    assert town.seen(town.ann) == []
    await (await town.bot_says(town.general, "after")).pin()
    assert [message["text"] for message in town.seen(town.ann)] == ["after", ""]
    assert [message["text"] for message in town.seen(town.mo)] == ["after", ""]
    assert [message["text"] for message in town.seen(town.olivia)] == ["before", "after", ""]


# --- nothing leaks

VIEW, HISTORY = discord.Permissions.view_channel.flag, discord.Permissions.read_message_history.flag
ADMINISTRATOR = discord.Permissions.administrator.flag


def expected(
    everyone: int, roles: list[tuple[int, int, int]], channel: tuple[int, int], member: tuple[int, int]
) -> int:
    """Discord's documented algorithm: https://discord.com/developers/docs/topics/permissions"""
    base = everyone
    for permissions, _allow, _deny in roles:
        base |= permissions
    if base & ADMINISTRATOR:
        return discord.Permissions.all().value
    base = base & ~channel[1] | channel[0]
    allow = deny = 0
    for _permissions, allowed, denied in roles:
        allow, deny = allow | allowed, deny | denied
    base = base & ~deny | allow
    return base & ~member[1] | member[0]


FLAGS = st.sets(st.sampled_from([VIEW, HISTORY, discord.Permissions.manage_threads.flag])).map(sum)
GRANTED = st.one_of(FLAGS, st.just(ADMINISTRATOR))
OVERWRITE = st.tuples(FLAGS, FLAGS).map(lambda pair: (pair[0], pair[1] & ~pair[0]))


@settings(max_examples=120, deadline=None)
@given(
    roles=st.lists(st.tuples(GRANTED, OVERWRITE), max_size=3),
    everyone=OVERWRITE,
    own=OVERWRITE,
)
def test_whoever_may_not_view_a_channel_learns_nothing_of_it(roles, everyone, own):
    town = SightTown()
    handles = [
        town.guild.create_role(f"role {number}", permissions=discord.Permissions(permissions))
        for number, (permissions, _overwrite) in enumerate(roles)
    ]
    eve = town.env.create_user("eve")
    town.world.people[eve.id] = eve
    town.guild.add_member(eve, roles=handles)
    overwrites = {town.guild.default_role: everyone, eve: own}
    overwrites |= {handle: overwrite for handle, (_permissions, overwrite) in zip(handles, roles, strict=True)}
    channel = town.guild.create_text_channel(
        "hush-hush",
        overwrites={
            target: discord.PermissionOverwrite.from_pair(discord.Permissions(allow), discord.Permissions(deny))
            for target, (allow, deny) in overwrites.items()
        },
    )
    write_before_start(town.env, channel, town.mo, f"the treasure is below <#{channel.id}>")
    write_before_start(town.env, town.general, town.mo, f"look into <#{channel.id}>")
    sight = Sight(town.world)
    granted = expected(
        VIEW | HISTORY,  # what a new guild allows everybody, of what is looked at here
        [(permissions, allow, deny) for permissions, (allow, deny) in roles],
        everyone,
        own,
    )
    visible = bool(granted & VIEW)
    assert sight.can_see(eve.id, channel.id) == visible
    told = json.dumps(
        [
            sight.places(eve.id),
            sight.channel(eve.id, channel.id),
            sight.members(eve.id, channel.id),
            sight.conversation(eve.id, channel.id),
            sight.conversation(eve.id, town.general.id),
            sight.pins(eve.id, channel.id),
        ]
    )
    assert ("hush-hush" in told) == visible
    history = visible and bool(granted & HISTORY)
    assert ("treasure" in told) == history
    (written,) = sight.conversation(town.olivia.id, channel.id)["messages"]
    assert (sight.message(eve.id, channel.id, int(written["id"])) is not None) == history

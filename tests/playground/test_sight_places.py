"""The rail of guilds and the list of channels, for each person."""

from collections.abc import AsyncIterator

import discord
import pytest

from tests.playground.sight_town import HIDDEN, SHOWN, SightTown, sight_town


def arrange(town: SightTown) -> None:
    """Categories in another order than they were made."""
    guild = town.guild
    empty = guild.create_category("empty")
    games = guild.create_category("games")
    town.lounge = guild.create_voice_channel("lounge", category=games)
    town.chess = guild.create_text_channel("chess", category=games)
    town.news = guild.create_news_channel("news", category=games)
    town.forum = guild.create_forum_channel("ideas")
    town.secrets = guild.create_category("secrets")
    town.vault = guild.create_text_channel(
        "vault", category=town.secrets, overwrites={guild.default_role: HIDDEN, town.moderator: SHOWN}
    )
    town.stage = guild.create_stage_channel("stage")
    town.empty, town.games = empty, games


@pytest.fixture
async def town() -> AsyncIterator[SightTown]:
    async with sight_town(arrange) as town:
        yield town


async def test_channels_come_in_discords_order(town):
    assert town.channels_of(town.mo) == [
        "general", "off-topic", "staff", "ideas", "stage", "games", "chess", "news", "lounge", "secrets", "vault",
    ]  # fmt: skip
    await town.place(town.games).edit(position=20)
    await town.place(town.news).edit(position=0)
    await town.env.settle()
    assert town.channels_of(town.mo)[5:] == ["secrets", "vault", "games", "news", "chess", "lounge"]


async def test_hidden_channels_and_their_categories_are_left_out(town):
    assert town.channels_of(town.ann) == [
        "general", "off-topic", "ideas", "stage", "games", "chess", "news", "lounge"
    ]  # fmt: skip


async def test_an_empty_category_is_for_those_who_could_fill_it(town):
    assert "empty" in town.channels_of(town.olivia)
    assert "empty" not in town.channels_of(town.mo)


async def test_a_channel_of_a_deleted_category_stands_without_one(town):
    await town.place(town.games).delete()
    await town.env.settle()
    line = town.line(town.ann, town.chess)
    assert line["parent"] is None
    assert town.channels_of(town.ann) == ["general", "off-topic", "chess", "news", "ideas", "lounge", "stage"]


async def test_kinds_parents_and_topics(town):
    assert town.line(town.ann, town.general) == {
        "id": str(town.general.id),
        "name": "general",
        "kind": "text",
        "parent": None,
        "topic": "Be **kind**",
        "locked": False,
        "nsfw": False,
        "unread": False,
        "mentions": 0,
        "voice": [],
        "archived": False,
    }
    kinds = {name: town.line(town.ann, getattr(town, name))["kind"] for name in ("news", "lounge", "forum", "stage")}
    assert kinds == {"news": "news", "lounge": "voice", "forum": "forum", "stage": "stage"}
    assert town.line(town.ann, town.chess)["parent"] == str(town.games.id)


async def test_a_lock_marks_what_not_everybody_sees(town):
    assert town.line(town.mo, town.vault)["locked"]
    assert not town.line(town.mo, town.secrets)["locked"]
    await town.place(town.lounge).set_permissions(town.cached.default_role, connect=False)
    await town.place(town.secrets).set_permissions(town.cached.get_role(town.moderator.id), connect=True)
    await town.env.settle()
    assert town.line(town.mo, town.lounge)["locked"]


async def test_who_is_in_a_voice_channel_and_how(town):
    await town.bob.join_voice(town.lounge)
    await town.ann.join_voice(town.lounge)
    await town.ann.set_voice(self_mute=True, self_deaf=True)
    heard = town.line(town.mo, town.lounge)["voice"]
    assert [(one["person"]["display"], one["muted"], one["deafened"]) for one in heard] == [
        ("Ann", True, True),
        ("Bob", False, False),
    ]
    await town.ann.leave_voice()
    assert [one["person"]["display"] for one in town.line(town.mo, town.lounge)["voice"]] == ["Bob"]


async def test_threads_follow_their_channel(town):
    first = await (await town.bot_says(town.chess, "1. e4")).create_thread(name="opening")
    post = await town.place(town.forum).create_thread(name="a mascot", content="What about a fox?")
    await town.env.settle()
    names = town.channels_of(town.ann)
    assert names[names.index("chess") + 1] == "opening"
    assert names[names.index("ideas") + 1] == "a mascot"
    assert town.line(town.ann, first)["parent"] == str(town.chess.id)
    assert town.line(town.ann, post.thread)["kind"] == "thread"


async def test_a_private_thread_is_for_those_who_joined_it_or_manage_threads(town):
    thread = await town.place(town.chess).create_thread(name="psst", type=discord.ChannelType.private_thread)
    await thread.add_user(town.cached.get_member(town.ann.id))
    await town.env.settle()
    assert [name for name in town.users if "psst" in town.channels_of(town.users[name])] == ["Olivia", "Mo", "Ann"]
    assert not town.sight.can_see(town.bob.id, thread.id)
    assert town.line(town.ann, thread)["locked"]


async def test_archived_threads_stay_with_those_who_joined_them(town):
    thread = await (await town.bot_says(town.chess, "1. e4")).create_thread(name="opening")
    await thread.add_user(town.cached.get_member(town.ann.id))
    await thread.edit(archived=True)
    await town.env.settle()
    assert town.line(town.ann, thread)["archived"]
    assert "opening" not in town.channels_of(town.bob)


async def test_the_guild_in_the_rail(town):
    guild = town.guild_of(town.ann)
    assert (guild["name"], guild["initials"], guild["owner"]) == ("Hearth Town", "HT", str(town.olivia.id))
    assert guild["icon"] == f"files/icon/{town.guild.id}.png"
    assert [role["name"] for role in guild["roles"]] == ["Hearth", "Moderator", "Violet", "Plain"]


async def test_direct_messages_are_there_once_begun(town):
    assert town.sight.places(town.ann.id)["direct"] == []
    await town.users["Ann"].send_dm("Hello?")
    (direct,) = town.sight.places(town.ann.id)["direct"]
    assert (direct["person"]["display"], direct["unread"]) == ("Hearth", False)
    assert town.sight.places(town.bob.id)["direct"] == []
    here = town.sight.channel(town.ann.id, int(direct["id"]))
    assert (here["name"], here["kind"], here["guild"]) == ("Hearth", "dm", None)
    assert here["may"]["send"]


async def test_one_begins_in_general_or_in_the_first_channel_one_sees(town):
    assert town.sight.default_channel(town.ann.id) == town.general.id
    await town.place(town.general).set_permissions(town.cached.default_role, view_channel=False)
    await town.env.settle()
    assert town.sight.default_channel(town.ann.id) == town.offtopic.id
    town.guild.remove_member(town.ann)
    await town.env.settle()
    assert town.sight.default_channel(town.ann.id) is None


async def test_a_deleted_channel_is_gone(town):
    thread = await (await town.bot_says(town.chess, "1. e4")).create_thread(name="opening")
    await town.place(town.chess).delete()
    await town.env.settle()
    assert not town.sight.can_see(town.ann.id, town.chess.id)
    assert not town.sight.can_see(town.ann.id, thread.id)
    assert town.sight.channel(town.ann.id, town.chess.id) is None
    assert town.seen(town.ann, town.chess) == []
    assert {"chess", "opening"}.isdisjoint(town.channels_of(town.ann))

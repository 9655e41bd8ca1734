"""Tags: texts that members keep under a name."""

import asyncio
from datetime import UTC, datetime

import discord
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cogs.utility.tags import rules
from database.ids import new_id
from database.manager import DatabaseManager
from database.tags import Tag, TagsStore
from tests.support.town import Town

NOW = datetime(2026, 1, 1, tzinfo=UTC)


@given(st.text(max_size=80))
def test_a_name_is_found_as_it_was_kept(text: str):
    try:
        name = rules.read_name(text, {"list"})
    except ValueError:
        return
    assert name
    assert rules.folded(name) == name
    assert rules.folded(f"  {name.upper()} ") == rules.folded(name.upper())
    assert name.split(" ")[0] != "list"


@pytest.mark.parametrize("text", ["LIST of games", "<@123456789012345678>", "hi @everyone", "<:a:1>", " ", "x" * 61])
def test_what_no_tag_is_called(text: str):
    with pytest.raises(ValueError, match=r"\w"):
        rules.read_name(text, {"list"})


def test_links_that_expire():
    assert rules.expires("see https://cdn.discordapp.com/attachments/1/2/a.png?ex=1")
    assert rules.expires("HTTPS://media.discordapp.net/attachments/1/2/a.png")
    assert not rules.expires("https://cdn.discordapp.com/emojis/1.png https://example.org/attachments/1")


def tag(name: str, **fields) -> Tag:
    return Tag(new_id(), 1, name, "text ☕", fields.pop("owner_id", 11), NOW, **fields)


async def test_the_tables(db: DatabaseManager):
    store = TagsStore(db)
    rules_tag, joins = tag("rules"), tag("100% join_ing", owner_id=22)
    assert await asyncio.gather(*(store.add(tag("race")) for _ in range(5))) != [True] * 5
    assert await store.add(rules_tag)
    assert await store.add(joins)
    assert not await store.add(tag("rules"))
    assert await store.add_alias(rules_tag, "regulations")
    assert not await store.add_alias(joins, "regulations")
    assert not await store.add_alias(tag("gone"), "ghost")
    assert await store.named(1, "regulations") == rules_tag
    assert await store.named(2, "rules") is None
    assert await store.search(1, "0% join_") == ["100% join_ing"]
    assert await store.search(1, "r_les") == []
    for _again in range(2):  # a batch whose answer was lost is written again
        await store.add_uses(7, {rules_tag.id: 3, joins.id: 1})
    await store.add_uses(8, {rules_tag.id: 2})
    assert (await store.numbers(1)).uses == 6
    assert [one.name for one in await store.most_used(1, None, 5)] == ["rules", "100% join_ing"]
    assert [owner for owner, _numbers in await store.busiest_owners(1, 5)] == [11, 22]
    assert await store.hand_over(rules_tag, 33)
    assert not await store.hand_over(rules_tag, 44)  # it isn't the one's who gave it any more
    assert await store.remove(rules_tag)
    assert not await store.remove(rules_tag)
    assert await store.names(1) == ["100% join_ing", "race"]
    assert await store.names(1, 22) == ["100% join_ing"]
    assert await store.names_like(1, "rcae") == ["race"]
    assert await store.add(tag("regulations"))  # the aliases of a deleted tag are free again


async def test_no_alias_outlives_its_tag(db: DatabaseManager):
    store = TagsStore(db)
    for turn in range(20):
        one = tag("rules")
        assert await store.add(one)
        await asyncio.gather(*(store.add_alias(one, f"alias {n}") for n in range(3)), store.remove(one))
        for name in ("rules", *(f"alias {n}" for n in range(3))):
            assert await store.add(again := tag(name)), turn
            assert await store.remove(again)


async def test_a_tag_from_making_to_deleting(town: Town):
    text = f"{town.bob.mention} `@everyone` **1**"  # what people write isn't translated: so no letters outside code
    made = await town.says(town.ann, f'!tag create "How To Join" {text}')
    assert "how to join" in made
    shown = await town.says(town.bob, "!tag HOW to  join")
    assert shown.content == text
    assert not shown.pings
    assert not shown.pings_everyone
    asked = await town.says(town.bob, "how do I get in?")
    assert asked is None
    question = town.last_said
    assert (await town.says(town.ann, "!tag how to join", reply_to=question)).replies_to == question.id
    assert "Did you mean" in await town.says(town.bob, "!tag how to joi")
    raw = await town.says(town.bob, "!tag raw how to join")
    assert raw.content == discord.utils.escape_markdown(text).replace("<", "\\<")
    assert "no tag" in await town.says(town.bob, "!tag how\0 to join?")
    await town.take_permission(town.general, "read_message_history")
    assert (await town.says(town.ann, "!tag how to join", reply_to=question)).replies_to is None
    await town.give_permission(town.general, "read_message_history")
    assert "already" in await town.says(town.bob, '!tag create "how to JOIN" mine')
    assert "only they" in await town.says(town.bob, '!tag edit "how to join" mine')
    assert "too" in await town.says(town.ann, "!tag alias entry how to join")
    assert "new text" in await town.says(town.ann, "!tag edit entry 2")
    assert await town.says(town.bob, "!tag entry") == "2"
    info = await town.says(town.bob, "!tag info how to join")
    assert "4" in info.fields.values()
    assert "`entry`" in info
    assert "how to join" in await town.says(town.bob, "!tag search JOIN")
    assert "how to join" in await town.says(town.bob, "!tag list @ann")
    await town.says(town.bob, "!tag entry")
    await town.restart()
    assert "used 5 times" in await town.says(town.bob, "!tag stats")
    assert "how to join" in await town.says(town.bob, "!tags")
    assert "called" in await town.says(town.moderator, "!tag delete entry")
    assert "deleted" in await town.says(town.moderator, "!tag delete How to join")
    assert "no tag" in await town.says(town.bob, "!tag how to join")


async def test_what_is_refused(town: Town):
    assert "command" in await town.says(town.ann, "!tag create list x")
    assert "too long" in await town.says(town.ann, f"!tag create {'x' * 61} y")
    assert "don't keep files" in await town.says(town.ann, "!tag create a b", files=[("a.png", b"x")])
    link = "https://cdn.discordapp.com/attachments/1/2/a.png"
    assert "after a day" in await town.says(town.ann, f"!tag create a {link}")
    assert "Usage" in await town.says(town.ann, "!tag create a")
    await town.says(town.admin, "!config set tag-creators role")
    assert "Only who manages" in await town.says(town.ann, "!tag create a b")
    await town.says(town.admin, "!config set tag-role Member")
    assert "need the role" in await town.says(town.ann, "!tag create a b")
    await town.give_role(town.ann, "Member")
    assert "is kept" in await town.says(town.ann, "!tag create a b")
    await town.says(town.admin, "!config set tag-creators staff")
    assert "Only who manages" in await town.says(town.ann, "!tag create c d")
    assert "is kept" in await town.says(town.moderator, "!tag create c d")


async def test_tags_of_leavers(town: Town):
    await town.says(town.ann, "!tag create a b")
    assert "still here" in await town.says(town.bob, "!tag claim a")
    await town.leave(town.ann)
    assert "belongs to" in await town.says(town.bob, "!tag claim a")
    assert "yours already" in await town.says(town.bob, "!tag claim a")
    given = await town.says(town.bob, "!tag transfer devi a")
    assert "belongs to" in given
    assert town.developer.id not in given.pings
    assert "only they" in await town.says(town.bob, "!tag transfer bob a")

"""Editing, deleting, pinning, reacting, typing; and all of it without the bot."""

from collections.abc import AsyncIterator
from pathlib import Path

import discord
import pytest

from tests.playground.acting_town import ActingTown, acting_town, refused


@pytest.fixture
async def town(tmp_path: Path) -> AsyncIterator[ActingTown]:
    async with acting_town(tmp_path) as town:
        yield town


# --- changing messages


async def test_one_edits_and_deletes_ones_own_messages(town: ActingTown):
    ann, general = town.ids["ann"], town.ids["#general"]
    sent = await town.send("ann", "#general", "helo")
    await town.acting.edit(ann, general, sent, " hello ")
    shown = town.newest("bob", "#general")
    assert shown["text"] == "hello"
    assert shown["edited"]
    with refused("Nothing would be left of the message; delete it instead."):
        await town.acting.edit(ann, general, sent, "  ")
    with refused("A message has at most 2,000 characters; this one has 2,500."):
        await town.acting.edit(ann, general, sent, "x" * 2_500)
    with refused("You can only edit what you wrote."):
        await town.acting.edit(town.ids["olivia"], general, sent, "Ann is silly")
    await town.acting.delete(ann, general, sent)
    with refused("That message is gone."):
        await town.acting.edit(ann, general, sent, "hello again")
    with refused("That message is gone."):
        await town.acting.delete(ann, general, sent)


async def test_an_edit_that_changes_nothing_is_none(town: ActingTown):
    sent = await town.send("ann", "#general", "hello")
    await town.acting.edit(town.ids["ann"], town.ids["#general"], sent, "hello ")
    assert town.newest("ann", "#general")["edited"] is None


async def test_deleting_others_messages_is_for_moderators(town: ActingTown):
    sent = await town.send("ann", "#general", "hello")
    with refused("You can't delete what others wrote in #general: that needs Manage Messages."):
        await town.acting.delete(town.ids["bob"], town.ids["#general"], sent)
    await town.acting.delete(town.ids["mo"], town.ids["#general"], sent)
    assert town.conversation("ann", "#general") == []


async def test_pins(town: ActingTown):
    general = town.ids["#general"]
    sent = await town.send("ann", "#general", "hello")
    with refused("You can't pin messages in #general: that needs Pin Messages."):
        await town.acting.set_pinned(town.ids["ann"], general, sent, True)
    role = town.guild.get_role(town.ids["@Violet"])
    await role.edit(permissions=discord.Permissions(pin_messages=True))
    await town.acting.set_role(town.ids["ann"], town.ids["Hearth Town"], role.id, True)
    await town.acting.set_pinned(town.ids["ann"], general, sent, True)
    assert [message["id"] for message in town.sight.pins(town.ids["bob"], general)] == [str(sent)]
    assert town.newest("bob", "#general")["author"]["name"] == "ann"  # the notice is hers
    await town.acting.set_pinned(town.ids["ann"], general, sent, False)
    assert town.sight.pins(town.ids["bob"], general) == []


async def test_reactions(town: ActingTown):
    ann, bob, general = town.ids["ann"], town.ids["bob"], town.ids["#general"]
    sent = await town.send("ann", "#general", "hello")
    await town.acting.react(bob, general, sent, "👍🏽", True)
    await town.acting.react(ann, general, sent, "👍🏽", True)
    await town.acting.react(ann, general, sent, "👍🏽", True)
    await town.acting.react(bob, general, sent, "👍🏽", False)
    await town.acting.react(bob, general, sent, "👍🏽", False)
    (reaction,) = town.newest("ann", "#general")["reactions"]
    assert (reaction["key"], reaction["count"], reaction["who"]) == ("👍🏽", 1, ["Ann"])
    with refused("“hello” isn't an emoji."):
        await town.acting.react(ann, general, sent, "hello", True)
    with refused("There is no emoji :party: for you."):
        await town.acting.react(bob, general, sent, "party:1", True)


async def test_emoji_of_other_servers_need_a_permission(town: ActingTown):
    sent = await town.send("ann", "#general", "hello")
    key = f"party:{town.ids[':party:']}"
    await town.acting.react(town.ids["ann"], town.ids["#general"], sent, key, True)
    assert town.newest("ann", "#general")["reactions"][0]["key"] == key
    await town.acting.react(town.ids["ann"], town.ids["#general"], sent, key, False)
    await town.live("#general").set_permissions(town.guild.default_role, external_emojis=False)
    with refused("You can't use the emoji of other servers in #general: that needs Use External Emoji."):
        await town.acting.react(town.ids["ann"], town.ids["#general"], sent, key, True)


async def test_joining_a_reaction_needs_less_than_starting_one(town: ActingTown):
    ann, rules = town.ids["ann"], town.ids["#rules"]
    sent = await town.send("olivia", "#rules", "Be kind.")
    with refused("You can't react in #rules: that needs Add Reactions."):
        await town.acting.react(ann, rules, sent, "👍", True)
    await town.acting.react(town.ids["olivia"], rules, sent, "👍", True)
    await town.acting.react(ann, rules, sent, "👍", True)
    assert town.newest("ann", "#rules")["reactions"][0]["count"] == 2


async def test_there_are_twenty_kinds_of_reactions_at_most(town: ActingTown):
    ann, general = town.ids["ann"], town.ids["#general"]
    sent = await town.send("ann", "#general", "hello")
    for number in range(20):
        await town.acting.react(ann, general, sent, chr(0x1F600 + number), True)
    with refused("There are 20 different reactions on that message already."):
        await town.acting.react(ann, general, sent, "🎉", True)
    await town.acting.react(town.ids["bob"], general, sent, "😀", True)


async def test_typing_is_seen_by_others(town: ActingTown):
    with town.acting.events("TYPING_START") as events:
        await town.acting.typing(town.ids["ann"], town.ids["#general"])
        await town.acting.typing(town.ids["ann"], town.ids["#rules"])  # nobody types where they can't write
    seen = [(event["user_id"], event["channel_id"]) for event in events]
    assert seen == [(str(town.ids["ann"]), str(town.ids["#general"]))]


# --- without the bot


async def test_people_go_on_when_the_bot_is_dead(town: ActingTown):
    sent = await town.send("ann", "#general", "!ping")
    await town.life.kill()
    again = await town.send("ann", "#general", "!ping", reply_to=sent)
    assert town.newest("bob", "#general")["id"] == str(again)  # no answer
    await town.acting.edit(town.ids["ann"], town.ids["#general"], again, "Hello?")
    await town.acting.react(town.ids["ann"], town.ids["#general"], again, "😢", True)
    await town.acting.set_pinned(town.ids["mo"], town.ids["#general"], again, True)
    await town.acting.delete(town.ids["ann"], town.ids["#general"], again)
    direct = town.acting.direct(town.ids["ann"])
    await town.acting.send(town.ids["ann"], direct, "Are you there?")
    await town.acting.typing(town.ids["ann"], direct)
    await town.life.start()
    await town.send("ann", "#general", "!ping")
    assert town.newest("bob", "#general")["author"]["bot"]

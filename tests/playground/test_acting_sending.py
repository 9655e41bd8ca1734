"""Writing in every kind of place: what goes through, and the sentence for what doesn't."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import discord
import pytest

from tests.playground.acting_town import ActingTown, acting_town, refused

MEBIBYTE = 1024 * 1024


@pytest.fixture
async def town(tmp_path: Path) -> AsyncIterator[ActingTown]:
    async with acting_town(tmp_path) as town:
        yield town


# --- sending


async def test_a_command_is_answered_before_send_is_done(town: ActingTown):
    sent = await town.send("ann", "#general", "  !ping ")
    question, answer = town.conversation("ann", "#general")
    assert (question["id"], question["text"]) == (str(sent), "!ping")
    assert answer["author"]["name"] == "Hearth"
    assert answer["reply"]["id"] == str(sent)


async def test_a_reply_and_files_arrive(town: ActingTown):
    asked = await town.send("ann", "#general", "Which one?")
    files = [("my holiday?.png", b"picture"), ("SPOILER_../secret.txt", b"text")]
    await town.send("bob", "#general", "These", reply_to=asked, files=files)
    answer = town.newest("ann", "#general")
    assert answer["reply"]["author"]["name"] == "ann"
    assert [(file["name"], file["size"]) for file in answer["attachments"]] == [
        ("my_holiday_.png", 7),
        ("secret.txt", 4),
    ]


async def test_files_alone_are_a_message(town: ActingTown):
    await town.send("ann", "#general", " ", files=[("notes.txt", b"")])
    assert town.newest("ann", "#general")["attachments"][0]["name"] == "notes.txt"


async def test_direct_messages_with_the_bot(town: ActingTown):
    ann = town.ids["ann"]
    direct = town.acting.direct(ann)
    assert town.acting.direct(ann) == direct
    sent = await town.acting.send(ann, direct, "!ping")
    question, answer = town.sight.conversation(ann, direct)["messages"]
    assert question["id"] == str(sent)
    assert answer["author"]["name"] == "Hearth"
    reply = await town.acting.send(ann, direct, "thanks", reply_to=int(answer["id"]), files=[("a.txt", b"a")])
    await town.acting.edit(ann, direct, reply, "thank you")
    shown = town.sight.message(ann, direct, reply)
    assert (shown["text"], shown["reply"]["author"]["name"], len(shown["attachments"])) == ("thank you", "Hearth", 1)
    await town.acting.set_pinned(ann, direct, int(answer["id"]), True)
    await town.acting.react(ann, direct, int(answer["id"]), "👍", True)
    pinned = town.sight.message(ann, direct, int(answer["id"]))
    assert pinned["pinned"]
    assert [one["key"] for one in pinned["reactions"]] == ["👍"]
    await town.acting.react(ann, direct, int(answer["id"]), "👍", False)
    await town.acting.typing(ann, direct)
    await town.acting.delete(ann, direct, reply)
    assert town.sight.message(ann, direct, reply) is None
    with refused("In direct messages you can only delete what you wrote."):
        await town.acting.delete(ann, direct, int(answer["id"]))
    with refused("Those are somebody else's direct messages."):
        await town.acting.send(town.ids["bob"], direct, "hello")


async def test_whoever_shares_no_server_with_the_bot_cant_write_to_it(town: ActingTown):
    bob = town.ids["bob"]
    direct = town.acting.direct(bob)
    await town.acting.leave(bob, town.ids["Hearth Town"])
    with refused("You can't write to Hearth: you share no server with it."):
        await town.acting.send(bob, direct, "hello?")


async def test_what_discord_doesnt_take(town: ActingTown):
    with refused("There is nothing to send."):
        await town.send("ann", "#general", " \n ")
    with refused("A message has at most 2,000 characters; this one has 2,001."):
        await town.send("ann", "#general", "é" * 2_001)
    await town.send("ann", "#general", "🎉" * 2_000)
    with refused("A message takes at most 10 files; these are 11."):
        await town.send("ann", "#general", "", files=[("a", b"")] * 11)
    with refused("The files of a message may have 25 MiB in all; these have 26.0 MiB."):
        await town.send("ann", "#general", "", files=[("a", b"x" * 13 * MEBIBYTE)] * 2)
    with refused("The message that you reply to is gone."):
        await town.send("ann", "#general", "yes", reply_to=1)
    assert len(town.conversation("ann", "#general")) == 1


async def test_where_one_cant_write(town: ActingTown):
    with refused("You can't write in #rules: that needs Send Messages."):
        await town.send("ann", "#rules", "hello")
    with refused("You can't see #staff: that needs View Channel."):
        await town.send("ann", "#staff", "hello")
    with refused("You can't write in #help: it is a forum; write in one of its posts."):
        await town.send("ann", "#help", "hello")
    with refused("You can't write in the category “Info”: it only holds channels."):
        await town.send("ann", "#Info", "hello")
    with refused("You aren't in Elsewhere."):
        await town.send("bob", "#elsewhere", "hello")
    with refused("That channel is gone."):
        await town.acting.send(town.ids["ann"], 1, "hello")
    with refused("Nobody in town has that id."):
        await town.acting.send(1, town.ids["#general"], "hello")
    await town.send("olivia", "#rules", "An owner may write anywhere.")
    await town.send("mo", "#staff", "So may who has the role.")


async def test_files_and_replies_need_their_permissions(town: ActingTown):
    await town.live("#general").set_permissions(
        town.guild.default_role, attach_files=False, read_message_history=False
    )
    sent = await town.send("ann", "#general", "hello")
    with refused("You can't send files in #general: that needs Attach Files."):
        await town.send("ann", "#general", "", files=[("a.txt", b"a")])
    with refused("You can't reply in #general: that needs Read Message History."):
        await town.send("ann", "#general", "yes", reply_to=sent)


async def test_nobody_replies_to_a_notice_or_to_what_only_they_see(town: ActingTown):
    sent = await town.send("mo", "#general", "Remember this")
    await town.acting.set_pinned(town.ids["mo"], town.ids["#general"], sent, True)
    notice = town.newest("ann", "#general")
    assert notice["notice"]
    with refused("That message can't be replied to."):
        await town.send("ann", "#general", "what?", reply_to=int(notice["id"]))
    with refused("Discord's own notices can't be pinned."):
        await town.acting.set_pinned(town.ids["mo"], town.ids["#general"], int(notice["id"]), True)


async def test_a_voice_channel_is_written_in_by_who_may_connect(town: ActingTown):
    await town.send("ann", "#Stage", "hi")
    await town.live("#Stage").set_permissions(town.guild.default_role, connect=False)
    with refused("You can't write in the voice channel “Stage”: that needs Connect."):
        await town.send("ann", "#Stage", "hi")


async def test_a_channel_that_is_gone(town: ActingTown):
    sent = await town.send("ann", "#slow", "hello")
    await town.live("#slow").delete()
    with refused("That channel is gone."):
        await town.send("ann", "#slow", "hello?")
    with refused("That channel is gone."):
        await town.acting.edit(town.ids["ann"], town.ids["#slow"], sent, "hello!")
    await town.acting.typing(town.ids["ann"], town.ids["#slow"])


async def test_slowmode_counts_by_the_towns_clock(town: ActingTown):
    await town.live("#slow").edit(slowmode_delay=90)
    await town.send("ann", "#slow", "one")
    await town.pass_time(30)
    with refused("Slowmode is on in #slow: you can write again in 1 minute."):
        await town.send("ann", "#slow", "two")
    await town.send("bob", "#slow", "Everybody has their own.")
    await town.pass_time(48)
    with refused("Slowmode is on in #slow: you can write again in 12 seconds."):
        await town.send("ann", "#slow", "two")
    await town.pass_time(12)
    await town.send("ann", "#slow", "two")


async def test_slowmode_doesnt_hold_up_moderators_and_counts_no_refused_message(town: ActingTown):
    await town.live("#slow").edit(slowmode_delay=90)
    for text in ("one", "two", "three"):
        await town.send("mo", "#slow", text)
    with refused("There is nothing to send."):
        await town.send("ann", "#slow", "")
    await town.send("ann", "#slow", "one")
    await town.send("ann", "#general", "And elsewhere nothing is slow.")


async def test_a_timed_out_member_only_reads(town: ActingTown):
    sent = await town.send("ann", "#general", "hello")
    await (await town.guild.fetch_member(town.ids["ann"])).timeout(town.world.env.now() + timedelta(minutes=10))
    await town.pass_time(60)
    sentence = "You are timed out in Hearth Town for another 9 minutes: until then, only read."
    with refused(sentence):
        await town.send("ann", "#general", "unfair!")
    with refused(sentence):
        await town.acting.react(town.ids["ann"], town.ids["#general"], sent, "😢", True)
    with refused(sentence):
        await town.acting.join_voice(town.ids["ann"], town.ids["#Stage"])
    with refused("You can't write in #rules: that needs Send Messages."):
        await town.send("bob", "#rules", "Whoever isn't timed out hears the other reason.")
    await town.pass_time(9 * 60)
    await town.send("ann", "#general", "sorry")


async def test_automod_blocks_a_message(town: ActingTown):
    await town.guild.create_automod_rule(
        name="No spam", event_type=discord.AutoModRuleEventType.message_send, enabled=True,
        trigger=discord.AutoModTrigger(keyword_filter=["spam"]),
        actions=[discord.AutoModRuleAction(custom_message="no")],
    )  # fmt: skip
    with refused("AutoMod blocks that message in #general."):
        await town.send("ann", "#general", "buy spam now")
    assert town.conversation("ann", "#general") == []


# --- threads


async def _thread(town: ActingTown, **settings: object) -> int:
    thread = await town.live("#general").create_thread(name="Tea", type=discord.ChannelType.public_thread)
    if settings:
        await thread.edit(**settings)
    await town.settle()
    town.ids["tea"] = thread.id
    return thread.id


async def test_a_thread_asks_for_its_own_permission(town: ActingTown):
    await _thread(town)
    await town.live("#general").set_permissions(town.guild.default_role, send_messages_in_threads=False)
    await town.send("ann", "#general", "The channel is open.")
    with refused("You can't write in the thread “Tea”: that needs Send Messages in Threads."):
        await town.send("ann", "tea", "hello")


async def test_writing_opens_an_archived_thread_and_makes_one_a_member(town: ActingTown):
    await _thread(town)
    first = await town.send("bob", "tea", "hello")
    await town.live("tea").edit(archived=True)
    archived = "Nothing can be changed in the thread “Tea”: it is archived. Writing there opens it again."
    with refused(archived):
        await town.acting.edit(town.ids["bob"], town.ids["tea"], first, "hi")
    with refused(archived):
        await town.acting.react(town.ids["ann"], town.ids["tea"], first, "👍", True)
    with refused(archived):
        await town.acting.set_pinned(town.ids["mo"], town.ids["tea"], first, True)
    await town.send("ann", "tea", "Anybody here?")
    thread = await town.guild.fetch_channel(town.ids["tea"])
    assert not thread.archived
    assert town.ids["ann"] in {member.id for member in await thread.fetch_members()}


async def test_a_locked_thread_is_for_those_who_manage_threads(town: ActingTown):
    await _thread(town, locked=True)
    with refused("You can't write in the thread “Tea”, which is locked: that needs Manage Threads."):
        await town.send("ann", "tea", "hello")
    await town.send("olivia", "tea", "It is closed.")


async def test_a_private_thread_is_for_its_members(town: ActingTown):
    thread = await town.live("#general").create_thread(name="Secret", type=discord.ChannelType.private_thread)
    with refused("You aren't in the thread “Secret”, and it is private."):
        await town.acting.send(town.ids["ann"], thread.id, "hello")

"""A conversation as each person sees it."""

from collections.abc import AsyncIterator
from datetime import timedelta
from io import BytesIO
from urllib.parse import unquote

import discord
import pytest

from tests.playground.sight_town import SightTown, sight_town

ALL = discord.AllowedMentions.all()
HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(1)> \"'& `</code><b>`"


@pytest.fixture
async def town() -> AsyncIterator[SightTown]:
    async with sight_town() as town:
        yield town


async def test_a_message(town):
    await town.ann.send(town.general, "Hello **there**")
    assert town.last(town.bob) == {
        "id": town.last(town.bob)["id"],
        "channel": str(town.general.id),
        "at": round(town.env.now().timestamp() * 1000),
        "edited": None,
        "notice": None,
        "author": {
            "id": str(town.ann.id),
            "name": "ann",
            "display": "Ann",
            "avatar": f"files/avatar/{town.ann.id}.png",
            "bot": False,
            "colour": "#9b59b6",
            "webhook": False,
        },
        "text": "Hello **there**",
        "html": "Hello <strong>there</strong>",
        "only_emoji": False,
        "embeds": [],
        "attachments": [],
        "components": [],
        "reactions": [],
        "reply": None,
        "thread": None,
        "pinned": False,
        "ephemeral": False,
        "thinking": False,
        "mentions_you": False,
        "may": {"edit": False, "delete": False, "pin": False},
        "traced": False,
    }


async def test_hostile_text_is_text_everywhere(town):
    user = town.env.create_user("x", global_name="<b>x</b>")
    eve = town.guild.add_member(user, nick="<i>eve</i>")
    embed = discord.Embed(title=HOSTILE, description=HOSTILE)
    embed.add_field(name=HOSTILE, value=HOSTILE)
    await town.bot_says(town.general, f"{HOSTILE} {eve.mention}", embed=embed)
    message = town.last(town.ann)
    (shown,) = message["embeds"]
    for html in (message["html"], shown["title_html"], shown["html"], *shown["fields"][0].values()):
        if isinstance(html, str):
            assert "<script" not in html
            assert "<img" not in html
            assert "<b>" not in html
    assert "&lt;i&gt;eve&lt;/i&gt;" in message["html"]
    assert message["text"] == f"{HOSTILE} {eve.mention}"


async def test_the_longest_message_is_whole(town):
    await town.ann.send(town.general, "ab " * 666 + "ab")
    assert len(town.last(town.bob)["text"]) == 2000
    assert len(town.last(town.bob)["html"]) >= 2000


async def test_the_newest_come_first_in_pages(town):
    for number in range(7):
        await town.ann.send(town.general, str(number))
    page = town.sight.conversation(town.bob.id, town.general.id, limit=3)
    assert [message["text"] for message in page["messages"]] == ["4", "5", "6"]
    assert page["more"]
    older = town.sight.conversation(town.bob.id, town.general.id, before=int(page["messages"][0]["id"]), limit=4)
    assert [message["text"] for message in older["messages"]] == ["0", "1", "2", "3"]
    assert not older["more"]


async def test_names_in_the_text_are_those_of_the_reader(town):
    hidden, known = town.staff.mention, town.general.mention
    await town.bot_says(town.general, f"{hidden} {known} <@{town.bob.id}> <@&{town.violet.id}> <@1>")
    ann, mo = town.last(town.ann)["html"], town.last(town.mo)["html"]
    assert "staff" not in ann
    assert "staff" in mo
    for html in (ann, mo):
        assert "general" in html
        assert "@Bob" in html
        assert "@Violet" in html
    assert "you" not in ann
    assert "you" in town.last(town.bob)["html"]


async def test_a_reply_shows_whom_it_answers(town):
    question = await town.ann.send(town.general, "Is it\n**late**?")
    await town.bob.send(town.general, "Yes", reply_to=question)
    reply = town.last(town.mo)["reply"]
    assert (reply["author"]["display"], reply["text"]) == ("Ann", "Is it late?")
    await town.ann.delete(question)
    assert town.last(town.mo)["reply"] == {"id": str(question.id), "author": None, "text": "The message was deleted."}


async def test_a_reply_to_what_has_no_text(town):
    for parts, text in (
        ({"embed": discord.Embed(title="A title", description="d")}, "A title"),
        ({"file": discord.File(BytesIO(b"x"), "notes.txt")}, "notes.txt"),
    ):
        await town.ann.send(town.general, "Oh", reply_to=await town.bot_says(town.general, **parts))
        assert town.last(town.ann)["reply"]["text"] == text


async def test_edits_and_pins(town):
    message = await town.ann.send(town.general, "Helo")
    await town.env.advance_time(60)
    await town.ann.edit(message, "Hello")
    await town.mo.set_pinned(message, True)
    first, notice = town.seen(town.bob)
    assert (first["text"], first["pinned"]) == ("Hello", True)
    assert first["edited"] - first["at"] == 60_000
    assert notice["notice"] == "pinned a message to this channel."
    assert notice["author"]["display"] == "Mo"
    assert (notice["text"], notice["html"]) == ("", "")
    assert [pin["id"] for pin in town.sight.pins(town.bob.id, town.general.id)] == [first["id"]]
    assert town.sight.pins(town.ann.id, town.staff.id) == []


async def test_what_one_may_do_with_a_message(town):
    message = await town.ann.send(town.general, "Hello")
    may = {name: town.last(person)["may"] for name, person in (("ann", town.ann), ("bob", town.bob), ("mo", town.mo))}
    assert may == {
        "ann": {"edit": True, "delete": True, "pin": False},
        "bob": {"edit": False, "delete": False, "pin": False},
        "mo": {"edit": False, "delete": True, "pin": True},
    }
    await town.mo.set_pinned(message, True)
    assert town.last(town.mo)["may"] == {"edit": False, "delete": True, "pin": False}
    await town.users["Ann"].send_dm("Hello")
    direct = town.users["Ann"].dm_channel
    assert town.last(town.ann, direct)["may"] == {"edit": True, "delete": True, "pin": True}


async def test_in_an_archived_thread_nothing_is_changed(town):
    thread = await (await town.bot_says(town.general, "Talk")).create_thread(name="talk")
    await thread.send("First")
    assert town.last(town.mo, thread)["may"] == {"edit": False, "delete": True, "pin": True}
    await thread.edit(archived=True)
    assert town.last(town.mo, thread)["may"] == {"edit": False, "delete": True, "pin": False}


async def test_who_may_pin_messages_may_no_more(town):
    await town.place(town.general).set_permissions(town.cached.get_member(town.ann.id), pin_messages=True)
    await town.bob.send(town.general, "Hello")
    assert town.last(town.ann)["may"] == {"edit": False, "delete": False, "pin": True}


async def test_notices(town):
    await town.place(town.general).edit(name="lobby")
    thread = await (await town.bot_says(town.staff, "Hush")).create_thread(name="plot")
    await town.env.settle()
    assert town.last(town.ann)["notice"] == "changed the name of this channel to lobby."
    told = town.last(town.mo, town.staff)
    assert told["notice"] == "started a thread: plot."
    assert told["thread"] == {"id": str(thread.id), "name": "plot", "messages": 0}


async def test_a_thread_begins_with_the_message_it_grew_from(town):
    message = await town.bot_says(town.general, "Talk about it")
    thread = await message.create_thread(name="talk")
    await thread.send("First")
    start, first = town.seen(town.ann, thread)
    assert (start["text"], start["channel"], start["thread"]) == ("Talk about it", str(town.general.id), None)
    assert first["text"] == "First"
    assert town.seen(town.ann)[0]["thread"] == {"id": str(thread.id), "name": "talk", "messages": 1}
    assert town.sight.message(town.ann.id, thread.id, message.id)["text"] == "Talk about it"
    assert start["may"] == {"edit": False, "delete": False, "pin": False}


async def test_a_thread_that_is_hidden_is_not_told_of(town):
    thread = await town.place(town.general).create_thread(name="psst", type=discord.ChannelType.private_thread)
    await town.env.settle()
    assert town.seen(town.mo, thread) == []
    for message in town.seen(town.bob):
        assert "psst" not in str(message)


async def test_reactions(town):
    emoji = town.guild.create_emoji("hearth")
    town.world.pictures.add_emoji(emoji.id, "flame")
    message = await town.ann.send(town.general, "Hello")
    await town.ann.react(message, "🎉")
    await town.bob.react(message, "🎉")
    await town.bob.react(message, f"hearth:{emoji.id}")
    party, custom = town.last(town.ann)["reactions"]
    assert party == {
        "emoji": {"id": None, "name": "🎉", "url": None},
        "key": "🎉",
        "count": 2,
        "me": True,
        "who": ["Ann", "Bob"],
    }
    assert custom["emoji"] == {"id": str(emoji.id), "name": "hearth", "url": f"files/emoji/{emoji.id}.png"}
    assert (custom["key"], custom["me"]) == (f"hearth:{emoji.id}", False)


def address(url: str) -> tuple[int, int, str]:
    _files, _attachment, channel, number, name = url.split("/")
    return int(channel), int(number), unquote(name)


async def test_files(town):
    files = [
        ("cat.PNG", b"\x89PNG"),
        ("SPOILER_plan.txt", b"secret"),
        ("drawing.svg", b"<svg/>"),
        ("ü & <b>?.txt", b""),
    ]
    await town.ann.send(town.general, "", attachments=files)
    cat, plan, drawing, odd = town.last(town.bob)["attachments"]
    assert (cat["name"], cat["image"], cat["size"], cat["spoiler"]) == ("cat.PNG", True, 4, False)
    assert cat["url"] == f"files/attachment/{town.general.id}/{cat['id']}/cat.PNG"
    assert (plan["name"], plan["image"], plan["spoiler"]) == ("plan.txt", False, True)
    assert not drawing["image"], "a drawing may hold scripts"
    assert odd["url"].endswith("/%C3%BC%20%26%20%3Cb%3E%3F.txt")
    assert town.sight.attachment(town.general.id, int(plan["id"]), "SPOILER_plan.txt") == b"secret"
    assert town.sight.attachment(town.offtopic.id, int(plan["id"]), "SPOILER_plan.txt") is None
    for file in (cat, plan, drawing, odd):
        assert town.sight.attachment(*address(file["url"])) is not None


async def test_who_left_is_still_named_but_has_no_colour(town):
    await town.ann.send(town.general, "Goodbye")
    town.guild.remove_member(town.ann)
    await town.env.settle()
    author = town.last(town.bob)["author"]
    assert (author["display"], author["colour"]) == ("Ann", None)


async def test_a_webhook_speaks_under_a_name_of_its_own(town):
    hook = town.guild.create_webhook(town.general, "Builds")
    await hook.send("Green", username="CI", avatar_url="https://elsewhere.example/ci.png")
    author = town.last(town.ann)["author"]
    assert (author["display"], author["webhook"], author["avatar"]) == ("CI", True, None)
    picture = f"https://cdn.discordapp.com/avatars/{town.ann.id}/abc.png?size=64"
    await hook.send("Red", avatar_url=picture)
    author = town.last(town.ann)["author"]
    assert (author["display"], author["avatar"]) == ("Builds", f"files/avatar/{town.ann.id}.png")


async def test_what_the_tracer_knows_is_marked(town):
    await town.ann.send(town.general, "!ping")
    known = {int(town.last(town.ann)["id"])}
    town.sight.traced = known.__contains__
    assert town.last(town.ann)["traced"]
    await town.ann.send(town.general, "other")
    assert not town.last(town.ann)["traced"]


async def test_a_message_that_is_not_there(town):
    message = await town.bot_says(town.staff, "Hush")
    assert town.sight.message(town.ann.id, town.staff.id, message.id) is None
    assert town.sight.message(town.ann.id, town.general.id, message.id) is None
    assert town.sight.message(town.mo.id, town.staff.id, message.id)["text"] == "Hush"
    await message.delete()
    assert town.sight.message(town.mo.id, town.staff.id, message.id) is None


async def test_only_emoji_are_marked(town):
    await town.ann.send(town.general, "🎉🎉")
    assert town.last(town.bob)["only_emoji"]
    await town.ann.send(town.general, "🎉 yes")
    assert not town.last(town.bob)["only_emoji"]


async def test_a_forwarded_message(town):
    original = await town.ann.send(town.general, "**Listen**", attachments=[("a.png", b"\x89PNG")])
    await town.ann.forward(original, town.offtopic)
    shown = town.last(town.bob, town.offtopic)
    (box,) = shown["embeds"]
    assert (box["author"]["text"], box["html"]) == ("Forwarded", "<strong>Listen</strong>")
    assert [file["name"] for file in shown["attachments"]] == ["a.png"]
    assert shown["reply"] is None
    assert not town.last(town.ann, town.offtopic)["may"]["edit"]


async def test_a_poll(town):
    poll = discord.Poll("Tea or coffee?", timedelta(hours=1))
    poll.add_answer(text="Tea", emoji="🍵")
    poll.add_answer(text="Coffee")
    message = await town.bot_says(town.general, poll=poll)
    await town.ann.vote(message, answer=1)
    await town.bob.vote(message, answer=1)
    await town.mo.vote(message, answer=2)
    (box,) = town.last(town.ann)["embeds"]
    assert box["title_html"] == "Tea or coffee?"
    assert "Tea" in box["fields"][0]["name_html"]
    assert [field["html"] for field in box["fields"]] == ["2 votes (67 %) · your vote", "1 vote (33 %)"]
    assert box["footer"]["text"] == "3 votes · open until"
    assert box["at"] == round((town.env.now() + timedelta(hours=1)).timestamp() * 1000)


async def test_a_sticker(town):
    sticker = town.guild.create_sticker("wave")
    await town.bot_says(town.general, stickers=[discord.Object(sticker.id)])
    assert town.last(town.ann)["embeds"][0]["author"]["text"] == "Sticker: wave"

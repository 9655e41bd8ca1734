"""What members report, and what they are told."""

from typing import Any

import discord
import pytest

from tests.moderation.deeds import database_fails
from tests.support.answers import Answer
from tests.support.places import Channel, Person
from tests.support.town import Town
from utils.events import ReportOpened

sqlite = pytest.mark.engines("sqlite")
PICTURE = b"\x89PNG" + bytes(200)


async def desk_in(town: Town, name: str = "private") -> Channel:
    channel = town.channel(name)
    await town.says(town.admin, f"!config set report-channel {channel.mention}")
    return channel


async def bad_words(town: Town, text: str = "I hate *everybody*", **fields: Any) -> discord.Message:
    await town.says(town.bob, text, **fields)
    return town.last_said


def told(town: Town, who: Person) -> Answer:
    answer = town.last(who)
    assert answer is not None
    return answer


def is_gone(town: Town, message: discord.Message) -> bool:
    return any(call.path.endswith(f"/{message.id}") for call in town.calls("DELETE", "/channels/*/messages/*"))


# --- Ways to report ----------------------------------------------------------------------------------------


async def test_a_reply_brings_the_message_to_the_staff(town: Town):
    desk = await desk_in(town)
    bad = await bad_words(town, "I hate *everybody* @everyone")
    assert await town.says(town.ann, "!report he does it\nevery day", reply_to=bad) is None
    assert is_gone(town, town.last_said)
    assert "Your report has reached the staff of **Town**" in told(town, town.ann)
    assert "he does it\nevery day" in told(town, town.ann)
    [shown] = town.messages(desk)
    assert shown.embed.description == ">>> I hate \\*everybody\\* @\u200beveryone"
    assert shown.fields["Reported"] == f"{town.bob.mention} · bob · `{town.bob.id}`"
    assert shown.fields["Reported by 1 member"].startswith(town.ann.mention)
    assert shown.fields["Reported by 1 member"].endswith(": he does it every day")
    assert bad.jump_url in shown.fields["Where"]
    assert shown.fields["Before"] == "0 earlier reports · 0 cases"
    assert list(shown.buttons) == ["Claim", "Resolve"]
    assert not shown.pings


async def test_a_person_by_name_with_a_reason(town: Town):
    desk = await desk_in(town)
    assert await town.says(town.ann, "!report bob writes me nasty things") is None
    [shown] = town.messages(desk)
    assert shown.embed.description is None
    assert shown.fields["Reported"].startswith(town.bob.mention)
    assert "writes me nasty things" in shown
    assert "Where" not in shown.fields


@sqlite
async def test_somebody_who_left_or_was_never_here_by_id(town: Town):
    desk = await desk_in(town)
    await town.leave(town.bob)
    await town.says(town.ann, f"!report {town.bob.id} scammed me")
    stranger = town.outsider("eve")
    await town.says(town.ann, f"!report {stranger.mention} scammed me")
    first, second = town.messages(desk)
    assert first.fields["Reported"].startswith(town.bob.mention)
    assert second.fields["Reported"].startswith(stranger.mention)


async def test_a_link_with_or_without_a_reason(town: Town):
    desk = await desk_in(town)
    bad = await bad_words(town, channel=town.bots_corner)
    await town.says(town.ann, f"!report look at <{bad.jump_url}> please")
    await town.says(town.moderator, f"!report {bad.jump_url}")
    [shown] = town.messages(desk)
    assert shown.embed.description == ">>> I hate \\*everybody\\*"
    assert "look at please" in shown.fields["Reported by 2 members"]
    assert "no reason given" in shown.fields["Reported by 2 members"]


@sqlite
async def test_a_reply_in_a_thread(town: Town):
    desk = await desk_in(town)
    await town.as_bot(town.general.live.create_thread(name="aside", type=discord.ChannelType.public_thread))
    (handle,) = town.general.handle.threads
    thread = Channel(town, handle, town.guild)
    bad = await bad_words(town, channel=thread)
    await town.says(town.ann, "!report spam", channel=thread, reply_to=bad)
    assert bad.jump_url in town.last(desk).fields["Where"]


async def test_the_message_may_be_deleted_afterwards(town: Town):
    desk = await desk_in(town)
    bad = await bad_words(town, "secret insult", files=[("proof.png", PICTURE), ("notes.txt", b"hello")])
    await town.says(town.ann, "!report", reply_to=bad)
    await town.delete_message(bad)
    [shown] = town.messages(desk)
    assert "secret insult" in shown
    assert shown.fields["Attachments"] == "proof.png, notes.txt"
    [picture] = shown.files
    assert picture.filename == "SPOILER_proof.png"
    assert picture.size == len(PICTURE)
    await town.press(town.moderator, shown, "Claim")
    assert len(town.now_of(shown).files) == 1


@sqlite
async def test_no_pictures_where_files_cant_be_attached_or_discord_refuses_them(town: Town):
    desk = await desk_in(town)
    bad = await bad_words(town, files=[("proof.png", PICTURE)])
    town.refuse("POST", f"/channels/{desk.id}/messages", status=413, code=40005)
    await town.says(town.ann, "!report", reply_to=bad)
    assert town.last(desk).files == []
    await town.take_permission(desk, "attach_files")
    bad = await bad_words(town, files=[("proof.png", PICTURE)])
    await town.says(town.ann, "!report", reply_to=bad)
    assert town.last(desk).files == []
    assert town.last(desk).fields["Attachments"] == "proof.png"


async def test_pictures_that_a_reporter_sends_along(town: Town):
    desk = await desk_in(town)
    await town.says(town.ann, "!report bob writes me this", files=[("dm.png", PICTURE)])
    shown, below = town.messages(desk)
    assert below == f"{town.ann.mention} attached this to the report."
    assert below.replies_to == shown.id
    assert not below.pings
    assert [file.filename for file in below.files] == ["SPOILER_dm.png"]
    assert "files" not in told(town, town.ann)
    await town.says(town.ann, "!report bob and this", files=[("dm.png", PICTURE), ("virus.exe", b"x")])
    assert len(town.messages(desk)) == 3
    assert "Not all of your files could be passed on" in told(town, town.ann)
    town.refuse("POST", f"/channels/{desk.id}/messages", status=413, code=40005)
    await town.says(town.ann, "!report bob and this", files=[("dm.png", PICTURE)])
    assert "Not all of your files could be passed on" in told(town, town.ann)


@sqlite
async def test_the_database_fails_in_between(town: Town):
    desk = await desk_in(town)
    with database_fails(town, "SELECT COUNT(*) FROM reports"):
        await town.says(town.ann, "!report bob spams")
    assert "I keep your report" in told(town, town.ann)
    [shown] = await town.wait(minutes=1)
    assert shown.channel_id == desk.id


@sqlite
async def test_the_database_is_away(town: Town):
    await desk_in(town)
    with database_fails(town, "INSERT INTO reports"):
        assert await town.says(town.ann, "!report bob spams") is None
    assert "I can't reach my database" in told(town, town.ann)
    assert "bob spams" in told(town, town.ann), "they get back what they wrote"


@sqlite
async def test_a_forwarded_message(town: Town):
    desk = await desk_in(town)
    await bad_words(town, "what eve wrote", channel=town.bots_corner)
    await town.bob.acts_in(town.guild.id).forward(town.last_said, town.general.handle)
    forwarded = await town.as_bot(anext(town.general.live.history(limit=1)))
    await town.says(town.ann, f"!report {forwarded.jump_url}")
    assert "what eve wrote" in town.last(desk).embed.description


# --- Refusals ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("!report", "Say whom you report and why"),
        ("!report bob", "Say why, too"),
        ("!report 🤷 is bad", "I can't tell whom you mean"),
        ("!report nobody_like_this is bad", "I can't tell whom you mean"),
        ("!report 123456789012345678 is bad", "I can't tell whom you mean"),
        ("!report ann is bad", "You can't report yourself"),
        (
            "!report https://discord.com/channels/@me/123456789012345678/123456789012345678 x",
            "leads out of this server",
        ),
    ],
)
@sqlite
async def test_what_cant_be_reported(town: Town, text: str, answer: str):
    desk = await desk_in(town)
    assert await town.says(town.ann, text) is None, "nothing in the channel"
    assert is_gone(town, town.last_said)
    assert answer in told(town, town.ann)
    assert town.messages(desk) == []
    assert await town.db.fetchall("SELECT * FROM reports") == []


@sqlite
async def test_oneself_and_the_bot(town: Town):
    await desk_in(town)
    await town.says(town.ann, "hello")
    await town.says(town.ann, "!report", reply_to=town.last_said)
    assert "You can't report yourself" in told(town, town.ann)
    hearth = await town.says(town.ann, "!ping")
    await town.says(town.ann, "!report", reply_to=hearth)
    assert "You can't report me" in told(town, town.ann)
    assert town.owner.mention in told(town, town.ann)


async def test_what_one_cant_read_one_cant_report_by_link(town: Town):
    desk = await desk_in(town)
    await town.says(town.moderator, "among ourselves", channel=town.private)
    secret = town.last_said
    before = len(town.messages(desk))
    await town.says(town.ann, f"!report {secret.jump_url}")
    hidden = str(told(town, town.ann)).partition("You wrote")[0]
    assert "I can't find that message" in hidden
    unknown = secret.jump_url.replace(str(secret.id), "123456789012345678")
    await town.says(town.ann, f"!report {unknown}")
    assert str(told(town, town.ann)).partition("You wrote")[0] == hidden, "it says nothing about what there is"
    assert len(town.messages(desk)) == before
    await town.says(town.admin, f"!report {secret.jump_url}")
    assert "among ourselves" in town.last(desk)


@sqlite
async def test_a_link_into_a_private_thread(town: Town):
    await desk_in(town)
    kind = discord.ChannelType.private_thread
    thread = await town.as_bot(town.general.live.create_thread(name="aside", type=kind))
    message = await town.as_bot(thread.send("⟦psst⟧"))
    await town.says(town.ann, f"!report {message.jump_url} bad")
    assert "I can't find that message" in told(town, town.ann)


@sqlite
async def test_a_link_to_somewhere_that_has_no_messages_or_no_history(town: Town):
    await desk_in(town)
    bad = await bad_words(town)
    voice = town.guild.channel("voice")
    await town.says(town.ann, f"!report https://discord.com/channels/{town.guild.id}/{voice.id}/{bad.id} bad")
    assert "I can't find that message" in told(town, town.ann)
    await town.take_permission(town.general, "read_message_history", of=town.ann)
    await town.says(town.ann, f"!report {bad.jump_url} bad")
    assert "I can't find that message" in told(town, town.ann)


@sqlite
async def test_another_server(town: Town):
    await desk_in(town)
    elsewhere = town.new_guild("Elsewhere", members=[town.ann, town.bob])
    await town.says(town.bob, "hello", channel=elsewhere.general)
    await town.says(town.ann, f"!report {town.last_said.jump_url} bad")
    assert "That link leads out of this server" in told(town, town.ann)


@sqlite
async def test_a_reply_to_what_was_deleted(town: Town):
    desk = await desk_in(town)
    bad = await bad_words(town)
    await town.says(town.ann, "hm", reply_to=bad)
    reply = town.last_said
    await town.delete_message(bad)
    await town.edits(town.ann, "!report spam", message=reply)
    await town.redeliver(reply)  # as if it had been that from the beginning
    assert "I can't find that message" in told(town, town.ann)
    assert town.messages(desk) == []


async def test_not_set_up(town: Town):
    bad = await bad_words(town)
    assert await town.says(town.ann, "!report spam", reply_to=bad) is None
    answer = told(town, town.ann)
    assert "Reports aren't set up in this server" in answer
    assert town.owner.mention in answer
    await town.says(town.admin, f"!config set mod-roles {town.role('Moderator').mention}")
    await town.says(town.ann, "!report spam", reply_to=bad)
    assert "write to **Moderator**" in told(town, town.ann)
    assert await town.db.fetchall("SELECT * FROM reports") == []


@sqlite
async def test_the_mod_log_takes_them_unless_everybody_reads_it(town: Town):
    await town.says(town.admin, f"!config set mod-log {town.bots_corner.mention}")
    await town.says(town.ann, "!report bob spam")
    assert "Reports aren't set up" in told(town, town.ann)
    await town.says(town.admin, f"!config set mod-log {town.private.mention}")
    await town.says(town.ann, "!report bob spam")
    assert "has reached the staff" in told(town, town.ann)
    assert "spam" in town.last(town.private)


@sqlite
async def test_in_direct_messages(town: Town):
    assert "in a server only" in await town.dm(town.ann, "!report bob spam")


# --- Nobody sees who reported ------------------------------------------------------------------------------


async def test_closed_direct_messages(town: Town):
    desk = await desk_in(town)
    town.close_dms(town.ann)
    answer = await town.says(town.ann, "!report bob spams")
    assert "Your report has reached the staff" in answer
    assert "bob" not in answer
    assert "spams" not in answer
    assert not answer.pings
    assert answer.replies_to is None
    assert len(town.messages(desk)) == 1
    await town.wait(seconds=20)
    assert town.now_of(answer) is None, "it goes by itself"
    refused = await town.says(town.ann, "!report bobby spams")
    assert "I can't tell whom you mean" in refused
    assert "bobby" not in refused


@sqlite
async def test_nowhere_to_answer(town: Town):
    desk = await desk_in(town)
    town.close_dms(town.ann)
    await town.take_permission(town.general, "send_messages")
    assert await town.says(town.ann, "!report bob spams") is None
    assert len(town.messages(desk)) == 1


async def test_a_command_that_cant_be_deleted(town: Town):
    desk = await desk_in(town)
    await town.take_permission(town.general, "manage_messages")
    await town.says(town.ann, "!report bob spams")
    assert "I couldn't delete your message" in told(town, town.ann)
    assert len(town.messages(desk)) == 1


@sqlite
async def test_a_command_that_somebody_deletes_first(town: Town):
    await desk_in(town)
    town.refuse("DELETE", "/channels/*/messages/*", status=404, code=10008)
    await town.says(town.ann, "!report bob spams")
    assert "I couldn't delete" not in told(town, town.ann)


@sqlite
async def test_discord_has_trouble_with_the_message(town: Town):
    await desk_in(town)
    bad = await bad_words(town)
    town.refuse("GET", "/channels/*/messages/*", status=500, times=None)
    assert await town.says(town.ann, f"!report {bad.jump_url} a threat") is None
    assert "Discord has trouble" in told(town, town.ann)
    assert "a threat" in told(town, town.ann), "they get back what they wrote"


# --- The same again ----------------------------------------------------------------------------------------


async def test_others_join_an_open_report(town: Town):
    desk = await desk_in(town)
    bad = await bad_words(town)
    await town.says(town.ann, "!report spam", reply_to=bad)
    await town.says(town.developer, "!report insult", reply_to=bad)
    [shown] = town.messages(desk)
    reporters = town.now_of(shown).fields["Reported by 2 members"]
    assert [line.partition(" ")[0] for line in reporters.splitlines()] == [town.ann.mention, town.developer.mention]
    assert "has reached the staff" in told(town, town.developer)
    [news] = town.sent(ReportOpened)
    assert (news.target_id, news.reporter_id, news.message_id) == (town.bob.id, town.ann.id, bad.id)


async def test_the_same_message_twice_by_the_same_member(town: Town):
    desk = await desk_in(town)
    bad = await bad_words(town)
    for text in ("!report spam", f"!report {bad.jump_url}"):
        await town.says(town.ann, text, reply_to=bad if "spam" in text else None)
    assert "You have reported this message already" in told(town, town.ann)
    assert len(town.messages(desk)) == 1


async def test_a_person_may_be_reported_again(town: Town):
    desk = await desk_in(town)
    await town.says(town.ann, "!report bob insults me")
    await town.says(town.ann, "!report bob now he threatens me")
    [shown] = town.messages(desk)
    assert "now he threatens me" in town.now_of(shown).fields["Reported by 1 member"]
    assert "has reached the staff" in told(town, town.ann)


async def test_discord_delivers_the_command_twice(town: Town):
    desk = await desk_in(town)
    await town.take_permission(town.general, "manage_messages")  # so that it is there to be delivered
    bad = await bad_words(town)
    for reply_to, text in ((None, "!report bob spams"), (bad, "!report")):
        await town.says(town.ann, text, reply_to=reply_to)
        answers = len(town.messages(town.ann))
        await town.restart()
        await town.redeliver()
        await town.wait(minutes=11)
        await town.restart()
        await town.redeliver()
        assert len(town.messages(town.ann)) == answers
    assert len(town.messages(desk)) == 2
    assert len(await town.db.fetchall("SELECT * FROM report_voices")) == 2


async def test_too_many_at_once(town: Town):
    desk = await desk_in(town)
    await town.take_permission(town.general, "manage_messages")  # so that a command is there to be delivered again
    people = [town.member(f"person{number}") for number in range(6)]
    for person in people[:5]:
        await town.says(town.ann, f"!report {person.id} spam")
        await town.wait(minutes=1)
    assert len(town.messages(desk)) == 5
    await town.restart()
    await town.redeliver()
    assert "has reached the staff" in told(town, town.ann), "not that it is too much"
    await town.says(town.ann, f"!report {people[5].id} spam")
    assert "That's a lot of reports at once" in told(town, town.ann)
    assert len(town.messages(desk)) == 5
    await town.says(town.developer, f"!report {people[5].id} spam")
    assert len(town.messages(desk)) == 6, "others are heard"
    await town.wait(minutes=6)
    await town.says(town.ann, f"!report {people[5].id} spam")
    assert "has reached the staff" in told(town, town.ann)


async def test_those_who_are_blocked(town: Town):
    desk = await desk_in(town)
    await town.says(town.moderator, "!reports block @ann", channel=town.private)
    before = len(town.messages(desk))
    await town.says(town.ann, "!report bob spams")
    assert "The staff takes no reports from you" in told(town, town.ann)
    assert len(town.messages(desk)) == before
    again = await town.says(town.moderator, "!reports block ann", channel=town.private)
    assert "I take no reports from" in again
    assert "again" in await town.says(town.moderator, "!reports unblock ann", channel=town.private)
    assert "as it is" in await town.says(town.moderator, "!reports unblock ann", channel=town.private)
    await town.says(town.ann, "!report bob spams")
    assert "has reached the staff" in told(town, town.ann)


@sqlite
async def test_members_cant_block(town: Town):
    assert "You need the permission" in await town.says(town.ann, "!reports block bob")
    assert "You need the permission" in await town.says(town.ann, "!reports")


# --- Long and strange --------------------------------------------------------------------------------------


async def test_two_thousand_characters(town: Town):
    desk = await desk_in(town)
    bad = await bad_words(town, "*" * 2000)
    await town.says(town.ann, "!report " + "👨‍👩‍👧‍👦_" * 200, reply_to=bad)
    await town.says(town.developer, f"!report {bad.jump_url} " + "@`" * 900)
    [shown] = town.messages(desk)
    assert town.now_of(shown).embed.description.startswith(">>> \\*\\*")
    assert len(town.now_of(shown).embed) <= 6000
    voices = await town.db.fetchall("SELECT why FROM report_voices ORDER BY command_id")
    assert len(voices[1]["why"]) == 1800, "all of it is kept"


@sqlite
async def test_a_message_without_text(town: Town):
    desk = await desk_in(town)
    bad = await bad_words(town, "", files=[("a.zip", b"x")])
    await town.says(town.ann, "!report virus", reply_to=bad)
    assert "no text that I can read" in town.last(desk).embed.description

"""Deleting many messages at once, as a moderator does it."""

from datetime import timedelta

import discord
import pytest

from cogs.moderation.purge import rules
from cogs.moderation.purge.cog import ANSWER_STAYS_SECONDS
from cogs.moderation.purge.rules import BULK_AGE
from cogs.moderation.settings import MOD_LOG
from database.moderation import Case, CaseFilter, CasesStore, NewCase
from tests.moderation.deeds import at_the_call
from tests.support.answers import Answer
from tests.support.places import Channel
from tests.support.town import Town
from utils.events import ModAction

english = pytest.mark.town(languages=("en",))
sqlite = pytest.mark.engines("sqlite")
BULK = "/channels/*/messages/bulk-delete"
SINGLE = "/channels/*/messages/*"


def history(town: Town, channel: Channel | None = None) -> list[discord.Message]:
    return sorted((channel or town.general).handle.history(), key=lambda message: message.id)


def texts(town: Town, channel: Channel | None = None) -> list[str]:
    """What the messages say that are still there, the oldest first; the bot's answers say it in embeds."""
    return [message.content for message in history(town, channel) if message.content and not message.is_system()]


async def talk(town: Town, *said: str, channel: Channel | None = None) -> list[discord.Message]:
    messages = []
    for text in said:
        await town.says(town.ann, text, channel=channel)
        messages.append(town.last_said)
    return messages


async def crowd(town: Town, count: int) -> None:
    await talk(town, *(f"message {number}" for number in range(count)))


async def cases(town: Town) -> list[Case]:
    return await town.as_bot(CasesStore(town.db).find(town.guild.id, CaseFilter(), limit=50))


async def purge(town: Town, words: str, **where) -> Answer:
    answer = await town.says(town.moderator, f"!purge {words}".strip(), **where)
    assert answer is not None
    assert not answer.pings & {town.ann.id, town.bob.id}
    return answer


async def log_into(town: Town, channel: Channel) -> None:
    await town.as_bot(town.bot.guild_settings.set(town.guild.id, MOD_LOG, channel.id, changed_by=None))


# --- What goes -------------------------------------------------------------------------------------------------


async def test_the_latest_go_and_the_answer_too(town: Town):
    await talk(town, "one", "two")
    await town.says(town.bob, "three")
    answer = await purge(town, "2")
    assert texts(town) == ["one"]
    assert "Deleted 2 messages." in answer
    assert f"{town.ann.mention} **1** · {town.bob.mention} **1**" in answer
    assert "Case **1**" in answer
    await town.wait(seconds=ANSWER_STAYS_SECONDS - 1)
    assert town.now_of(answer) is not None
    await town.wait(seconds=2)
    assert town.now_of(answer) is None
    assert texts(town) == ["one"]


@sqlite
@english
async def test_an_answer_that_somebody_deleted_first_is_no_error(town: Town):
    await talk(town, "one")
    await town.delete_message(await purge(town, "1"))
    await town.wait(seconds=ANSWER_STAYS_SECONDS + 1)


@sqlite
async def test_clear_is_the_same(town: Town):
    await talk(town, "one", "two")
    assert "Deleted 1 message." in await town.says(town.moderator, "!clear 1")
    assert texts(town) == ["one"]


@sqlite
async def test_down_to_the_message_one_replies_to(town: Town):
    _one, two, _three = await talk(town, "one", "two", "three")
    await purge(town, "", reply_to=two)
    assert texts(town) == ["one"]


@sqlite
@english
async def test_a_number_limits_a_reply(town: Town):
    one, *_others = await talk(town, "one", "two", "three")
    await purge(town, "1", reply_to=one)
    assert texts(town) == ["one", "two"]


@sqlite
@english
async def test_before_after_and_between(town: Town):
    one, _two, three, _four, five, _six = await talk(town, "1", "2", "3", "4", "5", "6")
    await purge(town, f"--between {three.id} {five.jump_url}")
    assert texts(town) == ["1", "2", "3", "5", "6"]
    await purge(town, f"1 --before {three.id}")
    assert texts(town) == ["1", "3", "5", "6"]
    await purge(town, f"--after {one.id} --before {five.id}")
    assert texts(town) == ["1", "5", "6"]
    # A message that comes after the command, and after everything there is.
    await purge(town, "1 --before 9999999999999999999")
    assert texts(town) == ["1", "5"]


@sqlite
@english
async def test_people_by_mention_name_and_id_also_those_who_left(town: Town):
    for name in ("ann", "bob", "ada"):
        await town.says(town.member(name), f"from {name}")
    await town.leave(town.bob)
    await purge(town, f"50 ada {town.bob.id}")
    assert texts(town) == ["from ann"]
    await purge(town, f"50 {town.ann.mention}")
    assert texts(town) == []
    assert "can't find “nobody”" in await purge(town, "50 nobody")
    for written in ("links", "-links"):
        assert "Did you mean `--links`?" in await purge(town, f"50 {written}")


@sqlite
@english
async def test_somebody_banned_a_moment_ago_by_name(town: Town):
    await town.says(town.bob, "free nitro")
    await town.says(town.moderator, "!ban bob scam", channel=town.private)
    await purge(town, "50 @bob")
    assert texts(town) == []


@sqlite
@english
async def test_filters_on_real_messages(town: Town):
    (pinned,) = await talk(town, "https://x.org pinned")
    await town.owner.acts_in(town.guild.id).set_pinned(pinned, True)
    (liked,) = await talk(town, "liked")
    await town.reacts(town.bob, liked, "👍")
    await talk(
        town, "hi <@123456789012345678>", "see discord.gg/abc", "see https://x.org/a", "nice 😀", "again", "Again "
    )
    await town.says(town.ann, "file", files=[("notes.txt", b"x")])
    await town.says(town.ann, "image", files=[("cat.png", b"x")])
    hook = town.guild.handle.create_webhook(town.general.handle, "News")
    await hook.send("embedded", embed=discord.Embed(title="A story"))
    left = [text for text in texts(town) if "pinned" not in text]
    for flag, gone in {
        "reactions": ["liked"], "mentions": ["hi <@123456789012345678>"], "invites": ["see discord.gg/abc"],
        "links": ["see https://x.org/a"], "emoji": ["nice 😀"], "duplicates": ["Again "], "images": ["image"],
        "files": ["file"], "embeds --contains embedded": ["embedded"], 'regex "^ag(a|e)in$"': ["again"],
    }.items():  # fmt: skip
        await purge(town, f"50 --{flag}")
        left = [text for text in left if text not in gone]
        found = [text for text in texts(town) if "pinned" not in text and not text.startswith("⟦")]
        assert found == left, flag
    assert left == []
    assert "pinned" in texts(town)[0]


@sqlite
async def test_bots_humans_and_webhooks(town: Town):
    hook = town.guild.handle.create_webhook(town.general.handle, "News")
    await hook.send("from the hook", username="**News**")
    await talk(town, "human")
    await town.says(town.bob, "!ping")
    answer = await purge(town, "50 --humans")
    assert "Deleted 2 messages." in answer
    assert texts(town)[0] == "from the hook"
    answer = await purge(town, "50 --bots --contains hook")
    assert "\\*\\*News\\*\\*" in answer
    (case, *_rest) = await cases(town)
    assert case.details["authors"] == [[None, "**News**", 1]]


async def test_pins_stay_unless_asked_for(town: Town):
    one, *_others = await talk(town, "one", "two")
    await town.owner.acts_in(town.guild.id).set_pinned(one, True)
    answer = await purge(town, "5 @ann")
    assert "1 pinned message stays; `--pins` takes it, too." in answer
    assert texts(town) == ["one"]
    assert "Deleted 1 message." in await purge(town, "5 @ann --pins")
    assert texts(town) == []


# --- What stays ------------------------------------------------------------------------------------------------


async def test_over_the_edge_of_fourteen_days(town: Town):
    (older,) = await talk(town, "older")
    await town.wait(minutes=1)
    (younger,) = await talk(town, "younger")
    await town.wait(until=older.created_at + BULK_AGE + timedelta(seconds=30))
    await talk(town, "new")
    answer = await purge(town, "10")
    assert "Deleted 2 messages." in answer
    assert "1 message is older than 14 days and stays: Discord deletes it only by itself." in answer
    assert texts(town) == ["older"]
    (call,) = town.calls("POST", BULK)
    assert younger.id in map(int, call.body["messages"])
    assert older.id not in map(int, call.body["messages"])
    answer = await purge(town, "10 @ann")
    assert "No message fits that I could delete." in answer
    assert texts(town) == ["older", "!purge 10 @ann"]


@sqlite
@sqlite
@english
async def test_messages_that_get_too_old_while_somebody_thinks(town: Town):
    """Discord refuses all hundred of a call for a single message of 14 days."""
    await crowd(town, rules.ASKS_ABOVE + 1)
    await town.wait(until=history(town)[0].created_at + BULK_AGE - timedelta(seconds=1))
    question = await purge(town, "101")
    assert "Delete 101 messages?" in question
    await town.wait(seconds=58)
    oldest = history(town)[0].created_at
    ages: list[timedelta] = []
    with at_the_call(town, "POST", BULK, before=lambda: ages.append(discord.utils.utcnow() - oldest)):
        reaction = await town.press(town.moderator, question, "Yes")
    assert BULK_AGE < max(ages) < timedelta(days=14)
    assert "Deleted 101 messages." in reaction.replies[0]
    assert texts(town) == []


async def test_nothing_fits(town: Town):
    await talk(town, "one")
    assert await purge(town, "10 --links") == "No message fits that I could delete."
    assert await cases(town) == []
    assert not town.calls("DELETE")


@sqlite
async def test_a_preview_deletes_nothing(town: Town):
    one, _two = await talk(town, "one", "two")
    await town.says(town.bob, "three")
    answer = await purge(town, "10 --show")
    assert "3 messages would go." in answer
    assert f"{town.ann.mention} **2** · {town.bob.mention} **1**" in answer
    assert f"<t:{int(one.created_at.timestamp())}:f>" in answer
    assert not answer.buttons
    assert texts(town) == ["one", "two", "three", "!purge 10 --show"]
    assert await cases(town) == []


@sqlite
async def test_mistakes_are_told(town: Town):
    assert "Say how many messages" in await purge(town, "")
    assert "Say how many messages" in await purge(town, "@ann --links")
    assert "Did you mean `--links`?" in await purge(town, "5 --link")
    assert "can't be read" in await purge(town, "5 --regex (")
    assert await cases(town) == []


async def test_a_hundred_aren_t_asked_about_and_more_are(town: Town):
    await crowd(town, 101)
    answer = await purge(town, "100")
    assert "Deleted 100 messages." in answer
    assert [len(call.body["messages"]) for call in town.calls("POST", BULK)] == [100]
    assert len(town.calls("DELETE", SINGLE)) == 1
    assert texts(town) == ["message 0"]

    await crowd(town, 101)
    question = await purge(town, "102")
    assert "Delete 102 messages?" in question
    assert f"{town.ann.mention} **102**" in question
    assert len(texts(town)) == 103
    reaction = await town.press(town.bob, question, "Yes")
    assert "not yours" in reaction.reply
    await town.press(town.moderator, question, "Yes")
    assert "Deleted 102 messages." in town.last()
    assert "Case **2**" in town.last()
    assert texts(town) == []
    assert town.now_of(question) is None


@sqlite
async def test_no_and_silence_delete_nothing(town: Town):
    await crowd(town, 101)
    question = await purge(town, "101")
    await town.press(town.moderator, question, "No")
    assert len(texts(town)) == 102
    await purge(town, "101")
    await town.wait(minutes=2)
    assert len(texts(town)) == 103
    assert await cases(town) == []


@sqlite
@english
async def test_it_looks_back_as_far_as_it_must_and_no_further(town: Town, monkeypatch: pytest.MonkeyPatch):
    await talk(town, "same")
    await crowd(town, 104)
    await talk(town, "pair", "pair", "same", "needle")
    await purge(town, "1")
    assert len(town.calls("GET", "/channels/*/messages")) == 1
    # Only the second page tells that it was said before.
    await purge(town, "1 --duplicates")
    assert (texts(town).count("same"), texts(town).count("pair")) == (1, 2)
    assert "Deleted 1 message." in await purge(town, "1 --contains SAME")
    monkeypatch.setattr(rules, "MOST_SCANNED", 100)
    answer = await purge(town, '5 --contains "message 0"')
    assert "No message fits" in answer
    assert "I looked through 100 messages and no further." in answer


@sqlite
@english
async def test_what_is_forwarded_counts(town: Town):
    (spam,) = await talk(town, "see discord.gg/abc", channel=town.bots_corner)
    await town.ann.acts_in(town.guild.id).forward(spam, town.general.handle)
    await talk(town, "fine")
    assert "Deleted 1 message." in await purge(town, "5 --invites")
    assert texts(town) == ["fine"]


@sqlite
@english
async def test_invisible_characters_in_the_command_do_no_harm(town: Town):
    await talk(town, "ab")
    assert "Deleted 1 message." in await purge(town, '1 --contains "a\x00b"')


# --- Trouble ---------------------------------------------------------------------------------------------------


@sqlite
async def test_two_at_once_in_a_channel(town: Town):
    await crowd(town, 101)
    question = await purge(town, "101")
    assert "running already" in await town.says(town.admin, "!purge 5")
    await town.says(town.ann, "elsewhere", channel=town.bots_corner)
    assert "Deleted 1 message." in await purge(town, "1", channel=town.bots_corner)
    await town.press(town.moderator, question, "Yes")
    assert "Deleted 1 message." in await town.says(town.admin, "!purge 1")


@sqlite
async def test_messages_gone_meanwhile_are_no_error(town: Town):
    await crowd(town, 101)
    question = await purge(town, "101")
    for message in history(town)[:3]:
        await town.delete_message(message)
    await town.press(town.moderator, question, "Yes")
    assert "Deleted 101 messages." in town.last()
    await crowd(town, 100)
    town.refuse("DELETE", SINGLE, status=404, code=10008)
    assert "Deleted 100 messages." in await purge(town, "100")


async def test_refused_half_way(town: Town):
    await log_into(town, town.private)
    await crowd(town, 100)
    town.refuse("DELETE", SINGLE, status=403, code=50013, message="Missing Permissions")
    answer = await purge(town, "100")
    assert "Messages deleted: 99 of 100. Discord doesn't let me: Missing Permissions." in answer
    assert texts(town) == ["message 0"]
    (case,) = await cases(town)
    assert case.status == "failed"
    assert "99 of 100" in (case.failure or "")
    (logged,) = town.messages(town.private)
    assert "99 of 100" in logged
    assert len(logged.files) == 1
    await town.wait(minutes=1)
    assert town.now_of(answer) is not None


@sqlite
async def test_discord_fails_at_once(town: Town):
    await log_into(town, town.private)
    await talk(town, "one", "two")
    town.refuse("POST", BULK, status=500, times=None)
    await town.says(town.moderator, "!purge 2")
    await town.wait(minutes=2)  # discord.py tries it several times
    assert "Messages deleted: 0 of 2. Discord answers with an error (500)" in town.last()
    assert texts(town)[:2] == ["one", "two"]
    (case,) = await cases(town)
    assert case.status == "failed"
    (logged,) = town.messages(town.private)
    assert not logged.files


@sqlite
async def test_who_may(town: Town):
    await talk(town, "one")
    answer = await town.says(town.bob, "!purge 1")
    assert "Manage Messages" in answer
    await town.take_permission(town.general, "manage_messages", of=town.role("Moderator"))
    assert "You need the permission **Manage Messages**" in await purge(town, "1")
    await town.give_permission(town.general, "manage_messages", of=town.role("Moderator"))
    await town.take_permission(town.general, "manage_messages")
    answer = await purge(town, "1")
    assert "I need the permission **Manage Messages**" in answer
    assert town.general.mention in answer
    await town.give_permission(town.general, "manage_messages")
    await town.take_permission(town.general, "read_message_history")
    assert "**Read Message History**" in await purge(town, "1")
    assert "one" in texts(town)


# --- Places ----------------------------------------------------------------------------------------------------


@sqlite
async def test_in_a_thread_and_in_a_forum_s_post(town: Town):
    await town.as_bot(town.general.live.create_thread(name="aside", type=discord.ChannelType.public_thread))
    (handle,) = town.general.handle.threads
    thread = Channel(town, handle, town.guild)
    await talk(town, "one", "two", channel=thread)
    assert "Deleted 2 messages." in await purge(town, "50 @ann", channel=thread)
    assert texts(town, thread) == []

    town.guild.handle.create_forum_channel("ideas")
    forum = town.guild.channel("ideas")
    await town.as_bot(forum.live.create_thread(name="Tea", content="⟦The post⟧"))
    (handle,) = forum.handle.threads
    post = Channel(town, handle, town.guild)
    await talk(town, "yes", "no", channel=post)
    assert "Deleted 2 messages." in await purge(town, "50", channel=post)
    assert texts(town, post) == ["⟦The post⟧"]


@sqlite
async def test_in_a_voice_channel_s_text(town: Town):
    voice = town.guild.channel("voice")
    await talk(town, "one", "two", channel=voice)
    assert "Deleted 1 message." in await purge(town, "1", channel=voice)
    assert texts(town, voice) == ["one"]


# --- The record ------------------------------------------------------------------------------------------------


async def test_case_log_and_transcript(town: Town):
    await log_into(town, town.private)
    await town.says(town.ann, "buy @everyone\n[2026] mona: hello", files=[("cat.png", b"x")])
    said = town.last_said
    await purge(town, '1 @ann --contains buy --reason "spam wave"')
    (case,) = await cases(town)
    assert (case.kind, case.status, case.target_id, case.reason) == ("purge", "done", None, "spam wave")
    assert (case.moderator_id, case.channel_id, case.source) == (town.moderator.id, town.general.id, "command")
    assert case.details["authors"] == [[town.ann.id, "ann", 1]]
    assert [(news.kind, news.target_id) for news in town.sent(ModAction)] == [("purge", None)]
    (call,) = town.calls("POST", BULK)
    assert call.reason == "mona: spam wave"

    (logged,) = town.messages(town.private)
    assert "Purge" in logged.embed.title
    assert "spam wave" in logged.fields["Reason"]
    assert f"1 message in {town.general.mention}" in logged.fields["Messages"]
    assert f"{town.ann.mention} **1**" in logged.fields["Messages"]
    assert '`1 @ann --contains buy --reason "spam wave"`' in logged.fields["Messages"]
    assert not logged.pings
    (file,) = logged.files
    assert file.filename == "purge-1.txt"
    text = (await town.as_bot(file.read())).decode()
    assert f"ann ({town.ann.id})" in text
    assert f"#{said.id}" in text
    assert "    buy @everyone\n    [2026] mona: hello\n" in text
    assert "cat.png" in text
    assert f"{said.created_at:%Y-%m-%d %H:%M:%S} UTC" in text


@sqlite
async def test_a_log_for_everybody_gets_no_transcript(town: Town):
    await log_into(town, town.bots_corner)
    await talk(town, "one")
    await purge(town, "1")
    (logged,) = town.messages(town.bots_corner)
    assert "Purge" in logged
    assert not logged.files


@sqlite
async def test_a_log_without_attachments_still_gets_the_case(town: Town):
    await log_into(town, town.private)
    await town.take_permission(town.private, "attach_files")
    await talk(town, "one")
    await purge(town, "1")
    (logged,) = town.messages(town.private)
    assert "Purge" in logged
    assert not logged.files


@sqlite
@english
async def test_help_explains_it(town: Town):
    answer = await town.says(town.moderator, "!help purge")
    assert '!purge 100 --links --contains "free"' in answer
    assert "`--duplicates`" in answer
    assert "Manage Messages" in answer.fields["I need"]
    assert "`clear`" in answer.fields["Also called"]


@sqlite
@english
@pytest.mark.town(message_content=False, languages=("en",))
async def test_without_the_content_of_messages_nothing_is_chosen_by_it(town: Town):
    await talk(town, "one")
    me = f"<@{town.bot.user.id}>"
    answer = await town.says(town.moderator, f"{me} purge 5 --links")
    assert "doesn't show me what messages say" in answer
    assert "Deleted" in await town.says(town.moderator, f"{me} purge 5 @ann")
    assert "one" not in texts(town)


@sqlite
async def test_a_purge_that_was_cut_off_says_so(town: Town):
    await log_into(town, town.private)
    new = NewCase(town.guild.id, "purge", "command", "mona", town.now, channel_id=town.general.id,
                  details={"messages": 3, "authors": [[town.ann.id, "ann", 3]], "asked": ""})  # fmt: skip
    await town.as_bot(CasesStore(town.db).open(new))
    await town.wait(seconds=1)
    await town.restart(clean=False)
    await town.settle()
    (case,) = await cases(town)
    assert case.status == "failed"
    (logged,) = town.messages(town.private)
    assert f"3 messages in {town.general.mention}" in logged
    assert "please look yourself" in logged

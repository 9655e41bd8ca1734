"""The log channel: one embed a case, whatever happens to the channel."""

import asyncio

import discord
import pytest

from cogs.moderation.cases.log import CaseLog
from database.missed_cases import MissedCasesStore
from database.moderation import CasesStore
from tests.moderation.case_help import given_case
from tests.support.town import Town

sqlite = pytest.mark.engines("sqlite")


async def log_in(town: Town, name: str = "log", **fields):
    channel = town.channel(name, **fields)
    await town.says(town.admin, f"!config set mod-log {channel.mention}")
    return channel


async def test_one_embed_a_case_that_changes_with_it(town: Town):
    log = await log_in(town)
    await town.says(town.moderator, "!warn bob spam")
    await town.says(town.moderator, "!kick ann raid")
    first, second = town.messages(log)
    assert first.embed.title == "⚠️ Warning · Case 1"
    assert first.fields["Reason"] == "spam"
    assert "Changed by" not in first.fields
    await town.says(town.admin, "!reason 1-2 *new*")
    assert len(town.messages(log)) == 2
    for shown in (first, second):
        fields = town.now_of(shown).fields
        assert fields["Reason"] == "\\*new\\*"
        assert fields["Changed by"].startswith(town.admin.mention)
        assert not town.now_of(shown).pings


@sqlite
async def test_a_length_changes_in_the_log(town: Town):
    log = await log_in(town)
    await town.says(town.moderator, "!ban bob 2d spam")
    await town.says(town.moderator, "!duration 1 5d")
    [shown] = town.messages(log)
    assert shown.fields["Length"].startswith("5 days, ")


@sqlite
async def test_a_news_channel_is_fine(town: Town):
    town.guild.handle.create_news_channel("news")
    channel = town.guild.channel("news")
    await town.says(town.admin, f"!config set mod-log {channel.mention}")
    await town.says(town.moderator, "!warn bob spam")
    [shown] = town.messages(channel)
    assert shown.fields["Reason"] == "spam"


@sqlite
async def test_a_thread_is_none(town: Town):
    kind = discord.ChannelType.public_thread
    thread = await town.as_bot(town.general.live.create_thread(name="log", type=kind))
    answer = await town.says(town.admin, f"!config set mod-log {thread.mention}")
    assert "I can't find a fitting channel" in answer


async def test_notes_show_only_in_a_log_for_staff(town: Town):
    log = await log_in(town)
    await town.says(town.moderator, "!note bob steals horses")
    [shown] = town.messages(log)
    assert "horses" not in shown
    await town.says(town.admin, f"!config set mod-log {town.private.mention}")
    await town.says(town.moderator, "!note bob steals cows")
    assert "steals cows" in town.last(town.private)


async def test_a_deleted_log_is_said_once_and_loses_no_case(town: Town):
    log = await log_in(town)
    await town.delete_channel(log)
    for _ in range(2):
        assert "Warned" in await town.says(town.moderator, "!warn bob spam")
        await town.wait(minutes=10)
    [told] = town.messages(town.owner)
    assert "The mod log channel was deleted" in told
    await town.restart()
    await town.says(town.moderator, "!warn bob spam")
    assert len(town.messages(town.owner)) == 1, "a restart forgets nothing"
    assert "⚠️ Warning **3**" in await town.says(town.moderator, "!history bob")


@sqlite
async def test_the_next_trouble_is_told_again(town: Town):
    await town.delete_channel(await log_in(town))
    await town.says(town.moderator, "!warn bob spam")
    again = await log_in(town, "log2")
    await town.says(town.moderator, "!warn bob spam")
    assert len(town.messages(again)) == 2, "the missed one, too"
    await town.delete_channel(again)
    await town.says(town.moderator, "!warn bob spam")
    assert len(town.messages(town.owner)) == 2


@sqlite
async def test_a_log_that_cant_be_written_in(town: Town):
    log = await log_in(town)
    await town.take_permission(log, "send_messages")
    assert "Warned" in await town.says(town.moderator, "!warn bob spam")
    [told] = town.messages(town.owner)
    assert f"I may not write in the mod log channel, {log.mention}" in told
    await town.give_permission(log, "send_messages")
    await town.says(town.moderator, "!reason 1 raid")
    [shown] = town.messages(log)
    assert shown.fields["Reason"] == "raid", "it comes when the case is changed"


@sqlite
async def test_an_owner_who_cant_be_told(town: Town):
    town.close_dms(town.owner)
    await town.delete_channel(await log_in(town))
    assert "Warned" in await town.says(town.moderator, "!warn bob spam")


@sqlite
async def test_discord_has_trouble(town: Town):
    log = await log_in(town)
    town.refuse("POST", f"/channels/{log.id}/messages", status=500, times=None)
    assert "Warned" in await town.says(town.moderator, "!warn bob spam")
    assert town.messages(town.owner) == []


@sqlite
async def test_a_log_message_or_its_channel_is_gone(town: Town):
    log = await log_in(town)
    await town.says(town.moderator, "!warn bob spam")
    await town.delete_message(town.last(log))
    assert "has a new reason" in await town.says(town.moderator, "!reason 1 raid")
    assert town.messages(log) == []
    await town.says(town.moderator, "!warn ann spam")
    await town.delete_channel(log)
    assert "has a new reason" in await town.says(town.moderator, "!reason 2 raid")


async def test_changes_at_once_make_one_embed(town: Town):
    log = await log_in(town)
    case = await given_case(town)
    store = CasesStore(town.bot.db)
    case_log = CaseLog(town.bot, store)

    async def change(reason: str) -> None:
        await case_log.show(await store.amend(case, {"reason": reason}, by=town.admin.id, at=town.now))

    async def all_at_once() -> None:
        await asyncio.gather(*(change(f"reason {number}") for number in range(5)))

    await town.as_bot(all_at_once())
    [shown] = town.messages(log)
    assert shown.fields["Reason"] == (await store.get(town.guild.id, 1)).reason


# --- what the log missed


def numbers(answers) -> list[int]:
    return [int(answer.embed.title.rpartition(" ")[2]) for answer in answers if answer.embed]


async def test_the_store_of_missed_cases(db):
    store = MissedCasesStore(db)
    for number in (3, 1, 2, 3):
        await store.add(7, number)
    await store.add(8, 1)
    assert await store.newest(7, 2) == [2, 3]
    assert await store.forget_before(7, 2) == 1
    await store.remove(7, 3)
    assert await store.newest(7, 9) == [2]
    assert await store.guilds() == {7, 8}
    await store.forget(7)
    assert await store.guilds() == {8}


async def test_another_log_shows_what_the_deleted_one_missed(town: Town):
    log = await log_in(town)
    await town.says(town.moderator, "!warn bob one")
    await town.delete_channel(log)
    await town.says(town.moderator, "!warn bob two")
    await town.says(town.moderator, "!warn bob three")
    await town.restart(clean=False)
    again = await log_in(town, "log2")
    await town.settle()
    assert numbers(town.messages(again)) == [2, 3]
    await town.says(town.moderator, "!warn bob four")
    await town.says(town.admin, "!reason 2 changed")
    assert numbers(town.messages(again)) == [2, 3, 4]
    assert town.messages(again)[0].fields["Reason"] == "changed"


@sqlite
async def test_a_log_shows_what_it_missed_when_it_may_be_written_in_again(town: Town):
    log = await log_in(town)
    await town.take_permission(log, "send_messages")
    await town.says(town.moderator, "!warn bob one")
    await town.says(town.moderator, "!kick ann two")
    await town.give_permission(log, "send_messages")
    assert numbers(town.messages(log)) == [1, 2]
    assert len(town.messages(town.owner)) == 1


@pytest.mark.parametrize("how", ["waiting", "restart", "another case"])
async def test_what_was_missed_while_discord_had_trouble(town: Town, how: str):
    log = await log_in(town)
    town.refuse("POST", f"/channels/{log.id}/messages", status=500, times=None)
    for reason in ("one", "two", "three"):
        assert "Warned" in await town.says(town.moderator, f"!warn bob {reason}")
    town.refuse_no_more()
    if how == "waiting":
        await town.wait(minutes=11)
    elif how == "restart":
        await town.restart(clean=False)
        await town.settle()
    else:
        await town.says(town.moderator, "!warn bob four")
    assert numbers(town.messages(log)) == ([1, 2, 3, 4] if how == "another case" else [1, 2, 3])
    await town.wait(hours=1)
    assert len(town.messages(log)) == len(set(numbers(town.messages(log))))


@sqlite
async def test_a_trouble_in_the_middle_of_showing_them(town: Town):
    log = await log_in(town)
    town.refuse("POST", f"/channels/{log.id}/messages", status=500, times=None)
    for reason in ("one", "two", "three"):
        await town.says(town.moderator, f"!warn bob {reason}")
    town.refuse_no_more()
    await town.says(town.moderator, "!warn bob four")
    assert numbers(town.messages(log)) == [1, 2, 3, 4]
    assert await MissedCasesStore(town.db).guilds() == set()


async def test_a_change_that_the_log_missed(town: Town):
    log = await log_in(town)
    await town.says(town.moderator, "!warn bob one")
    town.refuse("PATCH", f"/channels/{log.id}/messages/*", status=503, times=None)
    await town.says(town.moderator, "!reason 1 two")
    [shown] = town.messages(log)
    assert shown.fields["Reason"] == "one"
    town.refuse_no_more()
    await town.wait(minutes=11)
    assert town.now_of(shown).fields["Reason"] == "two"
    assert await MissedCasesStore(town.db).guilds() == set()


@sqlite
@pytest.mark.parametrize("method", ["POST", "PATCH"])
async def test_what_discord_never_takes_holds_up_no_others(town: Town, method: str):
    log = await log_in(town)
    if method == "PATCH":
        await town.says(town.moderator, "!warn bob one")
    town.refuse(method, f"/channels/{log.id}/messages*", status=400, times=1)
    town.refuse(method, f"/channels/{log.id}/messages/*", status=400, times=1)
    await town.says(town.moderator, "!warn bob one" if method == "POST" else "!reason 1 two")
    await town.says(town.moderator, "!warn bob three")
    assert numbers(town.messages(log)) == ([2] if method == "POST" else [1, 2])
    assert await MissedCasesStore(town.db).guilds() == set()


@sqlite
async def test_of_very_many_the_newest_are_shown(town: Town, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("cogs.moderation.cases.missed.MOST_SHOWN_LATER", 2)
    log = await log_in(town)
    await town.delete_channel(log)
    for number in range(5):
        await town.says(town.moderator, f"!warn bob {number}")
    again = await log_in(town, "log2")
    await town.settle()
    first, *others = town.messages(again)
    assert first == "This log missed 3 cases more, which aren't shown any more; `cases` finds them."
    assert numbers(others) == [4, 5]
    assert await MissedCasesStore(town.db).guilds() == set()


@sqlite
async def test_without_a_log_nothing_is_missed(town: Town):
    await town.says(town.moderator, "!warn bob one")
    log = await log_in(town)
    await town.delete_channel(log)
    await town.says(town.moderator, "!warn bob two")
    await town.says(town.admin, "!config reset mod-log")
    await town.says(town.moderator, "!warn bob three")
    again = await log_in(town, "log2")
    await town.says(town.moderator, "!warn bob four")
    assert numbers(town.messages(again)) == [4]


@sqlite
async def test_no_log_no_embed(town: Town):
    await town.says(town.moderator, "!warn bob spam")
    assert town.messages(town.owner) == []
    assert (await CasesStore(town.bot.db).get(town.guild.id, 1)).log_message_id is None

"""`announce`: news for servers, slowly and once."""

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cogs.admin.announcing.rules import TEXT_CHARACTERS, checked_text, place_for, split_ids
from database.announcements import Announcement, AnnouncementsStore
from tests.support import simcord_adapter as adapter
from tests.support.answers import Answer
from tests.support.town import Town
from utils.errors import UserError

ids = st.lists(st.integers(10**16, 10**19), min_size=1, max_size=4)
ONE = Announcement(1, 2, 3, 4, "Dinner is ready!")


@given(ids, st.text(st.characters(categories=["L"]), min_size=1))
def test_ids_are_split_from_the_text(guild_ids: list[int], text: str):
    found, rest = split_ids(" ".join(map(str, guild_ids)) + f", {text} 5")
    assert found == list(dict.fromkeys(guild_ids))
    assert rest == f"{text} 5"


def test_what_is_no_news():
    for wrong in ("everybody hello", "5 hello", "123456789012345678", "", "123456789012345678 \u200b"):
        with pytest.raises(UserError):
            split_ids(wrong)
    with pytest.raises(UserError):
        checked_text("x" * (TEXT_CHARACTERS + 1))


async def test_one_at_a_time_is_kept(db):
    store = AnnouncementsStore(db)
    assert await store.under_way() is None
    assert await store.begin(ONE, [30, 10, 20])
    assert not await store.begin(Announcement(9, 2, 3, 4, "x"), [10])
    assert await store.under_way() == ONE
    await store.mark(1, 20, "sent")
    assert await store.waiting(1) == [10, 30]
    assert await store.states(1) == {"waiting": 2, "sent": 1}
    await store.end(1)
    assert await store.under_way() is None
    assert await db.fetchval("SELECT COUNT(*) FROM announcement_guilds") == 0
    assert await store.begin(Announcement(9, 2, 3, 4, "x"), [10])


async def begin(town: Town, text: str) -> Answer:
    """Ask for it and say yes; the message that shows how far it is."""
    shown = await town.says(town.developer, text)
    assert shown is not None
    question = shown.replies[-1]
    assert question.startswith("Send this to")
    reply = (await town.press(town.developer, question, "Yes")).reply
    assert reply is not None
    return reply


def news_in(town: Town, channel) -> list[Answer]:
    return [one for one in town.messages(channel) if one.startswith("News from whoever runs me")]


async def test_news_go_where_a_server_wants_them(town: Town):
    villages = [town.new_guild(f"Village {number}") for number in range(3)]
    await town.settle()
    assert await town.says(town.owner, "!announce hello") is None
    await town.says(town.admin, "!config set bot-news-channel #bots-corner")
    await town.as_bot(town.bot.guild_settings.set(villages[0].id, news_setting(town), False, changed_by=1))
    shown = await begin(town, "!announce @everyone **Dinner** is ready!")
    assert "other news" in await town.says(town.developer, "!announce again")
    await town.wait(seconds=10)
    ended = town.now_of(shown)
    assert ended.startswith("3 of 4 servers have the news.")
    assert "1 wants none." in ended
    assert not ended.buttons
    (there,) = news_in(town, town.bots_corner)
    assert "**Dinner** is ready!" in there
    assert not there.pings_everyone
    assert len(news_in(town, villages[1].channel("general"))) == 1
    assert news_in(town, villages[0].channel("general")) == []
    assert await town.db.fetchval("SELECT COUNT(*) FROM announcements") == 0
    shown = await begin(town, f"!announce to {villages[2].id} Your logo is wonderful!")
    await town.wait(seconds=5)
    assert len(news_in(town, villages[2].channel("general"))) == 2
    assert len(news_in(town, villages[1].channel("general"))) == 1


async def test_news_survive_a_restart_and_are_cancelled(town: Town):
    villages = [town.new_guild(f"Village {number}") for number in range(6)]
    await town.settle()
    town.refuse("POST", f"/channels/{villages[0].channel('general').id}/messages")
    third = villages[2].channel("general")

    def stop(method: str, path: str) -> None:
        """Let the bot be stopped in the moment in which it sends."""
        if (method, path) == ("POST", f"/channels/{third.id}/messages"):
            stopping.append(asyncio.ensure_future(town.bot.get_cog("BotNews").cancel_tasks()))

    stopping: list[asyncio.Future[None]] = []
    with adapter.at_each_request(stop):
        shown = await begin(town, "!announce hello")
        await town.wait(seconds=20)
    assert len(stopping) == 1
    assert [len(news_in(town, one.channel("general"))) for one in villages] == [0, 1, 1, 0, 0, 0]
    await town.restart()
    await town.goes_away(villages[5])
    await town.wait(seconds=8)
    await town.is_there_again(villages[5])
    await town.wait(seconds=20)
    ended = town.now_of(shown)
    assert ended.startswith("6 of 7 servers have the news.\nIt failed in 1.")
    assert "cut off" not in ended, "the one under way was sent to its end"
    assert [len(news_in(town, one.channel("general"))) for one in villages] == [0, 1, 1, 1, 1, 1]
    shown = await begin(town, "!announce again")
    await town.wait(seconds=2.5)
    assert "Only who runs me" in (await town.press(town.ann, shown, "Cancel")).reply
    await town.press(town.developer, shown, "Cancel")
    await town.wait(seconds=20)
    assert "I stopped there" in town.now_of(shown)
    assert await town.says(town.developer, "!announce cancel") == "Nothing is being sent."
    await town.as_bot(AnnouncementsStore(town.db).begin(ONE, [town.guild.id]))  # an error ended the sending of these
    assert await town.says(town.developer, "!announce cancel") == "I stop after the server I am at."
    assert await town.db.fetchval("SELECT COUNT(*) FROM announcements") == 0


async def test_the_first_place_where_the_bot_can_write(town: Town):
    guild = town.guild.live
    assert place_for(guild, None).id == town.general.id
    assert place_for(guild, town.bots_corner.id).id == town.bots_corner.id
    assert place_for(guild, 5).id == town.general.id
    await town.take_permission(town.general, "send_messages")
    assert place_for(guild, town.general.id).id == town.bots_corner.id


def news_setting(town: Town):
    return next(one for one in town.bot.get_cog("BotNews").settings if one.key == "bot-news")

"""`schedule`: messages that are sent later, over restarts and DST, and what is said when they can't be."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from database.errors import ConstraintViolated
from database.scheduled_messages import ScheduledMessage, ScheduledMessagesStore
from tests.support.town import Town
from utils.events import ScheduledMessageTimer

# What is sent is people's own text, so the pseudo-language would miss its marks there.
english = pytest.mark.town(languages=("en",))
DUE = datetime(2026, 1, 7, 9, tzinfo=UTC)
sqlite = pytest.mark.engines("sqlite")


@english
async def test_a_message_is_sent_once_over_a_restart(town: Town):
    answer = await town.says(town.moderator, "!schedule #general in 2h Hello\n**@everyone**")
    assert f"<t:{int((town.now + timedelta(hours=2)).timestamp())}:F>" in answer
    await town.redeliver()
    assert "#2" not in await town.says(town.moderator, "!schedule list")
    await town.restart()
    assert await town.wait(hours=1, minutes=59, seconds=59) == ()
    [sent] = await town.wait(seconds=1)
    assert sent == "Hello\n**@everyone**"
    assert not sent.pings_everyone
    assert "No messages" in await town.says(town.moderator, "!schedule list")


@english
@sqlite
async def test_a_repeating_message_keeps_its_time_of_day_over_dst(town: Town):
    await town.says(town.moderator, "!timezone Berlin")
    await town.wait(until=datetime(2026, 3, 27, 12, tzinfo=UTC))
    answer = await town.says(town.moderator, "!schedule #general every day at 9 Good morning")
    due = [datetime(2026, 3, day, hour, tzinfo=UTC) for hour, day in ((8, 28), (7, 29), (7, 30))]
    assert all(f"<t:{int(one.timestamp())}:F>" in answer for one in due)
    for one in due:
        assert await town.wait(until=one - timedelta(seconds=1)) == ()
        assert [*await town.wait(seconds=1)] == ["Good morning"]
    assert "every day at 09:00" in await town.says(town.moderator, "!schedule show 1")


@english
async def test_messages_are_moved_changed_and_cancelled(town: Town):
    await town.says(town.moderator, "!schedule #general every day at 9 one")
    assert "is changed" in await town.says(town.moderator, "!schedule edit 1 two")
    assert "Write only a time" in await town.says(town.moderator, "!schedule move 1 in 1h and a text")
    await town.says(town.moderator, "!schedule move 1 in 1h")
    assert [*await town.wait(hours=1)] == ["two"]
    assert await town.wait(days=2) == ()
    await town.says(town.moderator, "!schedule #general in 1h three")
    assert "is cancelled" in await town.says(town.moderator, "!schedule cancel 1")
    assert "There is no scheduled message" in await town.says(town.moderator, "!schedule cancel 1")
    assert await town.wait(hours=2) == ()


async def test_who_may_schedule_what_where(town: Town):
    assert "Manage Messages" in await town.says(town.ann, "!schedule #general in 1h x")
    for wrong in (
        "", "#nosuch in 1h x", "#general", "#general x", "#general in 1h", "#general in 20 years x", "cancel 7",
        "#general every minute x", "edit x y", "move 7 in 1h", "show 99999999999",
    ):  # fmt: skip
        answer = await town.says(town.moderator, f"!schedule {wrong}")
        assert "comes in" not in answer
        assert "Something went wrong" not in answer
    await town.take_permission(town.private, "send_messages")
    assert "comes in" not in await town.says(town.moderator, f"!schedule <#{town.private.id}> in 1h x")


@english
async def test_a_channel_that_is_gone_is_told_once(town: Town):
    news = town.channel("news")
    await town.settle()
    await town.says(town.moderator, f"!schedule <#{news.id}> every day at 9 Good morning")
    assert [*await town.wait(days=1)] == ["Good morning"]
    await town.delete_channel(news)
    heard = await town.wait(days=3)
    assert ["is gone" in one for one in heard] == [True]
    assert "its channel is gone" in await town.says(town.moderator, "!schedule list")
    assert "its channel is gone" in await town.says(town.admin, "!schedule list")
    assert "comes in" not in await town.says(town.moderator, "!schedule channel 1 #nosuch")
    assert "every day at 09:00" in await town.says(town.moderator, "!schedule channel 1 #general")
    assert "gone" not in await town.says(town.moderator, "!schedule list")
    assert [*await town.wait(days=1)] == ["Good morning"]


@english
async def test_a_channel_that_is_closed_is_told_once_and_tried_again(town: Town):
    news = town.channel("news")
    await town.settle()
    await town.says(town.moderator, f"!schedule <#{news.id}> every day at 9 Good morning")
    await town.take_permission(news, "send_messages")
    heard = await town.wait(days=3)
    assert ["may not write" in one for one in heard] == [True]
    assert "I may not write there" in await town.says(town.moderator, "!schedule list")
    await town.give_permission(news, "send_messages")
    assert [*await town.wait(days=1)] == ["Good morning"]
    assert "may not" not in await town.says(town.moderator, "!schedule list")


@english
async def test_who_may_not_write_there_any_more_is_not_spoken_for(town: Town):
    news = town.channel("news")
    await town.settle()
    await town.says(town.moderator, f"!schedule <#{news.id}> in 90m once")
    await town.says(town.moderator, f"!schedule <#{news.id}> every day at 9 Good morning")
    await town.take_role(town.moderator, "Moderator")
    heard = await town.wait(days=3)
    assert ["may not write in" in one for one in heard] == [True, True]
    assert {one.channel_id for one in heard} == {town.moderator.dm.id}
    assert (await town.says(town.admin, "!schedule list")).count("may not write there any more") == 2
    assert "comes in" in await town.says(town.admin, "!schedule move 1 in 1h")
    assert [*await town.wait(hours=1)] == ["once"]
    await town.leave(town.moderator)
    assert await town.wait(days=1) == ()
    await town.says(town.admin, "!schedule edit 2 Hello")
    assert [*await town.wait(days=1)] == ["Hello"]


async def test_only_who_may_write_there_changes_what_is_scheduled(town: Town):
    news = town.channel("news")
    await town.settle()
    await town.says(town.admin, f"!schedule <#{news.id}> in 2h from the board")
    await town.take_permission(news, "manage_messages", of=town.guild.role("Moderator"))
    for attempt in ("edit 1 lies", "move 1 in 1h", "channel 1 #general", "cancel 1"):
        assert "Manage Messages" in await town.says(town.moderator, f"!schedule {attempt}")
    assert "from the board" in await town.says(town.moderator, "!schedule show 1")
    await town.take_permission(news, "view_channel", of=town.guild.role("Moderator"))
    assert "no scheduled message" in await town.says(town.moderator, "!schedule show 1")
    assert "is cancelled" in await town.says(town.admin, "!schedule cancel 1")


@english
@sqlite
async def test_what_is_late_or_told_twice_is_left_out(town: Town):
    await town.says(town.moderator, "!schedule #general every day at 9 Good morning")
    nine = town.now.replace(hour=9, minute=0, second=0, microsecond=0)
    assert [*await town.wait(until=nine)] == ["Good morning"]
    town.bot.dispatch("scheduled_message_timer", town.sent(ScheduledMessageTimer)[-1])
    assert await town.wait(hours=1) == ()
    town.refuse("POST", f"/channels/{town.general.id}/messages", status=500, times=None)
    await town.wait(until=nine + timedelta(days=1, minutes=30))
    town.refuse_no_more()
    assert [*await town.wait(hours=1)] == ["Good morning"], "half an hour late"
    town.refuse("POST", f"/channels/{town.general.id}/messages", status=500, times=None)
    await town.wait(until=nine + timedelta(days=2, hours=2))
    town.refuse_no_more()
    assert await town.wait(hours=20) == (), "that of the third day is too late"
    assert [*await town.wait(hours=2)] == ["Good morning"]


@english
@sqlite
async def test_nothing_is_sent_where_utility_is_switched_off(town: Town):
    await town.says(town.moderator, "!schedule #general in 2h Once")
    await town.says(town.moderator, "!schedule #general every day at 9 Good morning")
    await town.says(town.owner, "!feature disable utility")
    assert await town.wait(days=2) == ()
    await town.says(town.owner, "!feature enable utility")
    listed = await town.says(town.moderator, "!schedule list")
    assert "**#1**" in listed
    assert "isn't sent any more" in listed
    assert [*await town.wait(days=1)] == ["Good morning"]
    await town.says(town.moderator, "!schedule move 1 in 2h")
    assert "Once" in await town.wait(hours=3)


async def test_messages_that_are_scheduled_at_once_get_numbers_of_their_own(db):
    store = ScheduledMessagesStore(db)
    wanted = ScheduledMessage(0, 7, 0, 1, 2, "x", DUE, None, "UTC", 5, 0)

    async def add(number: int) -> ScheduledMessage | None:
        while True:
            try:
                return await store.add(replace(wanted, id=number, message_id=number), most=5)
            except ConstraintViolated:
                continue

    added = await asyncio.gather(*(add(number) for number in range(1, 9)))
    assert sorted(one.number for one in added if one) == [1, 2, 3, 4, 5]
    [first] = [one for one in added if one and one.number == 1]
    assert (
        await store.of_message(first.message_id) == await store.get(first.id) == await store.numbered(7, 1) == first
    )
    assert not await store.settle(replace(first, due_at=DUE + timedelta(days=1)), next_due=None, trouble=None)
    assert await store.settle(first, next_due=DUE + timedelta(days=1), trouble="forbidden")
    assert not await store.settle(first, next_due=None, trouble=None), "only once"
    moved = await store.get(first.id)
    assert moved is not None
    assert (moved.due_at, moved.timer_id, moved.trouble) == (DUE + timedelta(days=1), 5, "forbidden")
    assert await store.settle(moved, next_due=None, trouble="gone")
    assert (await store.of_guild(7))[-1].id == first.id, "what isn't sent any more comes last"
    assert await store.rewrite(first.id, "y", author_id=2)
    assert (await store.get(first.id)).trouble == "gone"
    assert await store.rewrite(first.id, "y", author_id=3)
    assert (await store.get(first.id)).trouble is None
    armed = replace(first, timer_id=6, text="y", author_id=4)
    assert await store.arm(armed)
    assert await store.get(first.id) == armed
    assert await store.remove(first.id)
    assert not await store.remove(first.id)

"""Setting, listing, changing, cancelling and snoozing reminders."""

import asyncio
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from cogs.utility.reminders import rules
from cogs.utility.reminders.service import Reminders
from database.reminders import Reminder
from tests.support.town import Town

english = pytest.mark.town(languages=("en",))
sqlite = pytest.mark.engines("sqlite")

UTC_ZONE = ZoneInfo("UTC")


def stamped(moment: datetime) -> str:
    """How a moment is echoed."""
    seconds = int(moment.timestamp())
    return f"<t:{seconds}:F> (<t:{seconds}:R>)"


async def at_once(service: Reminders, messages: list, plan: rules.Plan) -> list[Reminder]:
    return await asyncio.gather(*(service.set(message, plan, UTC_ZONE) for message in messages))


# --- Setting ----------------------------------------------------------------------------------------------


async def test_a_reminder_comes_when_it_was_asked_for(town: Town):
    answer = await town.says(town.ann, "!remind 2h tea")
    assert answer == f"I'll remind you {stamped(town.now + timedelta(hours=2))}: number **#1**.\n> tea"
    assert await town.wait(hours=1, minutes=59, seconds=59) == ()
    [heard] = await town.wait(seconds=2)
    assert heard.endswith(">>> tea")
    assert f"<@{town.ann.id}>, you asked me to remind you" in heard
    assert heard.pings == {town.ann.id}
    assert heard.channel_id == town.general.id
    assert "late" not in heard
    assert await town.wait(days=3) == ()
    assert await town.says(town.ann, "!remind list") == "You have no reminders."


WAYS = {
    "in 10m": timedelta(minutes=10),
    "me in 10m to stretch": timedelta(minutes=10),
    "at 9 stretch": timedelta(hours=9),
    "9am stretch": timedelta(hours=9),
    "stretch tomorrow 9am": timedelta(hours=33),
    "at tomorrow 18:00 stretch": timedelta(hours=42),
}


@sqlite
async def test_ways_to_say_it(town: Town):
    for words, after in WAYS.items():
        assert stamped(town.now + after) in await town.says(town.ann, f"!remind {words}")


@english
@sqlite
async def test_other_names(town: Town):
    for name in ("remindme", "reminder", "REMIND"):
        assert "number **#" in await town.says(town.ann, f"!{name} 2h tea")


async def test_many_at_the_same_moment(town: Town):
    messages = []
    for number in range(6):
        await town.says(town.ann, f"tea {number}")
        messages.append(town.last_said)
    service = Reminders(town.bot)
    plan = rules.Plan(town.now + timedelta(hours=1), "tea")
    kept = await town.as_bot(at_once(service, messages, plan))
    assert sorted(reminder.number for reminder in kept) == [1, 2, 3, 4, 5, 6]
    assert len(await town.wait(hours=1)) == 6


@sqlite
async def test_it_works_in_direct_messages(town: Town):
    await town.dm(town.ann, "!remind 2h tea")
    [heard] = await town.wait(hours=2)
    assert heard.channel_id == town.ann.dm.id
    assert heard.endswith(">>> tea")


@sqlite
async def test_times_of_day_are_the_persons_own(town: Town):
    hint = "I read times here as `UTC`; tell me yours with `!timezone Berlin`."
    assert hint in await town.says(town.ann, "!remind 9am tea")
    assert hint not in await town.says(town.ann, "!remind 2h tea")
    await town.says(town.ann, "!timezone Tokyo")
    answer = await town.says(town.ann, "!remind 18:00 tea")
    assert stamped(datetime(2026, 1, 1, 9, tzinfo=UTC)) in answer
    assert hint not in answer


REFUSED = {
    "": "Something is missing",
    "tea": "I can't read “tea” as a time",
    "0m tea": "is over already",
    "-5m tea": "I can't read",
    "1 january 2020 tea": "is over already",
    "6 years tea": "5 years are the most",
    "999999999999 years tea": "I can't read",
    "every 2 minutes tea": "too often",
    "every blue moon tea": "as a recurrence",
    "😀": "I can't read",
    "@everyone": "I can't read",
    "in": "Something is missing",
    "at noonish tea": "I can't read",
    "every": "Something is missing",
    "2h " + "x" * 1001: "at most 1000 characters; yours has 1001",
    "x" * 1990: "I can't read",
    "cancel": "Something is missing",
    "cancel tea": "Name them by their numbers",
    "cancel 7": "You have no reminder **#7**; nothing is cancelled",
    "cancel all": "You have no reminders",
    "edit": "Something is missing",
    "edit tea 2h": "Name the reminder by its number",
    "edit 1": "Something is missing",
    "edit 1 2h": "You have no reminder **#1**",
    "edit 99999999999999999999 2h": "Name the reminder by its number",
    "snooze": "You got no reminder lately",
    "snooze 4 10m": "You have no reminder **#4**",
    "snooze whenever": "I can't read",
}


@sqlite
async def test_what_cannot_be_done_is_said(town: Town):
    for words, sentence in REFUSED.items():
        answer = await town.says(town.ann, f"!remind {words}")
        assert answer is not None
        assert sentence in answer
        assert not answer.pings_everyone
        assert answer.pings <= {town.ann.id}
    assert await town.says(town.ann, "!remind list") == "You have no reminders."


@sqlite
async def test_the_longest_text_arrives_whole(town: Town):
    text = "😀" * 1000
    await town.says(town.ann, f"!remind 2h {text}")
    [heard] = await town.wait(hours=2)
    assert heard.endswith(text)


async def test_twenty_five_and_no_more(town: Town):
    for number in range(1, 26):
        assert f"**#{number}**" in await town.says(town.ann, f"!remind {number}d tea")
    assert "25 reminders waiting already" in await town.says(town.ann, "!remind 2h tea")
    assert "number **#1**" in await town.says(town.bob, "!remind 2h tea"), "each person has their own"
    await town.says(town.ann, "!remind cancel 3")
    assert "number **#26**" in await town.says(town.ann, "!remind 2h tea")


async def test_a_message_delivered_twice_sets_one(town: Town):
    await town.says(town.ann, "!remind 2h tea")
    said = town.last_said
    assert await town.redeliver() is None
    await town.restart(clean=False)
    assert "number **#1**" in await town.redeliver(said), "a new process doesn't know what the old one answered"
    assert len(await town.wait(hours=2)) == 1


# --- Repeating --------------------------------------------------------------------------------------------


async def test_a_repeating_reminder(town: Town):
    answer = await town.says(town.ann, "!remind every day at 9 standup")
    first = datetime(2026, 1, 1, 9, tzinfo=UTC)
    assert answer.startswith(f"Reminder **#1** comes every day at 09:00, next {stamped(first)}.\nThen <t:")
    assert f"<t:{int((first + timedelta(days=2)).timestamp())}:F>.\n> standup" in answer
    for day in range(3):
        assert await town.wait(until=first + timedelta(days=day, seconds=-1)) == ()
        [heard] = await town.wait(seconds=1)
        assert heard.endswith(">>> standup")
        assert "every day at 09:00" in heard
    assert stamped(first + timedelta(days=3)) in await town.says(town.ann, "!remind list")
    await town.says(town.ann, "!remind cancel 1")
    assert await town.wait(days=2) == ()


@english
@sqlite
async def test_it_stays_nine_oclock_when_the_clocks_change(town: Town):
    await town.says(town.ann, "!timezone Berlin")
    await town.wait(until=datetime(2026, 3, 27, 12, tzinfo=UTC))
    await town.says(town.ann, "!remind every day at 9 standup")
    await town.says(town.ann, "!timezone Tokyo")  # what is set stays as it is
    for hour, day in ((8, 28), (7, 29), (7, 30)):
        due = datetime(2026, 3, day, hour, tzinfo=UTC)
        assert await town.wait(until=due - timedelta(seconds=1)) == ()
        assert len(await town.wait(seconds=1)) == 1


# --- Listing ----------------------------------------------------------------------------------------------


async def test_the_list(town: Town):
    await town.says(town.ann, "!remind 2d water *the* plants")
    await town.says(town.ann, "!remind 1h")
    await town.says(town.ann, "!remind every monday 18:00 training")
    await town.says(town.bob, "!remind 1h secret")
    lines = (await town.says(town.ann, "!remind list")).splitlines()
    assert lines == [
        "Your reminders",
        f"**#2** {stamped(town.now + timedelta(hours=1))}",
        "> *without text*",
        f"**#1** {stamped(town.now + timedelta(days=2))}",
        "> water \\*the\\* plants",
        f"**#3** {stamped(datetime(2026, 1, 5, 18, tzinfo=UTC))} · 🔁 every Monday at 18:00",
        "> training",
    ]


@sqlite
async def test_a_long_list_has_pages(town: Town):
    for number in range(12):
        await town.says(town.ann, f"!remind {number + 1}h tea {number}")
    first = await town.says(town.ann, "!remind list")
    assert "tea 9" in first
    assert "tea 10" not in first
    turned = await town.press(town.ann, first, "▶")
    assert "tea 11" in turned.message


@sqlite
async def test_changing_in_public_tells_nothing_private(town: Town):
    await town.dm(town.ann, "!remind 1d a surprise for bob")
    moved = await town.says(town.ann, "!remind edit 1 in 3h")
    assert stamped(town.now + timedelta(hours=3)) in moved
    assert "surprise" not in moved
    assert "surprise" in await town.dm(town.ann, "!remind edit 1 in 4h")
    assert "a cake" in await town.says(town.ann, "!remind edit 1 a cake"), "written here"


@sqlite
async def test_a_private_one_that_repeats_is_not_snoozed_into_public(town: Town):
    await town.dm(town.ann, "!remind every day at 9 a surprise for bob")
    await town.wait(hours=10)
    for words in ("snooze 10m", "snooze 1 10m"):
        assert "You set it elsewhere" in await town.says(town.ann, f"!remind {words}")
    await town.dm(town.ann, "!remind snooze 10m")
    await town.dm(town.ann, "!remind 1h tea")
    assert "again" in await town.says(town.ann, "!remind snooze 3 2h"), "it comes where it was set"
    heard = await town.wait(hours=3)
    assert len(heard) == 2
    assert not any(one.channel_id == town.general.id for one in heard)


@sqlite
async def test_what_was_said_in_private_stays_there(town: Town):
    await town.dm(town.ann, "!remind 1d a surprise for bob")
    await town.says(town.moderator, "!remind 1d talk about bob", channel=town.private)
    await town.says(town.ann, "!remind 2d tea", channel=town.bots_corner)
    public = await town.says(town.ann, "!remind list")
    assert "**#1**" in public
    assert "surprise" not in public
    assert "tea" in public
    assert "surprise" in await town.dm(town.ann, "!remind list")
    assert "talk" not in await town.says(town.moderator, "!remind list")
    assert "talk" in await town.says(town.moderator, "!remind list", channel=town.private)


# --- Changing ---------------------------------------------------------------------------------------------


async def test_editing_time_and_text(town: Town):
    await town.says(town.ann, "!remind 1d tea")
    answer = await town.says(town.ann, "!remind edit 1 in 2h")
    assert answer == f"Reminder **#1** comes {stamped(town.now + timedelta(hours=2))}.\n> tea"
    assert (await town.says(town.ann, "!remind edit #1 coffee, black")).endswith("> coffee, black")
    assert stamped(town.now + timedelta(hours=1)) in await town.says(town.ann, "!remind edit 1 1h cocoa")
    [heard] = await town.wait(hours=1)
    assert heard.endswith(">>> cocoa")
    assert await town.wait(days=2) == ()
    assert "was delivered already" in await town.says(town.ann, "!remind edit 1 2h")


@sqlite
async def test_moving_one_turn_of_a_repeating_reminder(town: Town):
    await town.says(town.ann, "!remind every day at 9 standup")
    assert "every day at 09:00" in await town.says(town.ann, "!remind edit 1 today 10:00")
    [heard] = await town.wait(until=datetime(2026, 1, 1, 10, tzinfo=UTC))
    assert heard.endswith("standup")
    assert len(await town.wait(until=datetime(2026, 1, 2, 9, tzinfo=UTC))) == 1


@sqlite
async def test_making_it_repeat(town: Town):
    await town.says(town.ann, "!remind 1d standup")
    assert "every 2 hours" in await town.says(town.ann, "!remind edit 1 every 2 hours")
    assert len(await town.wait(hours=6)) == 3


@sqlite
async def test_nobody_changes_what_is_anothers(town: Town):
    await town.says(town.ann, "!remind 1h tea")
    for words in ("edit 1 2h", "edit 1 mud", "snooze 1 2h", "cancel 1"):
        assert "You have no reminder" in await town.says(town.bob, f"!remind {words}")
    [heard] = await town.wait(hours=1)
    assert heard.endswith("tea")


async def test_cancelling(town: Town):
    for hours in (1, 2, 3, 4):
        await town.says(town.ann, f"!remind {hours}h tea")
    assert await town.says(town.ann, "!remind cancel 1") == "Reminder **#1** is cancelled."
    assert "nothing is cancelled" in await town.says(town.ann, "!remind cancel 2 9")
    assert await town.says(town.ann, "!remind cancel 2, #3") == "Reminders **#2** and **#3** are cancelled."
    assert "You have no reminder **#2**" in await town.says(town.ann, "!remind cancel 2")
    [heard] = await town.wait(hours=5)
    assert heard.message.created_at >= town.now - timedelta(hours=1, seconds=1)


async def test_cancelling_all_asks_first(town: Town):
    await town.says(town.ann, "!remind 1h tea")
    await town.says(town.ann, "!remind 2h tea")
    question = await town.says(town.ann, "!remind cancel all")
    assert question == "Cancel all your 2 reminders?"
    refused = await town.press(town.bob, question, "Yes")
    assert refused.reply.ephemeral
    await town.press(town.ann, question, "No")
    assert town.last() == "Nothing is cancelled."
    question = await town.says(town.ann, "!remind cancel all")
    await town.press(town.ann, question, "Yes")
    assert town.last() == "2 reminders are cancelled."
    assert await town.wait(hours=3) == ()


# --- Snoozing ---------------------------------------------------------------------------------------------


async def test_snoozing_by_button(town: Town):
    await town.says(town.ann, "!remind 1h tea")
    [heard] = await town.wait(hours=1)
    assert list(heard.buttons) == ["In 10 minutes", "In 1 hour", "Tomorrow"]
    snoozed = await town.press(town.ann, heard, "In 10 minutes")
    assert snoozed.reply.ephemeral
    assert stamped(town.now + timedelta(minutes=10)) in snoozed.reply
    await town.press(town.ann, heard, "In 1 hour")  # a second thought moves it
    assert await town.wait(minutes=59) == ()
    [again] = await town.wait(minutes=2)
    assert again.endswith("tea")
    assert again.pings == {town.ann.id}
    assert await town.wait(days=2) == ()


@sqlite
async def test_the_buttons_are_only_for_the_owner(town: Town):
    await town.says(town.ann, "!remind 1h tea")
    [heard] = await town.wait(hours=1)
    refused = await town.press(town.bob, heard, "In 10 minutes")
    assert refused.reply == "These buttons are not yours."
    assert refused.reply.ephemeral
    assert await town.wait(hours=1) == ()


@pytest.mark.parametrize("clean", [True, False])
async def test_the_buttons_outlive_a_restart(town: Town, clean: bool):
    await town.says(town.ann, "!remind 1h tea")
    [heard] = await town.wait(hours=1)
    await town.restart(clean=clean)
    assert not (await town.press(town.ann, heard, "In 10 minutes")).failed
    assert len(await town.wait(minutes=10)) == 1


@english
@sqlite
async def test_the_buttons_outlive_a_reload(town: Town):
    await town.says(town.ann, "!remind 1h tea")
    [heard] = await town.wait(hours=1)
    for _ in range(3):
        await town.as_bot(town.bot.features.reload("utility"))
    reaction = await town.press(town.ann, heard, "In 10 minutes")
    assert len(reaction.replies) == 1
    assert len(await town.wait(minutes=10)) == 1


@sqlite
async def test_tomorrow_is_at_the_same_time(town: Town):
    await town.says(town.ann, "!timezone Berlin")
    await town.wait(until=datetime(2026, 3, 27, 12, tzinfo=UTC))
    await town.says(town.ann, "!remind tomorrow 9am tea")
    [heard] = await town.wait(until=datetime(2026, 3, 28, 8, tzinfo=UTC))
    await town.wait(minutes=20)
    reaction = await town.press(town.ann, heard, "Tomorrow")
    assert stamped(datetime(2026, 3, 29, 7, tzinfo=UTC)) in reaction.reply, "nine o'clock in summer time"


async def test_snoozing_a_repeating_reminder_leaves_it_as_it_is(town: Town):
    await town.says(town.ann, "!remind every day at 9 standup")
    [heard] = await town.wait(until=datetime(2026, 1, 1, 9, tzinfo=UTC))
    await town.press(town.ann, heard, "In 1 hour")
    await town.press(town.ann, heard, "In 10 minutes")  # moves the copy, makes no second one
    [again] = await town.wait(minutes=10)
    assert again.endswith("standup")
    assert "every day" not in again
    assert len(await town.wait(until=datetime(2026, 1, 2, 9, tzinfo=UTC))) == 1


@sqlite
async def test_snoozing_by_command(town: Town):
    await town.says(town.ann, "!remind 1h tea")
    await town.says(town.ann, "!remind 2h coffee")
    await town.wait(hours=2)
    assert "number **#2**" in await town.says(town.ann, "!remind snooze")
    assert stamped(town.now + timedelta(hours=1)) in await town.says(town.ann, "!remind snooze 1 1h")
    heard = await town.wait(hours=1)
    assert [answer.splitlines()[-1] for answer in heard] == [">>> coffee", ">>> tea"]


@sqlite
async def test_a_cancelled_reminder_cannot_be_snoozed(town: Town):
    await town.says(town.ann, "!remind every day at 9 standup")
    [heard] = await town.wait(hours=9)
    await town.says(town.ann, "!remind cancel 1")
    reaction = await town.press(town.ann, heard, "In 10 minutes")
    assert reaction.reply == "That reminder doesn't exist any more."
    assert reaction.reply.ephemeral


@english
@sqlite
async def test_no_room_to_snooze(town: Town):
    await town.says(town.ann, "!remind 1h tea")
    [heard] = await town.wait(hours=1)
    for days in range(1, 26):
        await town.says(town.ann, f"!remind {days}d tea")
    reaction = await town.press(town.ann, heard, "In 10 minutes")
    assert "25 reminders waiting already" in reaction.reply
    assert await town.wait(hours=1) == ()

"""Reminders that find their person: late, in other places, again after a crash, or not at all."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.support.answers import Answer
from tests.support.town import Town
from utils.events import ReminderTimer, publish

english = pytest.mark.town(languages=("en",))
sqlite = pytest.mark.engines("sqlite")


def sendings(town: Town) -> list:
    """The bot's attempts to deliver, wherever they went."""
    calls = town.calls("POST", "/channels/*/messages")
    return [call for call in calls if "⏰" in (call.body.get("content") or "")]


async def back(town: Town) -> Answer:
    """The feature runs again; what it has to say first."""
    await town.as_bot(town.bot.features.load("utility"))
    heard = town.last()
    assert heard is not None
    assert len(sendings(town)) == 1
    return heard


async def dispatched(town: Town, event: ReminderTimer) -> None:
    publish(town.bot, event)


# --- Nobody but the owner is notified ---------------------------------------------------------------------


async def test_the_text_pings_nobody_else(town: Town):
    role = town.role("Member")
    await town.says(town.admin, f"!remind 1h @everyone @here {town.bob.mention} {role.mention} come")
    [heard] = await town.wait(hours=1)
    assert heard.pings == {town.admin.id}
    assert not heard.pings_everyone
    assert town.bob.mention in heard


@sqlite
async def test_markdown_in_the_text_breaks_nothing(town: Town):
    await town.says(town.ann, "!remind 1h ```py\nprint(1) ~~ ** || https://example.com")
    [heard] = await town.wait(hours=1)
    first, details, *text = heard.splitlines()
    assert town.ann.mention in first
    assert details.startswith("-# ")
    assert "\n".join(text) == ">>> ```py\nprint(1) ~~ ** || https://example.com"
    assert heard.message.flags.suppress_embeds


@sqlite
async def test_it_links_to_the_message_that_asked(town: Town):
    await town.says(town.ann, "!remind 1h tea")
    link = town.last_said.jump_url
    [heard] = await town.wait(hours=1)
    assert f"({link})" in heard
    assert f"<t:{int(town.last_said.created_at.timestamp())}:R>" in heard


# --- Late -------------------------------------------------------------------------------------------------


async def test_it_says_how_late_it_is(town: Town):
    await town.says(town.ann, "!remind 1h tea")
    await town.as_bot(town.bot.features.unload("utility"))  # for the timers as good as being off
    assert await town.wait(hours=3, minutes=5) == ()
    heard = await back(town)
    assert "2 hours and 5 minutes late, sorry" in heard
    assert heard.endswith("tea")


@sqlite
async def test_a_little_late_is_not_worth_a_word(town: Town):
    await town.says(town.ann, "!remind 1h tea")
    await town.as_bot(town.bot.features.unload("utility"))
    await town.wait(hours=1, seconds=50)
    heard = await back(town)
    assert "late" not in heard


async def test_a_repeating_one_comes_once_after_a_downtime(town: Town):
    await town.says(town.ann, "!remind every day at 9 standup")
    await town.as_bot(town.bot.features.unload("utility"))
    await town.wait(until=datetime(2026, 1, 4, 12, tzinfo=UTC))
    heard = await back(town)
    assert "late, sorry" in heard
    assert await town.wait(until=datetime(2026, 1, 5, 8, 59, 59, tzinfo=UTC)) == ()
    assert len(await town.wait(seconds=1)) == 1


@pytest.mark.parametrize("clean", [True, False])
async def test_reminders_outlive_a_restart(town: Town, clean: bool):
    await town.says(town.ann, "!remind 1h tea")
    await town.says(town.bob, "!remind every 2 hours stretch")
    await town.restart(clean=clean)
    assert [heard.splitlines()[-1] for heard in await town.wait(hours=2)] == [">>> tea", ">>> stretch"]
    await town.restart(clean=clean)
    assert len(await town.wait(hours=2)) == 1


async def test_a_crash_between_sending_and_writing_it_down(town: Town):
    """The second sending has the first one's nonce, by which Discord knows it and shows it once."""
    await town.says(town.ann, "!remind 1h tea")
    reminder = await town.db.fetchone("SELECT * FROM reminders")
    timer = await town.db.fetchone("SELECT * FROM timers WHERE name = 'reminder_timer'")
    await town.wait(hours=1)
    # What the database would hold had the process died right after Discord took the message.
    await town.db.execute("UPDATE reminders SET delivered_at = NULL, timer_id = $1", timer["id"])
    await town.db.execute(
        "INSERT INTO timers (id, name, due_at, payload, user_id, attempt, leased_until)"
        " VALUES ($1, $2, $3, $4, $5, 1, $6)",
        timer["id"], timer["name"], timer["due_at"], timer["payload"], timer["user_id"],
        town.now + timedelta(minutes=1),
    )  # fmt: skip
    await town.restart(clean=False)
    await town.wait(seconds=1)
    first, second = sendings(town)
    assert first.body["nonce"] == second.body["nonce"]
    assert first.body["enforce_nonce"]
    assert len(first.body["nonce"]) <= 25
    assert await town.db.fetchone("SELECT * FROM timers WHERE name = 'reminder_timer'") is None
    after = await town.db.fetchone("SELECT * FROM reminders")
    assert (after["timer_id"], after["number"]) == (None, reminder["number"])


async def test_a_timer_heard_twice(town: Town):
    """As after a crash, or when a delivery took longer than the lease."""
    await town.says(town.ann, "!remind 1h tea")
    await town.says(town.ann, "!remind every 2 hours stretch")
    await town.says(town.ann, "!remind 1d coffee")
    await town.wait(hours=2)
    heard = town.sent(ReminderTimer)
    coffee = await town.db.fetchone("SELECT * FROM reminders WHERE number = 3")
    before_it_was_moved = ReminderTimer(
        coffee["timer_id"], town.now, timedelta(0), None, town.ann.id, {"reminder_id": coffee["id"]}, 1
    )
    for event in (*heard, before_it_was_moved):
        await town.as_bot(dispatched(town, event))
    assert len(sendings(town)) == 2
    assert [answer.splitlines()[-1] for answer in await town.wait(days=1)].count(">>> coffee") == 1


@sqlite
async def test_a_timer_without_a_reminder_ends(town: Town):
    await town.says(town.ann, "!remind 1h tea")
    await town.db.execute("DELETE FROM reminders")
    assert await town.wait(hours=2) == ()
    assert await town.db.fetchall("SELECT * FROM timers WHERE name = 'reminder_timer'") == []


@sqlite
async def test_each_turn_has_a_nonce_of_its_own(town: Town):
    await town.says(town.ann, "!remind every 2 hours stretch")
    await town.wait(hours=6)
    assert len({call.body["nonce"] for call in sendings(town)}) == 3


# --- Other places -----------------------------------------------------------------------------------------


async def test_a_deleted_channel(town: Town):
    await town.says(town.ann, "!remind 1h tea", channel=town.bots_corner)
    await town.delete_channel(town.bots_corner)
    [heard] = await town.wait(hours=1)
    assert heard.channel_id == town.ann.dm.id
    assert heard.endswith("tea")
    assert not (await town.press(town.ann, heard, "In 10 minutes")).failed
    assert [again.channel_id for again in await town.wait(minutes=10)] == [town.ann.dm.id]


@sqlite
async def test_a_channel_the_bot_may_not_write_in(town: Town):
    await town.says(town.ann, "!remind 1h tea", channel=town.bots_corner)
    await town.take_permission(town.bots_corner, "send_messages")
    [heard] = await town.wait(hours=1)
    assert heard.channel_id == town.ann.dm.id


@sqlite
async def test_a_channel_the_person_cannot_see_any_more(town: Town):
    await town.says(town.ann, "!remind 1h tea", channel=town.bots_corner)
    await town.take_permission(town.bots_corner, "view_channel", of=town.ann)
    [heard] = await town.wait(hours=1)
    assert heard.channel_id == town.ann.dm.id


@sqlite
async def test_a_person_who_left(town: Town):
    await town.says(town.ann, "!remind 1h tea")
    await town.leave(town.ann)
    [heard] = await town.wait(hours=1)
    assert heard.channel_id == town.ann.dm.id
    assert town.last() != heard


@sqlite
async def test_a_server_the_bot_was_kicked_from(town: Town):
    await town.says(town.ann, "!remind 1h tea")
    other = town.new_guild("Village", members=[town.ann])  # else they could not write to each other
    await town.settle()
    await town.kick_bot_from(town.guild)
    [heard] = await town.wait(hours=1)
    assert heard.channel_id == town.ann.dm.id
    assert other.id != town.guild.id


async def test_nowhere_to_go(town: Town):
    await town.says(town.ann, "!remind 1h tea", channel=town.bots_corner)
    await town.delete_channel(town.bots_corner)
    town.close_dms(town.ann)
    assert await town.wait(hours=1) == ()
    assert len(sendings(town)) == 1
    assert await town.wait(days=2) == ()
    assert len(sendings(town)) == 1, "it isn't tried again and again"
    listed = await town.says(town.ann, "!remind list")
    assert "missed: neither the channel nor your direct messages took it" in listed
    assert "give it another time" in await town.says(town.ann, "!remind edit 1 coffee")
    town.open_dms(town.ann)
    await town.says(town.ann, "!remind edit 1 10m")
    assert "missed" not in await town.says(town.ann, "!remind list")
    [heard] = await town.wait(minutes=10)
    assert heard.channel_id == town.ann.dm.id


@sqlite
async def test_a_missed_one_can_be_cancelled(town: Town):
    await town.dm(town.ann, "!remind every 2 hours stretch")
    town.close_dms(town.ann)
    await town.wait(days=1)
    assert len(sendings(town)) == 1
    assert await town.says(town.ann, "!remind cancel 1") == "Reminder **#1** is cancelled."


# --- Trouble that passes ----------------------------------------------------------------------------------


async def test_discord_has_trouble(town: Town):
    await town.says(town.ann, "!remind 1h tea")
    town.refuse("POST", f"/channels/{town.general.id}/messages", status=500)
    assert await town.wait(hours=1) == ()
    [heard] = await town.wait(minutes=2)
    assert heard.channel_id == town.general.id, "trouble is no reason to go elsewhere"
    assert heard.endswith("tea")
    assert await town.wait(days=1) == ()


@sqlite
async def test_moved_while_discord_had_trouble(town: Town):
    await town.says(town.ann, "!remind 1h tea")
    town.refuse("POST", f"/channels/{town.general.id}/messages", status=500)
    await town.wait(hours=1)
    await town.says(town.ann, "!remind edit 1 2h")
    assert await town.wait(hours=1, minutes=59) == ()
    [heard] = await town.wait(minutes=1)
    assert "late" not in heard


@sqlite
async def test_cancelled_while_discord_had_trouble(town: Town):
    await town.says(town.ann, "!remind 1h tea")
    town.refuse("POST", f"/channels/{town.general.id}/messages", status=500)
    await town.wait(hours=1)
    await town.says(town.ann, "!remind cancel 1")
    assert await town.wait(hours=1) == ()


# --- Language ---------------------------------------------------------------------------------------------


@english
@sqlite
async def test_it_comes_in_the_persons_language(town: Town):
    await town.says(town.ann, "!remind every 2 hours tea")
    await town.says(town.ann, "!language de")
    [heard] = await town.wait(hours=2)
    assert "2 Stunden" in heard
    assert "tea" in heard

"""What happened, told apart: timers, clicks, two people at once, a bot that was killed."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import discord
import pytest
from discord.ext import commands

from tests.playground.traced_town import TracedTown, steps, titles, traced_town


@pytest.fixture
async def here(tmp_path: Path) -> AsyncIterator[TracedTown]:
    async with traced_town(tmp_path) as here:
        yield here


class Ask(discord.ui.View):
    """Two buttons: one works, one doesn't."""

    @discord.ui.button(label="Yes", custom_id="yes")
    async def yes(self, interaction: discord.Interaction, _button: discord.ui.Button) -> None:
        await interaction.response.send_message("Only you see this.", ephemeral=True)

    @discord.ui.button(label="Break", custom_id="break")
    async def broken(self, interaction: discord.Interaction, _button: discord.ui.Button) -> None:
        await interaction.response.edit_message(content="breaking")
        raise RuntimeError("broken")


# --- timers


async def test_a_reminder_is_a_cause_of_its_own_and_leads_back(here: TracedTown):
    set_by = await here.say("ann", "!remind 10s tea")
    await here.town.pass_time(11)
    reminder = here.newest()
    (trace,) = here.tracer.of_message(reminder)
    assert (trace["kind"], trace["title"], trace["who"]) == ("timer", "ReminderTimer is due", "Ann")
    assert trace["outcome"] == "done"
    assert titles(trace, "event") == ["Set by !remind 10s tea", "ReminderTimer"]
    assert steps(trace, "event")[1]["detail"].startswith("Heard by Reminders.on_reminder_timer\n")
    assert any(title.startswith("DELETE FROM timers") for title in titles(trace, "sql"))
    assert trace["messages"] == [str(set_by), str(reminder)]
    command, timer = here.tracer.of_message(set_by)
    assert command["kind"] == "message"
    assert timer == trace
    assert not steps(command, "event")


async def test_a_timer_that_was_set_before_a_restart_leads_back_too(here: TracedTown):
    await here.say("ann", "!remind 1h tea")
    await here.town.life.stop()
    await here.town.life.start()
    await here.town.pass_time(3_601)
    (trace,) = here.tracer.of_message(here.newest())
    assert titles(trace, "event") == ["Set by !remind 1h tea", "ReminderTimer"]


async def test_a_snoozed_reminder_leads_back_to_the_snooze(here: TracedTown):
    await here.say("ann", "!remind 10s tea")
    await here.town.pass_time(11)
    first = here.newest()
    button = here.town.newest("ann", "#general")["components"][0]["items"][0]
    await here.click("ann", first, button["custom_id"])
    click = here.tracer.latest(1)[0]
    assert click["kind"] == "click"
    assert steps(click, "gateway")[0]["detail"].startswith("Heard by ")
    await here.town.pass_time(24 * 3_600)
    (trace,) = [found for found in here.tracer.of_message(here.newest()) if found["kind"] == "timer"]
    assert titles(trace, "event")[0] == "Set by Pressed"


async def test_a_clock_that_only_ticks_leaves_no_trace(here: TracedTown):
    await here.say("ann", "!remind 1h tea")
    before = len(here.tracer.latest(100))
    for _ in range(20):
        await here.town.pass_time(0.25)
    assert len(here.tracer.latest(100)) == before


# --- buttons


async def test_a_click_has_its_own_trace(here: TracedTown):
    async def ask(ctx: commands.Context) -> None:
        await ctx.send("Well?", view=Ask())

    here.add_command(ask)
    await here.say("ann", "!ask")
    question = here.newest()
    await here.click("ann", question, "yes")
    command, click = here.tracer.of_message(question)
    assert (command["kind"], click["kind"], click["who"]) == ("message", "click", "Ann")
    assert steps(click, "gateway")[0]["detail"].endswith("Ask: yes")
    (call,) = steps(click, "rest")
    assert call["title"].startswith("POST /interactions/")
    assert call["title"].endswith("/…/callback")
    (answer,) = steps(click, "message")
    assert (answer["title"], answer["detail"]) == ("Wrote, for one person's eyes in #general", "Only you see this.")
    private = int(click["messages"][1])
    assert here.tracer.of_message(private) == [click]
    assert private != question


async def test_a_click_that_fails(here: TracedTown):
    class Reported(Ask):
        async def on_error(self, interaction: discord.Interaction, error: Exception, _item: Any) -> None:
            interaction.client.error_reports.add(error, "an interaction")

    async def ask(ctx: commands.Context) -> None:
        await ctx.send("Well?", view=Reported())

    here.add_command(ask)
    await here.say("ann", "!ask")
    question = here.newest()
    await here.click("ann", question, "break")
    click = here.tracer.of_message(question)[-1]
    assert click["outcome"] == "failed"
    assert titles(click, "message") == ["Changed in #general"]
    assert "RuntimeError: broken" in titles(click, "error")[0]


async def test_who_waits_for_a_message_goes_on_in_its_own_trace(here: TracedTown):
    async def ask(ctx: commands.Context) -> None:
        def is_bob(message: discord.Message) -> bool:
            return message.author.name == "bob"

        await ctx.send("Bob?")
        answer = await ctx.bot.wait_for("message", check=is_bob)
        await ctx.send(f"He says {answer.content}")

    here.add_command(ask)
    asked = await here.say("ann", "!ask")
    trace = await here.trace_of("bob", "here")
    assert steps(trace, "gateway")[0]["detail"] == "Heard by Hearth.on_message, wait_for(is_bob)"
    assert steps(trace, "rest") == []
    (command,) = here.tracer.of_message(asked)
    assert [step["detail"] for step in steps(command, "message")] == ["Bob?", "He says here"]


# --- whose is what


async def test_two_people_in_turn_share_nothing(here: TracedTown):
    async def ponder(ctx: commands.Context) -> None:
        await asyncio.sleep(5)
        await ctx.bot.db.fetchval("SELECT 1")
        await ctx.send(f"done for {ctx.author.name}")

    here.add_command(ponder)
    anns = await here.say("ann", "!ponder")
    await here.town.pass_time(1)
    bobs = await here.say("bob", "!ponder")
    await here.town.pass_time(6)
    for said, who in ((anns, "ann"), (bobs, "bob")):
        (trace,) = here.tracer.of_message(said)
        assert [step["detail"] for step in steps(trace, "message")] == [f"done for {who}"]
        assert titles(trace, "sql").count("SELECT 1") == 1
        assert titles(trace, "command") == ["ponder"]
        moments = [step["town"] for step in steps(trace, "command", "message")]
        assert 4_900 < moments[1] - moments[0] < 5_100


async def test_a_message_that_nobody_said_the_cause_of(here: TracedTown):
    said = await here.town.send("bob", "#general", "!ping")
    (trace,) = here.tracer.of_message(said)
    assert (trace["kind"], trace["title"], trace["who"], trace["outcome"]) == ("message", "!ping", "Bob", "done")


async def test_what_the_bot_writes_of_its_own_accord(here: TracedTown):
    written = await here.town.bot_sends("#general", "Good morning")
    (trace,) = here.tracer.of_message(written)
    assert (trace["kind"], trace["title"]) == ("other", "Work in the background")
    assert titles(trace, "rest", "message") == [
        f"POST /channels/{here.town.ids['#general']}/messages",
        "Wrote in #general",
    ]


async def test_edits_and_deletions_belong_to_their_message(here: TracedTown):
    async def tidy(ctx: commands.Context) -> None:
        message = await ctx.send("one")
        await message.edit(content="two")
        await message.add_reaction("👍")
        await message.delete()

    here.add_command(tidy)
    trace = await here.trace_of("ann", "!tidy")
    assert [(step["title"], step["detail"]) for step in steps(trace, "message")] == [
        ("Wrote in #general", "one"), ("Changed in #general", "two"), ("Deleted", ""),
    ]  # fmt: skip
    assert trace["counts"]["rest"] == 4
    assert len(trace["messages"]) == 2


# --- generations


async def test_a_killed_bot_leaves_its_command_failed(here: TracedTown):
    async def ponder(ctx: commands.Context) -> None:
        await asyncio.sleep(60)

    here.add_command(ponder)
    said = await here.say("ann", "!ponder")
    assert here.tracer.of_message(said)[0]["outcome"] == "running"
    await here.town.life.kill()
    await here.town.life.start()
    (trace,) = here.tracer.of_message(said)
    assert trace["outcome"] == "failed"
    assert steps(trace, "command")[0]["detail"].startswith("It was cut off.")


async def test_the_next_bot_is_followed_and_only_once(here: TracedTown):
    for _ in range(2):
        await here.town.life.kill()
        await here.town.life.start()
    trace = await here.trace_of("ann", "!ping")
    counted = {kind: trace["counts"][kind] for kind in ("gateway", "command", "rest", "message", "log", "sql")}
    assert counted == {"gateway": 1, "command": 1, "rest": 1, "message": 1, "log": 1, "sql": 1}


async def test_nobody_answers_for_a_dead_bot(here: TracedTown):
    await here.town.life.kill()
    await here.say("ann", "!ping")
    newest = here.tracer.latest(1)[0]
    assert (newest["title"], newest["outcome"], newest["steps"]) == ("!ping", "nothing", [])

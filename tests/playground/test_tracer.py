"""What happened: beside a message stands all that the bot did for it."""

from collections.abc import AsyncIterator
from pathlib import Path
from types import SimpleNamespace

import discord
import pytest
from discord.ext import commands

from tests.playground.traced_town import SECRET, TracedTown, steps, titles, traced_town
from utils import events


@pytest.fixture
async def here(tmp_path: Path) -> AsyncIterator[TracedTown]:
    async with traced_town(tmp_path) as here:
        yield here


async def test_a_command_from_its_message_to_its_answer(here: TracedTown):
    trace = await here.trace_of("ann", "!ping")
    assert (trace["kind"], trace["title"], trace["who"]) == ("message", "!ping", "Ann")
    assert trace["outcome"] == "done"
    assert [step["title"] for step in trace["steps"] if step["kind"] != "sql"] == [
        "message",
        "ping",
        "runs_here",
        f"POST /channels/{here.town.ids['#general']}/messages",
        "Wrote in #general",
        "ping: done",
    ]
    (heard,) = steps(trace, "gateway")
    assert heard["detail"] == "Heard by Hearth.on_message"
    (command,) = steps(trace, "command")
    assert command["detail"].splitlines()[0].startswith("About.ping in cogs/admin/about.py:")
    (answer,) = steps(trace, "message")
    assert "Pong" in answer["detail"]
    (line,) = steps(trace, "log")
    assert (line["tag"], line["detail"]) == ("INFO", "hearth.commands")
    assert trace["messages"][1:] == [str(here.newest())]
    assert all(0 <= step["at"] <= trace["took"] for step in trace["steps"])


async def test_the_answer_leads_to_the_same_trace(here: TracedTown):
    asked = await here.say("ann", "!ping")
    assert here.tracer.of_message(here.newest()) == here.tracer.of_message(asked)
    assert here.tracer.has(asked)
    assert here.tracer.has(here.newest())


async def test_every_statement_is_there(here: TracedTown):
    ran: list[str] = []
    db, traced = here.town.life.db, here.town.life.db.on_statement

    def count(sql: str, seconds: float, outcome: int | BaseException) -> None:
        ran.append(" ".join(sql.split()))
        traced(sql, seconds, outcome)

    db.on_statement = count
    trace = await here.trace_of("olivia", "!prefix add ?")
    assert len(ran) > 1
    assert trace["counts"]["sql"] == len(ran)
    assert titles(trace, "sql") == ran
    assert 0 < trace["sql_ms"] < trace["took"]


async def test_statements_show_their_rows_and_no_values(here: TracedTown):
    trace = await here.trace_of("ann", "!remind 10s a cup of tea")
    statements = steps(trace, "sql")
    assert [step["tag"] for step in statements if step["title"].startswith("INSERT INTO reminders")] == ["1 row"]
    assert not any("cup of tea" in step["title"] + step["detail"] for step in statements)
    assert not any("FROM timers" in step["title"] for step in statements)  # the timers look by themselves


async def test_a_statement_that_fails(here: TracedTown):
    async def broken(ctx: commands.Context) -> None:
        await ctx.bot.db.fetchall("SELECT nothing FROM nowhere")

    here.add_command(broken)
    trace = await here.trace_of("ann", "!broken")
    (statement,) = [step for step in steps(trace, "sql") if "nowhere" in step["title"]]
    assert (statement["ok"], statement["tag"]) == (False, "failed")
    assert "DatabaseError" in statement["detail"]


async def test_arguments_are_named(here: TracedTown):
    async def hand(ctx: commands.Context, member: discord.Member, coins: int = 3, *, reason: str = "none") -> None:
        await ctx.send("paid")

    here.add_command(hand)
    trace = await here.trace_of("ann", "!hand bob 7 for the tea")
    (command,) = steps(trace, "command")
    assert command["detail"].splitlines()[1:] == ["member = bob", "coins = 7", "reason = 'for the tea'"]


# --- refused


async def test_a_refusal_names_the_check(here: TracedTown):
    trace = await here.trace_of("ann", "!prefix add ?")
    assert trace["outcome"] == "refused"
    assert {step["title"]: step["tag"] for step in steps(trace, "check")} == {
        "runs_here": "passed", "requires(manage_guild)": "refused",
    }  # fmt: skip
    assert [step["ok"] for step in steps(trace, "check")] == [True, False]
    (command,) = steps(trace, "command")
    assert (command["title"], command["tag"], command["ok"]) == ("prefix add", "refused", False)
    assert "Manage Server" in command["detail"].splitlines()[0]


async def test_checks_after_the_one_that_refused_were_not_reached(here: TracedTown):
    async def first(ctx: commands.Context) -> bool:
        return ctx.author.name == "ann"

    def second(ctx: commands.Context) -> bool:
        raise commands.CheckFailure("Not on a Monday.")

    async def third(ctx: commands.Context) -> bool:
        return True

    async def labour(ctx: commands.Context) -> None: ...

    here.add_command(labour, checks=[first, second, third], cooldown=None)
    trace = await here.trace_of("ann", "!labour")
    assert {step["title"]: step["tag"] for step in steps(trace, "check")} == {
        "runs_here": "passed", "first": "passed", "second": "refused", "third": "not reached",
    }  # fmt: skip
    (command,) = steps(trace, "command")
    assert command["detail"].startswith("Not on a Monday.")


async def test_two_checks_of_one_decorator_are_told_apart(here: TracedTown):
    @commands.has_permissions(send_messages=True)
    @commands.has_permissions(ban_members=True)
    @commands.command()
    async def strict(ctx: commands.Context) -> None: ...

    here.town.bot.add_command(strict)
    trace = await here.trace_of("ann", "!strict")
    verdicts = {step["title"]: step["tag"] for step in steps(trace, "check")}
    assert verdicts["has_permissions(ban_members)"] == "refused"
    assert verdicts["has_permissions(send_messages)"] != "refused"


async def test_a_check_that_says_no_without_a_word(here: TracedTown):
    def closed(ctx: commands.Context) -> bool:
        return False

    async def labour(ctx: commands.Context) -> None: ...

    here.add_command(labour, checks=[closed])
    trace = await here.trace_of("ann", "!labour")
    assert {step["title"]: step["tag"] for step in steps(trace, "check")} == {
        "runs_here": "passed", "closed": "refused",
    }  # fmt: skip


async def test_a_cooldown_says_how_it_stands(here: TracedTown):
    @commands.cooldown(1, 60, commands.BucketType.user)
    @commands.command()
    async def morning(ctx: commands.Context) -> None: ...

    here.town.bot.add_command(morning)
    first, second = [await here.trace_of("ann", "!morning") for _ in range(2)]
    limits = [step for trace in (first, second) for step in steps(trace, "check") if step["title"] == "cooldown"]
    assert [(step["tag"], step["detail"]) for step in limits] == [
        ("passed", "1 in 60 s for each user; 0 left"),
        ("refused", "1 in 60 s for each user; 0 left"),
    ]
    assert (first["outcome"], second["outcome"]) == ("done", "refused")


async def test_an_argument_that_was_not_understood(here: TracedTown):
    async def tally(ctx: commands.Context, number: int) -> None: ...

    here.add_command(tally)
    trace = await here.trace_of("ann", "!tally many")
    (refused,) = [step for step in steps(trace, "check") if not step["ok"]]
    assert (refused["title"], refused["detail"]) == ("arguments", "number = 'many': BadArgument")


async def test_a_command_that_does_not_exist(here: TracedTown):
    trace = await here.trace_of("ann", "!nonsense")
    (command,) = steps(trace, "command")
    assert (command["title"], command["detail"]) == ("nonsense", "There is no such command.")
    assert trace["outcome"] == "refused"


# --- failed


async def test_a_failure_shows_its_id_and_where_it_broke(here: TracedTown):
    async def boom(ctx: commands.Context) -> None:
        raise ZeroDivisionError(f"the key is {SECRET}")

    here.add_command(boom)
    trace = await here.trace_of("ann", "!boom")
    report = here.town.bot.error_reports.find(None)
    (error,) = steps(trace, "error")
    assert trace["outcome"] == "failed"
    assert error["tag"] == report.id
    assert error["title"] == f"Error {report.id} in boom: ZeroDivisionError: the key is ***"
    assert "raise ZeroDivisionError" in error["detail"]
    assert report.id in steps(trace, "message")[0]["detail"]  # what Ann reads leads to it


async def test_a_rest_call_that_fails(here: TracedTown):
    async def refuse(call: object, go: object) -> None:
        raise discord.Forbidden(SimpleNamespace(status=403, reason="Forbidden"), {"code": 50013, "message": "No"})

    here.town.life.arounds.append(refuse)
    trace = await here.trace_of("ann", "!ping")
    call = steps(trace, "rest")[0]
    assert (call["tag"], call["ok"], call["detail"]) == ("403", False, "No (50013)")
    assert steps(trace, "message") == []


# --- not much


async def test_ordinary_talk_is_heard_and_nothing_is_done(here: TracedTown):
    said = await here.say("ann", "hello")
    (trace,) = here.tracer.of_message(said)
    assert trace["outcome"] == "nothing"
    assert titles(trace, "gateway") == ["message"]
    assert not here.tracer.has(said)


async def test_who_hears_an_event(here: TracedTown):
    class Listening(commands.Cog):
        @commands.Cog.listener()
        async def on_message(self, message: discord.Message) -> None: ...

        @commands.Cog.listener()
        async def on_guild_setting_changed(self, event: events.GuildSettingChanged) -> None: ...

    await commands.Bot.add_cog(here.town.bot, Listening())
    trace = await here.trace_of("olivia", "!prefix add ?")
    assert steps(trace, "gateway")[0]["detail"] == "Heard by Hearth.on_message, Listening.on_message"
    (changed,) = steps(trace, "event")
    assert changed["title"] == "GuildSettingChanged"
    assert "Listening.on_guild_setting_changed" in changed["detail"].splitlines()[0]
    assert "key = 'prefixes'" in changed["detail"]


async def test_a_command_still_at_work_shows_what_is_known(here: TracedTown):
    async def ponder(ctx: commands.Context, word: str) -> None:
        await ctx.bot.wait_for("finish")

    here.add_command(ponder)
    said = await here.say("ann", "!ponder tea")
    (trace,) = here.tracer.of_message(said)
    assert trace["outcome"] == "running"
    assert [step["tag"] for step in steps(trace, "command", "check")] == ["running", "passed"]
    assert "word = 'tea'" in steps(trace, "command")[0]["detail"]
    here.town.bot.dispatch("finish")
    await here.town.settle()
    (trace,) = here.tracer.of_message(said)
    assert trace["outcome"] == "done"

"""What happened, within limits: of memory, of privacy, and of how often a page is told."""

import asyncio
import logging
from collections.abc import AsyncIterator
from pathlib import Path

import discord
import pytest
from discord.ext import commands

from playground.errors import Refused
from playground.tracing.kept import MOST_RECORDINGS, Kept
from playground.tracing.logs import LogWatcher
from playground.tracing.recording import LONGEST_DETAIL, MOST_STEPS, Recording
from tests.playground.traced_town import SECRET, TracedTown, steps, titles, traced_town

log = logging.getLogger("hearth.tests")


@pytest.fixture
async def here(tmp_path: Path) -> AsyncIterator[TracedTown]:
    async with traced_town(tmp_path) as here:
        yield here


async def test_the_oldest_is_forgotten(here: TracedTown):
    first = await here.say("ann", "!ping")
    answer = here.newest()
    assert here.tracer.has(first)
    for _ in range(MOST_RECORDINGS):
        with here.tracer.cause(kind="other", title="something", who=""):
            pass
    assert here.tracer.of_message(first) == here.tracer.of_message(answer) == []
    assert not here.tracer.has(first)
    assert len(here.tracer.latest(MOST_RECORDINGS * 2)) == MOST_RECORDINGS


async def test_what_was_refused_takes_no_place(here: TracedTown):
    await here.say("ann", "!ping")
    before = here.tracer.latest(10)
    with pytest.raises(Refused), here.tracer.cause(kind="message", title="Ann: let me in", who="Ann"):
        raise Refused("You can't write here.")
    assert here.tracer.latest(10) == before


async def test_many_steps_are_counted_and_not_kept(here: TracedTown):
    async def chatter(ctx: commands.Context) -> None:
        for number in range(MOST_STEPS + 50):
            log.info("line %d", number)

    here.add_command(chatter)
    trace = await here.trace_of("ann", "!chatter")
    kept = steps(trace, "log")
    assert len(trace["steps"]) - len(steps(trace, "check")) == MOST_STEPS
    assert kept[-1]["title"] == f"line {len(kept) - 1}"
    assert trace["counts"]["log"] == MOST_STEPS + 50 + 1  # and that the command was done
    assert trace["more"] > 50
    assert trace["outcome"] == "done"


async def test_long_texts_lose_their_middle(here: TracedTown):
    async def shout(ctx: commands.Context) -> None:
        try:
            raise ValueError("a" * LONGEST_DETAIL + "the end")
        except ValueError:
            log.exception("Shouted")

    here.add_command(shout)
    trace = await here.trace_of("ann", "!shout")
    (line,) = [step for step in steps(trace, "log") if step["title"] == "Shouted"]
    assert len(line["detail"]) < LONGEST_DETAIL + 10
    assert line["detail"].strip().endswith("the end")
    assert line["tag"] == "ERROR"


async def test_levels_below_info_stay_out(here: TracedTown):
    async def talk(ctx: commands.Context) -> None:
        log.debug("whispered")
        log.warning("warned")

    here.add_command(talk)
    log.setLevel(logging.DEBUG)
    trace = await here.trace_of("ann", "!talk")
    assert [(step["title"], step["tag"]) for step in steps(trace, "log")] == [
        ("warned", "WARNING"), ("talk: done", "INFO"),
    ]  # fmt: skip


def test_a_log_line_that_cannot_be_written_breaks_nothing(capsys: pytest.CaptureFixture[str]):
    recording = Recording(1, "other", "odd", "", keeper=Kept(), now=discord.utils.utcnow, clean=str)
    watcher = LogWatcher(lambda: recording)
    watcher.handle(logging.makeLogRecord({"msg": "%d apples", "args": ("many",), "levelno": logging.INFO}))
    assert "%d apples" in capsys.readouterr().err  # as logging itself says it
    watcher.handle(logging.makeLogRecord({"msg": "%d apples", "args": (3,), "levelno": logging.INFO}))
    assert titles(recording.shape(), "log") == ["3 apples"]


async def test_no_secret_is_written_down(here: TracedTown):
    async def leak(ctx: commands.Context, word: str) -> None:
        log.warning("The key is %s", SECRET)
        await ctx.send(f"Here: {SECRET}")
        await ctx.bot.db.fetchall(f"SELECT '{SECRET}' FROM nowhere")

    here.add_command(leak)
    await here.say("ann", f"!leak {SECRET}")
    (trace,) = here.tracer.latest(1)
    assert trace["outcome"] == "failed"
    assert "The key is ***" in titles(trace, "log")
    assert SECRET not in repr(trace)


async def test_the_tokens_of_interactions_stay_out(here: TracedTown):
    seen: list[str] = []

    async def watch(call, go):
        seen.append(call.path)
        return await go()

    here.town.life.arounds.append(watch)
    await here.say("ann", "!remind 10s tea")
    await here.town.pass_time(11)
    button = here.town.newest("ann", "#general")["components"][0]["items"][0]
    await here.click("ann", here.newest(), button["custom_id"])
    tokens = {path.split("/")[3] for path in seen if path.startswith(("/interactions/", "/webhooks/"))}
    assert tokens
    assert not any(token in repr(here.tracer.latest(100)) for token in tokens)


async def test_a_page_is_told_which_messages_something_is_known_of(here: TracedTown):
    told: list[set[int]] = []
    here.tracer.on_change(told.append)
    said = await here.say("ann", "!ping")
    answer = here.newest()
    await asyncio.sleep(0)
    assert set().union(*told) == {said, answer}
    (trace,) = here.tracer.of_message(said)
    assert 0 < len(told) < len(trace["steps"])  # once a turn, not once a step


async def test_who_is_told_is_not_part_of_the_bots_work(here: TracedTown):
    def told(_messages: set[int]) -> None:
        log.warning("The page was told")

    here.tracer.on_change(told)
    trace = await here.trace_of("ann", "!ping")
    assert titles(trace, "log") == ["ping: done"]


async def test_after_its_end_nothing_is_followed(here: TracedTown):
    said = await here.say("ann", "!ping")
    before = here.tracer.of_message(said)
    here.tracer.close()
    assert here.town.life.db.on_statement is None
    later = await here.say("ann", "!ping")
    assert here.tracer.of_message(said) == before
    assert not any(steps(trace, "sql", "log") for trace in here.tracer.of_message(later))

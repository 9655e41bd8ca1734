"""The town's clock follows the real one."""

import asyncio
from datetime import datetime, timedelta

from discord.ext import commands

from main import create_bot
from playground import Playground, opened
from playground.simulation.adapter import as_bot
from tests.playground.conftest import TestClock
from tests.playground.tab import Tab
from utils.config import Config


async def test_a_reminder_comes_after_its_ten_seconds(tab: Tab, playground: Playground, real_clock: TestClock):
    await tab.say("!remind 10s tea")
    confirmed = await tab.look()
    assert "tea" in confirmed[-1]
    real_clock.move(seconds=9.5)
    await playground.clock.tick()
    assert await tab.look() == confirmed
    real_clock.move(seconds=0.5)
    await playground.clock.tick()
    conversation = await tab.look()  # no click, no refresh: the page shows it by itself
    assert len(conversation) == len(confirmed) + 1
    assert "tea" in conversation[-1]


async def test_a_reminder_outlives_a_restart_and_the_night(playground_config: Config, real_clock: TestClock):
    async with opened(playground_config, create_bot, now=real_clock) as playground, Tab(playground.url) as tab:
        await tab.say("!remind 1h tea")
        assert "tea" in (await tab.look())[-1]
    real_clock.move(hours=8)
    async with opened(playground_config, create_bot, now=real_clock) as playground, Tab(playground.url) as tab:
        await playground.clock.tick()
        assert "tea" in (await tab.look())[-1]


async def test_after_a_sleep_of_the_machine_the_town_catches_up(
    tab: Tab, playground: Playground, real_clock: TestClock
):
    async def every_hour(ctx: commands.Context) -> None:
        for _ in range(8):
            await asyncio.sleep(3600)
            await ctx.send("ding")

    playground.bot.add_command(commands.Command(every_hour, name="bell"))
    await tab.say("!bell")
    real_clock.move(hours=8, seconds=1)
    await playground.clock.tick()
    assert (await tab.look()).count("ding") == 8
    assert playground.world.env.now() == real_clock.moment


async def test_a_clock_that_is_set_back_is_waited_for(playground: Playground, real_clock: TestClock):
    await playground.clock.tick()
    reached = playground.world.env.now()
    real_clock.move(hours=-1)
    await playground.clock.tick()
    assert playground.world.env.now() == reached
    real_clock.move(hours=1, seconds=2)
    await playground.clock.tick()
    assert playground.world.env.now() == real_clock.moment


async def test_an_idle_page_is_left_alone(tab: Tab, playground: Playground, real_clock: TestClock):
    await tab.say("!ping")
    await playground.clock.tick()
    await tab.look()
    revision = tab.snapshot["publishedRevision"]
    for _ in range(20):
        real_clock.move(milliseconds=250)
        await playground.clock.tick()
    await tab.look()
    assert tab.snapshot["publishedRevision"] == revision


async def test_times_in_the_page_are_of_now_after_an_action(tab: Tab, playground: Playground, real_clock: TestClock):
    """Else "in 10 seconds" would be counted from the last refresh, and stand there as "in 20 seconds"."""
    await playground.clock.tick()
    real_clock.move(seconds=9)
    await playground.clock.tick()
    await tab.say("!ping")
    await playground.clock.tick()
    await tab.look()
    shown_at = datetime.fromisoformat(tab.snapshot["profile"]["presentationTime"])
    assert abs(real_clock.moment - shown_at) < timedelta(seconds=1)


async def test_it_ends_when_the_owner_stops_the_bot(playground: Playground):
    """`!shutdown` closes the bot; the town that is left would answer nobody."""
    ticking = asyncio.create_task(playground.clock.run())
    with as_bot(playground.world.env):
        stopping = asyncio.create_task(playground.bot.stop(grace_seconds=0))
    await stopping
    await asyncio.wait_for(ticking, 10)

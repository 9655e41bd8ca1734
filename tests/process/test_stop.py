"""A stop finishes what was begun, begins nothing new, and doesn't wait for ever."""

import asyncio
import signal
import time
from contextlib import suppress
from typing import Any

import pytest

from tests.process.conftest import Start
from tests.support.discord_server import MESSAGES, DiscordServer
from tests.support.discord_world import text_of
from tests.support.process import within

pytestmark = pytest.mark.slow

BOTH = pytest.mark.parametrize("stop", [signal.SIGTERM, signal.SIGINT])


@within(60)
async def test_a_running_command_finishes_and_a_new_one_does_not_begin(
    hearth: Start, discord: DiscordServer, sqlite_url: str
) -> None:
    bot = await hearth(sqlite_url)
    slow = discord.fault("POST", MESSAGES, hold=True)
    begun = await discord.say("!ping")
    await bot.until("answer under way", lambda: slow.struck)
    bot.signal(signal.SIGTERM)
    await bot.until("word of the stop", lambda: "stop" in bot.text.lower())
    refused = await discord.say("!ping", channel=discord.world.random)
    await asyncio.sleep(1)  # time enough for an answer that must not come
    assert bot.running
    slow.release()
    assert await bot.exit_status() == 0
    assert "pong" in text_of(discord.said_by_bot(since=begun)[0]).lower()
    assert discord.posts(discord.world.random) == []
    assert discord.said_by_bot(discord.world.random, since=refused) == []
    assert discord.gateway.close_codes == [1000]


@within(60)
async def test_a_command_that_hangs_is_given_up_after_ten_seconds(
    hearth: Start, discord: DiscordServer, sqlite_url: str
) -> None:
    bot = await hearth(sqlite_url)
    stuck = discord.fault("POST", MESSAGES, hold=True)
    await discord.say("!ping")
    await bot.until("answer under way", lambda: stuck.struck)
    begin = time.monotonic()
    bot.signal(signal.SIGTERM)
    assert await bot.exit_status(20) == 0
    assert 9 < time.monotonic() - begin < 15
    assert discord.gateway.close_codes == [1000]


@BOTH
@within(60)
async def test_a_second_signal_stops_at_once(
    stop: signal.Signals, hearth: Start, discord: DiscordServer, sqlite_url: str
) -> None:
    bot = await hearth(sqlite_url)
    stuck = discord.fault("POST", MESSAGES, hold=True)
    await discord.say("!ping")
    await bot.until("answer under way", lambda: stuck.struck)
    bot.signal(stop)
    await bot.until("word of the stop", lambda: "stop" in bot.text.lower())
    begin = time.monotonic()
    bot.signal(stop)
    await bot.exit_status(5)
    assert time.monotonic() - begin < 3
    assert "Traceback" not in bot.text


@BOTH
@within(60)
async def test_stops_while_it_is_still_connecting(
    stop: signal.Signals, launch: Start, discord: DiscordServer, sqlite_url: str
) -> None:
    discord.gateway.accepting.clear()
    bot = await launch(discord=discord, DATABASE_URL=sqlite_url)
    await bot.until("login", lambda: any(each.path == "/gateway/bot" for each in discord.rest.requests), 30)
    bot.signal(stop)
    assert await bot.exit_status(5) == 0
    assert "Traceback" not in bot.text


@pytest.mark.parametrize("trouble", [{"hold": True}, {"status": 502}], ids=["no reply", "an error to wait out"])
@within(60)
async def test_stops_while_it_is_still_logging_in(
    trouble: dict[str, Any], launch: Start, discord: DiscordServer, sqlite_url: str
) -> None:
    login = discord.fault("GET", "/users/@me", times=100, **trouble)
    bot = await launch(discord=discord, DATABASE_URL=sqlite_url)
    await bot.until("login", lambda: login.struck, 30)
    bot.signal(signal.SIGTERM)
    assert await bot.exit_status(5) == 0
    assert "Traceback" not in bot.text


@within(60)
async def test_stops_between_its_shards(hearth: Start, discord: DiscordServer, sqlite_url: str) -> None:
    discord.gateway.shards = 3
    bot = await hearth(sqlite_url)
    bot.signal(signal.SIGTERM)
    assert await bot.exit_status(5) == 0
    assert "Traceback" not in bot.text


@within(60)
async def test_the_owner_stops_it_from_chat(hearth: Start, discord: DiscordServer, sqlite_url: str) -> None:
    bot = await hearth(sqlite_url)
    owner = discord.world.owner
    question = await bot.answer(await discord.say("!shutdown", author=owner))
    buttons = [button for row in question["components"] for button in row["components"]]
    yes = next(button for button in buttons if button["label"] == "Yes")
    # The bot knows its buttons once it has read Discord's answer to the question, which the press may overtake.
    for _attempt in range(40):
        pressed = await discord.press(question, yes["custom_id"], user=owner)
        with suppress(AssertionError):
            await bot.until("answer to the press", lambda pressed=pressed: pressed["callbacks"], 0.25)
        if pressed["callbacks"] or not bot.running:
            break
    assert await bot.exit_status() == 0
    assert discord.gateway.close_codes == [1000]
    assert "Traceback" not in bot.text


@within(60)
async def test_stops_while_the_connection_is_lost(hearth: Start, discord: DiscordServer, sqlite_url: str) -> None:
    bot = await hearth(sqlite_url)
    discord.gateway.accepting.clear()
    discord.gateway.drop()
    await bot.until("lost connection", lambda: not discord.gateway.ready)
    bot.signal(signal.SIGTERM)
    assert await bot.exit_status(12) == 0
    assert "Traceback" not in bot.text


@within(60)
async def test_a_reminder_waiting_does_not_hold_the_stop_up(
    hearth: Start, discord: DiscordServer, sqlite_url: str
) -> None:
    bot = await hearth(sqlite_url)
    await bot.ask("!remind 1h tea")
    begin = time.monotonic()
    bot.signal(signal.SIGTERM)
    assert await bot.exit_status() == 0
    assert time.monotonic() - begin < 3

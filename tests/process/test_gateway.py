"""Connections break: nothing is lost, nothing is done twice."""

import asyncio

import pytest

from tests.process.conftest import Start
from tests.support.discord_gateway import GUILD_MEMBERS, MESSAGE_CONTENT
from tests.support.discord_server import MESSAGES, DiscordServer
from tests.support.process import BotProcess, within

pytestmark = pytest.mark.slow

VOICE_STATES, PRESENCES = 1 << 7, 1 << 8


async def settle(bot: BotProcess, discord: DiscordServer) -> None:
    """Wait until the bot has dealt with everything sent to it so far: events of a shard are in order."""
    marker = await discord.say("!ping", author=discord.world.stranger, channel=discord.world.random)
    await bot.answer(marker)


@within(60)
async def test_messages_during_a_drop_are_answered_once_after_a_resume(
    hearth: Start, discord: DiscordServer, sqlite_url: str
) -> None:
    bot = await hearth(sqlite_url)
    await bot.ask("!ping")
    discord.gateway.accepting.clear()
    discord.gateway.drop()
    await bot.until("lost connection", lambda: not discord.gateway.ready)
    first = await discord.say("!ping", author=discord.world.owner)
    await discord.say("!ping", author=discord.world.stranger)
    assert discord.said_by_bot(since=first) == []
    discord.gateway.accepting.set()
    await bot.until("two answers", lambda: len(discord.said_by_bot(since=first)) == 2, 30)
    await settle(bot, discord)
    assert len(discord.said_by_bot(since=first)) == 2
    assert len(discord.gateway.resumes) == 1
    assert len(discord.gateway.identifies) == 1


@pytest.mark.parametrize("code", [1000, 1001, 4000, 4008])
@within(60)
async def test_resumes_after_an_ordinary_close(
    code: int, hearth: Start, discord: DiscordServer, sqlite_url: str
) -> None:
    bot = await hearth(sqlite_url)
    await discord.gateway.close_all(code)
    await bot.until("resume", lambda: discord.gateway.resumes and discord.gateway.ready, 30)
    await bot.ask("!ping")
    assert len(discord.gateway.identifies) == 1


@within(60)
async def test_resumes_when_discord_asks_for_it(hearth: Start, discord: DiscordServer, sqlite_url: str) -> None:
    bot = await hearth(sqlite_url)
    await discord.gateway.ask_to_reconnect()
    await bot.until("resume", lambda: len(discord.gateway.resumes) == 1 and discord.gateway.ready)
    await discord.gateway.invalidate_sessions(resumable=True)
    await bot.until("resume", lambda: len(discord.gateway.resumes) == 2 and discord.gateway.ready)
    await bot.ask("!ping")
    assert len(discord.gateway.identifies) == 1


@within(60)
async def test_begins_a_new_session_when_the_old_one_is_gone(
    hearth: Start, discord: DiscordServer, sqlite_url: str
) -> None:
    bot = await hearth(sqlite_url)
    await bot.ask("!prefix add ?", author=discord.world.owner)
    await discord.gateway.invalidate_sessions(resumable=False)
    await bot.until("new session", lambda: len(discord.gateway.identifies) == 2 and discord.gateway.ready, 30)
    await bot.ask("?ping")


@within(60)
async def test_a_message_delivered_twice_is_answered_once(
    hearth: Start, discord: DiscordServer, sqlite_url: str
) -> None:
    bot = await hearth(sqlite_url)
    asked = await discord.say("!remind 1h tea")
    await bot.answer(asked)
    await discord.gateway.dispatch_message("MESSAGE_CREATE", asked)
    await settle(bot, discord)
    assert len(discord.said_by_bot(since=asked)) == 1
    listed = await bot.ask("!remind list")
    assert listed.count("tea") == 1


@within(60)
async def test_a_rate_limit_is_waited_for(hearth: Start, discord: DiscordServer, sqlite_url: str) -> None:
    bot = await hearth(sqlite_url)
    limit = discord.fault("POST", MESSAGES, status=429, retry_after=0.3, times=2)
    await bot.ask("!ping")
    assert limit.struck == 2


@within(60)
async def test_an_answer_that_discord_refuses_is_no_end(
    hearth: Start, discord: DiscordServer, sqlite_url: str
) -> None:
    bot = await hearth(sqlite_url)
    for options in (
        {"status": 403, "code": 50013},
        {"status": 404, "code": 10003},
        {"status": 503},
        {"drop": True},
    ):
        fault = discord.fault("POST", MESSAGES, times=1_000_000, **options)
        # Each by another person: a cooldown is no answer to this.
        await discord.say("!ping", author=discord.world.owner)
        await bot.until("refusal", lambda fault=fault: fault.struck)
        await asyncio.sleep(0.2)  # it may try to say so, which is refused too
        fault.times = 0
        await settle(bot, discord)
    assert bot.running


@within(60)
async def test_an_error_in_discord_is_tried_again(hearth: Start, discord: DiscordServer, sqlite_url: str) -> None:
    bot = await hearth(sqlite_url)
    fault = discord.fault("POST", MESSAGES, status=502)
    await bot.ask("!ping")
    assert fault.struck == 1


@within(60)
async def test_works_by_mention_without_privileged_intents(
    hearth: Start, discord: DiscordServer, sqlite_url: str
) -> None:
    discord.gateway.allowed_intents = 0
    bot = await hearth(sqlite_url, MESSAGE_CONTENT="off", MEMBERS="off")
    assert not int(discord.gateway.identifies[0]["intents"]) & (MESSAGE_CONTENT | GUILD_MEMBERS)
    unread = await discord.say("!ping", author=discord.world.owner)
    assert "pong" in (await bot.ask(f"<@{discord.world.bot['id']}> ping")).lower()
    assert len(discord.said_by_bot(since=unread)) == 1


@within(60)
async def test_asks_for_no_more_intents_than_it_uses(hearth: Start, discord: DiscordServer, sqlite_url: str) -> None:
    await hearth(sqlite_url)
    intents = int(discord.gateway.identifies[0]["intents"])
    assert intents & MESSAGE_CONTENT
    assert intents & GUILD_MEMBERS
    assert intents & VOICE_STATES
    assert not intents & PRESENCES

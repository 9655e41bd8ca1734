"""`kill -9` at any moment loses nothing that the bot has answered, and does nothing twice."""

import asyncio
import random
import re
import time
from datetime import timedelta

import pytest

from database.manager import DatabaseManager
from tests.process.conftest import Start
from tests.support.discord_server import MESSAGES, DiscordServer
from tests.support.discord_world import Payload, text_of
from tests.support.process import BotProcess, within

pytestmark = pytest.mark.slow

SEED = 20_26
ROUNDS = 8  # a guild has ten prefixes at most
LATEST_KILL = 4.0  # in times of what a ping takes: by then most answers are there, rarely all
DELIVERY = "⏰"  # what a delivered reminder begins with


def delivered(discord: DiscordServer, word: str) -> list[Payload]:
    """The reminders that have come, not the promises that they will."""
    return [
        message
        for message in discord.said_by_bot()
        if message["content"].startswith(DELIVERY) and word in message["content"].split()
    ]


async def time_passes(database_url: str, time: timedelta) -> None:
    """Let all that is due be due so much earlier, as if nothing had run for that long."""
    milliseconds = int(time.total_seconds() * 1000)
    async with DatabaseManager(database_url) as db:
        for table in ("timers", "reminders"):
            await db.execute(f"UPDATE {table} SET due_at = due_at - $1", milliseconds)


async def listed(bot: BotProcess) -> list[str]:
    return (await bot.ask("!remind list")).split()


async def moment(bot: BotProcess, chance: random.Random) -> float:
    """Seconds until a random moment in the middle of a command, on a machine as busy as it is now."""
    begin = time.monotonic()
    await bot.ask("!ping", channel=bot.discord.world.random)
    return chance.uniform(0, LATEST_KILL * (time.monotonic() - begin))


async def settled(bot: BotProcess, *words: str) -> None:
    """Wait until no reminder of these waits: what is delivered is written down a moment after it is sent."""
    while set(words) & set(await listed(bot)):
        pass


@within(240)
async def test_killed_at_random_moments_it_keeps_what_it_answered(
    hearth: Start, discord: DiscordServer, database_url: str
) -> None:
    chance = random.Random(SEED)
    asked: dict[str, Payload] = {}  # by prefix or by reminder's text
    bot = await hearth(database_url)
    asked["tea"] = await discord.say("!remind 1h tea")  # one at least is answered, and due later
    await bot.answer(asked["tea"])
    await bot.kill()
    for number in range(ROUNDS):
        bot = await hearth(database_url)
        await bot.ask("!ping")  # the first command is slower
        pause = await moment(bot, chance)
        asked[f"{number}?"] = await discord.say(f"!prefix add {number}?", author=discord.world.owner)
        asked[f"tea{number}"] = await discord.say(f"!remind 1h tea{number}")
        await asyncio.sleep(pause)
        await bot.kill()
    answers = [text_of(message).replace("`", " ").split() for message in discord.said_by_bot()]
    answered = {word for word in asked if any(word in answer for answer in answers)}

    bot = await hearth(database_url)
    waiting = await listed(bot)
    for word in asked:
        if word.startswith("tea"):
            assert waiting.count(word) == 1 if word in answered else waiting.count(word) <= 1
        elif word in answered:
            assert "pong" in (await bot.ask(f"{word}ping", author=discord.world.owner)).lower()
    await bot.kill()

    await time_passes(database_url, timedelta(hours=3))
    bot = await hearth(database_url)
    posts = len(discord.posts())
    await bot.until("first delivery", lambda: len(discord.posts()) > posts)
    await asyncio.sleep(chance.uniform(0, 0.02))  # a delivery takes some milliseconds
    await bot.kill()
    bot = await hearth(database_url)
    due = [word for word in asked if word in waiting]
    await bot.until("all deliveries", lambda: all(delivered(discord, word) for word in due))
    for word in due:
        (told,) = delivered(discord, word)
        assert re.search(r"2 hours.* late", told["content"])
    await settled(bot, *due)


@pytest.mark.parametrize("after", [False, True], ids=["before the answer", "after the answer"])
@within(120)
async def test_killed_while_it_answers(after: bool, hearth: Start, discord: DiscordServer, database_url: str) -> None:
    for command, author in (("!prefix add ?", discord.world.owner), ("!remind 1h tea", discord.world.member)):
        bot = await hearth(database_url)
        fault = discord.fault("POST", MESSAGES, hold=True, after=after)
        asked = await discord.say(command, author=author)
        await bot.until("answer under way", lambda fault=fault: fault.struck)
        if after:
            await bot.until("answer", lambda asked=asked: discord.said_by_bot(since=asked))
        await bot.kill()
        assert len(discord.said_by_bot(since=asked)) == int(after)

    bot = await hearth(database_url)
    # It answers only what it has written down; so what it was about to say is true as well.
    assert (await listed(bot)).count("tea") == 1
    assert "pong" in (await bot.ask("?ping", author=discord.world.stranger)).lower()


@pytest.mark.parametrize("after", [False, True], ids=["before it is sent", "after it is sent"])
@within(120)
async def test_killed_while_it_delivers_a_reminder(
    after: bool, hearth: Start, discord: DiscordServer, database_url: str
) -> None:
    bot = await hearth(database_url)
    await bot.ask("!remind 1h tea")
    await bot.kill()
    await time_passes(database_url, timedelta(hours=2))

    bot = await hearth(database_url)
    fault = discord.fault("POST", MESSAGES, hold=True, after=after)
    await bot.until("delivery under way", lambda: fault.struck)
    if after:
        await bot.until("delivery", lambda: delivered(discord, "tea"))
    await bot.kill()
    assert len(delivered(discord, "tea")) == int(after)

    posts = len(discord.posts())
    bot = await hearth(database_url)
    # The second one bears the mark of the first, by which Discord knows it: people see one.
    await bot.until("second delivery", lambda: len(discord.posts()) > posts)
    await bot.until("delivery", lambda: delivered(discord, "tea"))
    (told,) = delivered(discord, "tea")
    assert told["content"].startswith(f"{DELIVERY} <@{discord.world.member['id']}>")
    assert re.search(r"1 hour.* late", told["content"])
    await settled(bot, "tea")

    await bot.kill()
    posts = len(discord.posts())
    bot = await hearth(database_url)
    await bot.until("readiness", lambda: "Ready" in bot.text)
    assert "tea" not in await listed(bot)
    assert len(discord.posts()) == posts + 1


@within(120)
async def test_killed_while_it_starts(
    launch: Start, hearth: Start, discord: DiscordServer, database_url: str
) -> None:
    chance = random.Random(SEED)
    for _ in range(4):
        bot = await launch(discord=discord, DATABASE_URL=database_url)
        # Its first words are about the migrations, or the login's request is the first sign.
        requests = len(discord.rest.requests)
        output = bot.output
        await bot.until("a sign", lambda: output or len(discord.rest.requests) > requests, 30)  # noqa: B023
        await asyncio.sleep(chance.uniform(0, 0.2))
        await bot.kill()
    bot = await hearth(database_url)
    await bot.ask("!remind 1h tea")
    assert (await listed(bot)).count("tea") == 1

"""What XP costs: a message on its path, a batch in the database, and the loop meanwhile.

    python -m tests.bench.bench_xp [--quick]

Goals: 20,000 messages a second and core on the message path, and the loop never held up for 10 ms by a batch of
1,000 members. `bench_ranks` has what the database needs among a million.
"""

import argparse
import asyncio
import gc
import logging
import random
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import discord

from cogs.leveling import settings
from cogs.leveling.chat.cog import Chat, Gathered
from database.manager import DatabaseManager
from database.standing_values import Gain
from database.xp_multipliers import XpMultiplier
from main import create_bot
from tests.bench.bench_message_path import FIRST_GUILD, GUILDS, connect, messages
from tests.support.postgres import PostgresServer
from utils.bot import Hearth
from utils.config import Config

GOAL_A_SECOND = 20_000
GOAL_BLOCK_MS = 10.0
BATCH = 1_000
WORDS = (
    "who",
    "has",
    "seen",
    "the",
    "green",
    "lamp",
    "over",
    "there",
    "under",
    "table",
    "with",
    "nothing",
    "but",
    "rain",
)


def said(count: int) -> list[dict[str, Any]]:
    """Messages of many people in many guilds, each of them something else."""
    chance = random.Random(6)
    made = messages("", count)
    for one in made:
        one["content"] = " ".join(chance.sample(WORDS, 9))
    return made


async def set_up(bot: Hearth) -> None:
    """Every guild uses what costs time on the path: places, roles and multipliers."""
    multipliers = chat_of(bot).multipliers
    for number in range(GUILDS):
        guild_id = FIRST_GUILD + number
        for setting in (settings.NO_XP_CHANNELS, settings.NO_XP_ROLES):
            await bot.guild_settings.set(guild_id, setting, (5, 6, 7), changed_by=None)
        for target in range(5):
            await multipliers.put(XpMultiplier(guild_id, "role", 1_000 + target, 150))
        await multipliers.put(XpMultiplier(guild_id, "server", 0, 200))


def chat_of(bot: Hearth) -> Chat:
    """The cog that counts."""
    cog = bot.get_cog("Chat")
    assert isinstance(cog, Chat)
    return cog


async def hear(bot: Hearth, feed: Callable[[dict[str, Any]], None], count: int) -> list[discord.Message]:
    """The messages as the bot is told of them."""
    heard: list[discord.Message] = []
    bot.chat_hearers[:] = [heard.append]
    for payload in said(count):
        feed(payload)
        await asyncio.sleep(0)
    while len(heard) < count:
        await asyncio.sleep(0)
    bot.chat_hearers[:] = [chat_of(bot).hear]
    return heard


def path(bot: Hearth, heard: list[discord.Message], rounds: int) -> dict[str, float]:
    """Messages a second of CPU: as if nobody had to wait for the next XP, and as if all had to."""
    chat = chat_of(bot)
    found: dict[str, list[float]] = {"each brings XP": [], "all have to wait": []}
    for _ in range(rounds):
        for name, took in found.items():
            if name == "each brings XP":
                chat.writer.waits.forget(discord.utils.utcnow() + settings.XP_COOLDOWN.default * 2)
            started = time.process_time()
            for message in heard:
                chat.awards.take(message.id, discord.utils.utcnow())  # else it would be known as heard
                chat.hear(message)
            took.append(len(heard) / (time.process_time() - started))
            assert all(chat.awards.of(message.id) for message in heard), "some message brought nothing"
    return {name: statistics.median(took) for name, took in found.items()}


class Blocks:
    """How long the loop was held up, looked at all the time."""

    def __init__(self) -> None:
        self.longest = 0.0

    async def __aenter__(self) -> "Blocks":
        self._task = asyncio.ensure_future(self._look())
        await asyncio.sleep(0)
        return self

    async def __aexit__(self, *_: object) -> None:
        self._task.cancel()

    async def _look(self) -> None:
        while True:
            before = time.thread_time()  # of this thread alone: whatever else the machine does isn't counted
            await asyncio.sleep(0.001)
            self.longest = max(self.longest, time.thread_time() - before)


async def batches(bot: Hearth, rounds: int) -> tuple[float, float]:
    """Milliseconds that a batch takes, and the longest that it held up the loop."""
    chat, took, chance = chat_of(bot), [], random.Random(7)
    longest = 0.0
    async with Blocks() as blocks:
        for _ in range(rounds):
            for user_id in chance.sample(range(1, 5 * BATCH), BATCH):
                chat.writer.add(FIRST_GUILD, user_id, Gathered(Gain(chance.randint(15, 25), 3), 1))
            await asyncio.sleep(0.01)
            blocks.longest = 0.0  # what gathered them held the loop up, too
            started = time.perf_counter()
            await chat.writer.write(FIRST_GUILD)
            took.append((time.perf_counter() - started) * 1000)
            longest = max(longest, blocks.longest)
    return statistics.median(took), longest * 1000


async def bench(engine: str, url: str, *, rounds: int, count: int) -> bool:
    """Print one engine's figures; whether the goals were reached."""
    reached = True
    async with DatabaseManager(url) as db:
        await db.migrate()
        bot = create_bot(Config(), db)
        await bot._async_setup_hook()
        feed = connect(bot)
        await bot.setup_hook()
        await bot.timers.stop()
        gc.collect()
        gc.freeze()
        if engine == "SQLite":  # the path knows no engine
            heard = await hear(bot, feed, count)
            for what in ("as it comes", "with places, roles and multipliers"):
                for name, rate in path(bot, heard, rounds).items():
                    print(f"{what:<36} {name:<20}{rate:>10,.0f} messages a second of CPU")
                    reached &= rate >= GOAL_A_SECOND
                await set_up(bot)
        took, block = await batches(bot, rounds)
        reached &= block < GOAL_BLOCK_MS
        print(f"{engine}: a batch of {BATCH:,} members takes {took:.0f} ms, and holds the loop up {block:.0f} ms")
        chat_of(bot).writer.gathering.batches.clear()
        for name in list(bot.cogs):
            await bot.remove_cog(name)
    return reached


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--quick", action="store_true", help="few messages: does it run")
    quick = parser.parse_args().quick
    logging.disable(logging.INFO)
    rounds, count = (2, 3_000) if quick else (9, 5_000)
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'bench.db'}"
        reached = asyncio.run(bench("SQLite", url, rounds=rounds, count=count))
    server = PostgresServer()
    try:
        server.start()
        reached &= asyncio.run(bench("PostgreSQL", server.url(), rounds=rounds, count=count))
    finally:
        server.remove()
    print(f"Goals: {'reached' if reached else 'missed'}")


if __name__ == "__main__":
    main()

"""What a message costs: our bot, every feature on, against a bare discord.py bot.

`python -m tests.bench.bench_message_path [--quick] [--metrics]` feeds the same gateway payloads to both, in one
process and in turns, and prints process CPU time a message. The network is left out: a stand-in answers what is sent.
It also counts function calls: they are the same however busy the machine is, and show which change costs what.

Goals: 1.5 times the bare bot for an ordinary message at first, 1.25 the aim; 1.2 times for a command.
"""

import argparse
import asyncio
import cProfile
import logging
import statistics
import tempfile
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import discord
from discord.ext import commands

from cogs.economy.income import settings as income
from database.manager import DatabaseManager
from main import create_bot
from utils.bot import Hearth
from utils.config import Config
from utils.core_settings import SPAM_COMMANDS, SPAM_SECONDS
from utils.intents import intents
from utils.metrics.server import Observer

GUILDS = 50
FIRST_GUILD = 10**17
BOT_ID = 900
EPOCH_MS = 1_420_070_400_000

CHAT = "just an ordinary message of ordinary length, as people write them all day"
COMMAND = "!ping"


def user(user_id: int, *, bot: bool = False) -> dict[str, Any]:
    return {"id": str(user_id), "username": f"user{user_id}", "discriminator": "0", "avatar": None, "bot": bot}


def guild(number: int) -> dict[str, Any]:
    guild_id = str(FIRST_GUILD + number)
    me = {"user": user(BOT_ID, bot=True), "roles": [], "flags": 0, "joined_at": "2024-01-01T00:00:00+00:00"}
    return {
        "id": guild_id, "name": f"guild {number}", "owner_id": "7", "members": [me], "member_count": 200,
        "roles": [{"id": guild_id, "name": "@everyone", "permissions": str(discord.Permissions.all().value)}],
        "channels": [{"id": str(FIRST_GUILD + 1000 + number), "type": 0, "name": "general", "position": 0}],
    }  # fmt: skip


def messages(text: str, count: int) -> list[dict[str, Any]]:
    """Messages of many people in many guilds; ids say that they are of now, as cooldowns want."""
    now = (int(time.time() * 1000) - EPOCH_MS) << 22
    return [
        {
            "id": str(now + index), "guild_id": str(FIRST_GUILD + index % GUILDS),
            "channel_id": str(FIRST_GUILD + 1000 + index % GUILDS), "author": user(5000 + index % 500),
            "member": {"roles": [], "flags": 0, "joined_at": "2024-01-01T00:00:00+00:00"},
            "content": text, "timestamp": "2026-01-01T00:00:00+00:00", "edited_timestamp": None, "tts": False,
            "mention_everyone": False, "mentions": [], "mention_roles": [], "attachments": [], "embeds": [],
            "pinned": False, "type": 0,
        }
        for index in range(count)
    ]  # fmt: skip


def bare_bot() -> commands.AutoShardedBot:
    """One prefix, no cogs, a ping command: the floor."""
    asked = intents(message_content=True, members=True)
    bot = commands.AutoShardedBot(
        "!",
        intents=asked,
        chunk_guilds_at_startup=False,
        member_cache_flags=discord.MemberCacheFlags.none(),
    )

    @bot.command()
    async def ping(ctx: commands.Context[Any]) -> None:
        await ctx.reply(embed=discord.Embed(description="Pong!"))

    return bot


def connect(bot: commands.AutoShardedBot) -> Callable[[dict[str, Any]], None]:
    """Give a bot its guilds without a gateway, and return what takes a MESSAGE_CREATE."""
    state = bot._connection
    state.user = discord.ClientUser(state=state, data=user(BOT_ID, bot=True))  # type: ignore[arg-type]
    state.application_id = BOT_ID
    state.shard_count, state.shard_ids = 1, [0]
    for number in range(GUILDS):
        state._add_guild_from_data(guild(number))  # type: ignore[arg-type]
    bot._AutoShardedClient__shards = {0: _Shard()}  # type: ignore[attr-defined]

    async def send_message(channel_id: int, *, params: Any) -> dict[str, Any]:
        return {**messages("Pong!", 1)[0], "channel_id": str(channel_id), "author": user(BOT_ID, bot=True)}

    bot.http.send_message = send_message  # type: ignore[method-assign, assignment]
    return state.parse_message_create  # type: ignore[return-value]


class _Shard:
    """As much of a shard as `bot.latency` asks for."""

    class ws:
        latency = 0.04


async def cost(feed: Callable[[dict[str, Any]], None], batch: list[dict[str, Any]]) -> float:
    """Microseconds of CPU a message, everything it started included."""
    loop_tasks = asyncio.all_tasks()
    started = time.process_time()
    for payload in batch:
        feed(payload)
        await asyncio.sleep(0)
    while waiting := asyncio.all_tasks() - loop_tasks:
        await asyncio.wait(waiting)
    return (time.process_time() - started) / len(batch) * 1e6


async def calls(feed: Callable[[dict[str, Any]], None], batch: list[dict[str, Any]]) -> float:
    """Function calls a message, those of the language's own functions included."""
    profile = cProfile.Profile()
    with profile:
        for payload in batch:
            feed(payload)
            await asyncio.sleep(0)
    return sum(entry.callcount for entry in profile.getstats()) / len(batch)


@asynccontextmanager
async def both(folder: Path) -> AsyncIterator[tuple[Hearth, dict[str, Callable[[dict[str, Any]], None]]]]:
    """Our bot, and what feeds it and the bare one."""
    async with DatabaseManager(f"sqlite:///{folder / 'bench.db'}") as db:
        await db.migrate()
        ours, bare = create_bot(Config(), db), bare_bot()
        for bot in (ours, bare):
            await bot._async_setup_hook()
        feeds = {"ours": connect(ours), "bare": connect(bare)}
        await ours.setup_hook()
        await ours.timers.stop()
        yield ours, feeds
        for name in list(ours.cogs):
            await ours.remove_cog(name)


async def pay_for_chat(bot: Hearth) -> None:
    """Let members get coins for a message a second, which is written later and counted in."""
    for number in range(GUILDS):
        await bot.guild_settings.set(FIRST_GUILD + number, income.CHAT, True, changed_by=None)
        await bot.guild_settings.set(
            FIRST_GUILD + number, income.CHAT_COOLDOWN, timedelta(seconds=1), changed_by=None
        )


async def let_hurry(bot: Hearth) -> None:
    """Take many commands from everybody: a few hundred people send what thousands would."""
    for number in range(GUILDS):
        await bot.guild_settings.set(FIRST_GUILD + number, SPAM_COMMANDS, 100, changed_by=None)
        await bot.guild_settings.set(FIRST_GUILD + number, SPAM_SECONDS, 1, changed_by=None)


async def main(*, quick: bool, metrics: bool) -> None:
    """Measure in turns and print a table."""
    count, rounds = (300, 3) if quick else (5000, 9)
    logging.disable(logging.INFO)  # neither writes a log line; what a line costs is the log's own figure
    with tempfile.TemporaryDirectory() as folder:
        async with both(Path(folder)) as (ours, feeds):
            if metrics:
                Observer().follow(ours)
            await let_hurry(ours)
            print(f"{'':18}{'ours µs':>10}{'bare µs':>10}{'ratio':>8}   median of {rounds} rounds of {count}")
            for name, text in (("ordinary message", CHAT), ("command", COMMAND), ("chat that pays", CHAT)):
                if name == "chat that pays":
                    await pay_for_chat(ours)
                figures: dict[str, list[float]] = {"ours": [], "bare": []}
                for _round in range(rounds + 1):
                    for who, feed in feeds.items():
                        figures[who].append(await cost(feed, messages(text, count)))
                # The first round fills caches on both sides. What else the machine does hits both of a pair alike.
                pairs = list(zip(figures["ours"][1:], figures["bare"][1:], strict=True))
                ratio = statistics.median(mine / theirs for mine, theirs in pairs)
                mine, theirs = (statistics.median(side) for side in zip(*pairs, strict=True))
                print(f"{name:18}{mine:>10.1f}{theirs:>10.1f}{ratio:>8.2f}")
                found = {who: await calls(feed, messages(text, 300)) for who, feed in feeds.items()}
                print(f"{'':18}{found['ours']:>10.0f}{found['bare']:>10.0f}{'':8}   function calls")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="few rounds, to see that it works")
    parser.add_argument("--metrics", action="store_true", help="measure as with METRICS_PORT, too")
    arguments = parser.parse_args()
    asyncio.run(main(quick=arguments.quick, metrics=arguments.metrics))

"""What guilds cost: the start, memory and a message, from 10 to 10,000 guilds, beside a bare discord.py bot.

`python -m tests.bench.bench_scale [--quick]` starts both as programs, in turns, on a Discord on loopback whose guilds
have 20 channels and 15 roles each, and a setting in the database. The first start of each, which fills the caches of
compiled files and makes the database, isn't counted. Memory is that after the messages.
"""

import argparse
import asyncio
import statistics
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from database.guild_settings import GuildSettingsStore
from database.manager import DatabaseManager
from tests.bench.figures import Figure, show
from tests.bench.programs import Program, guilds
from tests.support.discord_server import DiscordServer
from tests.support.discord_world import Payload

SIZES: Final = (10, 100, 1_000, 10_000)
QUICK_SIZES: Final = (10, 100)
GOAL_SIZE: Final = 1_000
MOST_START_RATIO: Final = 1.3
MOST_MEMORY_ABOVE_MB: Final = 60.0
MOST_GROWTH: Final = 1.1  # of a message's cost, from the smallest number of guilds to the largest


@dataclass(frozen=True)
class Measured:
    """One run of a bot."""

    start_seconds: float
    start_cpu_seconds: float
    memory_mb: float
    message_us: float


async def measure(bot: str, discord: DiscordServer, folder: Path, messages: int) -> Measured:
    """Start a bot, let it answer and hear messages, and stop it."""
    program = await Program.start(bot, discord, folder)
    try:
        start = await program.first_answer()
        cpu = program.cpu_seconds
        await program.cost(messages // 4)  # fills caches
        cost = await program.cost(messages)
        return Measured(start, cpu, program.memory_mb, cost)
    finally:
        await program.end()
        discord.gateway.sessions.clear()


async def let_them_set(folder: Path, places: list[Payload]) -> None:
    """Give each guild a setting of its own: those are read at the start and stay in memory."""
    async with DatabaseManager(f"sqlite:///{folder / 'bench.db'}") as db:
        await db.migrate()
        store = GuildSettingsStore(db)
        for place in places:
            await store.change(int(place["id"]), "prefixes", ["?"], changed_by=None, at=datetime.now(UTC))


async def measure_size(count: int, rounds: int, messages: int) -> dict[str, Measured]:
    """Both bots with so many guilds: of each figure the median."""
    found: dict[str, list[Measured]] = {"ours": [], "bare": []}
    async with DiscordServer() as discord:
        discord.world.others = guilds(count, discord.world.bot)
        with tempfile.TemporaryDirectory() as folder:
            await let_them_set(Path(folder), discord.world.others)
            for _round in range(rounds + 1):
                for bot, results in found.items():
                    results.append(await measure(bot, discord, Path(folder), messages))
    return {bot: _median(results[1:]) for bot, results in found.items()}


def _median(results: list[Measured]) -> Measured:
    return Measured(*(statistics.median(getattr(one, name) for one in results) for name in Measured.__annotations__))


def figures(found: dict[int, dict[str, Measured]]) -> list[Figure]:
    """What was found, held against the goals."""
    rows = []
    for count, both in found.items():
        ours, bare = both["ours"], both["bare"]
        start, cpu = ours.start_seconds / bare.start_seconds, ours.start_cpu_seconds / bare.start_cpu_seconds
        above, counts = ours.memory_mb - bare.memory_mb, count == GOAL_SIZE
        rows += [
            Figure(f"start to the first answer, {count:,} guilds",
                   f"{ours.start_seconds:.1f} s, bare {bare.start_seconds:.1f} s, {start:.2f} times",
                   f"≤ {MOST_START_RATIO} times" if counts else "", start <= MOST_START_RATIO if counts else None),
            Figure(f"the same, processor time, {count:,} guilds",
                   f"{ours.start_cpu_seconds:.1f} s, bare {bare.start_cpu_seconds:.1f} s, {cpu:.2f} times"),
            Figure(f"memory, {count:,} guilds",
                   f"{ours.memory_mb:.0f} MB, bare {bare.memory_mb:.0f} MB, {above:.0f} MB above",
                   f"≤ {MOST_MEMORY_ABOVE_MB:.0f} MB above" if counts else "",
                   above <= MOST_MEMORY_ABOVE_MB if counts else None),
            Figure(f"ordinary message, network included, {count:,} guilds",
                   f"{ours.message_us:.0f} µs, bare {bare.message_us:.0f} µs"),
        ]  # fmt: skip
    first, last = (found[count]["ours"].message_us for count in (min(found), max(found)))
    bare_first, bare_last = (found[count]["bare"].message_us for count in (min(found), max(found)))
    goal = f"≤ {MOST_GROWTH} times" if max(found) == max(SIZES) else ""
    return [
        *rows,
        Figure(f"an ordinary message's cost from {min(found):,} to {max(found):,} guilds",
               f"{last / first:.2f} times, bare {bare_last / bare_first:.2f} times", goal,
               last / first <= MOST_GROWTH if goal else None),
    ]  # fmt: skip


async def run(*, quick: bool, sizes: tuple[int, ...] = ()) -> list[Figure]:
    """Measure each size."""
    rounds, messages = (1, 400) if quick else (3, 8_000)
    chosen = sizes or (QUICK_SIZES if quick else SIZES)
    return figures({count: await measure_size(count, rounds, messages) for count in chosen})


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="few guilds and one round, to see that it works")
    parser.add_argument("--guilds", type=int, nargs="*", default=[], help="other numbers of guilds")
    arguments = parser.parse_args()
    show(asyncio.run(run(quick=arguments.quick, sizes=tuple(arguments.guilds))))

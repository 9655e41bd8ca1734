"""How quick the playground's town is: to build, to look at, and to let time pass in.

    python -m tests.bench.bench_town [--quick]

Goals: a conversation of 50 messages is put together in 60 ms, the list of places in 10 ms; a day passes in 1 s and a
year in 10 s of real time, with an idle bot.
"""

import argparse
import asyncio
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import discord

from main import create_bot
from playground import Playground, opened
from playground.simulation.sight import Sight
from playground.town.build import build
from playground.town.file import HEARTH, load
from utils.config import Config
from utils.i18n import load_catalogues

DAY_SECONDS = 24 * 3600.0
YEAR_SECONDS = 365 * DAY_SECONDS
MESSAGES = 50
TALK = "**Have you seen** <@{ann}>'s *garden*? `roses` and ||tulips||\n> yes, {number} of them\nhttps://example.com/garden"

Look = Callable[[], Any]


def best(look: Look, rounds: int) -> float:
    """Milliseconds of the quickest of several rounds: what else the machine does only adds to a round."""
    taken = []
    for _ in range(rounds):
        started = time.perf_counter()
        look()
        taken.append(time.perf_counter() - started)
    return min(taken) * 1000


async def took(work: Awaitable[Any]) -> float:
    """Milliseconds of some work."""
    started = time.perf_counter()
    await work
    return (time.perf_counter() - started) * 1000


async def talk(playground: Playground) -> None:
    """Fill #general: people talk, and the bot answers with embeds and buttons."""
    bob, ann = (
        next(user for user in playground.world.people.values() if user.name == name) for name in ("bob", "ann")
    )
    general = playground.world.general.id
    bot = playground.life.bot
    assert bot is not None
    channel = bot.get_channel(general)
    assert isinstance(channel, discord.TextChannel)
    for number in range(MESSAGES // 2):
        await playground.acting.send(bob.id, general, TALK.format(ann=ann.id, number=number))
        embed = discord.Embed(
            title=f"Case {number}", description=f"**Ann** warned <@{bob.id}> `{number}`\n> quote {number}"
        )
        embed.add_field(name="When", value=f"<t:{1_767_225_600 + number}:R>")
        await channel.send(embed=embed)


async def measure(folder: Path, *, quick: bool) -> list[tuple[str, float, float | None]]:
    """What is measured: its name, milliseconds, and the goal if there is one."""
    now = datetime(2026, 6, 1, 12, tzinfo=UTC)
    rounds = 2 if quick else 20
    config = replace(Config(), database_url=f"sqlite:///{folder / 'town.db'}")
    town = load(HEARTH)
    rows: list[tuple[str, float, float | None]] = [
        ("read the town's file", best(lambda: load(HEARTH), rounds), None),
        ("build the town", best(lambda: build(town, now), rounds), None),
    ]
    async with opened(config, create_bot, now=lambda: now) as playground:
        async with playground.turn:
            await talk(playground)
        sight, owner, general = playground.sight, playground.world.owner.id, playground.world.general.id
        # Once: what was rendered before is remembered.
        fresh = best(lambda: Sight(playground.world).conversation(owner, general), 1)
        rows += [
            (f"{MESSAGES} messages, seen for the first time", fresh, 60.0),
            (f"{MESSAGES} messages, seen again", best(lambda: sight.conversation(owner, general), rounds), 60.0),
            ("the list of places", best(lambda: sight.places(owner), rounds), 10.0),
            ("the list of members", best(lambda: sight.members(owner, general), rounds), 10.0),
            ("let a day pass", await took(playground.clock.skip(DAY_SECONDS)), 1_000.0),
        ]
        if not quick:
            rows.append(("let a year pass", await took(playground.clock.skip(YEAR_SECONDS)), 10_000.0))
    return rows


def main() -> int:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="see that it works, measure little")
    arguments = parser.parse_args()
    load_catalogues()
    with tempfile.TemporaryDirectory() as folder:
        rows = asyncio.run(measure(Path(folder), quick=arguments.quick))
    for name, milliseconds, goal in rows:
        judged = "" if goal is None else f"goal {goal:,.0f} ms: {'met' if milliseconds <= goal else 'missed'}"
        print(f"{name:<40} {milliseconds:>9,.1f} ms  {judged}")
    return 0


if __name__ == "__main__":
    sys.exit(main())

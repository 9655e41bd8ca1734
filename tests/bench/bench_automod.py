"""What automod costs a message: the rules alone, and the bot's whole path with them.

`python -m tests.bench.bench_automod [--quick]` prints CPU time: compiling a guild's rules, judging ordinary and
hostile messages, and the path of an ordinary message in guilds without rules and with them.
"""

import argparse
import asyncio
import logging
import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from cogs.moderation.automod.cog import Automod
from cogs.moderation.automod.memory import Memory
from cogs.moderation.automod.patterns import LONGEST_TEXT
from cogs.moderation.automod.posts import Post
from cogs.moderation.automod.presets import PRESETS
from cogs.moderation.automod.rules import Known, Rules
from cogs.moderation.automod.writing import changed, read_clauses
from database.automod import AutomodRule
from database.manager import DatabaseManager
from main import create_bot
from tests.bench.bench_message_path import CHAT, FIRST_GUILD, GUILDS, connect, cost, messages
from utils.config import Config

NO_GUILD: Any = None
WORDS = " ".join(f"word{index}thing" for index in range(200))
PATTERN = r"(?:[a-z]+[0-9]*){1,40}x$"
TEXTS = {
    "ordinary": CHAT,
    "with a number": f"{CHAT} 17",
    "with accents": "ein gewöhnlicher Satz von üblicher Länge, so wie ihn Leute den ganzen Tag über schreiben",
    "with a link": f"{CHAT} https://example.com/page?q=1",
    "longest, hostile": "aaaa0" * (LONGEST_TEXT // 5) + "!",
    "longest, no ASCII": "äöüß🍆" * (LONGEST_TEXT // 5),
}


def rules() -> list[AutomodRule]:
    """All presets, a full list of words and a pattern that is slow elsewhere."""
    lines = [line for _what, line in PRESETS.values()] + [
        f"--words {WORDS} --delete",
        f'--regex "{PATTERN}" --delete',
    ]
    return [
        AutomodRule(1, number, f"rule{number}", "on", changed({}, read_clauses(line, NO_GUILD)))
        for number, line in enumerate(lines, 1)
    ]


def microseconds(work: Callable[[int], object], count: int) -> float:
    """CPU time of one call, the median of a few rounds."""
    rounds = []
    for turn in range(5):
        started = time.process_time()
        for index in range(count):
            work(turn * count + index)
        rounds.append((time.process_time() - started) / count * 1e6)
    return statistics.median(rounds)


def judging(*, quick: bool) -> None:
    """The rules alone."""
    all_rules = rules()
    print(f"{len(all_rules)} rules compiled in {microseconds(lambda _: Rules(all_rules), 3) / 1000:.1f} ms")
    compiled, known, now = Rules(all_rules), Known(1), datetime.now(UTC)
    for name, text in TEXTS.items():
        memory, count = (
            Memory(),
            (20 if "longest" in name else 300) if quick else (200 if "longest" in name else 5000),
        )

        def judge(index: int, text: str = text, memory: Memory = memory) -> object:
            # Everybody else each time, so that no rate is reached.
            return compiled.judge(Post(index, 10, index % 5000, text, now), known, memory)

        print(f"{name:20}{microseconds(judge, count):>10.1f} µs a message")


def calm(count: int) -> list[dict[str, Any]]:
    """Messages as people write them who don't flood: a minute apart, and never the same."""
    return [
        {**one, "id": str(int(one["id"]) + (index * 60_000 << 22)), "content": f"{CHAT} {index}"}
        for index, one in enumerate(messages(CHAT, count))
    ]


async def path(*, quick: bool) -> None:
    """The bot's whole path, in turns without rules and with them."""
    count, rounds = (300, 3) if quick else (5000, 7)
    with tempfile.TemporaryDirectory() as folder:
        async with DatabaseManager(f"sqlite:///{Path(folder) / 'bench.db'}") as db:
            await db.migrate()
            bot = create_bot(Config(), db)
            await bot._async_setup_hook()
            feed = connect(bot)
            await bot.setup_hook()
            await bot.timers.stop()
            cog = bot.get_cog("Automod")
            assert isinstance(cog, Automod)
            compiled = Rules(rules())
            figures: dict[str, list[float]] = {"without rules": [], "with rules": []}
            for _round in range(rounds + 1):
                for name, some in figures.items():
                    found = (
                        {FIRST_GUILD + number: compiled for number in range(GUILDS)} if name == "with rules" else {}
                    )
                    cog.book.compiled.clear()
                    cog.book.compiled.update(found)
                    cog.book.memory = Memory()  # each round begins at the same time
                    some.append(await cost(feed, calm(count)))
            for name, some in figures.items():
                print(f"{name:20}{statistics.median(some[1:]):>10.1f} µs a message, the whole path")
            for name in list(bot.cogs):
                await bot.remove_cog(name)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="few rounds, to see that it works")
    asked = parser.parse_args()
    logging.disable(logging.INFO)
    judging(quick=asked.quick)
    asyncio.run(path(quick=asked.quick))

"""How soon the playground is there, and how soon its page shows what the bot says.

    python -m tests.bench.bench_playground [--quick]

Goals: the program prints its address within 3 s; an answer is on the screen within 100 ms of the bot sending it. The
second needs a Chromium; without one it is left out.
"""

import argparse
import asyncio
import statistics
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

from playwright.async_api import Browser, expect

from main import create_bot
from playground import Playground, opened
from playground.simulation.wire import Call, Go
from tests.support.process import REPOSITORY, clean_environment
from tools.browser import NO_BROWSER, browser, find_browser
from tools.flows import Visits
from utils.config import Config

START_GOAL_MS = 3_000.0
SHOWN_GOAL_MS = 100.0

# When each message was on the screen: after the first frame that has it.
WATCH = """() => {
    window.shown = {};
    const note = (id) => requestAnimationFrame(() => setTimeout(() => {
        window.shown[id] ??= performance.timeOrigin + performance.now();
    }));
    new MutationObserver((changes) => {
        for (const { addedNodes } of changes)
            for (const node of addedNodes) if (node.matches?.("article")) note(node.dataset.message);
    }).observe(document.querySelector("[role=log]"), { childList: true, subtree: true });
}"""

Row = tuple[str, float, float | None]


async def start_once(folder: Path) -> float:
    """Milliseconds from starting the program until it prints its address."""
    started = time.perf_counter()
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, str(REPOSITORY / "main.py"), "--playground", "--port", "0"),
        cwd=folder,
        env=clean_environment(),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    assert process.stdout is not None
    try:
        async with asyncio.timeout(60):
            while b"http://" not in (line := await process.stdout.readline()):
                if not line:
                    raise RuntimeError("The program ended before it printed its address.")
        return (time.perf_counter() - started) * 1000
    finally:
        process.terminate()
        await process.wait()


async def starts(rounds: int) -> Row:
    """The median of several starts, each in an empty folder. The first compiles, and isn't counted."""
    taken = []
    for _round in range(rounds + 1):
        with tempfile.TemporaryDirectory() as folder:
            taken.append(await start_once(Path(folder)))
    return "from the command to the address", statistics.median(taken[1:]), START_GOAL_MS


def note_sendings(playground: Playground) -> dict[str, float]:
    """When the bot sent each message, in milliseconds since 1970, by the message's id; filled while it runs."""
    sent: dict[str, float] = {}

    async def around(call: Call, go: Go) -> Any:
        at = time.time() * 1000
        answer = await go()
        if call.method == "POST" and call.path.endswith("/messages"):
            sent[str(answer["id"])] = at
        return answer

    playground.life.arounds.append(around)
    return sent


async def answers(playground: Playground, running: Browser, count: int) -> list[Row]:
    """What a visitor sees of many commands, each sent when the last one is answered."""
    sent = note_sendings(playground)
    visits = Visits(running, playground.url, now=None)
    opening = time.perf_counter()
    visitor = await visits.visitor()
    opened_after = (time.perf_counter() - opening) * 1000
    await visitor.page.evaluate(WATCH)
    asked = []
    for _number in range(count + 1):
        await visitor.writing.fill("!ping")
        before = len(sent)
        asked.append(time.time() * 1000)
        await visitor.sends()
        await expect(visitor.answer()).to_be_visible()
        assert len(sent) == before + 1
    await visitor.page.wait_for_function("ids => ids.every((id) => id in window.shown)", arg=list(sent))
    shown: dict[str, float] = await visitor.page.evaluate("window.shown")
    await visits.end()
    # The first of them warms up.
    after_sending = [shown[number] - at for number, at in sent.items()][1:]
    after_asking = [shown[number] - at for number, at in zip(sent, asked, strict=True)][1:]
    return [
        ("from the address to the conversation", opened_after, None),
        ("from Enter to the answer on the screen", statistics.median(after_asking), None),
        ("from the bot's sending to the screen", statistics.median(after_sending), SHOWN_GOAL_MS),
        ("… 19 times of 20 within", statistics.quantiles(after_sending, n=20)[-1], SHOWN_GOAL_MS),
    ]


async def measure(*, quick: bool) -> list[Row]:
    """What is measured: its name, milliseconds, and the goal if there is one."""
    rows = [await starts(1 if quick else 7)]
    path = find_browser()
    if path is None:
        print(NO_BROWSER)
        return rows
    with tempfile.TemporaryDirectory() as folder:
        config = replace(Config(), database_url=f"sqlite:///{Path(folder) / 'playground.db'}")
        async with browser(path) as running, opened(config, create_bot) as playground:
            return rows + await answers(playground, running, 5 if quick else 100)


def main() -> int:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="see that it works, measure little")
    for name, milliseconds, goal in asyncio.run(measure(quick=parser.parse_args().quick)):
        judged = "" if goal is None else f"goal {goal:,.0f} ms: {'met' if milliseconds <= goal else 'missed'}"
        print(f"{name:<40} {milliseconds:>9,.1f} ms  {judged}")
    return 0


if __name__ == "__main__":
    sys.exit(main())

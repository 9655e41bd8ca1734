"""Take the README's picture of the playground: `python -m tools.screenshot`.

It opens the playground on a database of its own, holds a small conversation in its page as different people, and
writes docs/images/playground.png. It needs `pip install -r requirements-tools.txt`, and a Chromium on the machine
(`CHROMIUM` names it if it isn't found).
"""

import asyncio
import os
import shutil
import sys
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from main import create_bot
from playground import Playground, opened
from utils.config import Config

PICTURE = Path(__file__).resolve().parent.parent / "docs" / "images" / "playground.png"
SIZE = {"width": 1280, "height": 900}  # pixels
SUMMER_EVENING = datetime(2026, 6, 21, 17, 30, tzinfo=UTC)  # the same in every picture
LONGEST_WAIT_MS = 10_000

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
    "--disable-background-networking", "--disable-component-update",
]  # fmt: skip

NO_BROWSER = (
    "There is no Chromium on this machine. Install it (Debian, Ubuntu: apt-get install chromium), or set CHROMIUM "
    "to the path of one."
)
NO_PLAYWRIGHT = "The library that drives the browser is missing: pip install -r requirements-tools.txt"


class Clock:
    """The time in the picture: it moves only when told."""

    def __init__(self) -> None:
        self.moment = SUMMER_EVENING

    def __call__(self) -> datetime:
        return self.moment


class Visitor:
    """A person at the page."""

    def __init__(self, page: Any, playground: Playground, clock: Clock) -> None:
        self.page = page
        self.playground = playground
        self.clock = clock

    async def becomes(self, name: str) -> None:
        await self.page.select_option("#viewer-picker", label=name)
        await self.page.wait_for_function("() => window.simcordPreview.ready")

    async def types(self, text: str) -> None:
        """Type and press Enter, and wait for what comes of it."""
        before = await self._messages()
        await self.page.fill("#channel-composer-input", text)
        await self.page.press("#channel-composer-input", "Enter")
        await self._more_than(before + 1)

    async def waits(self, seconds: float) -> None:
        """Let time pass in town, until somebody says something."""
        before = await self._messages()
        self.clock.moment += timedelta(seconds=seconds)
        await self.playground.clock.tick()
        await self._more_than(before)

    async def _messages(self) -> int:
        return int(await self.page.evaluate("() => window.simcordPreview.projectedMessageIds.length"))

    async def _more_than(self, number: int) -> None:
        shown = f"() => window.simcordPreview.projectedMessageIds.length > {number} && window.simcordPreview.ready"
        await self.page.wait_for_function(shown, timeout=LONGEST_WAIT_MS)


async def hold_conversation(visitor: Visitor) -> None:
    """What is to be seen in the picture."""
    people = visitor.playground.world.people
    await visitor.becomes("Ann")
    await visitor.types("!remind 10s the kettle")
    await visitor.waits(10)
    await visitor.becomes("Mo")
    await visitor.types(f"!userinfo {people['ann'].mention}")


async def take(browser_path: str, picture: Path) -> None:
    """Open the playground, talk, and write the picture."""
    from playwright.async_api import async_playwright  # type: ignore[import-not-found,unused-ignore]  # noqa: PLC0415

    clock = Clock()
    with tempfile.TemporaryDirectory() as folder:
        config = Config(database_url=f"sqlite:///{Path(folder) / 'playground.db'}")
        async with opened(config, create_bot, now=clock) as playground, async_playwright() as playwright:
            browser = await playwright.chromium.launch(executable_path=browser_path, args=FLAGS)
            page = await browser.new_page(viewport=SIZE)
            await page.goto(playground.url)
            await page.wait_for_function("() => window.simcordPreview?.ready")
            await page.click("#messages-toggle")  # the list of messages repeats the conversation
            await hold_conversation(Visitor(page, playground, clock))
            picture.parent.mkdir(parents=True, exist_ok=True)
            await page.screenshot(path=picture, animations="disabled", caret="hide")
            await browser.close()


def find_browser() -> str | None:
    """The path of a Chromium, from `CHROMIUM` or from PATH."""
    return os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, BROWSERS)), None)


def main() -> int:
    """Returns the exit status: 2 if something is missing."""
    browser_path = find_browser()
    if browser_path is None:
        print(NO_BROWSER, file=sys.stderr)
        return 2
    try:
        asyncio.run(take(browser_path, PICTURE))
    except ModuleNotFoundError as missing:
        if missing.name != "playwright":
            raise
        print(NO_PLAYWRIGHT, file=sys.stderr)
        return 2
    print(f"Wrote {PICTURE}")
    return 0


if __name__ == "__main__":
    sys.exit(main())

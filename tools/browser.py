"""The machine's Chromium, driven through Playwright: for the tests in a browser and the pictures in the documents."""

import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.async_api import Browser

# The shell is Chromium without its own windows, and takes a third less of the machine.
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
    "--disable-background-networking", "--disable-component-update",
]  # fmt: skip

NO_BROWSER = (
    "There is no Chromium on this machine. Install it (Debian, Ubuntu: apt-get install chromium), or set CHROMIUM "
    "to the path of one."
)


def find_browser() -> str | None:
    """The path of a Chromium, from `CHROMIUM` or from PATH."""
    return os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)


@asynccontextmanager
async def browser(path: str) -> AsyncIterator["Browser"]:
    """A browser for as long as the block runs."""
    from playwright.async_api import async_playwright  # noqa: PLC0415 - takes a third of a second

    async with async_playwright() as playwright:
        running = await playwright.chromium.launch(executable_path=path, args=FLAGS)
        try:
            yield running
        finally:
            await running.close()

"""Opens pages for visitors, and keeps what no page may ever do."""

import re
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

from playwright.async_api import Browser, BrowserContext, ConsoleMessage, Dialog, Page

from tools.flows.visitor import DESK, Screen, Visitor

NOON = datetime(2026, 6, 19, 12, 0, tzinfo=UTC)
"""A steady moment for town and page, so that every test and every picture is of the same day."""
OWN_SCHEMES = ("data:", "blob:")


class Visits:
    """The visits of one playground. Each visitor has a browser profile of their own, unless they share a tab bar."""

    def __init__(self, browser: Browser, url: str, *, now: datetime | None = NOON) -> None:
        """`now` is the time that the pages take for the real one; None leaves it to the machine."""
        self.browser = browser
        self.url = url
        self.now = now
        self.complaints: list[str] = []
        """Errors in a page's console, scripts that failed, and requests that left the playground."""
        self._forgiven: list[str] = []
        self._contexts: list[BrowserContext] = []

    async def visitor(
        self, *, screen: Screen = DESK, first_time: bool = False, beside: Visitor | None = None
    ) -> Visitor:
        """Open the page; `beside` another one, in the next tab of the same window.

        Somebody who isn't there for the first time has put the suggestions away.
        """
        context = beside.page.context if beside else await self._window(screen)
        page = await context.new_page()
        visitor = Visitor(page, screen)
        await page.goto(self.url)
        await visitor.sees_the_town()
        if not first_time and not beside:
            await visitor.hides_suggestions()
        return visitor

    def forgive(self, pattern: str) -> None:
        """Let complaints pass that match: what this visit provokes on purpose."""
        self._forgiven.append(pattern)

    def unforgiven(self) -> list[str]:
        """What was wrong in any of the pages."""
        return [said for said in self.complaints if not any(re.search(one, said) for one in self._forgiven)]

    async def take_pictures(self, folder: Path) -> None:
        """Keep how all pages look."""
        pages = [page for context in self._contexts for page in context.pages]
        for number, page in enumerate(pages):
            await page.screenshot(path=folder / f"page-{number}.png")

    async def end(self) -> None:
        """Close all pages."""
        for context in self._contexts:
            await context.close()

    async def _window(self, screen: Screen) -> BrowserContext:
        context = await self.browser.new_context(
            viewport={"width": screen.width, "height": screen.height},
            device_scale_factor=screen.scale,
            is_mobile=screen.touch,
            has_touch=screen.touch,
            locale="en-GB",
            timezone_id="UTC",
            reduced_motion="reduce",
        )
        self._contexts.append(context)
        if self.now is not None:
            await context.clock.set_fixed_time(self.now)
        context.on("page", self._listen)
        context.on("request", lambda request: self._asked_for(request.url))
        return context

    # --- what is wrong

    def _listen(self, page: Page) -> None:
        page.on("console", self._said)
        page.on("pageerror", lambda error: self.complaints.append(f"script: {error}"))
        page.on("websocket", lambda socket: self._asked_for(socket.url))
        page.on("dialog", self._shut)

    def _said(self, said: ConsoleMessage) -> None:
        if said.type == "error":
            self.complaints.append(f"console: {said.text}")

    def _asked_for(self, url: str) -> None:
        if not url.startswith(OWN_SCHEMES) and urlsplit(url).netloc != urlsplit(self.url).netloc:
            self.complaints.append(f"request: {url}")

    async def _shut(self, dialog: Dialog) -> None:
        self.complaints.append(f"dialog: {dialog.message}")
        await dialog.dismiss()

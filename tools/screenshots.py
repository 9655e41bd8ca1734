"""Make the pictures of the playground in docs/screenshots: `python -m tools.screenshots [name …]`.

Each is a small visit in a real browser, with the steps that the tests in a browser take too. Town and page stand at
one moment, so that a picture only changes when the page does; but the milliseconds in 'what happened' are real ones.
It needs requirements-dev.txt and a Chromium on the machine (`CHROMIUM` names it if it isn't found).
"""

import argparse
import asyncio
import io
import sys
import tempfile
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

from PIL import Image
from playwright.async_api import Browser, expect

from main import create_bot
from playground import opened
from tools.browser import NO_BROWSER, browser, find_browser
from tools.flows import NOON, PHONE, Screen, Visitor, Visits
from utils.config import Config

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "screenshots"
TALL = Screen(1280, 960)
COLOURS = 256  # a page has few; so a picture is a third of its size
ROUNDS = 5  # in which these are brought closer to the page's own
EXIT_NOTHING_TO_SEE_WITH = 2

Scene = Callable[[Visits], Awaitable[Visitor]]
"""Makes the visit; what the visitor has before them at its end is the picture."""


async def overview(visits: Visits) -> Visitor:
    """The first visit."""
    return await visits.visitor(first_time=True)


async def phone(visits: Visits) -> Visitor:
    """A reminder, on a phone."""
    visitor = await visits.visitor(screen=PHONE, first_time=True)
    await visitor.follows_suggestion("As a member")
    await visitor.sends()
    await visitor.reads("I'll remind you")
    await visitor.skips("+1 min")
    await visitor.reads("you asked me to remind you")
    return visitor


async def help_pages(visits: Visits) -> Visitor:
    """A page of help with its buttons."""
    visitor = await visits.visitor(screen=TALL)
    await visitor.opens("bot-commands")
    await visitor.types("!help")
    await visitor.chooses("Choose a category", "Utility")
    await expect(visitor.answer()).to_contain_text("!avatar")
    return visitor


async def reminder(visits: Visits) -> Visitor:
    """A reminder that came because a day was skipped."""
    visitor = await visits.visitor()
    await visitor.becomes("Ann")
    await visitor.opens("bot-commands")
    await visitor.types("!remind 20h water the garden")
    await visitor.reads("I'll remind you")
    await visitor.skips("+1 day")
    await visitor.reads("you asked me to remind you")
    return visitor


async def what_happened(visits: Visits) -> Visitor:
    """What the bot did for a command."""
    visitor = await visits.visitor()
    await visitor.opens("bot-commands")
    await visitor.types("!remind 2h bread")
    await visitor.asks_what_happened(visitor.answer())
    return visitor


async def trouble(visits: Visits) -> Visitor:
    """A call that failed, and one that will."""
    visitor = await visits.visitor()
    await visitor.opens("bot-commands")
    await visitor.lets_fail("Send message", status="403 Forbidden")
    await visitor.types("!ping")
    await visitor.reads("Discord doesn't let me do this")
    await visitor.lets_fail("Give role", times="3 times")
    return visitor


async def refused(visits: Visits) -> Visitor:
    """Two people who try the same."""
    visitor = await visits.visitor()
    await visitor.becomes("Ann")
    await visitor.opens("bot-commands")
    await visitor.types("!config set suggestions on")
    await visitor.reads("You need the permission Manage Server")
    await visitor.becomes("Ada")
    await visitor.types("!config set suggestions on")
    await expect(visitor.answer()).to_contain_text("suggestions")
    return visitor


async def levels(visits: Visits) -> Visitor:
    """A rank card, and the leaderboard it stands on."""
    visitor = await visits.visitor(screen=TALL)
    await visitor.becomes("Ada")
    await visitor.opens("bot-commands")
    for member, xp in (("ann", 4_200), ("bob", 6_100), ("finn", 2_350), ("dan", 800)):
        await visitor.types(f"!xp set {member} {xp}")
        await visitor.reads(f"{xp:,} XP")
    await visitor.becomes("Ann")
    await visitor.types("!rankcard background aurora")
    await expect(visitor.answer().get_by_role("img", name="Level")).to_be_visible()
    await visitor.types("!leaderboard")
    await expect(visitor.answer()).to_contain_text("Most XP")
    await expect(visitor.answer().get_by_role("img", name="The embed's picture")).to_be_visible()
    return visitor


async def crooked_corner(visits: Visits) -> Visitor:
    """The server that was set up badly: here without the right to send embeds."""
    visitor = await visits.visitor()
    await visitor.becomes("Bob")
    await visitor.goes_to("Crooked Corner")
    await visitor.opens("no-embeds")
    await visitor.types("!help")
    await visitor.reads("What I can do for you here")
    return visitor


SCENES: dict[str, Scene] = {
    "overview": overview,
    "phone": phone,
    "help": help_pages,
    "reminder": reminder,
    "what-happened": what_happened,
    "trouble": trouble,
    "refused": refused,
    "levels": levels,
    "crooked-corner": crooked_corner,
}


async def take(scene: Scene, running: Browser) -> bytes:
    """Make one visit in a town of its own, and return its picture as a small PNG."""
    with tempfile.TemporaryDirectory() as folder:
        config = Config(database_url=f"sqlite:///{Path(folder) / 'playground.db'}", command_spam=False)
        async with opened(config, create_bot, now=lambda: NOON) as playground:
            visits = Visits(running, playground.url)
            visitor = await scene(visits)
            picture = await visitor.looks()
            await visits.end()
            if wrong := visits.unforgiven():
                raise RuntimeError(f"The page isn't as it should be: {wrong}")
            return small(picture)


def small(png: bytes) -> bytes:
    """The same picture in fewer bytes."""
    with Image.open(io.BytesIO(png)) as picture, io.BytesIO() as file:
        # Names have few pixels and colours that matter: the usual choice, by number of pixels, would grey them.
        flat = picture.convert("RGB").quantize(COLOURS, Image.Quantize.MAXCOVERAGE, ROUNDS, dither=Image.Dither.NONE)
        flat.save(file, "PNG", optimize=True)
        return file.getvalue()


async def write(names: Sequence[str], browser_path: str) -> None:
    """Make these pictures anew."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    async with browser(browser_path) as running:
        for name in names:
            path = FOLDER / f"{name}.png"
            path.write_bytes(await take(SCENES[name], running))
            print(f"{path.relative_to(FOLDER.parent.parent)}  {path.stat().st_size // 1024} KB")


def main() -> int:
    """Returns the exit status: 2 if there is no browser."""
    parser = argparse.ArgumentParser(description="Make the pictures of the playground in docs/screenshots.")
    parser.add_argument("names", nargs="*", choices=[*SCENES, []], help="which ones; all if none is named")
    names = parser.parse_args().names or list(SCENES)
    browser_path = find_browser()
    if browser_path is None:
        print(NO_BROWSER, file=sys.stderr)
        return EXIT_NOTHING_TO_SEE_WITH
    asyncio.run(write(names, browser_path))
    return 0


if __name__ == "__main__":
    sys.exit(main())

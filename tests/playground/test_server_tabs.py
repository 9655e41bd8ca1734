"""Open pages that are slow, frozen, many or gone, and what a page is told while it looks elsewhere."""

import asyncio
import json
import time
from typing import Any

from main import create_bot
from playground import Playground, opened
from playground.server import changes
from playground.server.tab import MOST_SHOWN, PAGE_OF_MESSAGES
from playground.server.tab import Tab as Page
from tests.playground import raw_page
from tests.playground.tab import PATIENCE_SECONDS, Tab
from tests.support.patience import PATIENCE
from utils.config import Config

STOPS_WITHIN_SECONDS = 2.0 * PATIENCE
ANSWERS_NOBODY_READS = 1_000  # more than the buffers of a connection take
YEARS_SECONDS = 9e7


class Line:
    """A page's line that gets stuck at a kind of push until it is `free`."""

    def __init__(self) -> None:
        self.closed = False
        self.said: list[dict[str, Any]] = []
        self.stuck_at = ""
        self.stuck, self.free, self.heard = asyncio.Event(), asyncio.Event(), asyncio.Event()

    async def send_str(self, text: str) -> None:
        said = json.loads(text)
        if said["push"] == self.stuck_at:
            self.stuck.set()
            await self.free.wait()
        self.said.append(said)
        self.heard.set()

    async def close(self) -> None:
        self.closed = True

    def __aiter__(self) -> "Line":
        return self

    async def __anext__(self) -> Any:
        await asyncio.Event().wait()

    async def until(self, kind: str, **wanted: Any) -> None:
        async with asyncio.timeout(PATIENCE_SECONDS):
            while not any(said["push"] == kind and wanted.items() <= said["data"].items() for said in self.said):
                self.heard.clear()
                await self.heard.wait()


def write(playground: Playground, channel: int, count: int) -> list[int]:
    """Let the owner have written so many messages; their ids."""
    backend = playground.world.env.backend
    owner = playground.world.owner.id
    return [backend.create_message(channel, owner, f"word {number}").id for number in range(count)]


def channel_id(playground: Playground, name: str) -> int:
    channels = playground.world.env.backend.channels.values()
    return next(channel.id for channel in channels if channel.name == name)


# --- what a page holds


async def test_a_page_is_kept_up_to_date_with_the_newest_messages_alone(playground: Playground, tab: Tab):
    """Else each message would cost more than the one before it, in a channel that is open all day."""
    ids = write(playground, int(tab.state["channel"]["id"]), MOST_SHOWN + 50)
    await tab.until(lambda: str(ids[-1]) in tab.messages)
    (page,) = playground.live.tabs
    assert page.shows(ids[-1])
    assert page.shows(ids[-MOST_SHOWN])
    assert not page.shows(ids[-MOST_SHOWN - 1])


async def test_what_is_deleted_far_above_is_told(playground: Playground, tab: Tab):
    channel = int(tab.state["channel"]["id"])
    ids = write(playground, channel, MOST_SHOWN + 50)
    await tab.until(lambda: str(ids[-1]) in tab.messages)
    assert str(ids[0]) in tab.messages
    playground.world.env.backend.delete_message(channel, ids[0])
    await tab.until(lambda: str(ids[0]) not in tab.messages)


async def test_what_is_deleted_elsewhere_is_not_told(playground: Playground, tab: Tab):
    elsewhere, here = channel_id(playground, "mod-log"), int(tab.state["channel"]["id"])
    (number,) = write(playground, elsewhere, 1)
    (there,) = write(playground, here, 1)
    await tab.until(lambda: str(there) in tab.messages)
    playground.world.env.backend.delete_message(elsewhere, number)
    playground.world.env.backend.delete_message(here, there)
    await tab.until(lambda: str(there) not in tab.messages)
    assert tab.state["gone"]["messages"] == [str(there)]


async def test_a_new_message_pushes_none_out_at_the_top(playground: Playground, tab: Tab):
    await tab.open("bot-commands")
    write(playground, int(tab.state["channel"]["id"]), PAGE_OF_MESSAGES)
    await tab.until(lambda: len(tab.messages) >= PAGE_OF_MESSAGES)
    await tab.open("general")
    await tab.open("bot-commands")
    oldest = next(iter(tab.messages))
    (number,) = write(playground, int(tab.state["channel"]["id"]), 1)
    playground.live.mark(changes.everything())  # as when a button is answered at that moment
    await tab.until(lambda: str(number) in tab.messages)
    assert oldest in tab.messages
    assert "gone" not in tab.state


# --- a page that is slow


async def test_a_channel_opened_in_the_middle_of_a_push_is_shown_whole(playground: Playground):
    first, second = channel_id(playground, "general"), channel_id(playground, "bot-commands")
    (gone,), (there,) = write(playground, first, 1), write(playground, second, 1)
    line = Line()
    page = Page(playground, line)
    playground.live.open(page)
    serving = asyncio.create_task(page.run())
    page.greeted = True
    page.show(first)
    await line.until("conversation", channel=str(first))
    line.stuck_at = "gone"
    playground.world.env.backend.delete_message(first, gone)
    page.mark(changes.everything())
    await asyncio.wait_for(line.stuck.wait(), PATIENCE_SECONDS)
    page.show(second)
    line.free.set()
    await line.until("conversation", channel=str(second))
    assert page.shows(there)
    serving.cancel()
    await asyncio.gather(serving, return_exceptions=True)


# --- the end


async def test_a_page_that_never_reads_does_not_hold_the_end_up(playground_config: Config):
    with raw_page.connection() as line:
        async with opened(playground_config, create_bot) as playground:
            await raw_page.open_page(line, playground.url)
            for _ in range(ANSWERS_NOBODY_READS):
                await raw_page.ask(line, "hello")
            await raw_page.ask(line, "add_person", name="Quinn", guild=str(playground.world.guilds[0].id))
            async with Tab(playground.url) as tab:
                await tab.until(lambda: any(person["display"] == "Quinn" for person in tab.state["people"]))
            began = time.monotonic()
        assert time.monotonic() - began < STOPS_WITHIN_SECONDS


async def test_the_town_closes_in_the_middle_of_a_skip(playground_config: Config):
    async with opened(playground_config, create_bot) as playground:
        tab = await Tab(playground.url).__aenter__()
        await tab.say("!remind 1h tea")
        skipping = asyncio.create_task(tab.ask("skip", seconds=YEARS_SECONDS))
        await tab.until(lambda: tab.state["clock"]["travelling"])
        began = time.monotonic()
    assert time.monotonic() - began < STOPS_WITHIN_SECONDS
    skipping.cancel()
    await tab.__aexit__(None, None, None)

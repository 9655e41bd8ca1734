"""The open pages, and what happens in town: who is told what."""

import asyncio
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from playground.server import changes
from playground.server.changes import Changes
from playground.server.tab import Tab
from playground.server.uploads import Uploads
from playground.shapes import Toast

if TYPE_CHECKING:
    from playground.runtime import Playground


LOOKS_AGAIN_AFTER_SECONDS = 10.0


class Live:
    """Tells each open page what changed for the person it is."""

    def __init__(self) -> None:
        self.tabs: set[Tab] = set()
        self.uploads = Uploads()

    def open(self, tab: Tab) -> None:
        """Keep a page up to date from now on."""
        self.tabs.add(tab)

    def close(self, tab: Tab) -> None:
        """A page went away."""
        self.tabs.discard(tab)

    def heard(self, playground: "Playground", name: str, payload: Mapping[str, Any]) -> None:
        """An event of the simulated gateway; called while the bot works, so it only takes note."""
        if name == "TYPING_START":
            self._typing(playground, int(payload["channel_id"]), int(payload["user_id"]))
            return
        self.mark(changes.of_event(name, payload))

    def called(self, path: str) -> None:
        """A REST call of the bot, just before it is done."""
        self.mark(changes.of_call(path))

    def mark(self, found: Changes) -> None:
        """Let every page look at these parts again."""
        for tab in self.tabs:
            tab.mark(found)

    async def look_again(self) -> None:
        """Look at everything now and then: that a time-out or a poll ends, nobody says."""
        while True:
            await asyncio.sleep(LOOKS_AGAIN_AFTER_SECONDS)
            self.mark(changes.everything())

    def time_passed(self) -> None:
        """The town's clock was moved: anything may have ended."""
        self.mark(changes.everything())

    def dirty(self, *slices: str) -> None:
        """Let every page look at slices again (`shapes.Pushes`)."""
        self.mark(Changes(set(slices)))

    def traced(self, message_ids: Iterable[int]) -> None:
        """Something new is known of what the bot did for messages."""
        ids = set(message_ids)
        for tab in self.tabs:
            shown = [number for number in ids if tab.shows(number)]
            tab.mark(Changes(messages=set(shown)))
            if shown:
                tab.push_soon("traced", [str(number) for number in shown])

    def toast(self, toast: Toast) -> None:
        """Say a short word in every page."""
        for tab in self.tabs:
            tab.push_soon("toast", toast)

    def _typing(self, playground: "Playground", channel_id: int, user_id: int) -> None:
        person = playground.sight.person(user_id)
        for tab in self.tabs:
            if tab.channel_id == channel_id and tab.person_id != user_id:
                tab.push_soon("typing", {"channel": str(channel_id), "person": person})

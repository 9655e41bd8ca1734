"""Events that are heard in other processes, too: as text there and back."""

import asyncio
import logging
from collections.abc import Callable
from typing import Any, Final

from utils.bus import Bus
from utils.bus.plain import fields_of, values_in
from utils.events.catalogue import CATALOGUE, EVERYWHERE, name_of

log = logging.getLogger("hearth.bus")

TOPIC: Final = "event"


def packed(news: object) -> dict[str, Any]:
    """An event as a message."""
    return {"event": name_of(type(news)), "fields": fields_of(news)}


def unpacked(message: dict[str, Any]) -> object | None:
    """The event of a message; None for one that isn't known here, or was another thing then."""
    kind = CATALOGUE.get(message["event"])
    if kind is None or kind not in EVERYWHERE:
        return None
    news: object = kind(**values_in(message["fields"]))
    return news


class Travelling:
    """Takes events to the other processes, and hands out those that come from there; they go no further."""

    def __init__(self, bus: Bus, hand_out: Callable[[object], None]) -> None:
        self.bus = bus
        self._hand_out = hand_out
        self._tasks: set[asyncio.Task[None]] = set()
        bus.listen(TOPIC, self._hear)

    def take(self, news: object) -> None:
        """Take an event to the other processes, if it is one for all and there are any."""
        if self.bus.joins and type(news) in EVERYWHERE:
            task = asyncio.get_running_loop().create_task(self.bus.send(TOPIC, packed(news)))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def close(self) -> None:
        """Let go what is on its way."""
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _hear(self, message: dict[str, Any]) -> None:
        try:
            news = unpacked(message)
        except (KeyError, TypeError, ValueError) as error:  # the other process runs another version
            log.warning("An event of another process can't be read: %r", error)
            return
        if news is not None:
            self._hand_out(news)

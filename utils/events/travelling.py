"""Events that are heard in other processes, too: as text there and back."""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import fields
from datetime import datetime, timedelta
from typing import Any, Final

from utils.bus import Bus
from utils.events.catalogue import CATALOGUE, EVERYWHERE, name_of

log = logging.getLogger("hearth.bus")

TOPIC: Final = "event"
_MOMENT, _SPAN, _MAP = "moment", "seconds", "map"


def as_plain(value: Any) -> Any:
    """A field's value as JSON can hold it. Raises TypeError for what can't travel."""
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, datetime):
        return {_MOMENT: value.isoformat()}
    if isinstance(value, timedelta):
        return {_SPAN: value.total_seconds()}
    if isinstance(value, dict):
        return {_MAP: [[as_plain(key), as_plain(one)] for key, one in value.items()]}
    if isinstance(value, list | tuple):
        return [as_plain(one) for one in value]
    raise TypeError(f"{type(value).__name__} can't travel to another process")


def from_plain(plain: Any) -> Any:
    """What `as_plain` was given; tuples come back as lists."""
    if isinstance(plain, list):
        return [from_plain(one) for one in plain]
    if not isinstance(plain, dict):
        return plain
    if _MOMENT in plain:
        return datetime.fromisoformat(plain[_MOMENT])
    if _SPAN in plain:
        return timedelta(seconds=plain[_SPAN])
    return {from_plain(key): from_plain(one) for key, one in plain[_MAP]}


def packed(news: object) -> dict[str, Any]:
    """An event as a message."""
    values = {field.name: as_plain(getattr(news, field.name)) for field in fields(news)}  # type: ignore[arg-type]
    return {"event": name_of(type(news)), "fields": values}


def unpacked(message: dict[str, Any]) -> object | None:
    """The event of a message; None for one that isn't known here, or was another thing then."""
    kind = CATALOGUE.get(message["event"])
    if kind is None or kind not in EVERYWHERE:
        return None
    news: object = kind(**{name: from_plain(plain) for name, plain in message["fields"].items()})
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

"""A process's end of the bus, as tests see it, and the servers it may hang on."""

import asyncio
import secrets
import time
from collections.abc import Callable
from typing import Any, Protocol

from tests.support.patience import PATIENCE
from utils.bus import Bus, create_bus
from utils.bus.linked import LinkedBus
from utils.config import Config

TOPIC = "news"
WAIT_SECONDS = 20.0 * PATIENCE
POLL_SECONDS = 0.01


class Server(Protocol):
    """A server that tests may stop and start; its port stays the same."""

    def start(self) -> None: ...
    def stop(self) -> None: ...
    def kill(self) -> None: ...


def settings_for(transport: str, url: str) -> Config:
    """The settings of a process that has this transport at this address."""
    key = {"postgres": "database_url", "redis": "redis_url", "rabbitmq": "rabbitmq_url"}[transport]
    return Config(event_bus=transport, **{key: url})


class End:
    """One bus, and what it heard."""

    def __init__(self, transport: str, url: str) -> None:
        self.bus: Bus = create_bus(settings_for(transport, url), None)  # type: ignore[arg-type]
        assert isinstance(self.bus, LinkedBus)
        self.heard: list[Any] = []
        self.gaps = 0
        self.bus.listen(TOPIC, self._hear)
        self.bus.on_gap(self._gap)

    @property
    def unsent(self) -> int:
        """How many messages the server doesn't have yet."""
        assert isinstance(self.bus, LinkedBus)
        return self.bus.unsent

    async def say(self, *said: Any) -> None:
        for one in said:
            await self.bus.send(TOPIC, {"said": one})

    async def hears(self, *expected: Any) -> None:
        """Wait until it heard all that, and nothing else."""
        await until(
            lambda: len(self.heard) >= len(expected), lambda: f"heard {str(self.heard)[:500]}; {self.bus.state}"
        )
        assert self.heard == list(expected)

    async def _hear(self, payload: dict[str, Any]) -> None:
        self.heard.append(payload["said"])

    async def _gap(self) -> None:
        self.gaps += 1


async def until(
    condition: Callable[[], Any], why: Callable[[], str] = lambda: "", seconds: float = WAIT_SECONDS
) -> None:
    """Wait until it is true; fail with the reason when time is up."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, why()
        await asyncio.sleep(POLL_SECONDS)


async def know_each_other(*ends: End) -> None:
    """Wait until each has heard each, and forget what that took: a start tells the others to look."""
    words = {end: secrets.token_hex(4) for end in ends}
    for end, word in words.items():
        await end.say(word)
    for end in ends:
        others = {word for one, word in words.items() if one is not end}
        await until(
            lambda end=end, others=others: others <= set(end.heard), lambda end=end: f"{end.bus.state} {end.heard}"
        )
    for end in ends:
        end.heard.clear()
        end.gaps = 0

"""What travels between the processes of one bot: small messages on named topics, by one of several transports.

Nothing depends on a message to arrive. What matters is a row in the database; a message only says that it changed.
So a transport may lose messages if it says so: `on_gap` is told, and what is kept in memory is read anew.
"""

import logging
import secrets
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable
from typing import Any

log = logging.getLogger("hearth.bus")

Handler = Callable[[dict[str, Any]], Awaitable[None]]
GapHandler = Callable[[], Awaitable[None]]


class Bus(ABC):
    """One process's end of the bus. Making one does no I/O.

    A transport implements `start`, `close`, `send`, `healthy` and `state`. What it receives from another process it
    hands to `deliver`, one message after the other; what it got from itself it drops, by `id`. Whenever messages may
    have been lost (a connection was cut and is back, a queue overflowed), it calls `missed`, after it listens again.
    """

    def __init__(self) -> None:
        self.id = secrets.token_hex(6)
        """This run of this process; another one after a restart."""
        self._handlers: dict[str, list[Handler]] = {}
        self._gap_handlers: list[GapHandler] = []

    # --- for who uses it

    def listen(self, topic: str, handler: Handler) -> None:
        """Let a handler have each message of a topic that another process sends.

        Messages come in the order in which a process sent them. The next one waits until the handlers are done with
        this one, so longer work belongs in a task of its own. What a handler raises is logged.
        """
        self._handlers.setdefault(topic, []).append(handler)

    def on_gap(self, handler: GapHandler) -> None:
        """Let a handler know when messages may have been missed: then it reads anew all that they would change."""
        self._gap_handlers.append(handler)

    @property
    @abstractmethod
    def joins(self) -> bool:
        """Whether there can be other processes at all; False means that nothing is worth sending or waiting for."""

    @property
    @abstractmethod
    def healthy(self) -> bool:
        """Whether messages travel at this moment."""

    @property
    @abstractmethod
    def state(self) -> str:
        """How it is, in a few plain words for the operator, without secrets: "connected to Redis"."""

    # --- for a transport

    @abstractmethod
    async def start(self) -> None:
        """Begin to listen. Doesn't raise, and doesn't wait long, for a server that is away: it is tried on and on."""

    @abstractmethod
    async def close(self) -> None:
        """Send what waits, for a second at most, and let everything go. Nothing is delivered afterwards."""

    @abstractmethod
    async def send(self, topic: str, payload: dict[str, Any]) -> None:
        """Send to all other processes. `payload` is made of what JSON can hold.

        Never raises for trouble of the transport, and doesn't wait for the others: while the server is away messages
        wait in memory, within bounds, or the others are told of a gap.
        """

    async def deliver(self, topic: str, payload: dict[str, Any]) -> None:
        """Hand a message of another process to who listens. Raises nothing."""
        for handler in self._handlers.get(topic, ()):
            try:
                await handler(payload)
            except Exception:  # one that fails keeps no other from hearing
                log.exception("A message about %s from another process was not handled", topic)

    async def missed(self) -> None:
        """Tell that messages may have been lost. Raises nothing."""
        for handler in self._gap_handlers:
            try:
                await handler()
            except Exception:  # as above
                log.exception("What other processes changed meanwhile could not be read")

"""What differs between the transports: one connection to one kind of server."""

from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Sequence
from typing import ClassVar
from urllib.parse import urlsplit


class Line(ABC):
    """A connection that can be opened again and again; between that it remembers how far it read.

    Every call may raise whatever the driver raises: then the line is closed and opened anew.
    """

    server: ClassVar[str]
    """What the operator calls it: "Redis"."""

    def __init__(self, url: str, reader: str) -> None:
        """Take the server's address, and the name of this process on the bus."""
        self.url = url
        self.reader = reader

    @property
    def place(self) -> str:
        """The server and where it is, without user and password."""
        parts = urlsplit(self.url)
        port = f":{parts.port}" if parts.port else ""
        return f"{self.server} at {parts.hostname or 'localhost'}{port}"

    @abstractmethod
    async def open(self) -> bool:
        """Connect and listen. False if something that was sent since the last time may be lost here.

        The first time there is nothing to lose: who starts reads all anew afterwards.
        """

    @abstractmethod
    async def send(self, envelopes: Sequence[str]) -> None:
        """Give messages to the server in this order; returns when it has them."""

    @abstractmethod
    def receive(self) -> AsyncIterator[str | bytes | None]:
        """Messages as they come, own ones too; None where some may be missing. Ends only by raising."""

    @abstractmethod
    async def close(self, *, for_good: bool) -> None:
        """Let the connection go, and what the server keeps for this process if it is `for_good`."""

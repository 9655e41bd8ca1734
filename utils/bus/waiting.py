"""Messages that wait in memory, within bounds: for the server that is away, or for a handler that is slow."""

import asyncio
from collections import deque
from typing import Final, Generic, TypeVar

MOST_WAITING: Final = 10_000  # messages
MOST_WAITING_BYTES: Final = 32 * 1024 * 1024

T = TypeVar("T")


class Waiting(Generic[T]):
    """A queue with a limit of messages and of bytes; who takes awaits `filled`."""

    def __init__(self, most: int = MOST_WAITING, most_bytes: int = MOST_WAITING_BYTES) -> None:
        self._most = most
        self._most_bytes = most_bytes
        self._messages: deque[tuple[T, int]] = deque()
        self._bytes = 0
        self.filled = asyncio.Event()
        """Set while there is something."""

    def __len__(self) -> int:
        return len(self._messages)

    def add(self, message: T, size_bytes: int) -> bool:
        """Put a message behind the others; False when there is no room, and nothing was added."""
        if len(self._messages) >= self._most or self._bytes + size_bytes > self._most_bytes:
            return False
        self._put(message, size_bytes)
        return True

    def start_over(self, message: T) -> None:
        """Drop all, and put in their place one message, which is small."""
        self._messages.clear()
        self._bytes = 0
        self._put(message, 0)

    def take(self, most: int = 1, most_bytes: int = MOST_WAITING_BYTES) -> list[T]:
        """Take the oldest out: at least one if there is one, and no more than these limits allow."""
        taken: list[T] = []
        taken_bytes = 0
        while (
            self._messages and len(taken) < most and (not taken or taken_bytes + self._messages[0][1] <= most_bytes)
        ):
            message, size_bytes = self._messages.popleft()
            self._bytes -= size_bytes
            taken_bytes += size_bytes
            taken.append(message)
        if not self._messages:
            self.filled.clear()
        return taken

    @property
    def last(self) -> T | None:
        """The newest."""
        return self._messages[-1][0] if self._messages else None

    def _put(self, message: T, size_bytes: int) -> None:
        self._messages.append((message, size_bytes))
        self._bytes += size_bytes
        self.filled.set()

"""A bus between bots of one process: what one sends, the others get, as JSON like everywhere."""

import asyncio
import json
from typing import Any

from utils.bus import Bus


class Wire:
    """What the ends are joined by. `cut` loses all that is sent, until `mend` tells everybody of the gap."""

    def __init__(self) -> None:
        self.ends: list[MemoryBus] = []
        self.sent: list[tuple[str, dict[str, Any]]] = []
        """All that was sent, oldest first, also what was lost."""
        self.whole = True

    def cut(self) -> None:
        """Lose everything from now on."""
        self.whole = False

    async def mend(self) -> None:
        """Carry messages again, and tell every end that some may be missing."""
        self.whole = True
        for end in list(self.ends):
            await end.missed()


class MemoryBus(Bus):
    """One bot's end of a wire. Each end delivers in a task of its own, one message after the other."""

    def __init__(self, wire: Wire) -> None:
        super().__init__()
        self.wire = wire
        self._delivering = asyncio.Lock()
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def joins(self) -> bool:
        return True

    @property
    def healthy(self) -> bool:
        return self.wire.whole

    @property
    def state(self) -> str:
        return "joined by a wire" if self.wire.whole else "the wire is cut"

    async def start(self) -> None:
        self.wire.ends.append(self)

    async def close(self) -> None:
        if self in self.wire.ends:
            self.wire.ends.remove(self)
        for task in list(self._tasks - {asyncio.current_task()}):
            task.cancel()

    async def send(self, topic: str, payload: dict[str, Any]) -> None:
        text = json.dumps(payload, allow_nan=False)
        self.wire.sent.append((topic, json.loads(text)))
        for end in self.wire.ends:
            if end is not self and self.wire.whole:
                task = asyncio.create_task(end._deliver_in_turn(topic, text))
                end._tasks.add(task)
                task.add_done_callback(end._tasks.discard)

    async def _deliver_in_turn(self, topic: str, text: str) -> None:
        async with self._delivering:
            await self.deliver(topic, json.loads(text))

    async def quiet(self) -> None:
        """Wait until all that was sent to this end is handled."""
        while self._tasks:
            await asyncio.gather(*self._tasks, return_exceptions=True)

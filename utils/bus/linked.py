"""A bus over a server that may go away: what all transports have in common.

What is sent waits in memory until the server has it. What comes waits in memory until the handlers had it, so a slow
handler holds up no server. Both within bounds: beyond them everything that waits is dropped, and a gap told instead.
"""

import asyncio
import logging
import random
import time
from collections.abc import Coroutine
from contextlib import suppress
from typing import Any, Final

from utils.bus.base import Bus
from utils.bus.envelope import BrokenEnvelopeError, Envelope, Order, Senders, UnknownVersionError, pack, unpack
from utils.bus.line import Line
from utils.bus.waiting import Waiting

log = logging.getLogger("hearth.bus")

START_SECONDS: Final = 5.0
"""How long a start waits for the server, to begin with nothing missed."""
OPEN_SECONDS: Final = 15.0
SEND_SECONDS: Final = 30.0
FLUSH_SECONDS: Final = 1.0
HANG_UP_SECONDS: Final = 1.0
FIRST_PAUSE_SECONDS: Final = 0.25
LONGEST_PAUSE_SECONDS: Final = 10.0
SENT_AT_ONCE: Final = 500  # messages
SENT_AT_ONCE_BYTES: Final = 4 * 1024 * 1024


class LinkedBus(Bus):
    """A bus over a `Line`, which it opens again whenever it breaks."""

    def __init__(self, line: Line, reader: str, *, going_out: Waiting[str] | None = None) -> None:
        """Take the line and the reader's name that it was made with."""
        super().__init__()
        self.id = reader
        self._line = line
        self._number = 0
        self._going_out = going_out or Waiting[str]()
        self._in_flight: list[str] = []
        """Given to the server, which hasn't said that it has them."""
        self._coming_in = Waiting[Envelope | None]()  # None is a gap
        self._senders = Senders()
        self._strange: set[str] = set()
        """What was said of messages that couldn't be read, to say it once."""
        self._connected = asyncio.Event()
        self._all_sent = asyncio.Event()
        self._started_without = False
        self._lost_at: float | None = None
        self._last_trouble = ""
        self._tasks: list[asyncio.Task[None]] = []
        self._closed = False

    # --- how it is

    @property
    def joins(self) -> bool:
        """There may be others."""
        return True

    @property
    def healthy(self) -> bool:
        """Whether the line is open."""
        return self._connected.is_set() and not self._closed

    @property
    def state(self) -> str:
        """How it is."""
        if self._closed:
            return "closed"
        if self.healthy:
            return f"connected to {self._line.place}"
        waiting = f"{self.unsent} messages wait"
        if self._lost_at is None:
            return f"connecting to {self._line.place}; {waiting}"
        return f"lost {self._line.place} {time.monotonic() - self._lost_at:.0f} s ago; {waiting}"

    @property
    def unsent(self) -> int:
        """How many messages the server hasn't said that it has."""
        return len(self._going_out) + len(self._in_flight)

    # --- life cycle

    async def start(self) -> None:
        """Connect; a server that doesn't answer within some seconds is tried on and on beside the rest."""
        # Who starts may be the successor of one that died with something unsent: let the others look.
        self._tell_of_loss()
        self._tasks = [asyncio.create_task(self._keep_open()), asyncio.create_task(self._hand_out())]
        with suppress(TimeoutError):
            async with asyncio.timeout(START_SECONDS):
                await self._connected.wait()
        self._started_without = not self._connected.is_set()

    async def close(self) -> None:
        """Send what waits, and let go: some seconds at most."""
        if self._closed:
            return
        if self._connected.is_set():
            with suppress(TimeoutError):
                async with asyncio.timeout(FLUSH_SECONDS):
                    await self._all_sent.wait()
        self._closed = True
        await self._end(self._tasks)
        if self.unsent:
            log.warning("%d messages could not be sent before the end", self.unsent)
        await self._hang_up(for_good=True)

    # --- sending

    async def send(self, topic: str, payload: dict[str, Any]) -> None:
        """Put a message behind those that wait to be sent."""
        if self._closed:
            return
        text = self._packed(topic, payload)
        if self._going_out.add(text, len(text)):
            self._all_sent.clear()
            return
        log.warning("Too much waits to be sent to %s: it is dropped, and the others told so", self._line.place)
        self._tell_of_loss()

    def _tell_of_loss(self) -> None:
        self._going_out.start_over(self._packed(None, {}))
        self._all_sent.clear()

    def _packed(self, topic: str | None, payload: dict[str, Any]) -> str:
        text = pack(Envelope(self.id, self._number + 1, topic, payload))
        self._number += 1  # not if it couldn't be written: the others would see a hole
        return text

    async def _send_on(self) -> None:
        while True:
            if not self._in_flight:
                await self._going_out.filled.wait()
                self._in_flight = self._going_out.take(SENT_AT_ONCE, SENT_AT_ONCE_BYTES)
            async with asyncio.timeout(SEND_SECONDS):
                await self._line.send(self._in_flight)
            self._in_flight = []
            if not len(self._going_out):
                self._all_sent.set()

    # --- receiving

    async def _receive_on(self) -> None:
        async for text in self._line.receive():
            if text is None:
                self._tell_of_gap()
            else:
                self._receive(text)

    def _receive(self, text: str | bytes) -> None:
        try:
            envelope = unpack(text)
        except BrokenEnvelopeError as error:
            self._say_once(f"A message on {self._line.place} was skipped: {error}")
            return
        except UnknownVersionError as error:
            self._say_once(f"A message of another version of Hearth can't be read: {error}. Update all processes")
            self._tell_of_gap()
            return
        if envelope.sender == self.id:
            return
        order = self._senders.heard(envelope)
        if order is Order.AGAIN:
            return
        if order is Order.AFTER_A_HOLE or envelope.topic is None:
            self._tell_of_gap()
        if envelope.topic is not None and not self._coming_in.add(envelope, len(text)):
            log.warning("Messages of other processes came faster than they were handled: all is read anew")
            self._coming_in.start_over(None)

    def _tell_of_gap(self) -> None:
        # Behind the messages that wait: what they say is older than what will be read.
        if (not len(self._coming_in) or self._coming_in.last is not None) and not self._coming_in.add(None, 0):
            self._coming_in.start_over(None)

    def _say_once(self, sentence: str) -> None:
        if sentence not in self._strange and len(self._strange) < 100:
            self._strange.add(sentence)
            log.warning("%s", sentence)

    async def _hand_out(self) -> None:
        while True:
            await self._coming_in.filled.wait()
            for envelope in self._coming_in.take():
                if envelope is None:
                    await self.missed()
                elif envelope.topic is not None:
                    await self.deliver(envelope.topic, envelope.payload)

    # --- the line

    async def _keep_open(self) -> None:
        pause = FIRST_PAUSE_SECONDS
        while True:
            try:
                await self._open()
                pause = FIRST_PAUSE_SECONDS
                await self._until_one_ends(self._send_on(), self._receive_on())
            except Exception as error:  # noqa: BLE001 - whatever a driver raises, a bus that gave up would be silent
                self._lost(error)
            await self._hang_up(for_good=False)
            # Not all processes at the same moment.
            await asyncio.sleep(pause * random.uniform(0.5, 1.0))
            pause = min(pause * 2, LONGEST_PAUSE_SECONDS)

    async def _open(self) -> None:
        async with asyncio.timeout(OPEN_SECONDS):
            whole = await self._line.open()
        if not whole or self._started_without:
            self._tell_of_gap()
        self._started_without = False
        if self._lost_at is None:
            log.info("Connected to %s: it carries messages between processes", self._line.place)
        else:
            away = time.monotonic() - self._lost_at
            known = "nothing is missed" if whole else "what may be missed is read anew"
            log.info("%s is back after %.1f s: %s", self._line.place, away, known)
        self._lost_at = None
        self._last_trouble = ""
        self._connected.set()

    def _lost(self, error: Exception) -> None:
        trouble = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
        if self._connected.is_set():
            log.warning("Lost %s; it is tried again until it is back (%s)", self._line.place, trouble)
        elif trouble != self._last_trouble:
            log.warning("Can't reach %s; it is tried again until it is there (%s)", self._line.place, trouble)
        self._last_trouble = trouble
        self._connected.clear()
        if self._lost_at is None:
            self._lost_at = time.monotonic()

    async def _until_one_ends(self, *work: Coroutine[Any, Any, None]) -> None:
        tasks = [asyncio.create_task(one) for one in work]
        try:
            done, _others = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
        finally:
            await self._end(tasks)

    async def _end(self, tasks: list[asyncio.Task[None]]) -> None:
        for task in tasks:
            task.cancel()
            task.add_done_callback(_seen)
        if tasks:
            await asyncio.wait(tasks, timeout=HANG_UP_SECONDS)

    async def _hang_up(self, *, for_good: bool) -> None:
        try:
            async with asyncio.timeout(HANG_UP_SECONDS):
                await self._line.close(for_good=for_good)
        except Exception as error:  # noqa: BLE001 - it is gone either way
            log.debug("%s wasn't closed well: %r", self._line.place, error)


def _seen(task: asyncio.Task[None]) -> None:
    """Take note of what a task raised: it is the reason for which the line was lost, or came after it."""
    if not task.cancelled():
        task.exception()

"""The last recordings, found again by the messages that they are about."""

import asyncio
import contextvars
import itertools
from collections import deque
from collections.abc import Callable, Iterator

from playground.tracing.recording import Recording

MOST_RECORDINGS = 500

OnChange = Callable[[set[int]], None]


class Kept:
    """Keeps the last recordings, and tells who wants to know which messages something new is known of."""

    def __init__(self) -> None:
        self.listeners: list[OnChange] = []
        self._recordings: deque[Recording] = deque()
        self._by_message: dict[int, list[Recording]] = {}
        self._fresh: set[int] = set()
        self._telling = False
        # Changes come in the middle of the bot's work. Who is told of them must not be counted as part of it.
        self._outside = contextvars.copy_context()

    def add(self, recording: Recording) -> None:
        """Keep one more; the oldest is forgotten when there are too many."""
        self._recordings.append(recording)
        if len(self._recordings) > MOST_RECORDINGS:
            self._forget(self._recordings.popleft())

    def drop(self, recording: Recording) -> None:
        """Forget one that came to nothing."""
        if recording in self._recordings:
            self._recordings.remove(recording)
            self._forget(recording)

    def of_message(self, message_id: int) -> list[Recording]:
        """What is about a message, the oldest first."""
        return self._by_message.get(message_id, [])

    def latest(self, count: int) -> Iterator[Recording]:
        """The newest first."""
        return itertools.islice(reversed(self._recordings), count)

    def close_all(self) -> None:
        """Write down nothing more in those there are."""
        for recording in self._recordings:
            recording.close()

    def _forget(self, recording: Recording) -> None:
        recording.close()
        for message_id in recording.messages:
            others = [other for other in self._by_message[message_id] if other is not recording]
            if others:
                self._by_message[message_id] = others
            else:
                del self._by_message[message_id]

    # --- what recordings tell

    def linked(self, recording: Recording, message_id: int) -> None:
        """A recording is about one more message."""
        self._by_message.setdefault(message_id, []).append(recording)

    def changed(self, recording: Recording) -> None:
        """Tell it soon, once for all that changes until then."""
        if not self.listeners or not recording.messages:
            return
        self._fresh.update(recording.messages)
        if self._telling:
            return
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:  # a log line of another thread; it is told with the next change
            return
        self._telling = True
        self._outside.copy().run(loop.call_soon, self._tell)

    def _tell(self) -> None:
        self._telling = False
        fresh, self._fresh = self._fresh, set()
        for heard in self.listeners:
            heard(fresh)

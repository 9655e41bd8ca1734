"""What happened: for each cause, all that the bot did for it.

A context variable holds the recording of the current cause. The simulated gateway hands events to discord.py at once,
and every task started meanwhile inherits the variable: so whatever the bot does, it knows for what.
"""

import contextvars
import itertools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import partial

from playground.shapes import Trace
from playground.tracing.kept import Kept, OnChange
from playground.tracing.recording import Cause, Recording
from utils.log import mask


class Tracer:
    """Writes down what the bot does, of the last causes. Close it at the end."""

    def __init__(self, now: Callable[[], datetime], secrets: frozenset[str] = frozenset()) -> None:
        """`now` is the town's clock; none of `secrets` is ever written down."""
        self._now = now
        self._clean = partial(mask, secrets=secrets)
        self._current: contextvars.ContextVar[Recording | None] = contextvars.ContextVar("recording", default=None)
        self._numbers = itertools.count(1)
        self._kept = Kept()

    @contextmanager
    def cause(self, *, kind: Cause, title: str, who: str) -> Iterator[None]:
        """Count what is started in this block as done for one cause: somebody's action, said in a few words."""
        token = self._current.set(self._new(kind, title, who))
        try:
            yield
        finally:
            self._current.reset(token)

    # --- reading

    def of_message(self, message_id: int) -> list[Trace]:
        """What is known of a message: it caused it, or the bot wrote, changed or deleted it. The oldest first."""
        return [recording.shape() for recording in self._kept.of_message(message_id)]

    def latest(self, count: int = 50) -> list[Trace]:
        """The newest causes first."""
        return [recording.shape() for recording in self._kept.latest(count)]

    def has(self, message_id: int) -> bool:
        """Whether the bot did something that is about this message; hearing of it isn't enough."""
        return any(recording.outcome != "nothing" for recording in self._kept.of_message(message_id))

    def on_change(self, heard: OnChange) -> None:
        """Call `heard` with the ids of messages of which something new is known, at most once a turn of the loop."""
        self._kept.listeners.append(heard)

    # --- writing

    def _new(self, kind: Cause, title: str, who: str) -> Recording:
        recording = Recording(
            next(self._numbers), kind, title, who, keeper=self._kept, now=self._now, clean=self._clean
        )
        self._kept.add(recording)
        return recording

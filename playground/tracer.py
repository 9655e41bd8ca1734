"""What happened: for each cause, all that the bot did for it.

A context variable holds the recording of the current cause. The simulated gateway hands events to discord.py at once,
and every task started meanwhile inherits the variable: so whatever the bot does, it knows for what.
"""

import asyncio
import contextvars
import itertools
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from typing import Any

import discord
from discord.ext import commands

from database.manager import DatabaseManager, Observer
from playground.errors import Refused
from playground.shapes import Trace
from playground.simulation.wire import Call, Go
from playground.tracing import calls, events, hearers, statements, timers
from playground.tracing.commands import CommandRun, unknown_command
from playground.tracing.kept import Kept, OnChange
from playground.tracing.logs import LogWatcher
from playground.tracing.recording import Cause, Recording
from utils.bot import Hearth
from utils.context import Context
from utils.events import TimerEvent
from utils.log import mask

BACKGROUND = "Work in the background"


class Tracer:
    """Writes down what the bot does, for each of the last causes. Close it at the end."""

    def __init__(self, now: Callable[[], datetime], secrets: frozenset[str] = frozenset()) -> None:
        """`now` is the town's clock; none of `secrets` is ever written down."""
        self._now = now
        self._clean = partial(mask, secrets=secrets)
        self._current: contextvars.ContextVar[Recording | None] = contextvars.ContextVar("recording", default=None)
        self._numbers = itertools.count(1)
        self._kept = Kept()
        self._timers = timers.Setters()
        self._runs: dict[Context, CommandRun] = {}
        self._calling: set[asyncio.Task[Any] | None] = set()
        self._bot: Hearth | None = None
        self._watched: DatabaseManager | None = None
        self._before: Observer | None = None
        self._log = LogWatcher(self._current.get)
        logging.getLogger().addHandler(self._log)

    @contextmanager
    def cause(self, *, kind: Cause, title: str, who: str) -> Iterator[None]:
        """Count what is started in this block as done for one cause: somebody's action, said in a few words."""
        recording = self._new(kind, title, who)
        token = self._current.set(recording)
        try:
            yield
        except Refused:
            if recording.outcome == "nothing":
                self._kept.drop(recording)
            raise
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

    # --- the bot's life

    def attach(self, bot: Hearth, db: DatabaseManager) -> None:
        """Follow a new bot from now on, best before it logs in; what an earlier one was doing has ended."""
        self._kept.close_all()
        self._runs.clear()
        self._bot = bot
        hearers.surround_dispatch(bot, partial(self._dispatched, bot))
        self._timers.follow(bot.timers, self._current.get)
        if db is not self._watched:
            self._leave_statements()
            self._watched, self._before = db, db.on_statement
            db.on_statement = self._statement

    def close(self) -> None:
        """Follow nothing more."""
        self._leave_statements()
        logging.getLogger().removeHandler(self._log)
        self._kept.close_all()

    def _leave_statements(self) -> None:
        if self._watched is not None:
            self._watched.on_statement, self._watched = self._before, None

    # --- writing

    def _new(self, kind: Cause, title: str, who: str) -> Recording:
        recording = Recording(
            next(self._numbers), kind, title, who, keeper=self._kept, now=self._now, clean=self._clean
        )
        self._kept.add(recording)
        return recording

    def _timer_is_due(self, event: TimerEvent) -> Recording:
        """A new cause, whatever the timers were woken by."""
        setter = self._timers.of(event.timer_id)
        recording = self._new("timer", f"{type(event).__name__} is due", setter.who if setter else "")
        if setter is not None:
            recording.add("event", f"Set by {setter.title}")
            if setter.message_id is not None:
                recording.about(setter.message_id)
        return recording

    # --- what the bot does

    def _dispatched(self, bot: Hearth, name: str, values: tuple[Any, ...], dispatch: Callable[[], None]) -> None:
        if values and isinstance(values[0], Context):
            self._command(name, *values)
        if events.is_noise(name):
            dispatch()
            return
        heard = events.Heard(bot, name, values)
        echo = asyncio.current_task() in self._calling  # Discord tells the bot what it just did itself
        recording = self._recording_of(heard, echo=echo)
        token = self._current.set(recording)
        try:
            dispatch()
        finally:
            self._current.reset(token)
        if recording is None:
            return
        if heard.by_features if echo else (heard.by_anybody or not name.startswith("raw_")):
            recording.add(heard.kind, heard.title, detail=heard.detail())
        for message_id in () if echo else events.messages_of(values):
            recording.about(message_id)

    def _recording_of(self, heard: events.Heard, *, echo: bool) -> Recording | None:
        first = heard.values[0] if heard.values else None
        if isinstance(first, TimerEvent):
            return self._timer_is_due(first)
        current = self._current.get()
        if current is not None or echo:
            return current
        if heard.name == "message" and isinstance(first, discord.Message):
            return self._new("message", first.content or "A message without text", first.author.display_name)
        return self._new("other", heard.title, "") if heard.by_features else None

    def _command(self, name: str, ctx: Context, error: commands.CommandError | None = None) -> None:
        recording = self._current.get()
        if recording is None:
            return
        if name == "command":
            self._runs[ctx] = CommandRun(recording, ctx)
            recording.begin(self._runs[ctx])
        elif ctx in self._runs:
            self._runs.pop(ctx).end(error)
        elif isinstance(error, commands.CommandNotFound):
            unknown_command(recording, ctx)

    def _statement(self, sql: str, seconds: float, outcome: int | BaseException) -> None:
        if self._before is not None:
            self._before(sql, seconds, outcome)
        recording = self._current.get()
        if recording is not None:
            statements.write_down(recording, sql, seconds, outcome)

    async def around(self, call: Call, go: Go) -> Any:
        """Stand around a REST call of the bot (`playground.simulation.wire`); the outermost."""
        recording, task = self._current.get(), asyncio.current_task()
        self._calling.add(task)
        try:
            if recording is None:
                answer = await go()
                recording = self._background(call, answer)
            else:
                answer = await calls.follow(recording, call, go)
        finally:
            self._calling.discard(task)
        if recording is not None:
            calls.write_messages(recording, call, answer, self._bot)
        return answer

    def _background(self, call: Call, answer: Any) -> Recording | None:
        """A recording for a message that came of no cause."""
        if not any(message.deed for message in calls.touched(call, answer)):
            return None
        recording = self._new("other", BACKGROUND, "")
        calls.write_call(recording, call)
        return recording

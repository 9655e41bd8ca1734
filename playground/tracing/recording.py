"""One cause, and all that the bot does for it, while it does it."""

import time
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Literal, Protocol

from playground.shapes import Moment, Step, StepKind, Trace

MOST_STEPS = 300
MOST_MESSAGES = 300
LONGEST_TITLE = 500  # characters
LONGEST_DETAIL = 8_000  # characters

Cause = Literal["message", "click", "form", "reaction", "timer", "other"]
Outcome = Literal["running", "done", "refused", "failed", "nothing"]
WORST_FIRST: Sequence[Outcome] = ("running", "failed", "refused", "done", "nothing")

HEARD: frozenset[StepKind] = frozenset({"event", "gateway"})
"""Steps that are no work: the bot heard of something."""


class Part(Protocol):
    """Steps that change until their work has ended."""

    @property
    def outcome(self) -> Outcome:
        """As it is now."""
        ...

    def steps(self) -> Sequence[Step]:
        """As they are now."""
        ...

    def cut_off(self) -> None:
        """The bot that worked on it is gone."""
        ...


class Keeper(Protocol):
    """Who is told of what is new."""

    def changed(self, recording: "Recording") -> None:
        """Something about a recording is new."""
        ...

    def linked(self, recording: "Recording", message_id: int) -> None:
        """A recording is about one more message."""
        ...


class Recording:
    """What one cause leads to. Every text goes through `clean`, which keeps secrets out."""

    def __init__(
        self,
        number: int,
        kind: Cause,
        title: str,
        who: str,
        *,
        keeper: Keeper,
        now: Callable[[], datetime],
        clean: Callable[[str], str],
    ) -> None:
        self.number = number
        self.kind = kind
        self.title = _beginning(clean(title), LONGEST_TITLE)
        self.who = clean(who)
        self.messages: dict[int, None] = {}
        """The messages it is about, in the order they came up."""
        self._keeper = keeper
        self._now = now
        self._clean = clean
        self._at = now()
        self._began = time.perf_counter()
        self._entries: list[Step | Part] = []
        self._more: Counter[StepKind] = Counter()
        self._sql_seconds = 0.0
        self._last = 0.0
        self._closed = False

    # --- writing

    def step(
        self, kind: StepKind, title: str, *, tag: str = "", detail: str = "", ok: bool = True, seconds: float = 0.0
    ) -> Step:
        """Make a step without writing it down: as of now, or begun `seconds` ago and ended now."""
        return Step(
            at=round(self._elapsed() - seconds * 1000, 2),
            town=milliseconds(self._now()),
            took=round(seconds * 1000, 2) if seconds else None,
            kind=kind,
            title=_beginning(self._clean(title), LONGEST_TITLE),
            tag=self._clean(tag),
            detail=_ends(self._clean(detail), LONGEST_DETAIL),
            ok=ok,
        )

    def add(
        self, kind: StepKind, title: str, *, tag: str = "", detail: str = "", ok: bool = True, seconds: float = 0.0
    ) -> Step:
        """Write down a step as of now, or one that began `seconds` ago and ended now."""
        step = self.step(kind, title, tag=tag, detail=detail, ok=ok, seconds=seconds)
        if not self._closed:
            if len(self._entries) < MOST_STEPS:
                self._entries.append(step)
            else:
                self._more[kind] += 1
            if kind == "sql":
                self._sql_seconds += seconds
            self.touch()
        return step

    def end(self, step: Step, *, tag: str, detail: str = "", ok: bool) -> None:
        """Write down how a step ended that was added when it began."""
        step["took"] = round(self._elapsed() - step["at"], 2)
        step["tag"], step["detail"], step["ok"] = self._clean(tag), _ends(self._clean(detail), LONGEST_DETAIL), ok
        self.touch()

    def begin(self, part: Part) -> None:
        """Write down work whose steps aren't known yet."""
        if not self._closed and len(self._entries) < MOST_STEPS:
            self._entries.append(part)
        self.touch()

    def about(self, message_id: int) -> None:
        """Link a message."""
        if self._closed or message_id in self.messages or len(self.messages) >= MOST_MESSAGES:
            return
        self.messages[message_id] = None
        self._keeper.linked(self, message_id)
        self.touch()

    def close(self) -> None:
        """Write down nothing more: the bot that worked on it is gone."""
        for entry in self._entries:
            if not isinstance(entry, dict):
                entry.cut_off()
        self._closed = True

    def touch(self) -> None:
        """Something about it is new."""
        if not self._closed:
            self._last = self._elapsed()
            self._keeper.changed(self)

    def _elapsed(self) -> float:
        return (time.perf_counter() - self._began) * 1000

    # --- reading

    @property
    def outcome(self) -> Outcome:
        """How it stands: the worst that came of it."""
        return min((_outcome_of(entry) for entry in self._entries), key=WORST_FIRST.index, default="nothing")

    def shape(self) -> Trace:
        """For the page."""
        steps: list[Step] = []
        for entry in self._entries:
            steps.extend([entry] if isinstance(entry, dict) else entry.steps())
        counts = Counter(step["kind"] for step in steps) + self._more
        return Trace(
            id=str(self.number),
            kind=self.kind,
            title=self.title,
            who=self.who,
            at=milliseconds(self._at),
            took=round(self._last, 2),
            outcome=self.outcome,
            counts=dict(counts),
            sql_ms=round(self._sql_seconds * 1000, 2),
            steps=sorted(steps, key=lambda step: step["at"]),
            more=self._more.total(),
            messages=[str(message_id) for message_id in self.messages],
        )


def milliseconds(moment: datetime) -> Moment:
    """Since 1970."""
    return round(moment.timestamp() * 1000)


def _outcome_of(entry: Step | Part) -> Outcome:
    if not isinstance(entry, dict):
        return entry.outcome
    if entry["kind"] == "error":
        return "failed"
    if entry["kind"] == "command":
        return "done" if entry["ok"] else "refused"
    return "nothing" if entry["kind"] in HEARD else "done"


def _beginning(text: str, longest: int) -> str:
    return text if len(text) <= longest else f"{text[: longest - 1]}…"


def _ends(text: str, longest: int) -> str:
    """A long text without its middle: of a traceback, the end tells most."""
    if len(text) <= longest:
        return text
    return f"{text[: longest // 4]}\n…\n{text[-longest * 3 // 4 :]}"

"""Asking all processes of the bot something, and saying which of them gave no answer."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from utils.bus.base import Bus

log = logging.getLogger("hearth.bus")

PRESENCE: Final = "process"
QUESTION: Final = "question"
ANSWER: Final = "answer"
USUAL_SECONDS: Final = 5.0

Payload = dict[str, Any]
Answerer = Callable[[Payload], Awaitable[Payload]]


@dataclass(frozen=True, slots=True)
class Answer:
    """What another process says; with `error` it failed, and says nothing else."""

    process: str
    said: Payload
    error: str | None = None


@dataclass(frozen=True, slots=True)
class Answers:
    """What the other processes said, by their names, and which gave no answer in time."""

    given: tuple[Answer, ...] = ()
    silent: tuple[str, ...] = ()

    @property
    def good(self) -> list[Answer]:
        """Those of processes that didn't fail."""
        return [one for one in self.given if one.error is None]

    @property
    def failed(self) -> list[str]:
        """The processes that failed or gave no answer."""
        return sorted([*(one.process for one in self.given if one.error is not None), *self.silent])


@dataclass(slots=True)
class _Question:
    """One that is asked at this moment. `waits_for` are the ends of the bus that haven't answered."""

    waits_for: set[str]
    done: asyncio.Future[None]
    given: list[Answer] = field(default_factory=list)


class Asking:
    """Questions to the other processes, and answers to theirs.

    Who is there is known from what each says when it comes, when it goes, and with every answer. One that died
    without a word is among those that give no answer, until another takes its name, or it was silent twice.
    """

    def __init__(self, bus: Bus, name: Callable[[], str]) -> None:
        """`name` is what people call this process; the same after a restart."""
        self.bus = bus
        self._name = name
        self._others: dict[str, str] = {}
        self._silent_before: set[str] = set()
        self._answerers: dict[str, Answerer] = {}
        self._asked: dict[str, _Question] = {}
        self._number = 0
        self._tasks: set[asyncio.Task[None]] = set()
        bus.listen(PRESENCE, self._hear_presence)
        bus.listen(QUESTION, self._hear_question)
        bus.listen(ANSWER, self._hear_answer)
        bus.on_gap(self.start)

    @property
    def others(self) -> list[str]:
        """The other processes that are known to be there, by name."""
        return sorted(self._others)

    async def start(self) -> None:
        """Say that this process is there, once its name is known; the others say so, too."""
        await self._say(PRESENCE, {"state": "came"})

    async def close(self) -> None:
        """Say that this process goes, and end what it is asked at this moment."""
        await self._say(PRESENCE, {"state": "goes"})
        tasks = [task for task in self._tasks if task is not asyncio.current_task()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def answer(self, subject: str, answerer: Answerer) -> None:
        """Answer questions about something, in place of who did so before."""
        self._answerers[subject] = answerer

    def withdraw(self, subject: str, answerer: Answerer) -> None:
        """Answer no more, unless somebody else does by now."""
        if self._answerers.get(subject) == answerer:
            del self._answerers[subject]

    async def ask(self, subject: str, payload: Payload | None = None, *, within: float = USUAL_SECONDS) -> Answers:
        """Ask all other processes, and wait until each has answered, `within` so many seconds.

        Where there is no other process, nothing is sent and nothing waits. Raises nothing.
        """
        if not self._others:
            return Answers()
        self._number += 1
        question_id = f"{self.bus.id}:{self._number}"
        question = _Question(set(self._others.values()), asyncio.get_running_loop().create_future())
        self._asked[question_id] = question
        try:
            await self._say(QUESTION, {"question": question_id, "subject": subject, "payload": payload or {}})
            async with asyncio.timeout(within):
                await question.done
        except TimeoutError:
            log.warning("Of %d other processes, %d gave no answer", len(self._others), len(question.waits_for))
        finally:
            del self._asked[question_id]
        silent = tuple(sorted(name for name, end in self._others.items() if end in question.waits_for))
        self._forget_silent(silent)
        return Answers(tuple(sorted(question.given, key=lambda one: one.process)), silent)

    # --- what comes by the bus

    async def _hear_presence(self, news: Mapping[str, Any]) -> None:
        if news["state"] == "goes":
            if self._others.get(news["name"]) == news["from"]:
                del self._others[news["name"]]
            self._answered(news["from"])
            return
        self._knows(news)
        if news["state"] == "came":
            await self._say(PRESENCE, {"state": "is there"})

    async def _hear_question(self, news: Mapping[str, Any]) -> None:
        self._knows(news)
        task = asyncio.create_task(self._reply(news))  # it may take a while, and other messages go on
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _reply(self, news: Mapping[str, Any]) -> None:
        answerer = self._answerers.get(news["subject"])
        said, error = {}, None
        try:
            if answerer is None:
                error = "nothing here answers that"
            else:
                said = await answerer(news["payload"])
        except Exception as raised:  # what is wrong here is for who asked to know
            log.exception("A question about %s was not answered", news["subject"])
            error = f"{type(raised).__name__}: {raised}"
        await self._say(ANSWER, {"question": news["question"], "said": said, "error": error})

    async def _hear_answer(self, news: Mapping[str, Any]) -> None:
        self._knows(news)
        question = self._asked.get(news["question"])
        if question is not None:
            question.given.append(Answer(news["name"], news["said"], news["error"]))
        self._answered(news["from"])

    # --- who is there

    async def _say(self, topic: str, payload: Payload) -> None:
        await self.bus.send(topic, {"from": self.bus.id, "name": self._name(), **payload})

    def _knows(self, news: Mapping[str, Any]) -> None:
        self._others[news["name"]] = news["from"]
        self._silent_before.discard(news["name"])

    def _answered(self, end: str) -> None:
        for question in self._asked.values():
            question.waits_for.discard(end)
            if not question.waits_for and not question.done.done():
                question.done.set_result(None)

    def _forget_silent(self, silent: tuple[str, ...]) -> None:
        """Wait no more for a process that gave no answer twice: it says that it is there when it comes back."""
        for name in silent:
            if name in self._silent_before:
                self._others.pop(name, None)
        self._silent_before = {name for name in silent if name in self._others}

"""The small town of acting, with somebody who writes down what the bot does in it."""

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from discord.ext import commands

from playground.shapes import Step, Trace
from playground.tracer import Tracer
from tests.playground.acting_town import ActingTown, acting_town

SECRET = "hunter2-and-more"


@dataclass
class TracedTown:
    """The town and its tracer."""

    town: ActingTown
    tracer: Tracer

    async def say(self, person: str, text: str) -> int:
        """Somebody writes in #general, as the page has it done; the message's id."""
        with self.tracer.cause(kind="message", title=text, who=person.title()):
            return await self.town.send(person, "#general", text)

    async def trace_of(self, person: str, text: str) -> Trace:
        """What the bot did for a new message."""
        (trace,) = self.tracer.of_message(await self.say(person, text))
        return trace

    async def click(self, person: str, message: int, custom_id: str) -> None:
        with self.tracer.cause(kind="click", title="Pressed", who=person.title()):
            await self.town.acting.click(self.town.ids[person], self.town.ids["#general"], message, custom_id)

    def newest(self) -> int:
        """The newest message in #general."""
        return int(self.town.newest("olivia", "#general")["id"])

    def add_command(self, function: Any, **attributes: Any) -> None:
        """Give the bot one more command."""
        self.town.bot.add_command(commands.Command(function, **attributes))


def steps(trace: Trace, *kinds: str) -> list[Step]:
    return [step for step in trace["steps"] if step["kind"] in kinds]


def titles(trace: Trace, *kinds: str) -> list[str]:
    return [step["title"] for step in steps(trace, *kinds)]


@asynccontextmanager
async def traced_town(folder: Path) -> AsyncIterator[TracedTown]:
    """The town, its bot and the tracer, inside the block. Log lines come from INFO up, as when the program runs."""
    hearth = logging.getLogger("hearth")
    level = hearth.level
    hearth.setLevel(logging.INFO)
    async with acting_town(folder) as town:
        tracer = Tracer(town.world.env.now, frozenset({SECRET}))
        town.life.arounds.insert(0, tracer.around)
        town.life.on_started(tracer.attach)
        tracer.attach(town.bot, town.life.db)
        try:
            yield TracedTown(town, tracer)
        finally:
            tracer.close()
            hearth.setLevel(level)

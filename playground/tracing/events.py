"""What is dispatched inside the bot: Discord's events and its own, and who heard each."""

import dataclasses
import re
from collections.abc import Iterator
from typing import Any

import discord

from playground.shapes import StepKind
from playground.tracing import hearers
from utils.bot import Hearth
from utils.events import CATALOGUE

# Too many to be of interest; commands have steps of their own.
NOISE = re.compile(r"socket_.*|(raw_)?(typing|presence_update)|command(_completion|_error)?")
NOBODY = "Nobody listens."
NAMED = discord.abc.User | discord.Guild | discord.Role | discord.abc.GuildChannel | discord.Thread


def is_noise(name: str) -> bool:
    """Whether an event is left out."""
    return NOISE.fullmatch(name) is not None


def messages_of(values: tuple[Any, ...]) -> Iterator[int]:
    """The messages that an event is about."""
    first = values[0] if values else None
    if isinstance(first, discord.Message):
        yield first.id
    elif isinstance(first, discord.Reaction | discord.Interaction):
        if first.message is not None:
            yield first.message.id
    elif isinstance(first, discord.RawBulkMessageDeleteEvent):
        yield from first.message_ids
    elif isinstance(found := getattr(first, "message_id", None), int):
        yield found


class Heard:
    """One event, and who hears it. Make it before the event is dispatched: who waits for it is gone after."""

    def __init__(self, bot: Hearth, name: str, values: tuple[Any, ...]) -> None:
        self.name = name
        self.values = values
        self._waiting = hearers.waiting(bot, name)
        self._cogs = hearers.of_cogs(bot, name)
        self._bot = hearers.of_bot(bot, name)
        if name == "interaction":
            self._cogs += hearers.of_interaction(bot, values[0])

    @property
    def by_features(self) -> bool:
        """Whether more than the bot's own groundwork hears it."""
        return bool(self._cogs or self._waiting)

    @property
    def by_anybody(self) -> bool:
        """Whether anything hears it at all."""
        return bool(self._cogs or self._waiting or self._bot)

    @property
    def kind(self) -> StepKind:
        """Of the step."""
        return "event" if self.name in CATALOGUE else "gateway"

    @property
    def title(self) -> str:
        """The class of the bot's own event; Discord's by its name, and whom it is about."""
        first = self.values[0] if self.values else None
        if self.name in CATALOGUE:
            return type(first).__name__
        return f"{self.name}: {first}" if isinstance(first, NAMED) else self.name

    def detail(self) -> str:
        """Who heard it, once it was dispatched; then the values of the bot's own event."""
        waited = [f"wait_for({name})" for future, name in self._waiting if future.done() and not future.cancelled()]
        who = [*self._bot, *self._cogs, *waited]
        lines = [f"Heard by {', '.join(who)}" if who else NOBODY]
        if self.name in CATALOGUE:
            event = self.values[0]
            lines += [f"{field.name} = {getattr(event, field.name)!r}" for field in dataclasses.fields(event)]
        return "\n".join(lines)

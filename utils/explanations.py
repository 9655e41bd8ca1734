"""Why the bot did what it did: each feature explains its part, `why` asks them all.

A question is one of the classes here. A cog answers it in a method marked by `@explains`:

    @explains(RoleQuestion)
    async def why_role(self, question: RoleQuestion) -> list[Explanation]: ...
"""

import inspect
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, TypeVar

import discord
from discord.ext import commands

from database.removed_messages import RemovedMessage
from utils.lookup import Channel

if TYPE_CHECKING:
    from utils.bot import Hearth

F = TypeVar("F", bound=Callable[..., Any])

EXPLAINS = "__explains__"


@dataclass(frozen=True, slots=True)
class Explanation:
    """One thing that speaks to a question, in the reader's language; `decides` if it alone settles it.

    What is `last_resort` settles it only where nothing else does, as the bot's own entry in the audit log does: the
    feature that made it do so says more.
    """

    text: str
    decides: bool = False
    last_resort: bool = False


@dataclass(frozen=True, slots=True)
class Question:
    """The base. `asker` is who wants to know: what they may not know isn't said."""

    guild: discord.Guild
    asker: discord.Member


@dataclass(frozen=True, slots=True)
class CommandQuestion(Question):
    """Why somebody can't use a command in a place, perhaps on somebody (`target`). What decides forbids it.

    `said` is the message that asks; it serves as the model of one that would call the command.
    """

    member: discord.Member
    channel: Channel
    command: commands.Command[Any, ..., Any]
    said: discord.Message
    target: discord.Member | None = None


@dataclass(frozen=True, slots=True)
class RemovedMessageQuestion(Question):
    """Why a message is gone.

    `author_id` is None where nobody knows who wrote it. `removed` is what was written down when the bot removed it:
    who wrote it down (`removed.by`) explains it.
    """

    channel_id: int
    message_id: int
    author_id: int | None = None
    removed: RemovedMessage | None = None


@dataclass(frozen=True, slots=True)
class XpQuestion(Question):
    """Why somebody got no XP: for a message, or for what they would write in a channel now."""

    member: discord.Member
    channel: Channel
    message: discord.Message | None = None


@dataclass(frozen=True, slots=True)
class RoleQuestion(Question):
    """Why somebody has a role, or hasn't; `has` says which. What decides gave it, or keeps it away."""

    member: discord.Member
    role: discord.Role

    @property
    def has(self) -> bool:
        """Whether they have it now."""
        return self.member.get_role(self.role.id) is not None


def explains(question: type[Question]) -> Callable[[F], F]:
    """Mark a cog's method that answers questions of a class with a list of `Explanation`."""

    def decorate(function: F) -> F:
        setattr(function, EXPLAINS, question)
        return function

    return decorate


class Explanations:
    """Asks the cogs that are there."""

    def __init__(self, bot: "Hearth") -> None:
        self.bot = bot

    async def of(self, question: Question) -> list[Explanation]:
        """All that speaks to a question, what decides first; a cog that fails is reported and left out."""
        found: list[Explanation] = []
        for cog in list(self.bot.cogs.values()):
            for name in _explaining(type(cog), type(question)):
                try:
                    found += await getattr(cog, name)(question)
                except Exception as error:  # noqa: BLE001 - the others still explain their part
                    self.bot.error_reports.add(error, f"{type(cog).__name__}.{name}")
        if any(one.decides and not one.last_resort for one in found):
            found = [replace(one, decides=False) if one.last_resort else one for one in found]
        return sorted(dict.fromkeys(found), key=lambda one: not one.decides)


def _explaining(cog: type, question: type[Question]) -> list[str]:
    """The names of a cog's methods that answer questions of a class."""
    return [
        name
        for part in cog.__mro__
        for name, value in vars(part).items()
        if inspect.isfunction(value) and getattr(value, EXPLAINS, None) is question
    ]

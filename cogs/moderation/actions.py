"""What is done to somebody: an action says what it needs, what was there before, and how it is done and undone.

The pipeline (`pipeline.py`) does everything else: the checks, the case, the message to the target, the log.
"""

from abc import ABC, abstractmethod
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar, Literal

import discord

from cogs.moderation.kinds import KINDS, Kind
from database.moderation import Case
from utils.errors import UserError
from utils.formatting import AUDIT_LOG_REASON_LIMIT, truncate
from utils.i18n import _, translate
from utils.members import get_member

if TYPE_CHECKING:
    from utils.bot import Hearth


def audit_text(who: str, reason: str | None) -> str:
    """What stands in Discord's audit log: who wanted it, and why."""
    return truncate(f"{who}: {reason}" if reason else who, AUDIT_LOG_REASON_LIMIT)


class HalfDoneError(UserError):
    """An action had two steps, and Discord refused the second; the message says how things are now."""


@dataclass(frozen=True, slots=True)
class Target:
    """Who it is done to. `member` is None for people who aren't in the guild."""

    guild: discord.Guild
    id: int
    name: str
    user: discord.User | discord.Member | None = None
    member: discord.Member | None = None

    @property
    def mention(self) -> str:
        return f"<@{self.id}>"

    @classmethod
    def of(cls, guild: discord.Guild, person: discord.Member | discord.User | discord.Object) -> "Target":
        """A person as a target; an id of nobody known is called by its number."""
        member = person if isinstance(person, discord.Member) else None
        user = None if isinstance(person, discord.Object) else person
        return cls(guild, person.id, str(user or person.id), user, member)

    def is_gone_since(self, moment: datetime) -> bool:
        """Whether they aren't here, or came back after a moment and so were out in between."""
        joined = self.member.joined_at if self.member is not None else None
        return self.member is None or (joined is not None and joined > moment)

    async def looked_up(self) -> "Target":
        """The same person as they are now: they may have come, gone, or got other roles. Raises HTTPException."""
        return replace(self, member=await get_member(self.guild, self.id))


@dataclass
class Action(ABC):
    """One thing done to one person. A sub-class is a kind of case."""

    kind_key: ClassVar[str]
    needs_member: ClassVar[bool] = True
    """Whether it is possible only while the person is in the guild."""
    tells: ClassVar[Literal["before", "after", "never"]] = "after"
    """When the target is told: before what would make that impossible."""

    by_kind: ClassVar[dict[str, type["Action"]]] = {}
    """Every action there is, so that a case can become an action again."""

    def __init_subclass__(cls) -> None:
        """Keep a sub-class by its kind."""
        if "kind_key" in vars(cls):
            Action.by_kind[cls.kind_key] = cls

    bot: "Hearth"
    target: Target
    reason: str | None = None
    ends_at: datetime | None = None
    """When it ends by itself."""
    points: int = 0
    details: dict[str, Any] = field(default_factory=dict)
    telling_failed: bool = field(default=False, init=False)
    """Whether the target should have been told, and Discord had trouble; closed direct messages aren't that."""
    outcomes: list[str] = field(default_factory=list, init=False)
    """What came of it besides, by the guild's rules: sentences for whoever did it."""
    counted_from: datetime = field(default_factory=discord.utils.utcnow, init=False)
    """When its time began to run."""

    def count_from(self, now: datetime) -> None:
        """Let its time run from now: a moderator may have been asked first, or Discord slow."""
        if self.ends_at is not None:
            self.ends_at += now - self.counted_from
        self.counted_from = now

    @classmethod
    async def of_case(cls, bot: "Hearth", target: Target, case: Case) -> "Action":
        """The action that a case was written for. Actions with fields of their own take them from the details."""
        return cls(bot, target, case.reason, case.ends_at, case.points, case.details)

    @property
    def kind(self) -> Kind:
        return KINDS[self.kind_key]

    @property
    def on_anybody(self) -> bool:
        """Whether it may be done to oneself and to people above, and without being asked about staff."""
        return False

    def done_sentence(self) -> str:
        """What the moderator reads when it is done."""
        return translate(self.kind.done).format(target=self.target.mention)

    async def already(self) -> str | None:
        """The sentence that says that it is so already; None if it isn't."""
        return None

    async def state_before(self) -> dict[str, Any]:
        """What undo will need."""
        return {}

    def why_not_for(self, moderator: discord.Member) -> str | None:
        """The sentence for what this moderator may not do, beyond what the pipeline asks of everybody."""
        return None

    async def question(self, moderator: discord.Member) -> str | None:
        """What to ask the moderator before it is done; None if it goes without saying."""
        return None

    @abstractmethod
    async def act(self, audit_reason: str) -> None:
        """Do it. Raises discord.HTTPException."""

    async def in_force(self, case: Case) -> None:
        """Write down what has to be ended or kept up later. Runs in the transaction that settles the case."""
        return  # most actions are over at once

    async def took_effect(self, case: Case) -> bool | None:
        """Whether Discord shows it done, asked after a crash; None if that can't be known.

        What can't stay half done may be finished here. Raises discord.HTTPException.
        """
        return None

    def why_impossible(self) -> str | None:
        """The sentence for what Discord never allows, whoever asks."""
        if self.needs_member and self.target.member is None:
            return _("{target} isn't in this server.").format(target=self.target.mention)
        return None

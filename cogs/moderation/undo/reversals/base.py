"""What undo needs to know of a kind of case: what is otherwise by now, and how what was there before comes back."""

from abc import ABC, abstractmethod
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar

import discord

from cogs.moderation.actions import Target
from cogs.moderation.kinds import KINDS, Kind
from cogs.moderation.sanctions import Sanctions
from database.moderation import Case
from utils.i18n import _

if TYPE_CHECKING:
    from utils.bot import Hearth

BY_KIND: dict[str, type["Reversal"]] = {}
"""The reversal of each kind of case that was done to a person."""


class Reversal(ABC):
    """Takes one case back. A sub-class is for one kind of case, or several."""

    kinds: ClassVar[tuple[str, ...]]
    on_anybody: ClassVar[bool] = False
    """Whether it may be done to oneself and to people above, as what it takes back may."""
    related: ClassVar[tuple[str, ...]] = ()
    """Kinds of later cases on the same person that the moderator should know of before it is done."""
    told: ClassVar[str] = ""
    """What the target reads, with {guild}; empty if they aren't told."""

    def __init_subclass__(cls) -> None:
        """Keep a sub-class by its kinds."""
        for kind in vars(cls).get("kinds", ()):
            BY_KIND[kind] = cls

    def __init__(self, bot: "Hearth", target: Target, case: Case) -> None:
        self.bot = bot
        self.target = target
        self.case = case
        self.sanctions = Sanctions(bot)

    @property
    def needs(self) -> Kind:
        """The kind whose permissions it takes: those of what it takes back, unless the opposite asks for others."""
        return KINDS[self.case.kind]

    @property
    def before(self) -> dict[str, Any]:
        """What was there before the case."""
        return self.case.state_before

    @property
    def kept(self) -> dict[str, Any] | None:
        """What was in force before the case, as `Sanctions.as_state` keeps it."""
        kept: dict[str, Any] | None = self.before.get("sanction")
        return kept

    @property
    def kept_end(self) -> str | None:
        """When that would end; None for never, or if nothing was in force."""
        return self.kept["ends_at"] if self.kept else None

    @property
    def member(self) -> discord.Member | None:
        """The target, if they are here."""
        return self.target.member

    @abstractmethod
    def done_sentence(self) -> str:
        """What has come of it, for the moderator."""

    def why_impossible(self) -> str | None:
        """The sentence for what can't be taken back as things are."""
        return None

    def why_not_for(self, moderator: discord.Member) -> str | None:
        """The sentence for what this moderator may not take back."""
        return None

    async def changed(self) -> list[str]:
        """Sentences about what isn't as the case left it. Raises discord.HTTPException."""
        return []

    async def state_before(self) -> dict[str, Any]:
        """What the case of the undo keeps."""
        return {}

    async def act(self, reason: str) -> None:
        """Bring back what was there before. Raises discord.HTTPException."""
        return  # of some kinds there is nothing on Discord

    async def in_force(self, undo: Case) -> None:
        """Write down what is in force then. Runs in the transaction that settles the undo."""
        return

    async def took_effect(self) -> bool | None:
        """Whether Discord shows it as it was before, asked after a crash; None if that can't be known."""
        return True


def moment(text: str | None) -> datetime | None:
    """A moment that a case keeps, if it is yet to come."""
    found = datetime.fromisoformat(text) if text else None
    return found if found is not None and found > discord.utils.utcnow() else None


def not_here(target: Target) -> str:
    """What to say where somebody would have to be here."""
    return _("{target} isn't in this server.").format(target=target.mention)

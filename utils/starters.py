"""What features can add by themselves when a server is set up, besides their settings (`Cog.starters`)."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import ClassVar

import discord


class Starter(ABC):
    """Something proven to begin with, such as rules of automod that only watch. `setup` asks for it by its `key`."""

    key: ClassVar[str]

    @abstractmethod
    def missing(self, guild: discord.Guild) -> Sequence[str]:
        """The names of what it would add here: all that isn't there yet."""

    @abstractmethod
    def why_not(self, member: discord.Member, names: Sequence[str]) -> str | None:
        """Why somebody may not have these added, in a sentence; None if they may."""

    @abstractmethod
    async def add(self, guild: discord.Guild, names: Sequence[str]) -> None:
        """Add these, except what is there meanwhile. Raises UserError and DatabaseError."""

"""The rules that most servers want, for the wizard `setup` and for `automod preset`."""

from collections.abc import Sequence
from typing import ClassVar

import discord

from cogs.moderation.automod.book import Book
from cogs.moderation.automod.clauses import Clauses
from cogs.moderation.automod.naming import why_not_make
from cogs.moderation.automod.presets import BASIC, PRESETS
from cogs.moderation.automod.rules import OBSERVE
from cogs.moderation.automod.writing import changed, read_clauses
from utils.starters import Starter


class BasicRules(Starter):
    """Rules that only watch until somebody enables them."""

    key: ClassVar[str] = "automod"

    def __init__(self, book: Book) -> None:
        self.book = book

    def missing(self, guild: discord.Guild) -> Sequence[str]:
        there = {rule.name for rule in self.book.of(guild.id)}
        return [name for name in BASIC if name not in there]

    def why_not(self, member: discord.Member, names: Sequence[str]) -> str | None:
        reasons = (why_not_make(member, clauses_of(name, member.guild)) for name in names)
        return next((reason for reason in reasons if reason is not None), None)

    async def add(self, guild: discord.Guild, names: Sequence[str]) -> None:
        there = self.missing(guild)
        for name in names:
            if name in there:
                await self.book.add(guild.id, name, OBSERVE, clauses_of(name, guild))


def clauses_of(name: str, guild: discord.Guild) -> Clauses:
    """What a preset looks for and does."""
    return changed({}, read_clauses(PRESETS[name][1], guild))

"""Who has most of those who are here: people who left are found out when a list is looked at, and left out of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import discord

from cogs.economy.bank import Bank
from database.economy import Account
from utils.members import MOST_FOUND, get_members

PER_PAGE: Final = 10
LOOKED_AT: Final = MOST_FOUND
"""People whom Discord is asked about for one page: as many as it tells of at once, for the next pages, too."""
LOOKED_AT_ABOVE: Final = 3 * MOST_FOUND
"""How many of those above somebody are looked at, for the place to be right."""
MOST_ROUNDS: Final = 10
"""How often a page is read again because it was full of people who left."""


@dataclass(frozen=True, slots=True)
class RankedPage:
    """Some of those who have most, in order."""

    accounts: Sequence[Account]
    index: int
    people: int
    """How many there are on all pages."""

    @property
    def pages(self) -> int:
        """How many pages there are; one at least."""
        return max(1, -(-self.people // PER_PAGE))


class Ranks:
    """The order of a guild's accounts."""

    def __init__(self, bank: Bank) -> None:
        self.store = bank.store

    async def place(self, account: Account) -> int | None:
        """Which place somebody has who is known to be here; None before their first coins."""
        if not account.entries:
            return None
        # Without the members intent nobody tells of those who come back.
        await self.store.mark(account.guild_id, [account.user_id], present=True)
        return await self.store.rank(account)

    async def look_above(self, guild: discord.Guild, place: int) -> None:
        """Find out who of those above a place has left."""
        await self._here(guild, await self.store.richest(guild.id, limit=min(place - 1, LOOKED_AT_ABOVE)))

    async def page(self, guild: discord.Guild, index: int) -> RankedPage:
        """A page, full of people who are here; the last one for what lies beyond it."""
        for _round in range(MOST_ROUNDS):
            people = await self.store.count(guild.id)
            index = min(index, max(0, people - 1) // PER_PAGE)
            found = await self.store.richest(guild.id, limit=LOOKED_AT, offset=index * PER_PAGE)
            here = await self._here(guild, found)
            if len(here) >= PER_PAGE or (len(found) < LOOKED_AT and (here or not index)):
                break
        return RankedPage(here[:PER_PAGE], index, people - len(found) + len(here))

    async def _here(self, guild: discord.Guild, accounts: Sequence[Account]) -> list[Account]:
        """Those who are members; who isn't any more is written down. All of them, if Discord doesn't answer."""
        try:
            members = await get_members(guild, [account.user_id for account in accounts])
        except TimeoutError:
            return list(accounts)
        gone = [account.user_id for account in accounts if account.user_id not in members]
        await self.store.mark(guild.id, gone, present=False)
        return [account for account in accounts if account.user_id in members]

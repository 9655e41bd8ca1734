"""The order of who has most coins."""

from collections.abc import Sequence

import discord

from cogs.economy.bank import Bank
from database.economy import Account
from utils.rankings import Ranking


class Ranks(Ranking[Account]):
    """The order of a guild's accounts."""

    def __init__(self, bank: Bank, guild: discord.Guild) -> None:
        super().__init__(guild)
        self.store = bank.store

    async def place(self, account: Account) -> int | None:
        """Which place somebody has who is known to be here; None before their first coins."""
        if not account.entries:
            return None
        # Without the members intent nobody tells of those who come back.
        await self.store.mark(self.guild.id, [account.user_id], present=True)
        return await self.store.rank(account)

    async def count(self) -> int:
        """How many accounts there are of people who aren't known to have left."""
        return await self.store.count(self.guild.id)

    async def top(self, *, limit: int, offset: int = 0) -> Sequence[Account]:
        """So many accounts from a place on."""
        return await self.store.richest(self.guild.id, limit=limit, offset=offset)

    async def leave_out(self, user_ids: Sequence[int]) -> None:
        """Write down that these have left."""
        await self.store.mark(self.guild.id, user_ids, present=False)

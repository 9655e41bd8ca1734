"""The order of a board: everybody's places, of all time or in a period."""

from collections.abc import Sequence

import discord

from cogs.leveling.board.rules import Wanted, shared_places
from cogs.leveling.service import Leveling
from database.standing_values import Standing
from utils.rankings import PER_PAGE, RankedPage, Ranking


class BoardRanking(Ranking[Standing]):
    """One board of a guild, as of this day."""

    def __init__(self, leveling: Leveling, guild: discord.Guild, wanted: Wanted) -> None:
        super().__init__(guild)
        self.leveling = leveling
        self.store = leveling.store
        self.board = wanted.board
        self.period = wanted.period
        self.today = leveling.today(guild.id)

    async def count(self) -> int:
        """How many have something on this board who aren't known to have left."""
        if self.period is None:
            return await self.store.count(self.guild.id, self.board)
        return await self.store.recent_count(self.guild.id, self.period, self.today, self.board)

    async def top(self, *, limit: int, offset: int = 0) -> Sequence[Standing]:
        """So many of them from a place on; of a period, what they gathered in it."""
        if self.period is None:
            return await self.store.top(self.guild.id, self.board, limit=limit, offset=offset)
        return await self.store.recent_top(
            self.guild.id, self.period, self.today, self.board, limit=limit, offset=offset
        )

    async def leave_out(self, user_ids: Sequence[int]) -> None:
        """Write down that these have left."""
        await self.leveling.note_presence(self.guild.id, user_ids, present=False)

    async def place(self, value: int) -> int:
        """The place of who has so much, which equals share."""
        if self.period is None:
            return await self.store.rank(self.guild.id, value, self.board)
        return await self.store.recent_rank(self.guild.id, self.period, self.today, value, self.board)

    async def places(self, page: RankedPage[Standing]) -> list[int]:
        """The places of all on a page."""
        if not page.entries:
            return []
        values = [one.value(self.board) for one in page.entries]
        return shared_places(values, page.index * PER_PAGE + 1, await self.place(values[0]))

    async def own(self, user_id: int) -> Standing:
        """What somebody has on this board who is known to be here."""
        # Without the members intent nobody tells of those who come back.
        await self.leveling.note_presence(self.guild.id, [user_id], present=True)
        if self.period is None:
            return await self.store.get(self.guild.id, user_id)
        return await self.store.recent(self.guild.id, self.period, self.today, user_id)

    async def page_of(self, user_id: int) -> int:
        """The page that somebody is on, from zero; the first for who has nothing on this board."""
        own = await self.own(user_id)
        if not own.value(self.board):
            return 0
        await self.look_above(await self._position(own))
        return (await self._position(own) - 1) // PER_PAGE

    async def _position(self, own: Standing) -> int:
        """Where somebody is listed, from one; among equals the older account first."""
        if self.period is None:
            before = await self.store.ahead(self.guild.id, own, self.board)
        else:
            before = await self.store.recent_ahead(self.guild.id, self.period, self.today, own, self.board)
        return await self.place(own.value(self.board)) + before

"""Games that a crash or a restart left open: their stakes go back to the players."""

import asyncio
import logging
from collections.abc import Sequence
from datetime import datetime, timedelta

import discord

from cogs.economy.games.casino import SURELY_OVER, Casino
from cogs.economy.games.catalogue import GAMES
from database.economy import BankRefusal
from database.errors import DatabaseError, DatabaseUnavailable
from database.wagers import Wager
from utils import events
from utils.bot import Hearth
from utils.cog import Cog, StartingCog
from utils.events import BetEnded

log = logging.getLogger("hearth.economy")

LOOK_EVERY = timedelta(days=1)
"""For those who don't play again; who does, has a stuck stake back at once (`Casino.stake`)."""
OTHERS_SETTLE = timedelta(seconds=10)
"""How long games of other features have at the start to say who won, if a crash came between."""


class Refunds(StartingCog):
    """Gives the stakes of games back that were cut off: at the start, after a reload, and when a guild comes back."""

    def __init__(self, bot: Hearth, casino: Casino) -> None:
        super().__init__(bot)
        self.casino = casino
        # Whatever was opened before this feature was loaded lost its buttons' other half.
        self.began_at = discord.utils.utcnow()
        self._one_at_a_time = asyncio.Lock()

    @Cog.listener()
    async def on_guild_join(self, guild: discord.Guild) -> None:
        """Look through a guild that the bot comes back to."""
        await self.refund_left_open([guild.id], self.began_at)

    @Cog.listener()
    async def on_guild_available(self, guild: discord.Guild) -> None:
        """Look through a guild that was taken over from a process that is gone."""
        taken_at = self.bot.cluster.taken_at(guild.id)
        if taken_at is not None:
            await self.refund_left_open([guild.id], taken_at, own_alone=True)

    async def from_the_start_on(self) -> None:
        before = self.began_at
        await self.refund_left_open([guild.id for guild in self.bot.guilds], before, own_alone=True)
        await asyncio.sleep(OTHERS_SETTLE.total_seconds())
        while True:
            await self.refund_left_open([guild.id for guild in self.bot.guilds], before)
            await asyncio.sleep(LOOK_EVERY.total_seconds())
            before = max(self.began_at, discord.utils.utcnow() - SURELY_OVER)

    async def refund_left_open(
        self, guild_ids: Sequence[int], before: datetime, *, own_alone: bool = False
    ) -> None:  # fmt: skip
        """Refund every game of these guilds that was opened before a moment and isn't over.

        `own_alone` leaves out the bets on games of other features.
        """
        async with self._one_at_a_time:
            try:
                for wager in await self.casino.wagers.left_open(guild_ids, before):
                    if wager.game in GAMES or not own_alone:
                        await self._refund(wager)
            except DatabaseUnavailable as error:
                log.warning("Games that were cut off wait to be refunded: %s", error)

    async def _refund(self, wager: Wager) -> None:
        try:
            if await self.casino.refund(wager):
                log.info("Refunded a game of %s in guild %d", wager.game, wager.guild_id)
                if wager.match_id is not None:  # a game that isn't the economy's goes on without its bet
                    events.publish(self.bot, BetEnded(wager.match_id, wager.guild_id, {}, given_back=True))
        except DatabaseUnavailable:
            raise
        except (DatabaseError, BankRefusal):  # the others have theirs all the same
            log.exception("A game of %s in guild %d couldn't be refunded", wager.game, wager.guild_id)

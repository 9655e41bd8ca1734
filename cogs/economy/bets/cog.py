"""Holds the stakes of games that aren't the economy's: taken together, and once paid out or given back."""

import asyncio
import logging
from collections.abc import Iterator
from contextlib import contextmanager

from cogs.economy.base import EconomyCog
from cogs.economy.bets.rules import payouts
from cogs.economy.games.casino import Casino
from cogs.economy.games.matches import Matches
from database.economy import AlreadyDone, Cause, NotEnough, Operation, TooMuch
from database.errors import DatabaseError
from utils import events
from utils.bot import Hearth
from utils.cog import Cog
from utils.errors import UserError
from utils.events import BetEnded, BetHeld, BetRefused, BetRequested, BetSettled
from utils.i18n import _

log = logging.getLogger("hearth.economy")

SECONDS_TO_RETRY = 30
NOBODY = 0
"""Who reads a refusal: all players do, so each is named."""


class Bets(EconomyCog):
    """Bets of other features' games. What a crash leaves open is given back as any wager is."""

    def __init__(self, bot: Hearth, casino: Casino) -> None:
        super().__init__(bot, casino.bank)
        self.casino = casino
        self.matches = Matches(casino)

    @Cog.listener()
    async def on_bet_requested(self, news: BetRequested) -> None:
        """Take the stakes of all, or of nobody; say nothing where the economy is off, or the second time."""
        if not self.bot.switches.feature_is_on(news.guild_id, self.feature):
            return
        try:
            await self._hold(news)
        except AlreadyDone:
            return
        except UserError as error:
            events.publish(self.bot, BetRefused(news.bet_id, news.guild_id, str(error)))
            return
        except DatabaseError:
            log.warning("Bet %d couldn't be held", news.bet_id, exc_info=True)
            reason = _("I can't reach my database at the moment; try again later.")
            events.publish(self.bot, BetRefused(news.bet_id, news.guild_id, reason))
            # Whether a database that went away kept it is not known: what is there then goes back.
            self.spawn(self._settle_in_the_end(BetSettled(news.bet_id, news.guild_id, ())))
            return
        shown = self.bank.show(news.guild_id, news.stake)
        events.publish(self.bot, BetHeld(news.bet_id, news.guild_id, shown))

    async def _hold(self, news: BetRequested) -> None:
        self.casino.check_limits(news.guild_id, news.stake)
        await self.matches.free(news.guild_id, news.players)
        cause = Cause("bet", news.bet_id)
        with self._sentences(news.guild_id):
            async with self.bank.operation(news.guild_id, "bet", cause, subject=news.game) as operation:
                await self._take(operation, news)

    async def _take(self, operation: Operation, news: BetRequested) -> None:
        most = news.stake * len(news.players)
        await self.matches.hold(
            operation, news.game, news.bet_id, news.stake, news.players, most=most, reader_id=NOBODY
        )

    @contextmanager
    def _sentences(self, guild_id: int) -> Iterator[None]:
        """What the bank refuses inside the block becomes a sentence that names who it is about."""
        try:
            yield
        except NotEnough as error:
            raise UserError(self.bank.not_enough(guild_id, error.shortfalls[0], NOBODY)) from error
        except TooMuch as error:
            raise UserError(self.bank.too_much(guild_id, error, NOBODY)) from error

    @Cog.listener()
    async def on_bet_settled(self, news: BetSettled) -> None:
        """Pay the winners, or give everybody theirs back; once, however often it is told."""
        self.spawn(self._settle_in_the_end(news))

    async def _settle_in_the_end(self, news: BetSettled) -> None:
        """Settle it, as soon as the database is there; what doesn't come to that is given back at the next start."""
        while True:
            try:
                await self._settle(news)
            except DatabaseError:
                log.warning("Bet %d waits for the database", news.bet_id, exc_info=True)
                await asyncio.sleep(SECONDS_TO_RETRY)
            else:
                return

    async def _settle(self, news: BetSettled) -> None:
        wagers = await self.matches.wagers.of_match(news.guild_id, news.bet_id)
        if not wagers:
            return  # nothing was taken
        paid = payouts({wager.user_id: wager.stake for wager in wagers}, news.winners)
        settled = bool(paid) and await self.matches.settle(wagers, paid)
        if not settled:
            await self.casino.refund(wagers[0])  # of a part that was ended elsewhere, what is left
            again = await self.matches.wagers.of_match(news.guild_id, news.bet_id)
            if all(wager.status == "settled" for wager in again):
                return  # told of a second time
        shown = {player: self.bank.show(news.guild_id, amount) for player, amount in paid.items() if amount}
        events.publish(self.bot, BetEnded(news.bet_id, news.guild_id, shown if settled else {}, not settled))

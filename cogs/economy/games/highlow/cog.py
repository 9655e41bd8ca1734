"""High-low: the command."""

from typing import Annotated

from cogs.economy.base import EconomyCog
from cogs.economy.games.cards import shuffled
from cogs.economy.games.highlow.face import HighLowFace
from cogs.economy.games.highlow.rules import HIGHLOW, Climb
from cogs.economy.games.tables import Tables
from utils.amounts import Amount
from utils.bot import Hearth
from utils.commands import command, example
from utils.context import GuildContext


class HighLow(EconomyCog, name="High-low"):
    """Whether the next card is higher or lower."""

    settings = (HIGHLOW.switch,)

    def __init__(self, bot: Hearth, tables: Tables) -> None:
        super().__init__(bot, tables.bank)
        self.tables = tables
        self.face = HighLowFace(tables.bank)

    @command(aliases=["hilo", "hl"])
    @example("100", "25%")
    async def highlow(self, ctx: GuildContext, bet: Annotated[Amount | None, Amount] = None) -> None:
        """Say whether the next card is higher or lower, and cash out in time; without a bet, see the odds.

        - One deck is shuffled for each game. The 2 is the lowest card, and the ace the highest.
        - A right guess multiplies the pot by what is fair for the cards that are left, less 2%.
        - A wrong guess loses the pot, and so does the same rank again.
        - After a right guess you may cash out. The game ends after 10 guesses.
        - No guess is offered that would bring more than 100 times your bet.
        - If you press nothing for 60 seconds, you cash out; before the first guess that gives your bet back.
        - If I am restarted in between, you get your bet back.
        """
        if bet is None:
            await self.tables.tell_how(ctx, HIGHLOW)
            return
        await self.tables.begin(ctx, HIGHLOW, bet, self.face, lambda stake: Climb(stake, shuffled(self.bot.chance)))

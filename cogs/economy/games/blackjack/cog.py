"""Blackjack: the command."""

from typing import Annotated

from cogs.economy.base import EconomyCog
from cogs.economy.games.blackjack.face import BlackjackFace
from cogs.economy.games.blackjack.rules import DECKS, Deal
from cogs.economy.games.blackjack.strategy import BLACKJACK
from cogs.economy.games.cards import shuffled
from cogs.economy.games.tables import Tables
from utils.amounts import Amount
from utils.bot import Hearth
from utils.commands import command, example
from utils.context import GuildContext


class Blackjack(EconomyCog):
    """Blackjack against the dealer."""

    settings = (BLACKJACK.switch,)

    def __init__(self, bot: Hearth, tables: Tables) -> None:
        super().__init__(bot, tables.bank)
        self.tables = tables
        self.face = BlackjackFace(tables.bank)

    @command(aliases=["bj"])
    @example("100", "half")
    async def blackjack(self, ctx: GuildContext, bet: Annotated[Amount | None, Amount] = None) -> None:
        """Come closer to 21 than the dealer, without going above it; without a bet, see the odds.

        - Six decks are shuffled for each game. Picture cards count 10, and an ace 1 or 11.
        - An ace and a card that counts 10 are blackjack, which pays 3 to 2, rounded down.
        - The dealer stands on every 17, and looks for blackjack at the start. Equal points give your bet back.
        - Double: on the first two cards of a hand, also after a split. You get one more card, for twice the bet.
        - Split: two cards of the same value, into up to 4 hands. 21 after a split isn't blackjack.
        - Aces are split once, and get one card each.
        - There is no insurance and no surrender.
        - If you press nothing for 60 seconds, you stand. If I am restarted in between, you get your bet back.
        """
        if bet is None:
            await self.tables.tell_how(ctx, BLACKJACK)
            return
        await self.tables.begin(
            ctx, BLACKJACK, bet, self.face, lambda stake: Deal(stake, shuffled(self.bot.chance, DECKS))
        )

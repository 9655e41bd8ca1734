"""Games that are over at once: coinflip, dice, slots, roulette."""

from typing import Literal

from cogs.economy.base import EconomyCog
from cogs.economy.games import coinflip
from cogs.economy.games.casino import Casino
from cogs.economy.games.catalogue import GAMES
from cogs.economy.games.settings import SETTINGS
from utils.amounts import Amount
from utils.bot import Hearth
from utils.commands import command, example
from utils.context import GuildContext
from utils.i18n import _


class QuickGames(EconomyCog):
    """Games for coins that are over at once."""

    settings = (*SETTINGS, *(game.switch for game in GAMES.values()))

    def __init__(self, bot: Hearth, casino: Casino) -> None:
        super().__init__(bot, casino.bank)
        self.casino = casino

    @command(aliases=["flip", "cf"])
    @example("50 heads", "half tails")
    async def coinflip(self, ctx: GuildContext, bet: Amount, side: Literal["heads", "tails"] = "heads") -> None:
        """Bet on the side a coin falls on; it pays 1.95 times your bet."""
        stake = await self.casino.stake(ctx, coinflip.COINFLIP, bet)
        fell = self.bot.chance.choice(coinflip.SIDES)
        paid = coinflip.payout(stake, side, fell)
        balance = await self.casino.play(ctx, coinflip.COINFLIP, stake, paid)
        shown = _("Heads") if fell == "heads" else _("Tails")
        await self.tell(ctx, _("🪙 **{side}**.").format(side=shown), stake, paid, balance)

    async def tell(self, ctx: GuildContext, what: str, stake: int, paid: int, balance: int) -> None:
        """Say what came out, what that is worth, and what one has now."""
        show = self.bank.show
        values = {
            "what": what,
            "amount": show(ctx.guild.id, abs(paid - stake)),
            "balance": show(ctx.guild.id, balance),
        }
        if paid > stake:
            await ctx.success(_("{what} You win {amount} and have {balance} in hand.").format(**values))
        elif paid == stake:
            await ctx.info(_("{what} You get your bet back and have {balance} in hand.").format(**values))
        else:
            await ctx.error(_("{what} You lose {amount} and have {balance} in hand.").format(**values))

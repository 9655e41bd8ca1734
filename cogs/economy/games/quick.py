"""Games that are over at once: coinflip, dice, slots, roulette."""

from collections.abc import Callable
from fractions import Fraction
from typing import Annotated, Any, TypeVar

from discord.ext import commands

from cogs.economy.base import EconomyCog
from cogs.economy.games import coinflip, dice, roulette, slots
from cogs.economy.games.casino import Casino
from cogs.economy.games.catalogue import Game, Round, least_bet, less_share
from cogs.economy.games.odds import how_to_play
from cogs.economy.games.settings import HOUSE_SHARE, SETTINGS
from cogs.economy.games.spaces import Space
from utils.amounts import Amount
from utils.arguments import as_bad_argument
from utils.bot import Hearth
from utils.commands import command, example
from utils.context import GuildContext
from utils.errors import UserError
from utils.i18n import _

T = TypeVar("T")


class Reads(commands.Converter[T]):
    """What a game's own function reads from a word."""

    def __init__(self, read: Callable[[str], T]) -> None:
        self.read = read

    async def convert(self, _ctx: commands.Context[Any], argument: str) -> T:
        """Raise `BadArgument` with the sentence of the function's `ValueError`."""
        with as_bad_argument():
            return self.read(argument)


class QuickGames(EconomyCog):
    """Games for coins that are over at once."""

    settings = (
        *SETTINGS, *(game.switch for game in (coinflip.COINFLIP, dice.DICE, slots.SLOTS, roulette.ROULETTE))
    )  # fmt: skip

    def __init__(self, bot: Hearth, casino: Casino) -> None:
        super().__init__(bot, casino.bank)
        self.casino = casino

    @command(aliases=["flip", "cf"])
    @example("50 heads", "half tails")
    async def coinflip(
        self,
        ctx: GuildContext,
        bet: Annotated[Amount | None, Amount] = None,
        *,
        side: Annotated[Space[coinflip.Side] | None, Reads(coinflip.find)] = None,
    ) -> None:
        """Bet on the side a coin falls on; it pays almost twice your bet.

        Without a side, you bet on heads; without a bet, see the odds. Payouts are rounded down to whole coins.
        """
        if bet is None:
            await self._tell_how(ctx, coinflip.COINFLIP)
            return
        space = side or coinflip.SPACES["heads"]
        stake = await self._stake(ctx, coinflip.COINFLIP, bet, space.pays)
        fell = self.bot.chance.choice(coinflip.SIDES)
        what = _("🪙 **{side}**.").format(side=_("Heads") if fell == "heads" else _("Tails"))
        await self._settle(ctx, coinflip.COINFLIP, space.round(stake, fell, self._keeps(ctx)), what)

    @command(aliases=["betdice"])
    @example("50 high", "100 7", "25% any 6")
    async def dice(
        self,
        ctx: GuildContext,
        bet: Annotated[Amount | None, Amount] = None,
        *,
        on: Annotated[Space[dice.Throw] | None, Reads(dice.find)] = None,
    ) -> None:
        """Bet on what two dice show: a sum, low, high, odd, even, doubles, or a number.

        Without a bet, see what each of them pays. Payouts are rounded down to whole coins.
        """
        if bet is None or on is None:
            await self._tell_how(ctx, dice.DICE)
            return
        stake = await self._stake(ctx, dice.DICE, bet, on.pays)
        one, other = self.bot.chance.choice(dice.THROWS)
        what = _("🎲 {one} + {other} = **{sum}**. You bet on {space}.").format(
            one=one, other=other, sum=one + other, space=on.label()
        )
        await self._settle(ctx, dice.DICE, on.round(stake, (one, other), self._keeps(ctx)), what)

    @command(aliases=["wheel"])
    @example("50 red", "100 17", "20 dozen 2", "20 17-20")
    async def roulette(
        self,
        ctx: GuildContext,
        bet: Annotated[Amount | None, Amount] = None,
        *,
        space: Annotated[Space[int] | None, Reads(roulette.find)] = None,
    ) -> None:
        """Bet on where the ball falls: a number, red, even, a dozen, a column, neighbours.

        Without a bet, see what each of them pays. It is the European wheel, with a single zero.
        """
        if bet is None or space is None:
            await self._tell_how(ctx, roulette.ROULETTE)
            return
        stake = await self._stake(ctx, roulette.ROULETTE, bet, space.pays)
        fell = self.bot.chance.choice(roulette.NUMBERS)
        what = _("{colour} **{number}**. You bet on {space}.").format(
            colour=roulette.colour(fell), number=fell, space=space.label()
        )
        await self._settle(ctx, roulette.ROULETTE, space.round(stake, fell, self._keeps(ctx)), what)

    @command(aliases=["slot", "spin"])
    @example("50", "1k", "all")
    async def slots(self, ctx: GuildContext, bet: Annotated[Amount | None, Amount] = None) -> None:
        """Turn the slot machine's three reels; without a bet, see what it pays."""
        if bet is None:
            await self._tell_how(ctx, slots.SLOTS)
            return
        stake = await self._stake(ctx, slots.SLOTS, bet, slots.LARGEST_PRIZE)
        spun, keeps = slots.spin(self.bot.chance), self._keeps(ctx)
        await self._settle(ctx, slots.SLOTS, spun.round(stake, keeps), slots.shown(spun, keeps))

    # --- what all of them share

    def _keeps(self, ctx: GuildContext) -> int:
        return self.bot.guild_settings.get(ctx.guild.id, HOUSE_SHARE)

    async def _stake(self, ctx: GuildContext, game: Game, bet: Amount, pays: Fraction) -> int:
        """How many coins are bet; raises `UserError` also where rounding would leave nothing to win."""
        stake = await self.casino.stake(ctx, game, bet)
        least = least_bet(less_share(pays, self._keeps(ctx)))
        if stake < least:
            raise UserError(
                _("With {stake} you could win nothing, as payouts are rounded down; bet {least} or more.").format(
                    stake=self.bank.show(ctx.guild.id, stake), least=self.bank.show(ctx.guild.id, least)
                )
            )
        return stake

    async def _tell_how(self, ctx: GuildContext, game: Game) -> None:
        self.casino.check_on(ctx.guild.id, game)
        await ctx.show(how_to_play(ctx, game))

    async def _settle(self, ctx: GuildContext, game: Game, played: Round, what: str) -> None:
        """Move the coins of a game, and say what came out, what that is worth, and what one has now."""
        balance = await self.casino.play(ctx, game, played.stake, played.paid, most=played.most)
        values = {
            "what": what,
            "amount": self.bank.show(ctx.guild.id, abs(played.paid - played.stake)),
            "balance": self.bank.show(ctx.guild.id, balance),
        }
        if played.paid > played.stake:
            await ctx.success(_("{what} You win {amount} and have {balance} in hand.").format(**values))
        elif played.won:  # a small prize of a small bet, where the house keeps a share
            sentence = _("{what} You win, but rounded down that is only your bet. You have {balance} in hand.")
            await ctx.info(sentence.format(**values))
        else:
            await ctx.error(_("{what} You lose {amount} and have {balance} in hand.").format(**values))

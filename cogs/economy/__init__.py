"""Economy: coins that are earned, spent, bet and traded, above a bank that loses none."""

from cogs.economy.accounts.cog import Accounts
from cogs.economy.accounts.richest import Richest
from cogs.economy.accounts.statements import Statements
from cogs.economy.bank import Bank
from cogs.economy.bets.cog import Bets
from cogs.economy.duels.cog import Duels
from cogs.economy.earning.cog import Earning
from cogs.economy.earning.robbery import Robbery
from cogs.economy.games.blackjack.cog import Blackjack
from cogs.economy.games.casino import Casino
from cogs.economy.games.facts import GameFacts
from cogs.economy.games.highlow.cog import HighLow
from cogs.economy.games.quick import QuickGames
from cogs.economy.games.recovery import Refunds
from cogs.economy.games.tables import Tables
from cogs.economy.income.cog import Income
from cogs.economy.insight import EconomyInsight
from cogs.economy.lottery.cog import LotteryCog
from cogs.economy.personal_data import EconomyData
from cogs.economy.shop.belongings import Belongings
from cogs.economy.shop.cog import Shop
from cogs.economy.shop.till import Till
from cogs.economy.shop.upkeep import Upkeep
from cogs.economy.trade.cog import Trades
from cogs.economy.treasury.cog import Treasury
from utils.bot import Hearth


async def setup(bot: Hearth) -> None:
    """Add the cogs of this feature. They share one bank, which every coin goes through."""
    bank = Bank(bot)
    casino = Casino(bank)
    await bot.add_cog(Accounts(bot, bank))
    await bot.add_cog(Statements(bot, bank))
    await bot.add_cog(Richest(bot, bank))
    await bot.add_cog(Earning(bot, bank))
    await bot.add_cog(Robbery(bot, bank))
    await bot.add_cog(QuickGames(bot, casino))
    await bot.add_cog(GameFacts(bot, casino))
    await bot.add_cog(LotteryCog(bot, casino))
    await bot.add_cog(Duels(bot, casino))
    await bot.add_cog(Bets(bot, casino))
    await bot.add_cog(Trades(bot, bank))
    tables = Tables(bot, casino)
    await bot.add_cog(tables)
    await bot.add_cog(Blackjack(bot, tables))
    await bot.add_cog(HighLow(bot, tables))
    await bot.add_cog(Refunds(bot, casino))
    till = Till(bank)
    await bot.add_cog(Shop(bot, till))
    await bot.add_cog(Belongings(bot, till))
    await bot.add_cog(Upkeep(bot, till))
    await bot.add_cog(Treasury(bot, bank))
    await bot.add_cog(Income(bot, bank))
    await bot.add_cog(EconomyInsight(till))
    await bot.add_cog(EconomyData(bot))

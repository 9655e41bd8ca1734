"""Fun: games and pastimes."""

from cogs.fun.birthdays.cog import Birthdays
from cogs.fun.boards.cog import BoardGames
from cogs.fun.boards.scores import BoardScores
from cogs.fun.channel_games.cog import ChannelGames
from cogs.fun.confessions.cog import Confessing
from cogs.fun.counting.cog import CountingGame
from cogs.fun.dice.cog import Dice
from cogs.fun.insight import FunInsight
from cogs.fun.personal_data import FunData
from cogs.fun.sayings.cog import Sayings
from cogs.fun.toys.cog import Toys
from cogs.fun.trivia.cog import Trivia
from cogs.fun.words.cog import WordGames
from utils.bot import Hearth


async def setup(bot: Hearth) -> None:
    """Add the cogs of this feature."""
    games = ChannelGames(bot)
    await bot.add_cog(games)
    await bot.add_cog(Trivia(bot, games))
    await bot.add_cog(WordGames(bot, games))
    await bot.add_cog(Toys(bot))
    await bot.add_cog(Dice(bot))
    await bot.add_cog(Sayings(bot))
    await bot.add_cog(CountingGame(bot))
    await bot.add_cog(Birthdays(bot))
    await bot.add_cog(Confessing(bot))
    await bot.add_cog(BoardGames(bot))
    await bot.add_cog(BoardScores(bot))
    await bot.add_cog(FunInsight(bot))
    await bot.add_cog(FunData(bot))

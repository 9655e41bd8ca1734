"""Fun: games and pastimes."""

from cogs.fun.counting.cog import CountingGame
from cogs.fun.dice.cog import Dice
from cogs.fun.toys.cog import Toys
from utils.bot import Hearth


async def setup(bot: Hearth) -> None:
    """Add the cogs of this feature."""
    await bot.add_cog(Toys(bot))
    await bot.add_cog(Dice(bot))
    await bot.add_cog(CountingGame(bot))

"""Leveling: XP for chatting and talking, levels, and what they bring."""

from cogs.leveling.chat.cog import Chat
from cogs.leveling.levels.cog import Levels
from cogs.leveling.multipliers import Multipliers
from cogs.leveling.service import Leveling
from cogs.leveling.xp.cog import Xp
from database.xp_boosts import XpBoostsStore
from database.xp_multipliers import XpMultipliersStore
from utils.bot import Hearth


async def setup(bot: Hearth) -> None:
    """Add the cogs of this feature. They share the standings and the multipliers."""
    leveling = Leveling(bot)
    multipliers = Multipliers(XpMultipliersStore(bot.db), XpBoostsStore(bot.db))
    await bot.add_cog(Chat(bot, leveling, multipliers))
    await bot.add_cog(Levels(bot, leveling, multipliers))
    await bot.add_cog(Xp(bot, leveling))

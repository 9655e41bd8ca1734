"""Leveling: XP for chatting and talking, levels, and what they bring."""

from cogs.leveling.announcing.cog import Announcing
from cogs.leveling.board.cog import Leaderboard
from cogs.leveling.cards.cog import RankCards
from cogs.leveling.chat.cog import Chat
from cogs.leveling.coins.cog import CoinXp
from cogs.leveling.insight import LevelingInsight
from cogs.leveling.levels.cog import Levels
from cogs.leveling.multipliers import IN_MEMORY, Multipliers
from cogs.leveling.personal_data import LevelingData
from cogs.leveling.rewards.cog import Rewards
from cogs.leveling.rewards.roles import LevelRoles
from cogs.leveling.rewards.staff import Staff
from cogs.leveling.service import Leveling
from cogs.leveling.voice.cog import Talking
from cogs.leveling.xp.cog import Xp
from database.xp_boosts import XpBoostsStore
from database.xp_multipliers import XpMultipliersStore
from utils.bot import Hearth


async def setup(bot: Hearth) -> None:
    """Add the cogs of this feature. They share the standings and the multipliers."""
    leveling = Leveling(bot)
    told = bot.shared_memory.teller(IN_MEMORY)
    multipliers = Multipliers(XpMultipliersStore(bot.db), XpBoostsStore(bot.db), told)
    chat = Chat(bot, leveling, multipliers)
    roles = LevelRoles(leveling)
    rewards = Rewards(bot, roles)
    # They are taken away in this order, too, each with its settings. What still writes gains then goes before Chat,
    # which has the curve, and that before those who hear of the levels that follow.
    await bot.add_cog(Talking(bot, leveling, multipliers))
    await bot.add_cog(CoinXp(bot, leveling))
    await bot.add_cog(chat)
    await bot.add_cog(Announcing(bot, leveling, roles))
    await bot.add_cog(rewards)
    await bot.add_cog(Levels(bot, leveling, multipliers, Staff(rewards)))
    await bot.add_cog(Xp(bot, leveling, chat))
    await bot.add_cog(RankCards(bot, leveling))
    await bot.add_cog(Leaderboard(bot, leveling))
    await bot.add_cog(LevelingInsight(chat, roles))
    await bot.add_cog(LevelingData(bot))

"""Utility: reminders, polls, tags, role menus, greetings, and small tools."""

from cogs.utility.afk.cog import Afk
from cogs.utility.autoroles.cog import AutoRoles
from cogs.utility.calculating.cog import Calculating
from cogs.utility.checkup import UtilityCheckup
from cogs.utility.colours.cog import Colours
from cogs.utility.custom_commands.cog import CustomCommandsCog
from cogs.utility.emoji.cog import Emoji
from cogs.utility.giveaways.cog import Giveaways
from cogs.utility.greetings.cog import Greetings
from cogs.utility.info import Info
from cogs.utility.insight import UtilityInsight
from cogs.utility.looking_up import LookingUp
from cogs.utility.membercount.cog import MemberCount
from cogs.utility.messages.cog import Messages
from cogs.utility.newcomers.cog import Newcomers
from cogs.utility.personal_data import UtilityData
from cogs.utility.polls.cog import Polls
from cogs.utility.preferences import Preferences
from cogs.utility.reminders.cog import Reminders
from cogs.utility.rolemenus.cog import RoleMenus
from cogs.utility.schedule.cog import Scheduling
from cogs.utility.starboard.cog import Starboard
from cogs.utility.stickyroles.cog import StickyRoles
from cogs.utility.suggestions.cog import Suggestions
from cogs.utility.tags.cog import Tags
from cogs.utility.tickets.cog import Tickets
from cogs.utility.todo.cog import Todos
from utils.bot import Hearth


async def setup(bot: Hearth) -> None:
    """Add the cogs of this feature."""
    for cog in (
        Info,
        Reminders,
        Preferences,
        Calculating,
        Colours,
        LookingUp,
        Todos,
        Scheduling,
        Messages,
        MemberCount,
        Emoji,
        Tags,
        CustomCommandsCog,
        Suggestions,
        Afk,
        Polls,
        Giveaways,
        Tickets,
    ):
        await bot.add_cog(cog(bot))
    newcomers = Newcomers(bot)
    auto_roles = AutoRoles(bot, newcomers)
    for topic in (
        RoleMenus(bot),
        Starboard(bot),
        newcomers,
        Greetings(bot, newcomers),
        auto_roles,
        StickyRoles(bot, newcomers),
        UtilityInsight(bot),
        UtilityCheckup(bot, auto_roles),
    ):
        await bot.add_cog(topic)
    await bot.add_cog(UtilityData(bot))

"""Utility: reminders, and looking up people, servers, roles and channels."""

from cogs.utility.info import Info
from cogs.utility.preferences import Preferences
from cogs.utility.reminders import Reminders
from utils.bot import Hearth


async def setup(bot: Hearth) -> None:
    """Add the cogs of this feature."""
    for cog in (Info, Reminders, Preferences):
        await bot.add_cog(cog(bot))

"""Utility: reminders, and looking up people, servers, roles and channels."""

from cogs.utility.afk.cog import Afk
from cogs.utility.info import Info
from cogs.utility.preferences import Preferences
from cogs.utility.reminders import Reminders
from cogs.utility.rolemenus.cog import RoleMenus
from cogs.utility.tags.cog import Tags
from utils.bot import Hearth


async def setup(bot: Hearth) -> None:
    """Add the cogs of this feature."""
    for cog in (Info, Reminders, Preferences, Tags, Afk):
        await bot.add_cog(cog(bot))

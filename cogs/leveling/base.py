"""What every cog of leveling is made of."""

from discord.ext import commands

from cogs.leveling.service import Leveling
from utils.bot import Hearth
from utils.cog import Cog
from utils.context import Context


class LevelingCog(Cog):
    """One topic of leveling: XP is a server's, so its commands run in servers only."""

    def __init__(self, bot: Hearth, leveling: Leveling) -> None:
        super().__init__(bot)
        self.leveling = leveling

    async def cog_check(self, ctx: Context) -> bool:  # type: ignore[override]
        """Raise `NoPrivateMessage` in direct messages."""
        if ctx.guild is None:
            raise commands.NoPrivateMessage
        return True

"""The group `levels`: how levels work here, and what staff does about it."""

from cogs.leveling.base import LevelingCog
from cogs.leveling.levels.overview import overview
from cogs.leveling.multipliers import Multipliers
from cogs.leveling.service import Leveling
from utils.bot import Hearth
from utils.commands import example, group
from utils.context import GuildContext


class Levels(LevelingCog):
    """How levels work in a server."""

    def __init__(self, bot: Hearth, leveling: Leveling, multipliers: Multipliers) -> None:
        super().__init__(bot, leveling)
        self.multipliers = multipliers

    @group(aliases=["leveling"])
    @example("")
    async def levels(self, ctx: GuildContext) -> None:
        """Show how levels work in this server."""
        await ctx.show(overview(ctx, self.leveling, self.multipliers))

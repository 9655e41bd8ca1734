"""The commands of XP: looking at it, and what staff does with it."""

from typing import Annotated

import discord

from cogs.leveling.base import LevelingCog
from cogs.leveling.xp.texts import standing_embed
from utils.commands import example, group
from utils.context import GuildContext
from utils.converters import MemberOrUser
from utils.errors import UserError
from utils.i18n import _


class Xp(LevelingCog):
    """XP, and what staff does with it."""

    @group(aliases=["exp"])
    @example("", "@ann")
    async def xp(
        self,
        ctx: GuildContext,
        *,
        member: Annotated[discord.Member | discord.User | None, MemberOrUser] = None,
    ) -> None:
        """Show your XP, your level and what the next one takes, or another member's."""
        owner = member or ctx.author
        if owner.bot:
            raise UserError(_("Bots have no XP."))
        standing = await self.leveling.standing(ctx.guild.id, owner.id)
        await ctx.show(standing_embed(owner, standing, self.leveling.curve(ctx.guild.id)))

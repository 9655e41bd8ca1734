"""Naming people who left: nobody should have to look for an id because somebody was quick to leave."""

import discord
from discord.ext import commands

from database.moderation import CasesStore
from utils.context import Context
from utils.converters import MemberOrUser
from utils.lookup import user_id_in


class AlsoGone(MemberOrUser):
    """A member, anybody on Discord by id, or somebody who left by the user name that one case or more has of them."""

    async def convert(self, ctx: Context, argument: str) -> discord.Member | discord.User:  # type: ignore[override]
        """Raise `BadArgument` if nobody or more than one is meant."""
        try:
            return await super().convert(ctx, argument)
        except commands.BadArgument:
            name = argument.strip().removeprefix("@")
            if ctx.guild is None or user_id_in(name) is not None:
                raise
            store = CasesStore(ctx.bot.db)
            ids = {
                one for written in {name, name.lower()} for one in await store.targets_named(ctx.guild.id, written)
            }
            if len(ids) != 1:
                raise
            return await super().convert(ctx, str(ids.pop()))

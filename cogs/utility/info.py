"""Looking up people, servers, roles and channels."""

from operator import attrgetter
from typing import Annotated, Any

import discord
from discord.ext import commands

from cogs.utility import facts
from utils.cog import Cog
from utils.commands import command, example
from utils.context import Context
from utils.converters import ChannelConverter, MemberOrUser, RoleConverter

AnyPerson = discord.Member | discord.User
AnyChannel = discord.abc.GuildChannel | discord.Thread

YOU: Any = commands.parameter(default=attrgetter("author"), displayed_default="you")
HERE: Any = commands.parameter(default=attrgetter("channel"), displayed_default="here")


class Info(Cog):
    """Look up people, servers, roles and channels."""

    @command(aliases=["whois", "user", "memberinfo", "ui"])
    @example("@ann", "80351110224678912", "")
    async def userinfo(self, ctx: Context, *, person: Annotated[AnyPerson, MemberOrUser] = YOU) -> None:
        """Show who somebody is: names, dates, roles, badges, what they may do.

        Name a member by mention, name or id. Somebody who isn't in the server can be looked up by id.
        """
        await ctx.show(facts.about_person(person, in_guild=ctx.guild is not None))

    @command(aliases=["server", "guildinfo", "guild", "si"])
    @commands.guild_only()
    @example("")
    async def serverinfo(self, ctx: Context) -> None:
        """Show what there is to know about this server.

        Channels that you can't see aren't counted.
        """
        assert ctx.guild is not None
        assert isinstance(ctx.author, discord.Member)
        await ctx.show(facts.about_guild(ctx.guild, ctx.author))

    @command(aliases=["ri"])
    @commands.guild_only()
    @example("@Member", "Moderator")
    async def roleinfo(self, ctx: Context, *, role: Annotated[discord.Role, RoleConverter]) -> None:
        """Show what a role is and may do."""
        await ctx.show(facts.about_role(role))

    @command(aliases=["channel", "ci", "threadinfo"])
    @commands.guild_only()
    @example("#general", "")
    async def channelinfo(self, ctx: Context, *, channel: Annotated[AnyChannel, ChannelConverter] = HERE) -> None:
        """Show what a channel or thread is.

        Only channels that you can see yourself are found.
        """
        await ctx.show(facts.about_channel(channel))

    @command(aliases=["av", "pfp"])
    @example("@ann", "")
    async def avatar(self, ctx: Context, *, person: Annotated[AnyPerson, MemberOrUser] = YOU) -> None:
        """Show somebody's avatar in full size.

        If they have one for this server alone, links lead to both.
        """
        await ctx.show(facts.avatar_of(person))

    @command()
    @example("@ann", "")
    async def banner(self, ctx: Context, *, person: Annotated[AnyPerson, MemberOrUser] = YOU) -> None:
        """Show somebody's banner in full size, or their accent colour."""
        # Discord tells banners only when asked for this one person.
        fetched = await self.bot.fetch_user(person.id)
        await ctx.show(facts.banner_of(fetched, person if isinstance(person, discord.Member) else None))

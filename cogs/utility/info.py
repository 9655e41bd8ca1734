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
from utils.formatting import safe, truncate
from utils.i18n import _

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
        await ctx.show(facts.about_person(person))

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

    @command(aliases=["role", "ri"])
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
        if not await _may_know(ctx, channel):
            # The converter's own sentence: whoever isn't in a private thread doesn't learn that there is one.
            raise commands.BadArgument(
                _(
                    "I can't find a fitting channel “{text}”. Mention it, like `#general`, or write its name or id."
                ).format(text=safe(truncate(ctx.message.content.split(maxsplit=1)[-1], 60)))
            )
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


async def _may_know(ctx: Context, channel: AnyChannel) -> bool:
    """Whether the asker may know of a channel: of a private thread only who is in it or looks after threads."""
    if not isinstance(channel, discord.Thread) or not channel.is_private() or channel.id == ctx.channel.id:
        return True
    assert isinstance(ctx.author, discord.Member)
    if channel.permissions_for(ctx.author).manage_threads:
        return True
    try:
        await channel.fetch_member(ctx.author.id)
    except discord.NotFound:
        return False
    return True

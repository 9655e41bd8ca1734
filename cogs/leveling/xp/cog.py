"""The commands of XP: looking at it, and what staff does with it."""

from typing import Annotated

import discord
from discord.ext import commands

from cogs.leveling.base import LevelingCog
from cogs.leveling.chat.cog import Chat
from cogs.leveling.exports import Format, FormatConverter, send_export
from cogs.leveling.multiplying.section import MultipliersSection
from cogs.leveling.multiplying.targets import Percent, check_room, find_held, find_target, parse_end
from cogs.leveling.multiplying.texts import multiplier_line, multiplier_pages, where
from cogs.leveling.service import Leveling
from cogs.leveling.why.explain import AskedMember, brought, may_ask_about, may_count, message_replied_to, would_bring
from cogs.leveling.xp.backups import Backups
from cogs.leveling.xp.changing import Changing
from cogs.leveling.xp.converters import ModeConverter, SnapshotNumber, XpAmountConverter
from cogs.leveling.xp.handing import Handing, no_bot
from cogs.leveling.xp.importing.importer import Importer
from cogs.leveling.xp.importing.merging import Mode
from cogs.leveling.xp.rules import Doing, XpAmount
from cogs.leveling.xp.texts import standing_embed
from database.xp_multipliers import XpMultiplier
from utils import checks
from utils.bot import Hearth
from utils.commands import example, group
from utils.context import GuildContext
from utils.converters import ChannelConverter, MemberOrUser
from utils.i18n import _
from utils.lookup import Channel
from utils.people import WhoEver, WhoEverConverter

AnyWho = Annotated[WhoEver, WhoEverConverter]
AnyAmount = Annotated[XpAmount, XpAmountConverter]


class Xp(LevelingCog):
    """XP, and what staff does with it."""

    def __init__(self, bot: Hearth, leveling: Leveling, chat: Chat) -> None:
        super().__init__(bot, leveling)
        self.chat = chat
        self.multipliers = chat.multipliers
        self.sections = (MultipliersSection(self.multipliers),)
        changing = Changing(leveling)
        self.handing = Handing(leveling, changing)
        self.backups = Backups(leveling, changing)
        self.importer = Importer(leveling, changing)

    @group(aliases=["exp"])
    @example("", "@ann")
    async def xp(
        self,
        ctx: GuildContext,
        *,
        member: Annotated[discord.Member | discord.User | None, MemberOrUser] = None,
    ) -> None:
        """Show your XP, your level and what the next one takes, or another member's."""
        owner = no_bot(member or ctx.author)
        standing = await self.leveling.standing(ctx.guild.id, owner.id)
        await ctx.show(standing_embed(owner, standing, self.leveling.curve(ctx.guild.id)))

    # --- what a message brings

    @xp.command(name="why", aliases=["explain"])
    @example("", "#general", "#general @ann", "@ann")
    async def xp_why(
        self,
        ctx: GuildContext,
        channel: Annotated[Channel | None, ChannelConverter | None] = None,
        *,
        member: Annotated[discord.Member | None, AskedMember] = None,
    ) -> None:
        """Show what a message of yours would bring here and now, or why it would bring nothing.

        Name a channel to ask about that one. As a reply to a message it says what that message brought. Who may
        manage the server can ask about others.
        """
        message = await message_replied_to(ctx) if channel is None and member is None else None
        if message is not None:
            if may_count(message):
                may_ask_about(ctx, message.author)
            await ctx.info(await brought(self.chat, ctx.guild, message))
            return
        about = member or ctx.author
        may_ask_about(ctx, about)
        await ctx.info(would_bring(self.chat, about, channel or ctx.channel))

    # --- multipliers

    @xp.group(aliases=["multipliers"])
    @example("")
    async def multiplier(self, ctx: GuildContext) -> None:
        """Show where and for whom XP counts more or less, and until when."""
        held = self.multipliers.of_guild(ctx.guild.id, discord.utils.utcnow())
        await ctx.paginate(multiplier_pages(ctx.guild, held))

    @multiplier.command(name="list")
    @example("")
    async def multiplier_list(self, ctx: GuildContext) -> None:
        """Show where and for whom XP counts more or less, and until when."""
        await self.multiplier(ctx)

    @multiplier.command(name="set", aliases=["add"])
    @example("server 2x for 2d", "#events 150% until sunday 20:00", '"Server Booster" 1.5', "#spam 0%")
    @checks.requires(manage_guild=True)
    async def multiplier_set(
        self, ctx: GuildContext, target: str, percent: Annotated[int, Percent], *, until: str = ""
    ) -> None:
        """Let XP count more or less in the server, a channel or category, or for a role.

        Write how much as `2x`, `1.5` or `150%`, and if it ends, for how long or until when. One for the server, one
        for the channel and the highest of a member's roles are multiplied.
        """
        now = discord.utils.utcnow()
        kind, target_id = find_target(ctx.guild, target, ctx.author)
        one = XpMultiplier(ctx.guild.id, kind, target_id, percent, parse_end(until, now, ctx.timezone))
        check_room(self.multipliers.of_guild(ctx.guild.id, now), one)
        await self.multipliers.put(one)
        await ctx.success(_("XP counts {multiplier}.").format(multiplier=multiplier_line(ctx.guild, one)))

    @multiplier.command(name="remove", aliases=["delete", "clear"])
    @example("server", "#events", '"Server Booster"', "123456789012345678")
    @checks.requires(manage_guild=True)
    async def multiplier_remove(self, ctx: GuildContext, *, target: str) -> None:
        """Let XP count as usual again; a channel or role that was deleted goes by its id."""
        held = self.multipliers.of_guild(ctx.guild.id, discord.utils.utcnow())
        one = find_held(ctx.guild, target, ctx.author, held)
        await self.multipliers.remove(ctx.guild.id, one.kind, one.target_id)
        await ctx.success(_("There is no multiplier for {target} any more.").format(target=where(ctx.guild, one)))

    # --- giving and taking

    @xp.command(name="give", aliases=["add"])
    @example("@ann 500", "@Helpers 1.5k", "everyone 100", "@ann 2 levels")
    @checks.requires(manage_guild=True)
    async def xp_give(self, ctx: GuildContext, who: AnyWho, *, amount: AnyAmount) -> None:
        """Give XP or levels to a member, to everybody with a role, or to everyone.

        With levels somebody comes as far into the new level as they were into the old one. I ask before giving to
        several, and `xp restore` takes that back. Who left the server is named by id; a name of several words goes
        in quotes.
        """
        await self._hand(ctx, "give", who, amount)

    @xp.command(name="take", aliases=["remove"])
    @example("@ann 500", "@Helpers 1.5k", "@ann 2 levels")
    @checks.requires(manage_guild=True)
    async def xp_take(self, ctx: GuildContext, who: AnyWho, *, amount: AnyAmount) -> None:
        """Take XP or levels from a member, from everybody with a role, or from everyone.

        Nobody goes below zero. With levels somebody stays as far into their level as they were.
        """
        await self._hand(ctx, "take", who, amount)

    @xp.command(name="set")
    @example("@ann 500", "@ann level 10", "@ann 0")
    @checks.requires(manage_guild=True)
    async def xp_set(self, ctx: GuildContext, who: AnyWho, *, amount: AnyAmount) -> None:
        """Say how much XP a member, everybody with a role, or everyone has.

        With a level they have the XP that it begins at.
        """
        await self._hand(ctx, "set", who, amount)

    async def _hand(self, ctx: GuildContext, doing: Doing, who: WhoEver, amount: XpAmount) -> None:
        answer = await self.handing.hand(ctx, doing, who, amount)
        await (ctx.success(answer) if answer is not None else ctx.info(_("Nothing was changed.")))

    # --- beginning anew, and taking back

    @xp.command(name="reset")
    @example("@ann", "everyone", "@Helpers")
    @checks.requires(manage_guild=True)
    async def xp_reset(self, ctx: GuildContext, *, who: AnyWho) -> None:
        """Let a member, everybody with a role, or everyone begin at zero.

        Their XP, messages and minutes in voice go to zero, also those of today and of this week. Everyone is also who
        left. I ask first, and `xp restore` brings all of it back.
        """
        await self.backups.reset(ctx, who)

    @xp.command(name="snapshots", aliases=["backups"])
    @example("")
    @checks.requires(manage_guild=True)
    async def xp_snapshots(self, ctx: GuildContext) -> None:
        """Show what was done to several people's XP and can be taken back."""
        await self.backups.show(ctx)

    @xp.command(name="restore", aliases=["undo"])
    @example("", "3")
    @checks.requires(manage_guild=True)
    async def xp_restore(self, ctx: GuildContext, number: Annotated[int | None, SnapshotNumber] = None) -> None:
        """Take back a change of several people's XP: the last one, or the one with a number.

        I say first what it would change. What people gathered since then stays on top. This can be taken back, too.
        The last 20 changes are kept.
        """
        await self.backups.restore(ctx, number)

    # --- files

    @xp.command(name="import")
    @example("", "highest", "replace", "add")
    @checks.requires(manage_guild=True)
    @commands.max_concurrency(1, commands.BucketType.guild)
    async def xp_import(self, ctx: GuildContext, mode: Annotated[Mode, ModeConverter] = "highest") -> None:
        """Take XP out of an attached file of MEE6, Arcane, Lurkr, Amari or another bot: CSV, TSV or JSON.

        It needs a column of users' ids and one of XP or levels, named as usual. With `highest` everybody has what is
        more, with `replace` what the file says, and with `add` both together. I show first what would change, and
        `xp restore` takes it back. Where level and XP don't fit together, XP counts.
        """
        await self.importer.take(ctx, mode)

    @xp.command(name="export")
    @example("", "json")
    @checks.requires(manage_guild=True)
    @checks.bot_requires(attach_files=True)
    async def xp_export(self, ctx: GuildContext, form: Annotated[Format, FormatConverter] = "csv") -> None:
        """Get everybody's XP, level, messages and minutes in voice as a file: CSV or JSON.

        Who left the server is in it, too. `xp import` reads both.
        """
        await send_export(ctx, self.leveling, form)

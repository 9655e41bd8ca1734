"""Staff's commands for coins: giving and taking, looking, taking back, beginning anew; and the owner's proof."""

from typing import Annotated

import discord
from discord.ext import commands

from cogs.economy.bank import Bank
from cogs.economy.base import EconomyCog
from cogs.economy.treasury import auditing
from cogs.economy.treasury.amounts import Coins
from cogs.economy.treasury.handing import Handing
from cogs.economy.treasury.health import Health
from cogs.economy.treasury.resets import Resets
from cogs.economy.treasury.reverting import Reverting, read_number
from cogs.economy.treasury.searching import Searching
from database.economy_audit import AuditStore
from utils import checks, embeds
from utils.amounts import Amount
from utils.bot import Hearth
from utils.commands import example, group
from utils.context import GuildContext
from utils.converters import BoundedText, MemberOrUser
from utils.errors import UserError
from utils.formatting import pages_of
from utils.i18n import _
from utils.invoking import may_run
from utils.people import Who, WhoConverter

LONGEST_REASON = 200  # characters

Reason = Annotated[str | None, BoundedText(LONGEST_REASON)]


class Treasury(EconomyCog):
    """What staff does with a server's coins."""

    def __init__(self, bot: Hearth, bank: Bank) -> None:
        super().__init__(bot, bank)
        self.handing = Handing(bank)
        self.reverting = Reverting(bank)
        self.resets = Resets(bank)
        self.searching = Searching(bank)
        self.reports = Health(bank)
        self.audits = AuditStore(bot.db)

    @group(aliases=["eco"], only_leads=True)
    @example("")
    async def economy(self, ctx: GuildContext, *, words: str = "") -> None:
        """Look after this server's coins: give, take, look things up, take them back."""
        names = [
            f"`{ctx.clean_prefix}economy {one.name}`"
            for one in sorted(self.economy.commands, key=lambda one: one.name)
            if not checks.is_owner_only(one) and await may_run(ctx, one)
        ]
        if not names:
            raise commands.MissingPermissions(["manage_guild"])
        raise UserError(_("Say what to do: {commands}.").format(commands=", ".join(names)))

    # --- giving and taking

    @economy.command(name="give", aliases=["add"])
    @example("@ann 500", "@Helpers 1k for the event", "everyone 100 happy new year")
    @checks.requires(manage_guild=True)
    async def economy_give(
        self,
        ctx: GuildContext,
        who: Annotated[Who, WhoConverter],
        amount: Annotated[int, Coins()],
        *,
        reason: Reason = None,
    ) -> None:
        """Give coins to a member, to everybody with a role, or to everyone.

        The coins are made for it. With a role or `everyone` each of them gets that many; bots are left out. I ask
        before giving to several. A name of several words goes in quotes.
        """
        answer = await self.handing.give(ctx, who, amount, reason)
        await (ctx.success(answer) if answer is not None else ctx.info(_("Nothing was given.")))

    @economy.command(name="take", aliases=["remove"])
    @example("@ann 500", "@ann half cheated", "everyone 10% tax")
    @checks.requires(manage_guild=True)
    async def economy_take(
        self, ctx: GuildContext, who: Annotated[Who, WhoConverter], amount: Amount, *, reason: Reason = None
    ) -> None:
        """Take coins from a member, from everybody with a role, or from everyone.

        First those in hand, then those in the bank, and never more than somebody has; I say who had less. A share
        like `10%` or `half` is one of all that each of them has.
        """
        answer = await self.handing.take(ctx, who, amount, reason)
        await (ctx.success(answer) if answer is not None else ctx.info(_("Nothing was taken.")))

    @economy.command(name="set")
    @example("@ann 500", "@ann 0 begins anew", "@Helpers 1k")
    @checks.requires(manage_guild=True)
    async def economy_set(
        self,
        ctx: GuildContext,
        who: Annotated[Who, WhoConverter],
        amount: Annotated[int, Coins(least=0)],
        *,
        reason: Reason = None,
    ) -> None:
        """Say how many coins a member, everybody with a role, or everyone has in hand.

        What is in the bank stays there. I ask before setting it for several.
        """
        answer = await self.handing.set(ctx, who, amount, reason)
        await (ctx.success(answer) if answer is not None else ctx.info(_("Nothing was changed.")))

    # --- taking back

    @economy.command(name="revert", aliases=["undo"])
    @example("#12", "12 wrong person", "")
    @checks.requires(manage_guild=True)
    async def economy_revert(self, ctx: GuildContext, number: str | None = None, *, reason: Reason = None) -> None:
        """Take back everything that an operation did to coins.

        Name it by its number as `transactions` shows it, or reply to the message of the command that did it. Nothing
        happens if anybody would go below zero; I name all of them. Items and roles stay where they are.
        """
        await self.reverting.revert(ctx, number, reason)

    @economy.command(name="reset")
    @example("", "@ann")
    @checks.requires(manage_guild=True)
    async def economy_reset(
        self,
        ctx: GuildContext,
        *,
        member: Annotated[discord.Member | discord.User | None, MemberOrUser] = None,
    ) -> None:
        """Let a member, or everybody, begin anew: coins, items, streaks and claims.

        Everybody has the start balance again. Open games are called off, and so is the open lottery in a reset of
        everybody. Bought roles, boosts and the shop stay. `economy restore` brings back what was there.
        """
        await self.resets.reset(ctx, member)

    @economy.command(name="restore")
    @example("12")
    @checks.requires(manage_guild=True)
    async def economy_restore(self, ctx: GuildContext, number: str) -> None:
        """Bring back what a reset took, by the reset's number.

        What people got since then stays theirs and comes on top. This works once for each reset.
        """
        await self.resets.restore(ctx, read_number(number, ctx.clean_prefix))

    # --- looking

    @economy.command(name="history", aliases=["log"])
    @example("", "@ann", "@ann kind:pay,games since:7d", "by:@mona kind:give until:2026-01-31")
    @checks.requires(manage_guild=True)
    async def economy_history(self, ctx: GuildContext, *, filters: str = "") -> None:
        """Show what moved coins, the newest first: all of it, or what fits.

        Name a member, a `kind:` such as `pay` or `games`, who did it with `by:`, and a time with `since:` and
        `until:`.
        """
        await self.searching.show(ctx, filters)

    @economy.command(name="export", aliases=["csv"])
    @example("", "@ann since:30d", "kind:shop")
    @checks.requires(manage_guild=True)
    @checks.bot_requires(attach_files=True)
    async def economy_export(self, ctx: GuildContext, *, filters: str = "") -> None:
        """Get the ledger as a file for spreadsheets, with the filters of `economy history`."""
        await self.searching.export(ctx, filters)

    @economy.command(name="health", aliases=["stats"])
    @example("")
    @checks.requires(manage_guild=True)
    async def economy_health(self, ctx: GuildContext) -> None:
        """Show how many coins there are, who has them, and what makes and destroys them."""
        async with ctx.typing():
            pages = await self.reports.pages(ctx.guild)
        await ctx.paginate(pages)

    # --- proving

    @economy.command(name="audit")
    @example("", "80351110224678912", "all")
    @checks.owner_only()
    async def economy_audit(self, ctx: GuildContext, guild: str | None = None) -> None:
        """Prove that every balance is the sum of its entries, in this server, another, or all."""
        guild_ids = await self._audited(ctx, guild)
        async with ctx.typing():
            found = [await auditing.audit(self.audits, guild_id) for guild_id in guild_ids]
        lines = auditing.complaint(found)
        if lines:
            await ctx.paginate([embeds.error(page) for page in pages_of(lines, 3_500)])
        else:
            await ctx.success(auditing.proof(found))

    async def _audited(self, ctx: GuildContext, guild: str | None) -> list[int]:
        if guild is None:
            return [ctx.guild.id]
        known = await self.audits.guilds()
        if guild.casefold() == "all":
            return known
        if not guild.isdecimal() or int(guild) not in known:
            raise UserError(_("No server with that id has any coins. Write a server's id, or `all`."))
        return [int(guild)]

"""What members have: balances, the bank, payments, the ledger as its owner reads it, and who has most."""

from typing import Annotated

import discord

from cogs.economy.base import EconomyCog
from cogs.economy.settings import SETTINGS
from utils import embeds
from utils.commands import command, example
from utils.context import GuildContext
from utils.converters import GuildMember
from utils.errors import UserError
from utils.i18n import _


class Accounts(EconomyCog):
    """Coins: what you have, and giving some to others."""

    settings = SETTINGS

    @command(aliases=["bal", "money", "coins"])
    @example("", "@ann")
    async def balance(
        self, ctx: GuildContext, *, member: Annotated[discord.Member | None, GuildMember] = None
    ) -> None:  # fmt: skip
        """Show what you have, or what another member has."""
        owner = member or ctx.author
        if owner.bot:
            raise UserError(_("Bots have no coins."))
        account = await self.bank.account(ctx.guild.id, owner.id)
        embed = embeds.info(title=self.bank.currency(ctx.guild.id))
        embed.set_author(name=owner.display_name, icon_url=owner.display_avatar.url)
        for name, amount in (
            (_("In hand"), account.cash), (_("In the bank"), account.bank), (_("Together"), account.total)
        ):  # fmt: skip
            embed.add_field(name=name, value=self.bank.show(ctx.guild.id, amount))
        await ctx.show(embed)

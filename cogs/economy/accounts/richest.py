"""The list of who has most."""

from typing import Annotated

import discord

from cogs.economy.accounts.ranks import Ranks
from cogs.economy.base import EconomyCog
from database.economy import Account
from utils import embeds
from utils.commands import command, example
from utils.context import GuildContext
from utils.formatting import safe
from utils.i18n import _, format_number
from utils.rankings import PER_PAGE, RankedPage, RankingCog
from utils.views import LivePage


class Richest(EconomyCog, RankingCog):
    """Who has most coins."""

    async def note_presence(self, guild_id: int, user_id: int, *, present: bool) -> None:
        """Leave somebody out who left, until they come back; their coins stay theirs."""
        await self.bank.store.mark(guild_id, [user_id], present=present)

    @command(aliases=["baltop", "richest"])
    @example("", "1")
    async def rich(self, ctx: GuildContext, page: Annotated[int | None, int] = None) -> None:
        """Show who has most, in hand and in the bank together.

        The list opens at your own place, or at the page that you name. People who left the server are not in it.
        """
        account = await self.bank.account(ctx.guild.id, ctx.author.id)
        ranks = Ranks(self.bank, ctx.guild)
        place = await ranks.place(account)
        if place is not None:
            await ranks.look_above(place)
            place = await self.bank.store.rank(account)

        async def read(index: int) -> LivePage:
            ranked = await ranks.page(index)
            own = await self.bank.account(ctx.guild.id, ctx.author.id)
            embed = embeds.info(self._text(ranked, own, await ranks.place(own)), title=self._title(ctx.guild))
            return LivePage(embed, ranked.index, ranked.pages)

        await ctx.leaf(read, max(0, page - 1) if page is not None else ((place or 1) - 1) // PER_PAGE)

    def _title(self, guild: discord.Guild) -> str:
        return _("Most {currency} in {server}").format(currency=self.bank.currency(guild.id), server=safe(guild.name))

    def _text(self, ranked: RankedPage[Account], own: Account, place: int | None) -> str:
        """The people of a page, and at the foot who looks at it."""
        lines = []
        for rank, account in enumerate(ranked.entries, ranked.index * PER_PAGE + 1):
            shown = self.bank.show(account.guild_id, account.total)
            line = f"**#{format_number(rank)}** <@{account.user_id}> · {shown}"
            lines.append(f"➤ {line}" if account.user_id == own.user_id else line)
        if place is None:
            foot = _("You have no place yet: your first coins give you one.")
        else:
            foot = _("Your place: **#{place}** of {people}, with {amount}.").format(
                place=format_number(place),
                people=format_number(ranked.people),
                amount=self.bank.show(own.guild_id, own.total),
            )
        return "\n".join([*lines, "", foot])

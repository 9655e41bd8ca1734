"""What members have: balances, the bank, and payments."""

from typing import Annotated

import discord

from cogs.economy.accounts import settings
from cogs.economy.accounts.ranks import Ranks
from cogs.economy.base import EconomyCog, not_a_bot
from cogs.economy.settings import SETTINGS
from database.economy import Pocket, Posting, transfer
from utils import embeds
from utils.amounts import Amount
from utils.commands import command, example
from utils.context import GuildContext
from utils.converters import BoundedText, GuildMember
from utils.errors import UserError
from utils.formatting import safe
from utils.i18n import _, format_number
from utils.members import get_member

LONGEST_NOTE = 100  # characters


class Accounts(EconomyCog):
    """Coins: what you have, and giving some to others."""

    settings = (*SETTINGS, *settings.SETTINGS)

    @command(aliases=["bal", "money", "coins", "wallet"])
    @example("", "@ann")
    async def balance(
        self, ctx: GuildContext, *, member: Annotated[discord.Member | None, GuildMember] = None
    ) -> None:
        """Show what you have, or what another member has."""
        owner = not_a_bot(member or ctx.author)
        account = await self.bank.account(ctx.guild.id, owner.id)
        embed = embeds.info(title=self.bank.currency(ctx.guild.id))
        embed.set_author(name=owner.display_name, icon_url=owner.display_avatar.url)
        for name, amount in (
            (_("In hand"), account.cash),
            (_("In the bank"), account.bank),
            (_("Together"), account.total),
        ):
            embed.add_field(name=name, value=self.bank.show(ctx.guild.id, amount))
        place = await Ranks(self.bank, ctx.guild).place(account)
        if place is not None:
            embed.add_field(name=_("Place"), value=f"#{format_number(place)}")
        await ctx.show(embed)

    # --- between one's own pockets

    @command(aliases=["dep"])
    @example("all", "250", "25%")
    async def deposit(self, ctx: GuildContext, amount: Amount) -> None:
        """Put coins into your bank, where nobody can rob them."""
        values = await self._move(ctx, "deposit", amount, "cash", "bank")
        await ctx.success(
            _("You put {amount} into the bank: {cash} in hand, {bank} in the bank.").format(**values),
        )

    @command(aliases=["with"])
    @example("all", "10k", "half")
    async def withdraw(self, ctx: GuildContext, amount: Amount) -> None:
        """Take coins out of your bank."""
        values = await self._move(ctx, "withdraw", amount, "bank", "cash")
        await ctx.success(
            _("You took {amount} out of the bank: {cash} in hand, {bank} in the bank.").format(**values),
        )

    async def _move(
        self, ctx: GuildContext, kind: str, amount: Amount, source: Pocket, target: Pocket
    ) -> dict[str, str]:
        """Move coins between somebody's pockets; how many, and what both hold then, as they are shown."""
        guild_id, user_id = ctx.guild.id, ctx.author.id
        async with self.bank.by(ctx, kind) as operation:
            coins = await self.bank.resolve(guild_id, user_id, amount, of_bank=source == "bank")
            await operation.post(Posting(user_id, -coins, source), Posting(user_id, coins, target))
            account = await operation.account(user_id)
        amounts = {"amount": coins, "cash": account.cash, "bank": account.bank}
        return {name: self.bank.show(guild_id, number) for name, number in amounts.items()}

    # --- to others

    @command(aliases=["transfer", "give"])
    @example("@ann 250", "@ann half for the picture")
    async def pay(
        self,
        ctx: GuildContext,
        member: Annotated[discord.Member, GuildMember],
        amount: Amount,
        *,
        note: Annotated[str | None, BoundedText(LONGEST_NOTE)] = None,
    ) -> None:
        """Give coins that you have in hand to another member."""
        not_a_bot(member)
        if member.id == ctx.author.id:
            raise UserError(_("You can't pay yourself."))
        coins = await self.bank.resolve(ctx.guild.id, ctx.author.id, amount)
        self._check_size(ctx.guild.id, coins)
        if not await self._is_meant(ctx, member, coins):
            await ctx.info(_("Nothing was paid."))
            return
        async with self.bank.by(ctx, "pay", reason=note) as operation:
            self._check_size(ctx.guild.id, coins)
            await operation.post(*transfer(ctx.author.id, member.id, coins))
            left = (await operation.account(ctx.author.id)).cash
        sentence = _("{giver} paid {receiver} {amount} and has {left} left in hand.")
        if note is not None:
            sentence = _("{giver} paid {receiver} {amount} ({note}) and has {left} left in hand.")
        values = {"amount": self.bank.show(ctx.guild.id, coins), "left": self.bank.show(ctx.guild.id, left)}
        people = {"giver": ctx.author.mention, "receiver": member.mention}
        await ctx.success(sentence.format(note=safe(note or ""), **values, **people))

    def _check_size(self, guild_id: int, coins: int) -> None:
        most = self.bot.guild_settings.get(guild_id, settings.LARGEST_PAYMENT)
        if coins > most:
            raise UserError(_("You can pay {most} at most at once.").format(most=self.bank.show(guild_id, most)))

    async def _is_meant(self, ctx: GuildContext, member: discord.Member, coins: int) -> bool:
        """Ask about a large payment, and look again whether the receiver is still here."""
        if coins <= self.bot.guild_settings.get(ctx.guild.id, settings.ASK_ABOVE):
            return True
        question = _("Pay {receiver} {amount}?").format(
            receiver=member.mention, amount=self.bank.show(ctx.guild.id, coins)
        )
        if not await ctx.confirm(question):
            return False
        if await get_member(ctx.guild, member.id) is None:
            raise UserError(_("{member} isn't in this server any more.").format(member=member.mention))
        return True

"""Beginning an economy anew, and bringing back what was there.

A reset leaves everybody with the start balance in hand and nothing in the bank, without items and with nothing
claimed yet. Games that are open are called off first, and so is the open lottery if it is everybody's reset: their
stakes belong to what is reset. Bought roles, boosts and the shop itself stay.
"""

from datetime import timedelta

import discord

from cogs.economy.bank import Bank
from cogs.economy.games.casino import call_off
from cogs.economy.lottery.draws import Draws
from cogs.economy.treasury.rules import begun_anew, taken_back
from database.economy import Account, Cause, Operation
from database.economy_reports import ReportsStore
from database.economy_resets import ResetsStore
from database.wagers import WagersStore
from utils.context import GuildContext
from utils.errors import Silent, UserError
from utils.i18n import _, format_number, ngettext

RESET = "reset"
RESTORE = "restore"


class Resets:
    """Takes away, and brings back."""

    def __init__(self, bank: Bank) -> None:
        self.bank = bank
        self.store = ResetsStore(bank.bot.db)
        self.reports = ReportsStore(bank.bot.db)
        self.wagers = WagersStore(bank.bot.db)
        self.draws = Draws(bank)

    # --- taking away

    async def reset(self, ctx: GuildContext, member: discord.Member | discord.User | None) -> None:
        """Ask, and let a member or everybody begin anew."""
        if not await ctx.confirm(await self._question(ctx, member)):
            return
        user_id = None if member is None else member.id
        if member is None:
            await self._call_lottery_off(ctx)
        async with self.bank.by(ctx, RESET) as operation:
            await self._call_games_off(operation, user_id)
            moved = await self.store.put_aside(operation, user_id)
            accounts = await self._begin_anew(operation, user_id)
            if not moved and not operation.entries:
                raise UserError(_("There is nothing to reset: all is as at the start."))
        answer = _("{member} begins anew. `{command}` brings back what was there.")
        if member is None:
            answer = ngettext(
                "{count} account begins anew. `{command}` brings back what was there.",
                "{count} accounts begin anew. `{command}` brings back what was there.",
                accounts,
            )
        command = f"{ctx.clean_prefix}economy restore {operation.number}"
        await ctx.success(
            answer.format(
                member=member.mention if member is not None else "", count=format_number(accounts), command=command
            )
        )

    async def _question(self, ctx: GuildContext, member: discord.Member | discord.User | None) -> str:
        if member is not None:
            account = await self.bank.account(ctx.guild.id, member.id)
            return _(
                "Let {member} begin anew? They lose their coins ({amount}), items, streaks and what they claimed, and"
                " have {opening} again. An open game is called off; lottery tickets, bought roles and boosts stay."
            ).format(
                member=member.mention,
                amount=self.bank.show(ctx.guild.id, account.total),
                opening=self.bank.show(ctx.guild.id, self.bank.opening(ctx.guild.id)),
            )
        held = await self.reports.holdings(ctx.guild.id)
        return _(
            "Let **everybody** in this server begin anew? All coins ({amount}), items, streaks and claims go, and"
            " everybody has {opening} again. Open games and the open lottery are called off; bought roles, boosts and"
            " the shop stay."
        ).format(
            amount=self.bank.show(ctx.guild.id, held.total + held.of_the_gone),
            opening=self.bank.show(ctx.guild.id, self.bank.opening(ctx.guild.id)),
        )

    async def _call_lottery_off(self, ctx: GuildContext) -> None:
        lottery = await self.draws.store.open_in(ctx.guild.id)
        if lottery is not None:
            await self.draws.refund(lottery, Cause("message", ctx.message.id), ctx.author.id, told=False)

    async def _call_games_off(self, operation: Operation, user_id: int | None) -> None:
        """Give the stakes of open games back, also to those who play with whoever is reset."""
        open_ones = await self.wagers.left_open([operation.guild_id], operation.new.at + timedelta(seconds=1))
        for wager in open_ones:
            if user_id is None or wager.user_id == user_id:
                await call_off(operation, self.wagers, wager)

    async def _begin_anew(self, operation: Operation, user_id: int | None) -> int:
        """Change the balances; how many accounts there are."""
        if user_id is not None:
            account = await self.bank.store.account(operation.guild_id, user_id)
            found = [] if account is None else [account]
            await self._empty(operation, found)
            return len(found)
        count, after = 0, 0
        while found := await self.reports.accounts(operation.guild_id, after=after):
            await self._empty(operation, found)
            count, after = count + len(found), found[-1].user_id
        return count

    async def _empty(self, operation: Operation, accounts: list[Account]) -> None:
        await operation.post(
            *(posting for account in accounts for posting in begun_anew(account, operation.new.opening))
        )

    # --- bringing back

    async def restore(self, ctx: GuildContext, number: int) -> None:
        """Ask, and bring back what a reset took."""
        await self._check(ctx, number)
        since = await self.reports.operations_since(ctx.guild.id, number)
        question = _("Bring back what reset **#{number}** took?").format(number=number)
        if since:
            question += "\n" + ngettext(
                "{count} operation happened since: what people got since then stays theirs and comes on top.",
                "{count} operations happened since: what people got since then stays theirs and comes on top.",
                since,
            ).format(count=format_number(since))
        if not await ctx.confirm(question):
            return
        try:
            short = await self._bring_back(ctx, number)
        except Silent:  # somebody else was quicker
            await self._check(ctx, number)
            raise
        answer = _("All that reset **#{number}** took is back.").format(number=number)
        if short:
            answer += "\n" + ngettext(
                "{count} member has spent of the start balance that the reset gave, and keeps that.",
                "{count} members have spent of the start balance that the reset gave, and keep that.",
                short,
            ).format(count=format_number(short))
        await ctx.success(answer)

    async def _bring_back(self, ctx: GuildContext, number: int) -> int:
        """Do it; how many had spent what they would have to give back."""
        async with self.bank.by(ctx, RESTORE, reverses=number) as operation:
            short, after = 0, 0
            while taken := await self.reports.entries_of(ctx.guild.id, number, RESET, after=after):
                accounts = await operation.accounts({entry.user_id for entry in taken})
                back = taken_back(taken, accounts)
                await operation.post_many(back.postings)
                short, after = short + len(back.missing), taken[-1].user_id
            await self.store.bring_back(ctx.guild.id, number)
        return short

    async def _check(self, ctx: GuildContext, number: int) -> None:
        """Raise `UserError` unless it is a reset that wasn't brought back yet."""
        record = await self.bank.store.get_operation(ctx.guild.id, number)
        if record is None or record.kind != RESET:
            raise UserError(
                _("**#{number}** is no reset. `{command}` shows them.").format(
                    number=number, command=f"{ctx.clean_prefix}economy history kind:reset"
                )
            )
        other = await self.reports.reversed_by(ctx.guild.id, number)
        if other is not None:
            raise UserError(
                _("What **#{number}** took was brought back already, by **#{other}**.").format(
                    number=number, other=other
                )
            )

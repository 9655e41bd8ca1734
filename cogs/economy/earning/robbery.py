"""Robbing other members of what they have in hand."""

from typing import Annotated

import discord

from cogs.economy.bank import Bank
from cogs.economy.base import EconomyCog, not_a_bot
from cogs.economy.earning import rules, settings
from cogs.economy.earning.claiming import Claiming, next_time
from database.economy import Account, Operation, Posting, transfer
from utils.bot import Hearth
from utils.commands import command, example
from utils.context import GuildContext
from utils.converters import GuildMember
from utils.errors import UserError
from utils.i18n import _
from utils.setting_types import Setting
from utils.time import timestamp

ROBBED = "robbed"
"""The claim that a victim makes: from then on, they can't be robbed for a while."""


class Robbery(EconomyCog):
    """Robbing others."""

    settings = settings.ROBBERY_SETTINGS

    def __init__(self, bot: Hearth, bank: Bank) -> None:
        super().__init__(bot, bank)
        self.claiming = Claiming(bank)

    @command(aliases=["steal"])
    @example("@ann")
    async def rob(self, ctx: GuildContext, *, member: Annotated[discord.Member, GuildMember]) -> None:
        """Try to rob a member of coins they have in hand; it may cost a fine.

        What is in the bank is safe. You need some coins in hand yourself, and a fine is at most what you have
        there.
        """
        self._refuse(ctx, member)
        async with self.bank.by(ctx, "rob") as operation:
            claimed = await self.claiming.claim(operation, ctx.author.id, "rob")
            victim = await operation.account(member.id)
            await self._check_victim(operation, member, victim)
            has = await self._risked(operation, ctx.author.id)
            came = self._try(ctx, has, victim.cash)
            if came.success:
                await self.claiming.store.write(operation, member.id, ROBBED)
                await operation.post(*transfer(member.id, ctx.author.id, came.gain))
            else:
                await operation.post(Posting(ctx.author.id, -came.fine, kind="fine"))
        balance = self.bank.show(ctx.guild.id, has + came.gain - came.fine)
        told = self._text(ctx, member, came, balance)
        await (ctx.success if came.success else ctx.error)(f"{told}\n{next_time(claimed)}")

    def _refuse(self, ctx: GuildContext, member: discord.Member) -> None:
        """Raise `UserError` for whom nobody can rob."""
        not_a_bot(member)
        if member.id == ctx.author.id:
            raise UserError(_("You can't rob yourself."))
        safe_roles = self.bot.guild_settings.get(ctx.guild.id, settings.ROB_SAFE_ROLES)
        if any(role.id in safe_roles for role in member.roles):
            raise UserError(_("{member} has a role that can't be robbed.").format(member=member.mention))

    async def _check_victim(self, operation: Operation, member: discord.Member, victim: Account) -> None:
        """Raise `UserError`, which takes the robber's claim back, for whom one can't rob at the moment."""
        get = self.bot.guild_settings.get
        last = await self.claiming.store.last(operation.guild_id, member.id, ROBBED)
        immunity = rules.Rhythm(get(operation.guild_id, settings.ROB_IMMUNITY))
        if last is not None and not immunity.is_possible(last, operation.new.at):
            raise UserError(
                _("{member} was robbed not long ago and can't be robbed before {moment}.").format(
                    member=member.mention, moment=timestamp(immunity.possible_at(last.at), "F")
                )
            )
        least = get(operation.guild_id, settings.ROB_VICTIM_MINIMUM)
        if victim.cash < least:
            raise UserError(
                _("{member} has less than {least} in hand: that isn't worth it.").format(
                    member=member.mention, least=self.bank.show(operation.guild_id, least)
                )
            )

    async def _risked(self, operation: Operation, robber_id: int) -> int:
        """What the robber has in hand; raises `UserError` if it is too little to make a fine felt."""
        least = self.bot.guild_settings.get(operation.guild_id, settings.ROB_OWN_MINIMUM)
        account = await operation.account(robber_id)
        if account.cash < least:
            raise UserError(
                _("To rob somebody you need {least} in hand, for the fine if you are caught; you have {has}.").format(
                    least=self.bank.show(operation.guild_id, least),
                    has=self.bank.show(operation.guild_id, account.cash),
                )
            )
        return account.cash

    def _try(self, ctx: GuildContext, has: int, victim_has: int) -> rules.Outcome:
        def get(setting: Setting[int]) -> int:
            return self.bot.guild_settings.get(ctx.guild.id, setting)

        return rules.robbery(
            self.bot.chance,
            get(settings.ROB_CHANCE),
            share_percent=rules.Range(get(settings.ROB_SHARE_LEAST), get(settings.ROB_SHARE_MOST)),
            fine=rules.Range(get(settings.ROB_FINE_LEAST), get(settings.ROB_FINE_MOST)),
            in_hand=has,
            victim_has=victim_has,
        )

    def _text(self, ctx: GuildContext, member: discord.Member, came: rules.Outcome, balance: str) -> str:
        if came.success:
            sentence = _("You rob {member} of {amount} and have {balance} in hand.")
        elif came.fine:
            sentence = _("{member} notices you: you pay a fine of {amount} and have {balance} in hand.")
        else:
            sentence = _("{member} notices you, but there is nothing in your pockets to pay a fine with.")
        amount = self.bank.show(ctx.guild.id, came.gain or came.fine)
        return sentence.format(member=member.mention, amount=amount, balance=balance)

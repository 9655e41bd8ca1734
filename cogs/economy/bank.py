"""The bank as commands use it: operations that tell their news, refusals and amounts in words."""

import re
from collections import defaultdict
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import discord

from cogs.economy.kinds import KINDS
from cogs.economy.settings import CURRENCY_NAME, CURRENCY_SYMBOL, START_BALANCE, SYMBOL_POSITION
from database.economy import (
    MOST_COINS,
    Account,
    AlreadyDone,
    Cause,
    EconomyStore,
    NewOperation,
    NotEnough,
    Operation,
    Shortfall,
    TooMuch,
)
from utils import events
from utils.amounts import Amount
from utils.context import Context
from utils.errors import Silent, UserError
from utils.events import CoinsEarned, CoinsSpent
from utils.formatting import safe
from utils.i18n import _, format_number

if TYPE_CHECKING:
    from utils.bot import Hearth

_CUSTOM_EMOJI = re.compile(r"<a?:\w{2,32}:[0-9]{15,20}>")

Doer = Context | discord.Interaction
"""Somebody's command or click, which does something once however often Discord delivers it."""


class Bank:
    """Every guild's coins. One for the whole feature: its cogs share it."""

    def __init__(self, bot: "Hearth") -> None:
        self.bot = bot
        self.store = EconomyStore(bot.db)

    # --- moving coins

    @asynccontextmanager
    async def by(
        self,
        doer: Doer,
        kind: str,
        *,
        subject: str | None = None,
        reason: str | None = None,
        reverses: int | None = None,
    ) -> AsyncIterator[Operation]:
        """An operation that somebody's command or click brings about, once.

        Raises `UserError` with a sentence for what the bank refuses, and `Silent` for a command that Discord
        delivered before.
        """
        assert doer.guild is not None
        if isinstance(doer, Context):
            cause, actor = Cause("message", doer.message.id), doer.author
        else:
            cause, actor = Cause("click", doer.id), doer.user
        try:
            async with self.operation(
                doer.guild.id, kind, cause, actor.id, subject=subject, reason=reason, reverses=reverses
            ) as operation:
                yield operation
        except AlreadyDone as error:
            raise (Silent() if isinstance(doer, Context) else UserError(_("That's done already."))) from error
        except NotEnough as error:
            raise UserError(self.not_enough(doer.guild.id, error.shortfalls[0], actor.id)) from error
        except TooMuch as error:
            raise UserError(self.too_much(doer.guild.id, error, actor.id)) from error

    @asynccontextmanager
    async def operation(
        self,
        guild_id: int,
        kind: str,
        cause: Cause,
        actor_id: int | None = None,
        *,
        subject: str | None = None,
        reason: str | None = None,
        reverses: int | None = None,
    ) -> AsyncIterator[Operation]:
        """An operation, whose news are told once it is kept. Raises what `EconomyStore.operation` does."""
        new = NewOperation(
            guild_id, kind, cause, actor_id, discord.utils.utcnow(), subject, reason, self.opening(guild_id), reverses
        )
        async with self.store.operation(new) as operation:
            yield operation
            news = self._news(operation)  # in here, where a kind that isn't in the table takes all of it back
        for each in news:
            events.publish(self.bot, each)

    def _news(self, operation: Operation) -> list[object]:
        """What was earned and spent."""
        news: list[object] = []
        moved: defaultdict[tuple[int, str], int] = defaultdict(int)
        for entry in operation.entries:
            moved[entry.user_id, entry.kind] += entry.amount
        for (user_id, name), amount in moved.items():
            kind = KINDS[name]
            if kind.earns and amount > 0:
                news.append(CoinsEarned(operation.guild_id, user_id, amount, name, operation.number))
            elif kind.spends and amount < 0:
                news.append(CoinsSpent(operation.guild_id, user_id, -amount, name, operation.number))
        return news

    # --- looking

    def opening(self, guild_id: int) -> int:
        """What an account begins with."""
        return self.bot.guild_settings.get(guild_id, START_BALANCE)

    async def account(self, guild_id: int, user_id: int) -> Account:
        """What somebody has; one who never had an account has what it would begin with."""
        return (await self.accounts(guild_id, [user_id]))[user_id]

    async def accounts(self, guild_id: int, user_ids: Sequence[int]) -> dict[int, Account]:
        """What each of these has, as `account` tells of one."""
        found = await self.store.accounts(guild_id, user_ids)
        opening = self.opening(guild_id)
        return {one: found.get(one) or Account(guild_id, one, cash=opening) for one in user_ids}

    async def resolve(self, guild_id: int, user_id: int, amount: Amount, *, of_bank: bool = False) -> int:
        """How many coins somebody means by `half` or `250`; never zero. Raises `UserError`."""
        account = await self.account(guild_id, user_id)
        has = account.bank if of_bank else account.cash
        try:
            coins = amount.resolve(has)
        except ValueError as error:
            raise UserError(str(error)) from error
        if coins > has:
            shortfall = Shortfall(user_id, "bank" if of_bank else "cash", has, coins)
            raise UserError(self.not_enough(guild_id, shortfall, user_id))
        return coins

    # --- in words

    def show(self, guild_id: int, amount: int, *, signed: bool = False) -> str:
        """An amount with the guild's sign: 🪙 1,250."""
        settings = self.bot.guild_settings
        symbol = settings.get(guild_id, CURRENCY_SYMBOL)
        symbol = symbol if _CUSTOM_EMOJI.fullmatch(symbol) else safe(symbol)
        number = ("+" if signed and amount > 0 else "") + format_number(amount)
        before = settings.get(guild_id, SYMBOL_POSITION) == "before"
        return f"{symbol} {number}" if before else f"{number} {symbol}"

    def currency(self, guild_id: int) -> str:
        """What the guild's coins are called, safe to be shown."""
        name = self.bot.guild_settings.get(guild_id, CURRENCY_NAME)
        return safe(name) if name else _("coins")

    def not_enough(self, guild_id: int, short: Shortfall, reader_id: int) -> str:
        """That somebody has too little, in a sentence."""
        has, needs = self.show(guild_id, short.has), self.show(guild_id, short.needs)
        if short.user_id != reader_id:
            return _("{member} has only {has}, and {needs} would be needed.").format(
                member=f"<@{short.user_id}>", has=has, needs=needs
            )
        if short.pocket == "bank":
            return _("You have {has} in the bank, and need {needs}.").format(has=has, needs=needs)
        return _("You have {has} in hand, and need {needs}.").format(has=has, needs=needs)

    def too_much(self, guild_id: int, error: TooMuch, reader_id: int) -> str:
        """That an account is full, in a sentence."""
        most = self.show(guild_id, MOST_COINS)
        if error.user_id == reader_id:
            return _("That's more than you can hold: {most} at most.").format(most=most)
        return _("That's more than {member} can hold: {most} at most.").format(
            member=f"<@{error.user_id}>", most=most
        )

"""Giving coins to people and taking them away, to one or to thousands in one operation."""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

import discord

from cogs.economy.bank import Bank
from cogs.economy.base import not_a_bot
from cogs.economy.treasury.rules import taken
from database.economy import Account, Posting
from utils.amounts import Amount
from utils.context import GuildContext
from utils.errors import UserError
from utils.formatting import bullets
from utils.i18n import _, format_number, ngettext
from utils.people import Who, named, people_with

MOST_NAMED: Final = 15  # people who had less than was to be taken; the ledger has them all


class Handing:
    """What staff gives and takes."""

    def __init__(self, bank: Bank) -> None:
        self.bank = bank

    # --- giving

    async def give(self, ctx: GuildContext, who: Who, coins: int, reason: str | None) -> str | None:
        """Give coins to each of these; the answer, or None if whoever asked thought better of it."""
        people = await self._people(ctx, who)
        if isinstance(who, discord.Role) and not await ctx.confirm(self._give_question(ctx, who, people, coins)):
            return None
        async with self.bank.by(ctx, "give", reason=reason) as operation:
            await operation.post_many([Posting(user_id, coins) for user_id in people])
            account = await operation.account(people[0])
        show = self.bank.show
        if isinstance(who, discord.Member):
            return _("{member} got {amount} and has {balance} in hand. That's operation **#{number}**.").format(
                member=who.mention, amount=show(ctx.guild.id, coins), balance=show(ctx.guild.id, account.cash),
                number=operation.number,
            )  # fmt: skip
        return ngettext(
            "{count} member got {amount}. That's operation **#{number}**.",
            "{count} members got {amount} each, {total} together. That's operation **#{number}**.",
            len(people),
        ).format(
            count=format_number(len(people)), amount=show(ctx.guild.id, coins),
            total=show(ctx.guild.id, coins * len(people)), number=operation.number,
        )  # fmt: skip

    def _give_question(self, ctx: GuildContext, role: discord.Role, people: Sequence[int], coins: int) -> str:
        return ngettext(
            "Give {amount} to {count} member ({role})?",
            "Give {amount} to each of {count} members ({role}), {total} together?",
            len(people),
        ).format(
            amount=self.bank.show(ctx.guild.id, coins), count=format_number(len(people)), role=named(role),
            total=self.bank.show(ctx.guild.id, coins * len(people)),
        )  # fmt: skip

    # --- taking

    async def take(self, ctx: GuildContext, who: Who, amount: Amount, reason: str | None) -> str | None:
        """Take coins from each of these, as many as they have at most; as `give`."""
        people = await self._people(ctx, who)
        if isinstance(who, discord.Role) and not await ctx.confirm(
            await self._take_question(ctx, who, people, amount)
        ):
            return None
        async with self.bank.by(ctx, "take", reason=reason) as operation:
            accounts = await operation.accounts(people)
            postings = [
                posting
                for user_id in people
                for posting in taken(accounts[user_id], _wanted(accounts[user_id], amount))
            ]
            total = -sum(posting.amount for posting in postings)
            if not total:
                raise UserError(_nothing_there(who))
            await operation.post_many(postings)
        shown = self.bank.show(ctx.guild.id, total)
        if isinstance(who, discord.Member):
            had = accounts[who.id]
            sentence = _("Took {amount} from {member}, who has {left} left. That's operation **#{number}**.")
            if _wanted(had, amount) > had.total:
                sentence = _("Took {amount} from {member}, who had no more. That's operation **#{number}**.")
            left = self.bank.show(ctx.guild.id, had.total - total)
            return sentence.format(amount=shown, member=who.mention, left=left, number=operation.number)
        answer = ngettext(
            "Took {total} from {count} member. That's operation **#{number}**.",
            "Took {total} from {count} members. That's operation **#{number}**.",
            len(people),
        ).format(total=shown, count=format_number(len(people)), number=operation.number)
        return "\n".join([answer, *self._who_had_less(ctx, accounts, amount, _had_less)])

    async def _take_question(
        self, ctx: GuildContext, role: discord.Role, people: Sequence[int], amount: Amount
    ) -> str:
        accounts = await self.bank.accounts(ctx.guild.id, people)
        total = sum(min(_wanted(account, amount), account.total) for account in accounts.values())
        question = ngettext(
            "Take {total} from {count} member ({role})?",
            "Take {total} from {count} members together ({role})?",
            len(people),
        ).format(total=self.bank.show(ctx.guild.id, total), count=format_number(len(people)), role=named(role))
        return "\n".join([question, *self._who_had_less(ctx, accounts, amount, _have_less)])

    def _who_had_less(
        self,
        ctx: GuildContext,
        accounts: Mapping[int, Account],
        amount: Amount,
        head: Callable[[int], str],
    ) -> list[str]:
        """Those from whom less is taken than was asked for, as lines under a head."""
        poor = [account for account in accounts.values() if account.total < _wanted(account, amount)]
        poor.sort(key=lambda account: account.user_id)
        if not poor:
            return []
        lines = [
            _("{member}: {amount}").format(
                member=f"<@{one.user_id}>", amount=self.bank.show(ctx.guild.id, one.total)
            )
            for one in poor[:MOST_NAMED]
        ]  # fmt: skip
        if len(poor) > MOST_NAMED:
            more = len(poor) - MOST_NAMED
            lines.append(
                ngettext("and {count} more", "and {count} more", more).format(count=format_number(more))
            )  # fmt: skip
        return [head(len(poor)).format(count=format_number(len(poor))), bullets(lines)]

    # --- setting

    async def set(self, ctx: GuildContext, who: Who, coins: int, reason: str | None) -> str | None:
        """Let each of these have so many coins in hand; as `give`."""
        people = await self._people(ctx, who)
        if isinstance(who, discord.Role) and not await ctx.confirm(self._set_question(ctx, who, people, coins)):
            return None
        shown = self.bank.show(ctx.guild.id, coins)
        async with self.bank.by(ctx, "set", reason=reason) as operation:
            before = await operation.accounts(people)
            await operation.post_many([Posting(user_id, coins - before[user_id].cash) for user_id in people])
            if not operation.entries:
                raise UserError(_have_that(who, shown))
        if isinstance(who, discord.Member):
            return _("{member} has {amount} in hand now; it was {before}. That's operation **#{number}**.").format(
                member=who.mention, amount=shown, before=self.bank.show(ctx.guild.id, before[who.id].cash),
                number=operation.number,
            )  # fmt: skip
        return ngettext(
            "{count} member has {amount} in hand now. That's operation **#{number}**.",
            "{count} members have {amount} each in hand now. That's operation **#{number}**.",
            len(people),
        ).format(count=format_number(len(people)), amount=shown, number=operation.number)

    def _set_question(self, ctx: GuildContext, role: discord.Role, people: Sequence[int], coins: int) -> str:
        return ngettext(
            "Let {count} member ({role}) have exactly {amount} in hand?",
            "Let each of {count} members ({role}) have exactly {amount} in hand?",
            len(people),
        ).format(amount=self.bank.show(ctx.guild.id, coins), count=format_number(len(people)), role=named(role))

    async def _people(self, ctx: GuildContext, who: Who) -> list[int]:
        if isinstance(who, discord.Member):
            return [not_a_bot(who).id]
        async with ctx.typing():  # a thousand at a time
            return await people_with(ctx.bot, who)


def _wanted(account: Account, amount: Amount) -> int:
    """How many coins are to be taken from an account: a share is one of all that it holds."""
    return amount.coins if amount.coins is not None else int(account.total * (amount.share or 0))


def _nothing_there(who: Who) -> str:
    if isinstance(who, discord.Member):
        return _("{member} has no coins to take.").format(member=who.mention)
    return _("None of them has any coins to take.")


def _have_that(who: Who, amount: str) -> str:
    if isinstance(who, discord.Member):
        return _("{member} has {amount} in hand already.").format(member=who.mention, amount=amount)
    return _("All of them have {amount} in hand already.").format(amount=amount)


def _have_less(count: int) -> str:
    return ngettext(
        "{count} member has less than that, and loses all:",
        "{count} members have less than that, and lose all:",
        count,
    )


def _had_less(count: int) -> str:
    return ngettext(
        "{count} member had less than that, and lost all:", "{count} members had less than that, and lost all:", count
    )

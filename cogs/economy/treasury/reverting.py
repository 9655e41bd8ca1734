"""Taking an operation back: the opposite of each of its entries, once."""

import re
from typing import Final

import discord

from cogs.economy.bank import Bank
from cogs.economy.kinds import KINDS
from cogs.economy.treasury.rules import taken_back
from database.economy import Entry, OperationRecord
from database.economy_reports import GameThen, ReportsStore
from utils import embeds
from utils.context import GuildContext
from utils.errors import Silent, UserError
from utils.formatting import bullets, code, pages_of, safe, truncate
from utils.i18n import _, format_list, format_number, ngettext, translate
from utils.time import timestamp

MOST_SHOWN: Final = 10  # changes that the question names
LARGEST_NUMBER: Final = 2**63 - 1
ITEMS_STAY: Final = frozenset({"purchase", "sale", "trade"})

_NUMBER = re.compile(r"#?([0-9]{1,19})")


def read_number(word: str, prefix: str) -> int:
    """Read `#12` or `12`; raises `UserError` for anything else, with the command that shows numbers."""
    found = _NUMBER.fullmatch(word.strip())
    number = int(found[1]) if found else 0
    if not 0 < number <= LARGEST_NUMBER:
        raise UserError(
            _("{word} is no operation: write its number as `{command}` shows it, like `#12`.").format(
                word=code(truncate(word, 40)), command=f"{prefix}economy history"
            )
        )
    return number


class WouldOweError(Exception):
    """People would go below zero: how much each of them lacks."""

    def __init__(self, missing: dict[int, int]) -> None:
        super().__init__(missing)
        self.missing = missing


class Reverting:
    """Takes operations back."""

    def __init__(self, bank: Bank) -> None:
        self.bank = bank
        self.reports = ReportsStore(bank.bot.db)

    async def revert(self, ctx: GuildContext, word: str | None, reason: str | None) -> None:
        """Ask, take the operation back that is meant, and say so; or name everybody who would go below zero."""
        number = await self._meant(ctx, word)
        record, entries, warning = await self._look(ctx.guild.id, number)
        if not await ctx.confirm("\n".join(filter(None, [self._question(record, entries), warning]))):
            return
        try:
            await self._carry_out(ctx, number, reason)
        except WouldOweError as error:
            await ctx.paginate(self._who_would_owe(ctx.guild.id, number, error.missing))
        except Silent:  # somebody else was quicker
            await self._look(ctx.guild.id, number)
            raise

    async def _carry_out(self, ctx: GuildContext, number: int, reason: str | None) -> None:
        async with self.bank.by(ctx, "revert", reason=reason, reverses=number) as operation:
            _record, entries, _warning = await self._look(ctx.guild.id, number, by=operation.number)
            accounts = await operation.accounts({entry.user_id for entry in entries})
            back = taken_back(entries, accounts)
            if back.missing:
                raise WouldOweError(back.missing)
            await operation.post_many(back.postings)
        await ctx.success(
            _("**#{number}** is taken back. That's operation **#{new}**.").format(number=number, new=operation.number)
        )

    # --- which one

    async def _meant(self, ctx: GuildContext, word: str | None) -> int:
        """The number that was written, or that of what the message did that is replied to."""
        if word is not None:
            return read_number(word, ctx.clean_prefix)
        reference = ctx.message.reference
        if reference is None or reference.message_id is None:
            raise UserError(_("Which operation? Write its number, like `#12`, or reply to the command that did it."))
        numbers = await self.reports.numbers_by_cause(ctx.guild.id, _commanding(reference))
        open_ones = [one for one in numbers if await self.reports.reversed_by(ctx.guild.id, one) is None]
        if len(open_ones) > 1:
            listed = format_list([f"**#{one}**" for one in open_ones])
            raise UserError(_("That message moved coins more than once: {numbers}. Name one.").format(numbers=listed))
        if not numbers:
            raise UserError(_("That message moved no coins."))
        return (open_ones or numbers)[0]

    async def _look(
        self, guild_id: int, number: int, *, by: int | None = None
    ) -> tuple[OperationRecord, list[Entry], str | None]:
        """The operation, what it changed, and what to be warned of. Raises `UserError` if it can't be taken back.

        `by` is the operation that is about to do it.
        """
        record = await self.bank.store.get_operation(guild_id, number)
        if record is None:
            raise UserError(_("There is no operation **#{number}**.").format(number=number))
        other = await self.reports.reversed_by(guild_id, number)
        if other is not None and other != by:
            raise UserError(
                _("**#{number}** was taken back already, by **#{other}**.").format(number=number, other=other)
            )
        if record.kind in {"reset", "restore"}:
            raise UserError(_("A reset is taken back by `economy restore`, and a restored one by another reset."))
        every = await self.bank.store.entries_of(guild_id, number)
        entries = [entry for entry in every if entry.kind != "opening"]
        if not every:
            raise UserError(_("**#{number}** moved no coins.").format(number=number))
        if not entries:
            raise UserError(
                _("**#{number}** moved no coins but start balances, and those stay.").format(number=number)
            )
        return record, entries, await self._warning(record, entries)

    async def _warning(self, record: OperationRecord, entries: list[Entry]) -> str | None:
        """What taking it back leaves as it is. Raises `UserError` for what has yet to end, or gave the coins back."""
        if await self.reports.is_on_its_way(record.guild_id, record.number):
            raise UserError(_("What this bought is still being handed over. Try again in a few minutes."))
        for entry in entries:
            then = await self._game(record, entry)
            if then is None:
                continue
            if then.status == "open":
                raise UserError(_("This is a bet of a game that is still open. Wait until it is over."))
            if then.status == "refunded":
                raise UserError(_("These coins were given back already, when the game was called off."))
            if then.payout:
                return _("⚠️ Only the bet is given back: what the game paid is another operation.")
        if record.kind in ITEMS_STAY:
            return _("⚠️ Only coins come back: items and roles stay where they are.")
        return None

    async def _game(self, record: OperationRecord, entry: Entry) -> GameThen | None:
        if entry.kind == "bet":
            return await self.reports.game_of(record.guild_id, entry.user_id, entry.at)
        if entry.kind == "lottery_ticket":
            return await self.reports.lottery_of(record.guild_id, entry.at)
        return None

    # --- in words

    def _question(self, record: OperationRecord, entries: list[Entry]) -> str:
        kind = translate(KINDS[record.kind].label) if record.kind in KINDS else safe(record.kind)
        head = _("Take back **#{number}** ({kind}, {when})?").format(
            number=record.number, kind=kind, when=timestamp(record.at, "f")
        )
        changes: dict[int, int] = {}
        for entry in entries:
            changes[entry.user_id] = changes.get(entry.user_id, 0) - entry.amount
        lines = [
            _("{member}: {amount}").format(
                member=f"<@{user_id}>", amount=self.bank.show(record.guild_id, amount, signed=True)
            )
            for user_id, amount in list(changes.items())[:MOST_SHOWN]
        ]  # fmt: skip
        if len(changes) > MOST_SHOWN:
            more = len(changes) - MOST_SHOWN
            lines.append(ngettext("and {count} more", "and {count} more", more).format(count=format_number(more)))
        return f"{head}\n{bullets(lines)}"

    def _who_would_owe(self, guild_id: int, number: int, missing: dict[int, int]) -> list[discord.Embed]:
        head = ngettext(
            "**#{number}** isn't taken back: {count} member has spent the coins and would go below zero.",
            "**#{number}** isn't taken back: {count} members have spent the coins and would go below zero.",
            len(missing),
        ).format(number=number, count=format_number(len(missing)))
        lines = [
            _("{member}: {amount} missing").format(
                member=f"<@{user_id}>", amount=self.bank.show(guild_id, amount)
            )
            for user_id, amount in sorted(missing.items(), key=lambda one: -one[1])
        ]  # fmt: skip
        return [embeds.error(page) for page in pages_of([head, *lines], most_lines=30)]


def _commanding(reference: discord.MessageReference) -> int:
    """The message that somebody commanded with, also if the reply is to the bot's answer to it."""
    answer = reference.resolved
    assert reference.message_id is not None
    if isinstance(answer, discord.Message) and answer.author.bot and answer.reference is not None:
        return answer.reference.message_id or reference.message_id
    return reference.message_id

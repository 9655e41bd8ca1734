"""The ledger of a whole guild as staff reads it: by filters, in pages or as a file."""

import io
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Final

import discord
from discord.ext import commands

from cogs.economy.accounts.statements import PER_PAGE, PER_PAGE_OF_TEXT, line
from cogs.economy.bank import Bank
from cogs.economy.treasury.words import read_filters
from database.economy_reports import LedgerFilter, LedgerLine, ReportsStore
from utils import embeds
from utils.context import GuildContext
from utils.converters import MemberOrUser
from utils.errors import UserError
from utils.i18n import _, format_number, ngettext
from utils.spreadsheets import MOST_FILE_BYTES, csv_head, csv_line, in_files
from utils.views import LivePage

MOST_PAGES: Final = 200
MOST_FILES: Final = 10
COLUMNS: Final = (
    "operation", "time", "user_id", "entry", "pocket", "amount", "balance", "kind", "counterparty_id", "actor_id",
    "subject", "reason", "cause", "cause_id", "reverses", "reversed_by",
)  # fmt: skip


class Searching:
    """Looks entries up."""

    def __init__(self, bank: Bank) -> None:
        self.bank = bank
        self.reports = ReportsStore(bank.bot.db)

    async def show(self, ctx: GuildContext, words: str) -> None:
        """Answer with the entries that fit, the newest first."""
        wanted = await self._wanted(ctx, words)
        count = await self.reports.count(ctx.guild.id, wanted)
        if not count:
            await ctx.info(_("No coins moved that fit."))
            return
        per_page = PER_PAGE if ctx.can_embed else PER_PAGE_OF_TEXT
        pages = min(-(-count // per_page), MOST_PAGES)
        found = await self.reports.lines(ctx.guild.id, wanted, limit=pages * per_page)
        title = ngettext("{count} entry", "{count} entries", count).format(count=format_number(count))

        async def read(index: int) -> LivePage:
            index = min(index, pages - 1)
            some = found[index * per_page : (index + 1) * per_page]
            text = "\n".join(self._line(one, named=wanted.user_id is None) for one in some)
            embed = embeds.info(text, title=title)
            if count > len(found):
                embed.set_footer(
                    text=_("These are the newest {most}; narrow it down, or use {command}.").format(
                        most=format_number(len(found)), command=f"{ctx.clean_prefix}economy export"
                    )
                )
            return LivePage(embed, index, pages)

        await ctx.leaf(read)

    async def export(self, ctx: GuildContext, words: str) -> None:
        """Answer with the entries that fit, as files for spreadsheets."""
        wanted = await self._wanted(ctx, words)
        sent = 0
        async for content in in_files(self._rows(ctx.guild.id, wanted), MOST_FILE_BYTES, head=csv_head(COLUMNS)):
            if sent == MOST_FILES:
                raise UserError(_("There are more; narrow it down, for example with `since:90d`."))
            sent += 1
            await ctx.send(file=discord.File(io.BytesIO(content), f"ledger-{sent}.csv"))

    async def _rows(self, guild_id: int, wanted: LedgerFilter) -> AsyncIterator[bytes]:
        async for batch in self.reports.all_lines(guild_id, wanted):
            for one in batch:
                yield csv_row(one).encode()

    async def _wanted(self, ctx: GuildContext, words: str) -> LedgerFilter:
        asked = read_filters(words, discord.utils.utcnow(), ctx.timezone)
        wanted = asked.wanted
        if asked.member is not None:
            wanted = replace(wanted, user_id=await _person(ctx, asked.member))
        if asked.by is not None:
            wanted = replace(wanted, actor_id=await _person(ctx, asked.by))
        return wanted

    def _line(self, one: LedgerLine, *, named: bool) -> str:
        text = line(self.bank, one.entry, one.operation)
        if named:
            text = f"<@{one.entry.user_id}> {text}"
        if one.reversed_by is not None and one.entry.kind != "opening":  # nobody loses what they began with
            text = _("{line} · taken back by #{number}").format(line=text, number=one.reversed_by)
        return text


def csv_row(one: LedgerLine) -> str:
    """An entry as a line of CSV."""
    entry, operation = one.entry, one.operation
    return csv_line(
        (
            entry.operation, entry.at, entry.user_id, entry.entry, entry.pocket, entry.amount, entry.balance,
            entry.kind, entry.counterparty_id, operation.actor_id, operation.subject, operation.reason,
            operation.cause.kind, operation.cause.id, operation.reverses, one.reversed_by,
        )
    )  # fmt: skip


async def _person(ctx: GuildContext, text: str) -> int:
    """The id of somebody, also of one who left."""
    try:
        return (await MemberOrUser().convert(ctx, text)).id
    except commands.BadArgument as error:
        raise UserError(str(error)) from error

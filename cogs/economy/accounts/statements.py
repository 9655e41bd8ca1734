"""The ledger as the owner of an account reads it."""

from typing import Annotated, Final

import discord
from discord.ext import commands

from cogs.economy.bank import Bank
from cogs.economy.base import EconomyCog
from cogs.economy.games.catalogue import GAMES
from cogs.economy.kinds import KINDS
from database.economy import Entry, OperationRecord
from utils import embeds
from utils.commands import command, example
from utils.context import GuildContext
from utils.converters import MemberOrUser
from utils.formatting import safe, truncate
from utils.i18n import _, translate
from utils.time import timestamp
from utils.views import LivePage

PER_PAGE: Final = 10
PER_PAGE_OF_TEXT: Final = 5
"""Where embeds aren't shown: a message takes less than half as many characters."""
LONGEST_SUBJECT: Final = 40  # characters
LONGEST_REASON: Final = 60  # characters


class Statements(EconomyCog):
    """What moved your coins."""

    @command(aliases=["ledger", "coinhistory"])
    @example("", "@ann")
    async def transactions(
        self,
        ctx: GuildContext,
        *,
        member: Annotated[discord.Member | discord.User | None, MemberOrUser] = None,
    ) -> None:
        """Show what moved your coins, the newest first.

        Who may manage the server can look at another member's, also of one who left.
        """
        owner = member or ctx.author
        if owner.id != ctx.author.id and not ctx.author.guild_permissions.manage_guild:
            raise commands.MissingPermissions(["manage_guild"])

        async def read(index: int) -> LivePage:
            return await self._page(ctx.guild.id, owner, index, PER_PAGE if ctx.can_embed else PER_PAGE_OF_TEXT)

        await ctx.leaf(read)

    async def _page(self, guild_id: int, owner: discord.Member | discord.User, index: int, per_page: int) -> LivePage:
        store = self.bank.store
        account = await store.account(guild_id, owner.id)
        # An account's entries are numbered without holes, so a page is found without counting.
        count = 0 if account is None else account.entries
        pages = max(1, -(-count // per_page))
        index = min(index, pages - 1)
        entries = await store.history(guild_id, owner.id, limit=per_page, before=count - index * per_page + 1)
        operations = await store.operations(guild_id, (entry.operation for entry in entries))
        lines = [line(self.bank, entry, operations[entry.operation]) for entry in entries]
        embed = embeds.info("\n".join(lines) or _("No coins have moved here yet."), title=_("Transactions"))
        embed.set_author(name=owner.display_name, icon_url=owner.display_avatar.url)
        return LivePage(embed, index, pages)


def line(bank: Bank, entry: Entry, operation: OperationRecord) -> str:
    """An entry in one line: its operation's number, how much, what for, from or to whom, and when."""
    parts = [bank.show(entry.guild_id, entry.amount, signed=True), _what(entry, operation)]
    if entry.pocket == "bank":
        parts.append(_("in the bank"))
    if operation.reverses is not None:
        parts.append(_("takes back #{number}").format(number=operation.reverses))
    if who := _who(entry, operation):
        parts.append(who)
    if operation.reason and entry.kind != "opening":
        parts.append(_("“{reason}”").format(reason=safe(truncate(operation.reason, LONGEST_REASON))))
    parts.append(timestamp(entry.at, "R"))
    return f"**#{entry.operation}** " + " · ".join(parts)


def _what(entry: Entry, operation: OperationRecord) -> str:
    """What coins moved for, with the game or the item if there is one."""
    kind = KINDS[entry.kind]
    what = translate(kind.label)
    if operation.subject is None or entry.kind == "opening":
        return what
    game = GAMES.get(operation.subject) if kind.source == "games" else None  # an item may be called like a game
    subject = translate(game.label) if game else safe(truncate(operation.subject, LONGEST_SUBJECT))
    return _("{what}: {subject}").format(what=what, subject=subject)


def _who(entry: Entry, operation: OperationRecord) -> str | None:
    """Whom coins came from or went to, or which other person moved them."""
    if entry.counterparty_id is not None:
        wording = _("from {member}") if entry.amount > 0 else _("to {member}")
        return wording.format(member=f"<@{entry.counterparty_id}>")
    if operation.actor_id not in {None, entry.user_id} and entry.kind != "opening":
        return _("by {member}").format(member=f"<@{operation.actor_id}>")
    return None

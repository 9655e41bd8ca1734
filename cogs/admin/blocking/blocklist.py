"""`blocklist`: whom the bot doesn't listen to in a server, for good or for a while."""

import asyncio
import logging
from datetime import datetime, timedelta
from typing import Annotated, Final

import discord

from database.access_blocks import ServerBlock
from database.errors import DatabaseError
from utils import embeds
from utils.access import is_moderator
from utils.checks import requires
from utils.cog import StartingCog
from utils.commands import example, group
from utils.context import GuildContext
from utils.converters import MemberOrUser, parse_text
from utils.errors import UserError
from utils.formatting import pages_of, safe
from utils.i18n import _
from utils.time import parse_duration, timestamp
from utils.time.durations import read_span

log = logging.getLogger("hearth.access")

LINES_A_PAGE: Final = 15
REASON_LIMIT: Final = 200  # characters
LONGEST: Final = timedelta(days=3650)
SWEPT_EVERY_SECONDS: Final = 24 * 3600.0

Person = Annotated[discord.Member | discord.User, MemberOrUser]


def read_length(text: str) -> tuple[timedelta | None, str | None]:
    """How long and why: what `7d spam`, `7d` or `spam` says. Raises `ValueError`."""
    text = text.strip()
    found = read_span(text)
    length = None
    if found is not None and found[0].in_digits and not text[found[1] : found[1] + 1].strip():
        length = parse_duration(text[: found[1]], maximum=LONGEST)
        text = text[found[1] :]
    return length, parse_text(text, REASON_LIMIT, 0) or None


class Blocklist(StartingCog):
    """Whom I don't listen to in this server."""

    async def from_the_start_on(self) -> None:
        """For ever: let go of what is over, which the start did, too."""
        while True:
            await asyncio.sleep(SWEPT_EVERY_SECONDS)
            try:
                await self.bot.access.blocks.load()
            except DatabaseError:
                log.warning("Blocks that are over stay for now", exc_info=True)

    @group(aliases=["serverblock", "blocks"])
    @requires(manage_guild=True)
    @example("")
    async def blocklist(self, ctx: GuildContext) -> None:
        """Show whom I don't listen to in this server: neither commands nor buttons work for them.

        Who sends too many commands comes here by itself for a while; `config set command-spam off` stops that.
        """
        await self._show(ctx)

    @blocklist.command(name="list")
    @example("")
    async def list_blocks(self, ctx: GuildContext) -> None:
        """Show whom I don't listen to in this server."""
        await self._show(ctx)

    @blocklist.command(name="add")
    @example("@ann", "@ann 7d plays all night", "123456789012345678 cheats")
    async def add(self, ctx: GuildContext, person: Person, *, length_and_reason: str = "") -> None:
        """Listen to somebody no more in this server, for a while or for good.

        Neither commands nor buttons work for them then, and what they write brings no XP and no coins.
        """
        await self._check(ctx, person)
        try:
            length, reason = read_length(length_and_reason)
        except ValueError as error:
            raise UserError(str(error)) from error
        now = discord.utils.utcnow()
        until = None if length is None else now + length
        old = self.bot.access.blocks.in_server(ctx.guild.id, person.id)
        if old is not None and (old.until, old.reason) == (until, reason):
            raise UserError(_("I don't listen to {person} already.").format(person=person.mention))
        await self.bot.access.blocks.block(ServerBlock(ctx.guild.id, person.id, ctx.author.id, now, until, reason))
        await ctx.success(_done(person, until))

    @blocklist.command(name="remove", aliases=["delete"])
    @example("@ann")
    async def remove(self, ctx: GuildContext, *, person: Person) -> None:
        """Listen to somebody again."""
        if self.bot.access.blocks.in_server(ctx.guild.id, person.id) is None:
            raise UserError(_("{person} isn't blocked in this server.").format(person=person.mention))
        await self.bot.access.blocks.unblock(ctx.guild.id, person.id)
        await ctx.success(_("I listen to {person} again.").format(person=person.mention))

    async def _show(self, ctx: GuildContext) -> None:
        blocks = self.bot.access.blocks.of_server(ctx.guild.id)
        if not blocks:
            await ctx.info(_("I listen to everybody in this server."))
            return
        pages = pages_of([line(one) for one in blocks], most_lines=LINES_A_PAGE)
        await ctx.paginate([embeds.info(page, title=_("Whom I don't listen to")) for page in pages])

    async def _check(self, ctx: GuildContext, person: discord.Member | discord.User) -> None:
        if person.id == ctx.author.id:
            raise UserError(_("You can't do this to yourself."))
        if person.bot:
            raise UserError(_("Bots don't use my commands."))
        if person.id == ctx.guild.owner_id or await self.bot.is_owner(person):
            raise UserError(_("{person} can't be blocked.").format(person=person.mention))
        if is_moderator(person) and ctx.author.id != ctx.guild.owner_id:
            raise UserError(_("Only the server's owner can block moderators."))


def line(one: ServerBlock) -> str:
    """A block in a list."""
    words = {
        "person": f"<@{one.user_id}>",
        "who": f"<@{one.blocked_by}>" if one.blocked_by else _("me: too many commands"),
        "when": timestamp(one.blocked_at, "d"),
        "until": timestamp(one.until, "f") if one.until else "",
    }
    text = (
        _("{person}, by {who} on {when}, until {until}") if one.until else _("{person}, by {who} on {when}")
    ).format(**words)
    return f"{text}: {safe(one.reason)}" if one.reason else text


def _done(person: discord.Member | discord.User, until: datetime | None) -> str:
    if until is None:
        return _("I don't listen to {person} in this server any more.").format(person=person.mention)
    return _("I don't listen to {person} in this server until {when}.").format(
        person=person.mention, when=timestamp(until, "f")
    )

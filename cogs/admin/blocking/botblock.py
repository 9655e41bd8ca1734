"""`botblock`: people whom the bot doesn't listen to anywhere, and servers that it leaves. For who runs it."""

import logging
from typing import Annotated, Any, Final

import discord
from discord.ext import commands

from database.access_blocks import BotBlock, Kind
from utils import embeds
from utils.checks import owner_only
from utils.cog import StartingCog
from utils.commands import example, group
from utils.context import Context
from utils.converters import BoundedText
from utils.errors import UserError
from utils.formatting import code, pages_of, safe, truncate
from utils.i18n import _
from utils.lookup import user_id_in
from utils.time import timestamp

log = logging.getLogger("hearth.access")

LINES_A_PAGE: Final = 15
REASON_LIMIT: Final = 200  # characters


class BlockedId(commands.Converter[int]):
    """The id of a person, also by mention, or of a server."""

    async def convert(self, ctx: commands.Context[Any], argument: str) -> int:
        """Raise `BadArgument` for what is no id."""
        found = user_id_in(argument.strip())
        if found is None:
            raise commands.BadArgument(
                _("Mention a person, or write the id of a person or a server; {text} is none.").format(
                    text=code(truncate(argument, 40))
                )
            )
        return found


AnyId = Annotated[int, BlockedId]


class BotBlocks(StartingCog):
    """For who runs the bot: whom and what to keep away from."""

    async def from_the_start_on(self) -> None:
        """Leave the servers that were blocked while the bot was away."""
        for guild in list(self.bot.guilds):
            await self.leave_if_blocked(guild)

    @commands.Cog.listener()
    async def on_guild_join(self, guild: discord.Guild) -> None:
        """Refuse a blocked server."""
        await self.leave_if_blocked(guild)

    @group()
    @owner_only()
    @example("")
    async def botblock(self, ctx: Context) -> None:
        """Show the people I don't listen to anywhere, and the servers that I leave."""
        await self._show(ctx)

    @botblock.command(name="list")
    @example("")
    async def list_blocks(self, ctx: Context) -> None:
        """Show the people I don't listen to anywhere, and the servers that I leave."""
        await self._show(ctx)

    @botblock.command(name="add")
    @example("123456789012345678 spams")
    async def add(
        self, ctx: Context, blocked_id: AnyId, *, reason: Annotated[str, BoundedText(REASON_LIMIT, 0)] = ""
    ) -> None:
        """Listen to a person no more, anywhere; or leave a server and never come back. By id."""
        found = await self.bot.everywhere.guilds()
        guild = next((one for one in found.guilds if one.id == blocked_id), None)
        kind: Kind = "guild" if guild is not None else await self._kind_of(blocked_id)
        if guild is not None and not await ctx.confirm(
            _("Leave the server {name}, and refuse to come back?").format(name=safe(guild.name))
        ):
            await ctx.info(_("I stay."))
            return
        one = BotBlock(kind, blocked_id, ctx.author.id, discord.utils.utcnow(), reason or None)
        if not await self.bot.access.blocks.block_everywhere(one):
            raise UserError(_("{id} is blocked already.").format(id=code(str(blocked_id))))
        await ctx.success(_added(one))
        if guild is not None:
            await self._leave(guild.id)

    @botblock.command(name="remove", aliases=["delete"])
    @example("123456789012345678")
    async def remove(self, ctx: Context, blocked_id: AnyId) -> None:
        """Listen to a person again, or let a server invite me again."""
        one = self.bot.access.blocks.of_bot(blocked_id)
        if one is None:
            raise UserError(_("{id} isn't blocked.").format(id=code(str(blocked_id))))
        await self.bot.access.blocks.unblock_everywhere(one)
        await ctx.success(_("{id} isn't blocked any more.").format(id=code(str(blocked_id))))

    async def leave_if_blocked(self, guild: discord.Guild) -> None:
        """Leave a server that is blocked; what Discord answers to that is only written down."""
        if self.bot.access.blocks.of_bot(guild.id) is None:
            return
        await self._leave(guild.id)

    async def _leave(self, guild_id: int) -> None:
        log.info("Leaving the blocked guild %d", guild_id)
        try:
            await self.bot.everywhere.leave(guild_id)
        except discord.HTTPException:
            log.warning("Could not leave guild %d", guild_id, exc_info=True)

    async def _show(self, ctx: Context) -> None:
        blocks = self.bot.access.blocks.everywhere()
        if not blocks:
            await ctx.info(_("Nobody is blocked, and no server."))
            return
        pages = pages_of([_line(one) for one in blocks], most_lines=LINES_A_PAGE)
        await ctx.paginate([embeds.info(page, title=_("Whom and what I keep away from")) for page in pages])

    async def _kind_of(self, blocked_id: int) -> Kind:
        """Whose id it is: a person's, if Discord knows one. Raises UserError for people who can't be blocked."""
        try:
            user = self.bot.get_user(blocked_id) or await self.bot.fetch_user(blocked_id)
        except discord.NotFound:
            return "guild"
        if user.bot:
            raise UserError(_("Bots don't use my commands."))
        if await self.bot.is_owner(user):
            raise UserError(_("{person} can't be blocked.").format(person=user.mention))
        return "user"


def _added(one: BotBlock) -> str:
    if one.kind == "user":
        return _("I don't listen to {person} anywhere any more.").format(person=f"<@{one.id}>")
    return _("I keep away from the server {id} from now on.").format(id=code(str(one.id)))


def _line(one: BotBlock) -> str:
    words = {"id": code(str(one.id)), "person": f"<@{one.id}>", "when": timestamp(one.blocked_at, "d")}
    text = (_("{person} ({id}), on {when}") if one.kind == "user" else _("server {id}, on {when}")).format(**words)
    return f"{text}: {safe(one.reason)}" if one.reason else text

"""What is stored about people: shown, handed out, deleted."""

import asyncio
import io
from typing import Annotated, Any, Literal

import discord
from discord.ext import commands

from cogs.admin.privacy import rules, texts
from cogs.admin.privacy.personal_data import PERSONAL_DATA
from cogs.admin.privacy.service import Erasing
from utils import embeds
from utils.bot import CANNOT_SAY, Hearth
from utils.cog import Cog
from utils.commands import command, example, group
from utils.context import Context
from utils.errors import UserError
from utils.formatting import safe, truncate
from utils.i18n import _
from utils.privacy import by_feature, store_of
from utils.views import Confirm

LOOKS, LOOKS_SECONDS = 3, 600.0  # each looks through tables of everybody's
ANSWER_WITHIN_SECONDS = 180.0  # there is something to read


class Here(commands.Converter[Literal["here"]]):
    """The word `here`: this server alone."""

    async def convert(self, ctx: commands.Context[Any], argument: str) -> Literal["here"]:
        """Raise `BadArgument` for another word, `NoPrivateMessage` where there is no server."""
        if argument.casefold() not in {"here", "server", "hier"}:
            raise commands.BadArgument(_("Say `here` for this server alone, or nothing for everywhere."))
        if ctx.guild is None:
            raise commands.NoPrivateMessage
        return "here"


class Privacy(Cog):
    """Shows what is stored about people, hands it out, deletes it."""

    personal_data = PERSONAL_DATA

    def __init__(self, bot: Hearth, erasing: Erasing) -> None:
        super().__init__(bot)
        self.erasing = erasing

    @command(aliases=["datenschutz"])
    @example("")
    async def privacy(self, ctx: Context) -> None:
        """Show what I store about you and this server, why, and for how long."""
        await ctx.paginate(texts.pages(self.bot, ctx.clean_prefix))

    @group(aliases=["meinedaten"])
    @commands.cooldown(LOOKS, LOOKS_SECONDS, commands.BucketType.user)
    @example("")
    async def mydata(self, ctx: Context) -> None:
        """Show what I store about you."""
        counts = await store_of(self.bot).counts(ctx.author.id)
        await ctx.paginate(texts.overview(self.bot, counts, ctx.clean_prefix))

    @mydata.command(name="export", aliases=["download"])
    @commands.cooldown(LOOKS, LOOKS_SECONDS, commands.BucketType.user)
    @commands.max_concurrency(1, commands.BucketType.user)
    @example("", "here")
    async def mydata_export(self, ctx: Context, where: Annotated[Literal["here"] | None, Here] = None) -> None:
        """Send you all that I store about you as a file, by direct message.

        Say `here` for what is about this server alone. What is about others, such as who reported you, isn't in it.
        """
        now = discord.utils.utcnow()
        found = await store_of(self.bot).export(ctx.author.id, _guild_id(ctx, where))
        if not found:
            raise UserError(_("I store nothing about you."))
        things = [texts.in_words(one) for declared in by_feature(self.bot).values() for one in declared]
        content = await asyncio.to_thread(rules.as_json, ctx.author.id, now, things, found)
        name, file = await asyncio.to_thread(rules.as_file, content, now)
        await self._send(ctx, _("This is all that I store about you."), discord.File(io.BytesIO(file), name))
        if ctx.guild is not None:
            await ctx.success(_("I've sent it to you."))

    @mydata.command(name="delete", aliases=["erase", "forget"])
    @commands.cooldown(LOOKS, LOOKS_SECONDS, commands.BucketType.user)
    @commands.max_concurrency(1, commands.BucketType.user)
    @example("", "here")
    async def mydata_delete(self, ctx: Context, where: Annotated[Literal["here"] | None, Here] = None) -> None:
        """Delete what I store about you, after asking.

        Say `here` for what is about this server alone. What moderators did stays without your name; what is in force
        for you stays until it ends. It can't be taken back.
        """
        self.erasing.check_whole()
        await self.erasing.check_wait(ctx.author.id, _guild_id(ctx, where))
        counts = await store_of(self.bot).counts(ctx.author.id, _guild_id(ctx, where))
        if not counts:
            # Where others' rows name them, such as a report, nobody is told so; but they needn't be named there.
            await self.erasing.erase(ctx.author.id, _guild_id(ctx, where), is_noted=False)
            raise UserError(_("I store nothing about you."))
        if not await self._agrees(ctx, texts.deletion(self.bot, counts), where):
            await ctx.info(_("Nothing was deleted."))
            return
        if await self.erasing.erase(ctx.author.id, _guild_id(ctx, where)):
            await ctx.success(_("Your data is deleted. What is in force for you stays until it ends, and goes then."))
        else:
            await ctx.success(_("Your data is deleted."))

    async def _agrees(self, ctx: Context, fields: list[tuple[str, str]], where: str | None) -> bool:
        """Show what becomes of what, and ask under the last page."""
        if where is not None and ctx.guild is not None:
            question = _("Delete what I store about you in {server}? This can't be taken back.").format(
                server=safe(truncate(ctx.guild.name, 100))
            )
        else:
            question = _("Delete what I store about you, in all servers? This can't be taken back.")
        *before, last = embeds.with_fields(embeds.info(question, title=_("Delete your data")), fields)
        for page in before:
            await ctx.show(page)
        view = Confirm(self.bot, ctx.author.id, timeout_seconds=ANSWER_WITHIN_SECONDS)
        await ctx.show(last, view=view)
        await view.wait()
        return view.answer is True

    async def _send(self, ctx: Context, text: str, file: discord.File) -> None:
        try:
            await ctx.author.send(text, file=file)
        except discord.Forbidden:
            raise UserError(
                _("I can't send you direct messages; open yours for this server and try again.")
            ) from None
        except CANNOT_SAY as error:
            raise UserError(_("Discord didn't take the file. Please try again later.")) from error


def _guild_id(ctx: Context, where: str | None) -> int | None:
    return ctx.guild.id if where is not None and ctx.guild is not None else None

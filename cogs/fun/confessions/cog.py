"""Confessions: posted without a name, by direct message or in a server."""

from collections.abc import Mapping
from typing import ClassVar, Final

import discord

from cogs.fun.confessions import settings
from cogs.fun.confessions.service import MOST_CHARACTERS, Confessions, warning, writer
from cogs.fun.confessions.views import GuildMenu, ReportConfession, StaffButton
from database.confessions import Confession
from utils import checks, embeds, errors
from utils.bot import Hearth
from utils.cog import Cog
from utils.commands import command, example, group
from utils.context import Context, GuildContext
from utils.converters import MemberOrUser, parse_text
from utils.discretion import hidden, whisper
from utils.errors import UserError, as_user_error
from utils.i18n import _
from utils.views import Confirm

SHORTEST_ID: Final = 15  # digits; a number of a confession has fewer


class Confessing(Cog):
    """Confess something without your name."""

    settings = settings.SETTINGS
    dynamic_items: ClassVar = (ReportConfession, StaffButton)
    also_needs: ClassVar[Mapping[str, str]] = {
        "manage_messages": "`confess` deletes at once what the member wrote",
        "embed_links": "posting confessions",
    }

    def __init__(self, bot: Hearth) -> None:
        super().__init__(bot)
        self.confessions = Confessions(bot)

    @command()
    @example("I ate the last cookie", "I have never read the rules")
    async def confess(self, ctx: Context, *, text: str) -> None:
        """Confess something without your name.

        Write it to me directly: then nobody can see you type. In a server I delete your message at once, but somebody
        may have seen it. Moderators can look up who wrote a confession; I tell you so before your first one.
        """
        if ctx.guild is not None and not await hidden(ctx):
            raise UserError(
                _("I can't delete your message here, so everybody sees who you are. Write to me directly.")
            )
        try:
            answer = embeds.success(await self._confess(ctx, text))
        except Exception as error:
            # Elsewhere the answer would come as a reply for all to see.
            if not errors.is_expected(error):
                raise
            answer = embeds.error(errors.answer_to(ctx, error) or _("You can't use this here."))
        await whisper(ctx, answer)

    async def _confess(self, ctx: Context, text: str) -> str:
        """Post it; the sentence for who wrote it. Raises `UserError`."""
        with as_user_error():
            text = parse_text(text, MOST_CHARACTERS)
        guild = ctx.guild or await self._guild_meant(ctx)
        await self.confessions.check(guild, ctx.author.id)
        if not await self.confessions.store.agreed(guild.id, ctx.author.id):
            if not await self._ask(ctx, warning(guild)):
                return _("Nothing is posted.")
            await self.confessions.store.agree(guild.id, ctx.author.id, discord.utils.utcnow())
        message = await self.confessions.post(guild, ctx.author.id, ctx.message.id, text)
        if message is None:
            return _("It is posted already.")
        answer = _("Your confession is [posted]({link}).").format(link=message.jump_url)
        if ctx.message.attachments:
            answer += " " + _("Files don't go along.")
        return answer

    async def _guild_meant(self, ctx: Context) -> discord.Guild:
        """The server in which somebody who writes directly wants to confess. Raises `UserError`."""
        guilds = await self.confessions.guilds_of(ctx.author.id)
        if not guilds:
            raise UserError(_("You are in no server with me that has a channel for confessions."))
        if len(guilds) == 1:
            return guilds[0]
        menu = GuildMenu(self.bot, ctx.author.id, guilds)
        await ctx.show(embeds.info(_("Where do you want to confess?")), view=menu)
        await menu.wait()
        if menu.chosen is None:
            raise UserError(_("Nothing is posted."))
        return menu.chosen

    async def _ask(self, ctx: Context, question: str) -> bool:
        """Ask yes or no in direct messages; silence means no."""
        view = Confirm(self.bot, ctx.author.id)
        view.message = await ctx.author.send(embed=embeds.info(question), view=view)
        await view.wait()
        return view.answer is True

    # --- moderators

    @group(only_leads=True)
    @example("")
    @checks.requires(manage_messages=True)
    async def confession(self, ctx: GuildContext) -> None:
        """Deal with confessions: see who wrote one, remove it, block its writer."""
        names = [f"`{ctx.clean_prefix}{one.qualified_name}`" for one in self.confession.commands]
        raise UserError(
            _("Say what to do with which confession: {commands}.").format(commands=", ".join(sorted(names)))
        )

    @confession.command(name="who")
    @example("12")
    @checks.requires(manage_messages=True)
    async def confession_who(self, ctx: GuildContext, number: int) -> None:
        """Tell you directly who wrote a confession."""
        confession = await self._numbered(ctx, number)
        await ctx.author.send(embed=embeds.info(await self.do("who", confession, ctx.author.id)))
        await ctx.success(_("I have written to you."))

    @confession.command(name="remove", aliases=["delete"])
    @example("12")
    @checks.requires(manage_messages=True)
    async def confession_remove(self, ctx: GuildContext, number: int) -> None:
        """Delete a confession."""
        await ctx.success(await self.do("remove", await self._numbered(ctx, number), ctx.author.id))

    @confession.command(name="block")
    @example("12")
    @checks.requires(manage_messages=True)
    async def confession_block(self, ctx: GuildContext, number: int) -> None:
        """Take no more confessions from who wrote this one; you need not know who it is."""
        await ctx.success(await self.do("block", await self._numbered(ctx, number), ctx.author.id))

    @confession.command(name="unblock")
    @example("12", "@Ann")
    @checks.requires(manage_messages=True)
    async def confession_unblock(self, ctx: GuildContext, *, number_or_member: str) -> None:
        """Take confessions from somebody again: from who wrote that one, or by name."""
        text = number_or_member.strip().removeprefix("#")
        if text.isdecimal() and len(text) < SHORTEST_ID:
            user_id = writer(await self._numbered(ctx, int(text)))
        else:
            user_id = (await MemberOrUser().convert(ctx, number_or_member)).id
        if not await self.confessions.store.unblock(ctx.guild.id, user_id):
            raise UserError(_("They aren't blocked."))
        await ctx.success(_("I take their confessions again."))

    async def do(self, doing: str, confession: Confession, by: int) -> str:
        """What a moderator does about a confession; the sentence that says so. Raises `UserError`."""
        if doing == "remove":
            await self.confessions.remove(confession)
            return _("Confession #{number} is removed.").format(number=confession.number)
        if doing == "block":
            await self.confessions.block(confession, by)
            return _("I take no more confessions from who wrote #{number}.").format(number=confession.number)
        return _("Confession #{number} is by {member}.").format(
            number=confession.number, member=f"<@{writer(confession)}>"
        )

    async def _numbered(self, ctx: GuildContext, number: int) -> Confession:
        confession = await self.confessions.store.numbered(ctx.guild.id, number) if 0 < number < 2**63 else None
        if confession is None:
            raise UserError(_("There is no confession with that number."))
        return confession

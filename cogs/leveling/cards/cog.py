"""The commands of rank cards."""

from collections.abc import Mapping
from typing import Annotated, ClassVar

import discord
from discord.ext import commands

from cogs.leveling.base import LevelingCog
from cogs.leveling.cards import settings
from cogs.leveling.cards.showing import Card, Showing
from cogs.leveling.cards.texts import choices_text, names_of_backgrounds
from cogs.leveling.service import Leveling
from cogs.leveling.xp.handing import no_bot
from database.rank_cards import RankCardsStore
from utils.bot import Hearth
from utils.commands import command, example, group
from utils.context import Context, GuildContext
from utils.converters import Colour, MemberOrUser
from utils.drawing.backgrounds import BACKGROUNDS
from utils.errors import UserError
from utils.formatting import code, safe, truncate
from utils.i18n import _
from utils.near import nearest

DRAWN_TIMES, DRAWN_SECONDS = 3, 15.0
"""So often in this time somebody may ask for a picture."""


class BackgroundName(commands.Converter[str]):
    """The name of a background."""

    async def convert(self, ctx: Context, argument: str) -> str:  # type: ignore[override]
        """Raise `BadArgument`, with those there are, for others."""
        name = argument.strip().casefold()
        if name in BACKGROUNDS:
            return name
        shown = safe(truncate(argument.strip(), 40))
        near = nearest(name, BACKGROUNDS)
        if near is not None:
            raise commands.BadArgument(
                _("There is no background “{text}”. Did you mean `{near}`?").format(text=shown, near=near)
            )
        raise commands.BadArgument(
            _("There is no background “{text}”. Choose one of {names}.").format(
                text=shown, names=names_of_backgrounds()
            )
        )


class RankCards(LevelingCog):
    """Rank cards, and how they look."""

    settings = settings.SETTINGS
    also_needs: ClassVar[Mapping[str, str]] = {"attach_files": "the pictures of `rank`"}

    def __init__(self, bot: Hearth, leveling: Leveling) -> None:
        super().__init__(bot, leveling)
        self.store = RankCardsStore(bot.db)
        self.showing = Showing(leveling, bot.drawing, self.store)

    @command(aliases=["level"])
    @example("", "@ann")
    @commands.cooldown(DRAWN_TIMES, DRAWN_SECONDS, commands.BucketType.user)
    async def rank(
        self,
        ctx: GuildContext,
        *,
        member: Annotated[discord.Member | discord.User | None, MemberOrUser] = None,
    ) -> None:
        """Show your rank, your level and the way to the next one, or another member's.

        It comes as a picture; `rankcard` changes how yours looks. People who left have no rank, but keep their XP.
        """
        person = no_bot(member or ctx.author)
        standing = await self.leveling.standing(ctx.guild.id, person.id)
        if not standing.xp:
            if person.id == ctx.author.id:
                raise UserError(_("You have no XP yet. Chat a little, and you get some."))
            raise UserError(_("{member} has no XP yet.").format(member=person.mention))
        await self._send(ctx, await self.showing.card(ctx, person, standing))

    # --- how one's own looks

    @group()
    @example("")
    @commands.cooldown(DRAWN_TIMES, DRAWN_SECONDS, commands.BucketType.user)
    async def rankcard(self, ctx: GuildContext) -> None:
        """Show your rank card and what you can choose for it."""
        await self._send(ctx, await self._own(ctx), choices_text(ctx))

    @rankcard.command(name="colour", aliases=["color"])
    @example("teal", "#3498db", "rgb(255, 136, 0)")
    @commands.cooldown(DRAWN_TIMES, DRAWN_SECONDS, commands.BucketType.user)
    async def rankcard_colour(self, ctx: GuildContext, *, colour: Annotated[discord.Colour, Colour]) -> None:
        """Choose the colour of your rank card, in every server.

        A colour that can't be read on the dark card is drawn lighter.
        """
        await self.store.set_colour(ctx.author.id, colour.value)
        await self._changed(ctx, _("The colour of your card is {colour} now.").format(colour=code(str(colour))))

    @rankcard.command(name="background", aliases=["bg"])
    @example("", "ocean")
    @commands.cooldown(DRAWN_TIMES, DRAWN_SECONDS, commands.BucketType.user)
    async def rankcard_background(
        self, ctx: GuildContext, *, name: Annotated[str | None, BackgroundName] = None
    ) -> None:
        """Choose the background of your rank card, in every server; without a name, see all there are."""
        if name is None:
            await self._show_gallery(ctx)
            return
        await self.store.set_background(ctx.author.id, name)
        await self._changed(ctx, _("The background of your card is {name} now.").format(name=code(name)))

    @rankcard.command(name="reset")
    @example("")
    async def rankcard_reset(self, ctx: GuildContext) -> None:
        """Take back what you chose for your rank card."""
        if not await self.store.reset(ctx.author.id):
            raise UserError(_("You have chosen nothing for your card yet."))
        await ctx.success(_("Your card looks as it did at first."))

    # --- helpers

    async def _own(self, ctx: GuildContext) -> Card:
        return await self.showing.card(ctx, ctx.author, await self.leveling.standing(ctx.guild.id, ctx.author.id))

    async def _changed(self, ctx: GuildContext, text: str) -> None:
        """Say what was changed, with the card as it is now."""
        file = (await self._own(ctx)).file
        if file is None:
            await ctx.success(text)
        else:
            await ctx.reply(text, file=file)

    async def _send(self, ctx: GuildContext, card: Card, text: str | None = None) -> None:
        """Send a card as picture, else as embed."""
        if card.file is None:
            await ctx.reply(text, embed=card.embed)
        else:
            await ctx.reply(text, file=card.file)

    async def _show_gallery(self, ctx: GuildContext) -> None:
        """Show all backgrounds, as picture where that can be."""
        names = _("Backgrounds: {names}").format(names=names_of_backgrounds())
        file = await self.showing.gallery(ctx)
        if file is None:
            await ctx.info(names)
        else:
            await ctx.reply(names, file=file)

"""`colour`."""

from collections.abc import Mapping
from typing import Annotated, ClassVar, Final

import discord
from discord.ext import commands

from cogs.utility.colours.swatch import Swatch, cmyk, draw_swatch, hsl
from utils import embeds
from utils.cog import Cog
from utils.commands import command, example
from utils.context import Context
from utils.converters import Colour, GuildMember, RoleConverter
from utils.drawing.colours import of_number
from utils.formatting import bullets, code
from utils.i18n import _
from utils.lookup import role_id_in, user_id_in

FILE_NAME: Final = "colour.png"
RANDOM: Final = frozenset({"random", "zufall", "zufällig"})
LARGEST: Final = 0xFFFFFF


class AnyColour(commands.Converter[discord.Colour]):
    """A colour, that of a mentioned role or member, or any at random."""

    async def convert(self, ctx: Context, argument: str) -> discord.Colour:  # type: ignore[override]
        """Raise `BadArgument` for anything else."""
        word = argument.strip()
        if word.casefold() in RANDOM:
            return discord.Colour(ctx.bot.chance.randint(0, LARGEST))
        if word.startswith("<@&") and role_id_in(word) is not None:
            return (await RoleConverter().convert(ctx, word)).colour
        if word.startswith("<@") and user_id_in(word) is not None:
            return (await GuildMember().convert(ctx, word)).colour
        return await Colour().convert(ctx, argument)


class Colours(Cog):
    """Look at colours."""

    also_needs: ClassVar[Mapping[str, str]] = {"attach_files": "the pictures of `colour`"}

    @command(aliases=["color"])
    @example("#ff8800", "teal", "rgb(255, 136, 0)", "@Members", "random")
    @commands.cooldown(5, 15.0, commands.BucketType.user)
    async def colour(self, ctx: Context, *, colour: Annotated[discord.Colour, AnyColour]) -> None:
        """Show a colour, and how it is written.

        Name it, write it in hexadecimal or as `rgb(…)`, mention a role or a member to see theirs, or write `random`.
        """
        embed = embeds.info(described(colour.value), title=f"#{colour.value:06x}", colour=colour)
        file = await self._picture(ctx, colour.value)
        if file is not None:
            embed.set_image(url=f"attachment://{FILE_NAME}")
        await ctx.show(embed, file=file)

    async def _picture(self, ctx: Context, number: int) -> discord.File | None:
        """The swatch; None where no picture can be sent or drawn."""
        if not (ctx.can_embed and ctx.can_attach):
            return None
        swatch, drawing = Swatch(number), self.bot.drawing
        return await drawing.file(
            swatch, lambda: draw_swatch(swatch, drawing.fonts), name=FILE_NAME, description=swatch.hexadecimal
        )


def described(number: int) -> str:
    """A colour in all the ways that people write it."""
    red, green, blue = of_number(number)
    hue, saturation, lightness = hsl(number)
    cyan, magenta, yellow, black = cmyk(number)
    lines = [
        _("Hexadecimal: {value}").format(value=code(f"#{number:06x}")),
        f"RGB: {code(f'rgb({red}, {green}, {blue})')}",
        f"HSL: {code(f'hsl({hue}, {saturation}%, {lightness}%)')}",
        f"CMYK: {code(f'{cyan}%, {magenta}%, {yellow}%, {black}%')}",
        _("As a number: {value}").format(value=code(str(number))),
    ]
    return bullets(lines)

"""`roll`: dice."""

from typing import Annotated, Final

from cogs.fun.dice.grammar import read
from cogs.fun.dice.throwing import throw
from utils import embeds
from utils.cog import Cog
from utils.commands import command, example
from utils.context import Context
from utils.converters import NamedText
from utils.formatting import safe
from utils.i18n import _, format_number

MOST_TYPED: Final = 4_000  # characters; the grammar takes fewer


class Dice(Cog):
    """Dice of any kind."""

    @command(aliases=["r"])
    @example("4d6kh3 + 2", "2d20kl1 sneak past", "3 * (d4 + 1)", "5d10!", "20", "")
    async def roll(self, ctx: Context, *, dice: Annotated[str, NamedText(MOST_TYPED)] = "") -> None:
        """Throw dice.

        `2d6` are two dice with six sides. Behind them, `kh3` counts the three highest only, `kl1` the lowest one,
        `dh1` leaves out the highest and `dl1` the lowest; `!` throws a die again that shows its highest, and adds it.
        Put dice and numbers together by `+`, `-`, `*` and parentheses, and say behind it what you throw for. A number
        alone is one die with so many sides.

        You see each die: the highest a die can show is bold, and one that doesn't count is struck through.
        """
        request = read(dice)
        thrown = throw(request.node, self.bot.chance)
        title = _("🎲 You roll {total}").format(total=format_number(thrown.total))
        label = f"{safe(request.label)}\n" if request.label else ""
        await ctx.show(embeds.info(f"{label}{thrown.shown}", title=title))

"""`fact`, `joke` and `saying`: texts that come with the bot, in the reader's language."""

from cogs.fun.sayings.files import Teller
from utils import embeds
from utils.bot import Hearth
from utils.cog import Cog
from utils.commands import command, example
from utils.context import Context
from utils.i18n import _, current_language


class Sayings(Cog):
    """Facts, jokes and sayings."""

    def __init__(self, bot: Hearth) -> None:
        super().__init__(bot)
        self.teller = Teller()

    @command(aliases=["funfact"])
    @example("")
    async def fact(self, ctx: Context) -> None:
        """Tell you something that you may not know."""
        await self._tell(ctx, "facts", _("💡 Did you know?"))

    @command(aliases=["pun"])
    @example("")
    async def joke(self, ctx: Context) -> None:
        """Tell you a joke. How it ends is hidden until you press on it."""
        await self._tell(ctx, "jokes", _("😄 A joke"))

    @command(aliases=["wisdom", "proverb"])
    @example("")
    async def saying(self, ctx: Context) -> None:
        """Say something to think about."""
        await self._tell(ctx, "sayings", _("🕯️ A thought"))

    async def _tell(self, ctx: Context, kind: str, title: str) -> None:
        saying = self.teller.next(kind, current_language(), self.bot.chance)
        ending = f"\n||{saying.ending}||" if saying.ending else ""
        await ctx.show(embeds.info(f"{saying.text}{ending}", title=title))

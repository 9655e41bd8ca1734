"""What commands start with."""

from utils.checks import requires
from utils.cog import Cog
from utils.commands import example, group
from utils.context import Context
from utils.core_settings import PREFIXES
from utils.errors import UserError
from utils.formatting import code
from utils.i18n import _, format_list


class Prefix(Cog):
    """What commands start with here."""

    @group()
    @example("")
    async def prefix(self, ctx: Context) -> None:
        """Show what commands start with here.

        A mention of me works everywhere, besides the prefixes.
        """
        await ctx.info(_("Commands start with {prefixes} here.").format(prefixes=self._listed(ctx)))

    @prefix.command(name="add", ignore_extra=False)
    @requires(manage_guild=True)
    @example("?", '"hey bot "')
    async def add_prefix(self, ctx: Context, prefix: str) -> None:
        """Let commands also start with something else.

        Put quotes around a prefix with a space. A server can have up to 10.
        """
        assert ctx.guild is not None
        change = await self.bot.guild_settings.update(
            ctx.guild.id, PREFIXES, lambda prefixes: (*prefixes, prefix), changed_by=ctx.author.id
        )
        if change is None:
            raise UserError(_("{prefix} is a prefix here already.").format(prefix=code(prefix)))
        await ctx.success(
            _("{prefix} works now; commands start with {prefixes}.").format(
                prefix=code(prefix), prefixes=self._listed(ctx)
            )
        )

    @prefix.command(name="remove", aliases=["delete"], ignore_extra=False)
    @requires(manage_guild=True)
    @example("?")
    async def remove_prefix(self, ctx: Context, prefix: str) -> None:
        """Let commands no longer start with something.

        When the last one is gone, a mention of me still works.
        """
        assert ctx.guild is not None

        def without(prefixes: tuple[str, ...]) -> tuple[str, ...]:
            # A space at the end doesn't show: who writes `hey bot` means "hey bot ".
            gone = {prefix} if prefix in prefixes else {one for one in prefixes if one.strip() == prefix.strip()}
            return tuple(one for one in prefixes if one not in gone)

        change = await self.bot.guild_settings.update(ctx.guild.id, PREFIXES, without, changed_by=ctx.author.id)
        if change is None:
            raise UserError(
                _("{prefix} is no prefix here; there are {prefixes}.").format(
                    prefix=code(prefix), prefixes=self._listed(ctx)
                )
            )
        await ctx.success(
            _("{prefix} is gone; commands start with {prefixes}.").format(
                prefix=code(prefix), prefixes=self._listed(ctx)
            )
        )

    @prefix.command(name="reset")
    @requires(manage_guild=True)
    @example("")
    async def reset_prefixes(self, ctx: Context) -> None:
        """Go back to the prefix I came with."""
        assert ctx.guild is not None
        await self.bot.guild_settings.reset(ctx.guild.id, PREFIXES, changed_by=ctx.author.id)
        await ctx.success(_("Commands start with {prefixes} again.").format(prefixes=self._listed(ctx)))

    def _listed(self, ctx: Context) -> str:
        return format_list([*map(code, self.bot.beginnings.prefixes(ctx.guild)), ctx.me.mention], style="or")

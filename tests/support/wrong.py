"""A cog whose commands go wrong, each in its own way, for the tests of the answers."""

import asyncio
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any, Literal

import discord
from discord.ext import commands

from database.errors import DatabaseUnavailable
from utils.checks import acting_on, bot_requires, handling_role, owner_only, requires
from utils.cog import Cog
from utils.commands import command, example
from utils.context import Context
from utils.converters import GuildMember, RoleConverter
from utils.errors import Silent, UserError
from utils.i18n import _
from utils.setting_types import SettingError
from utils.time import parse_duration
from utils.views import OwnedView

SECRET = "what-only-the-traceback-says"


class NotYet(Cog):
    """Commands that can't be used all the time."""

    @command()
    @commands.cooldown(1, 60, commands.BucketType.user)
    async def once(self, ctx: Context, number: int = 1) -> None:
        """Halve a number, once a minute."""
        await ctx.info(_("{n} it is.").format(n=4 // number))

    @command()
    @commands.cooldown(2, 60, commands.BucketType.user)
    @commands.max_concurrency(1, commands.BucketType.user)
    async def nap(self, ctx: Context) -> None:
        """Sleep for ten seconds, twice a minute."""
        await asyncio.sleep(10)
        await ctx.info(_("Good morning!"))


class Wrong(NotYet):
    """Commands that go wrong, each in its own way."""

    feature = "wrong"

    # --- what the member did

    @command()
    async def broke(self, ctx: Context) -> None:
        """Fail for the member's mistake."""
        raise UserError(_("You have no coins."))

    @command()
    async def misset(self, ctx: Context) -> None:
        """Fail as a setting that doesn't fit."""
        raise SettingError(_("That's no prefix."))

    @command()
    async def vanish(self, ctx: Context) -> None:
        """Fail without a word."""
        raise Silent

    @command(ignore_extra=False)
    @example("2")
    async def half(self, ctx: Context, number: int) -> None:
        """Halve a number."""
        await ctx.info(_("{n} it is.").format(n=number // 2))

    @command()
    @example("tea")
    async def drink(self, ctx: Context, what: Literal["tea", "coffee"]) -> None:
        """Drink."""

    @command()
    async def meet(self, ctx: Context, whom: discord.Member | discord.Role) -> None:
        """Meet somebody."""

    @command()
    async def toggle(self, ctx: Context, switch: bool) -> None:
        """Toggle."""

    @command()
    async def grab(self, ctx: Context, number: commands.Range[int, 1, 6]) -> None:
        """Pick a number."""

    @command()
    async def greet(self, ctx: Context, member: discord.Member) -> None:
        """Invite somebody, as discord.py finds them."""

    @command()
    async def when(self, ctx: Context, *, words: str) -> None:
        """Read a time without a converter."""
        parse_duration(words)

    # --- who may, and where

    @command()
    @requires(manage_guild=True, ban_members=True)
    async def rule(self, ctx: Context) -> None:
        """Rule the server."""

    @command()
    @bot_requires(manage_webhooks=True)
    async def hook(self, ctx: Context) -> None:
        """Make a webhook."""

    @command()
    @owner_only()
    async def own(self, ctx: Context) -> None:
        """Own the bot."""

    @command()
    @commands.guild_only()
    async def local(self, ctx: Context) -> None:
        """Work in a server only."""

    @command()
    @commands.dm_only()
    async def whisper(self, ctx: Context) -> None:
        """Work in direct messages only."""

    @command()
    @commands.check(lambda ctx: False)
    async def barred(self, ctx: Context) -> None:
        """Refuse everybody."""

    @command()
    @commands.has_role("Baker")
    async def bake(self, ctx: Context) -> None:
        """Only for bakers."""

    @command(enabled=False)
    async def asleep(self, ctx: Context) -> None:
        """Do nothing at all."""

    @command()
    async def act(self, ctx: Context, *, member: GuildMember) -> None:
        """Act on somebody."""
        acting_on(ctx, member)
        await ctx.success(_("Done."))

    @command()
    async def hand(self, ctx: Context, *, role: RoleConverter) -> None:
        """Hand out a role."""
        handling_role(ctx, role)
        await ctx.success(_("Done."))

    # --- what Discord says

    @command()
    async def shout(self, ctx: Context, channel_id: int) -> None:
        """Speak in another channel."""
        channel = ctx.bot.get_channel(channel_id)
        assert isinstance(channel, discord.TextChannel)
        await channel.send(_("Hello!"))

    @command()
    async def tell(self, ctx: Context) -> None:
        """Speak in direct messages."""
        await ctx.author.send(_("Hello!"))

    @command()
    async def forget(self, ctx: Context) -> None:
        """Delete a message twice."""
        message = await ctx.send(_("Hello!"))
        await message.delete()
        await message.delete()

    @command()
    async def stumble(self, ctx: Context) -> None:
        """Ask what Discord can't answer now."""
        response: Any = SimpleNamespace(status=503, reason="Service Unavailable")
        raise discord.DiscordServerError(response, "upstream connect error")

    @command()
    async def offline(self, ctx: Context) -> None:
        """Ask a database that is away."""
        raise DatabaseUnavailable

    # --- our bugs

    @command()
    async def crash(self, ctx: Context, depth: int = 0) -> None:
        """Fail for nobody's mistake."""
        if depth:
            await self.crash(ctx, depth - 1)
        raise ZeroDivisionError(SECRET)

    @command()
    @commands.check(lambda ctx: 1 // 0 == 1)
    async def crashcheck(self, ctx: Context) -> None:
        """Fail in a check."""

    @command()
    async def buttons(self, ctx: Context) -> None:
        """Show buttons that fail."""
        view = OwnedView(self.bot, ctx.author.id)
        for number, error in enumerate(BUTTON_ERRORS, start=1):
            view.add_item(_Failing(f"{number}", error))
        await ctx.show(discord.Embed(description=_("Press one.")), view=view)

    @Cog.listener()
    async def on_message(self, message: discord.Message) -> None:
        """Fail in a listener."""
        if message.content == "crash the listener":
            raise ZeroDivisionError(SECRET)


BUTTON_ERRORS: tuple[Callable[[], Exception], ...] = (
    lambda: ZeroDivisionError(SECRET),
    lambda: UserError(_("You have no coins.")),
    lambda: SettingError(_("That's no prefix.")),
    DatabaseUnavailable,
    Silent,
)


class _Failing(discord.ui.Button[OwnedView]):
    def __init__(self, label: str, error: Callable[[], Exception]) -> None:
        super().__init__(label=label)
        self.error = error

    async def callback(self, interaction: discord.Interaction) -> None:
        raise self.error()

"""Switching features and commands on and off."""

from typing import Annotated, Any

import discord
from discord.ext import commands

from utils.checks import is_owner_only, requires
from utils.cog import Cog
from utils.commands import AnyCommand, example, group
from utils.context import Context
from utils.converters import ChannelConverter
from utils.core_settings import DISABLED_COMMANDS, DISABLED_FEATURES
from utils.errors import UserError
from utils.i18n import _, format_list
from utils.switches import ALWAYS_ON_COMMANDS, ALWAYS_ON_FEATURE, entry

PAGE_CHARACTERS = 1_500

Place = Annotated[discord.abc.GuildChannel | discord.Thread | None, ChannelConverter]
"""A channel, a thread, or a category with all that is in it. What is no channel is refused, and never means all."""


class FeatureName(commands.Converter[str]):
    """The name of a feature that is loaded."""

    async def convert(self, ctx: commands.Context[Any], argument: str) -> str:
        """Raises BadArgument naming the features there are."""
        names = sorted(ctx.bot.features.loaded)
        if argument.lower() in names:
            return argument.lower()
        raise commands.BadArgument(
            _("There is no such feature; there are {features}.").format(
                features=format_list([f"`{name}`" for name in names])
            )
        )


class CommandName(commands.Converter[AnyCommand]):
    """A command by its full name or an alias, quoted if it has several words."""

    async def convert(self, ctx: commands.Context[Any], argument: str) -> AnyCommand:
        """Raises BadArgument when there is no such command."""
        found: AnyCommand | None = ctx.bot.get_command(argument.lower())
        if found is None or (is_owner_only(found) and not await ctx.bot.is_owner(ctx.author)):
            raise commands.BadArgument(_("There is no such command; `help` lists them all."))
        return found


class Toggles(Cog):
    """What is on and off in this server."""

    # --- features

    @group(name="feature", aliases=["features", "module"])
    @requires(manage_guild=True)
    @example("")
    async def feature_group(self, ctx: Context) -> None:
        """Show which features are on here."""
        assert ctx.guild is not None
        lines = []
        for name in sorted(self.bot.features.loaded):
            on = self.bot.switches.feature_is_on(ctx.guild.id, name)
            lines.append(f"{'🟢' if on else '⚫'} `{name}`")
        await ctx.info("\n".join(lines), title=_("Features"))

    @feature_group.command(name="enable", aliases=["on"])
    @requires(manage_guild=True)
    @example("utility")
    async def enable_feature(self, ctx: Context, feature: Annotated[str, FeatureName]) -> None:
        """Switch a feature on."""
        assert ctx.guild is not None
        change = await self.bot.guild_settings.update(
            ctx.guild.id,
            DISABLED_FEATURES,
            lambda names: tuple(one for one in names if one != feature),
            changed_by=ctx.author.id,
        )
        if change is None:
            raise UserError(_("`{feature}` is on already.").format(feature=feature))
        await ctx.success(_("`{feature}` is on.").format(feature=feature))

    @feature_group.command(name="disable", aliases=["off"])
    @requires(manage_guild=True)
    @example("utility")
    async def disable_feature(self, ctx: Context, feature: Annotated[str, FeatureName]) -> None:
        """Switch a feature off: its commands neither run nor show in help."""
        assert ctx.guild is not None
        if feature == ALWAYS_ON_FEATURE:
            raise UserError(_("`{feature}` stays on: without it there is no way back.").format(feature=feature))
        change = await self.bot.guild_settings.update(
            ctx.guild.id, DISABLED_FEATURES, lambda names: (*names, feature), changed_by=ctx.author.id
        )
        if change is None:
            raise UserError(_("`{feature}` is off already.").format(feature=feature))
        await ctx.success(_("`{feature}` is off.").format(feature=feature))

    # --- commands

    @group(name="command", aliases=["commands", "cmd"])
    @requires(manage_guild=True)
    @example("")
    async def command_group(self, ctx: Context) -> None:
        """Show which commands are off here."""
        assert ctx.guild is not None
        disabled = self.bot.guild_settings.get(ctx.guild.id, DISABLED_COMMANDS)
        if not disabled:
            await ctx.info(_("Every command is on."))
            return
        await ctx.paginate_lines(sorted(map(_shown, disabled)), PAGE_CHARACTERS, title=_("Commands that are off"))

    @command_group.command(name="enable", aliases=["on"])
    @requires(manage_guild=True)
    @example("avatar", "avatar #general", '"remind every"')
    async def enable_command(
        self, ctx: Context, command: Annotated[AnyCommand, CommandName], channel: Place = None
    ) -> None:
        """Switch a command on again: in one channel, or wherever it is off.

        A channel, a thread or a category can be named as in `command disable`.
        """
        assert ctx.guild is not None
        name = command.qualified_name
        gone = entry(name, channel.id if channel else None)

        def without(entries: tuple[str, ...]) -> tuple[str, ...]:
            return tuple(one for one in entries if one != gone and (channel or not one.startswith(f"{name}@")))

        change = await self.bot.guild_settings.update(
            ctx.guild.id, DISABLED_COMMANDS, without, changed_by=ctx.author.id
        )
        if change is None and channel and name in self.bot.guild_settings.get(ctx.guild.id, DISABLED_COMMANDS):
            raise UserError(_("`{command}` is off everywhere; switch it on everywhere first.").format(command=name))
        if change is None:
            raise UserError(_("{what} is on already.").format(what=_shown(gone)))
        await ctx.success(_("{what} is on.").format(what=_shown(gone)))

    @command_group.command(name="disable", aliases=["off"])
    @requires(manage_guild=True)
    @example("avatar", "avatar #general", '"remind every"')
    async def disable_command(
        self, ctx: Context, command: Annotated[AnyCommand, CommandName], channel: Place = None
    ) -> None:
        """Switch a command off, everywhere or in one channel: it neither runs nor shows in help.

        A group takes its sub-commands with it. Quote a name of several words.
        """
        assert ctx.guild is not None
        name = command.qualified_name
        if name.split()[0] in ALWAYS_ON_COMMANDS:
            raise UserError(_("`{command}` stays on: without it there is no way back.").format(command=name))
        new = entry(name, channel.id if channel else None)
        change = await self.bot.guild_settings.update(
            ctx.guild.id, DISABLED_COMMANDS, lambda entries: (*entries, new), changed_by=ctx.author.id
        )
        if change is None:
            raise UserError(_("{what} is off already.").format(what=_shown(new)))
        await ctx.success(_("{what} is off.").format(what=_shown(new)))


def _shown(written: str) -> str:
    """An entry of the list of disabled commands, in words."""
    name, _at, channel_id = written.partition("@")
    if not channel_id:
        return f"`{name}`"
    return _("`{command}` in {channel}").format(command=name, channel=f"<#{channel_id}>")

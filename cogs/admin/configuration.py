"""Every setting of a server, from one place."""

from typing import Annotated, Any

import discord
from discord.ext import commands

from database.guild_settings import SettingChange
from utils import embeds
from utils.checks import requires
from utils.cog import Cog
from utils.commands import example, group
from utils.context import Context
from utils.errors import UserError
from utils.formatting import truncate
from utils.i18n import _, translate
from utils.near import nearest
from utils.setting_types import Setting, SettingError
from utils.time import timestamp

CHANGES_SHOWN = 100
PAGE_CHARACTERS = 1_500
OVERVIEW_VALUE_CHARACTERS = 120


class SettingName(commands.Converter[Setting[Any]]):
    """A setting by its key."""

    async def convert(self, ctx: commands.Context[Any], argument: str) -> Setting[Any]:
        """Raises BadArgument, naming the nearest setting."""
        declared = {key: one for key, one in ctx.bot.guild_settings.declared.items() if not one.hidden}
        key = argument.lower().replace("_", "-")
        setting: Setting[Any] | None = declared.get(key)
        if setting is not None:
            return setting
        near = nearest(key, declared)
        if near:
            raise commands.BadArgument(_("There is no such setting; did you mean `{near}`?").format(near=near))
        raise commands.BadArgument(_("There is no such setting; `config` lists them all."))


class Configuration(Cog):
    """The settings of this server."""

    @group(aliases=["settings", "setting"])
    @requires(manage_guild=True)
    @example("")
    async def config(self, ctx: Context) -> None:
        """Show every setting of this server."""
        assert ctx.guild is not None
        embed = embeds.info(
            _("Change one with `{example}`. A ● marks what differs from the default.").format(
                example=f"{ctx.clean_prefix}config set language de"
            ),
            title=_("Settings of {server}").format(server=ctx.guild.name),
        )
        fields = []
        for feature in ["admin", *sorted(set(self.bot.features.loaded) - {"admin"})]:
            lines = [self._line(ctx.guild, setting) for setting in self.bot.guild_settings.of_feature(feature)]
            if lines:
                fields.append((_("Feature {feature}").format(feature=feature), "\n".join(lines)))
        await ctx.paginate(embeds.with_fields(embed, fields))

    @config.command(name="show", aliases=["get"])
    @requires(manage_guild=True)
    @example("language")
    async def show_setting(self, ctx: Context, setting: Annotated[Setting[Any], SettingName]) -> None:
        """Show one setting: what it does, what holds, what fits."""
        assert ctx.guild is not None
        settings = self.bot.guild_settings
        fields = [
            (_("Now"), settings.show(setting, settings.get(ctx.guild.id, setting))),
            (_("Default"), settings.show(setting, settings.default(setting))),
            (_("Fits"), setting.type.expects()),
        ]
        await ctx.paginate(embeds.with_fields(embeds.info(translate(setting.help), title=setting.key), fields))

    @config.command(name="set")
    @requires(manage_guild=True)
    @example("language de", "suggestions on", "ignored-channels #general #welcome")
    async def set_setting(self, ctx: Context, setting: Annotated[Setting[Any], SettingName], *, value: str) -> None:
        """Change one setting."""
        assert ctx.guild is not None
        try:
            parsed = setting.type.parse(value, ctx.guild)
        except SettingError as error:
            raise commands.BadArgument(f"`{setting.key}`: {error}") from error
        change = await self.bot.guild_settings.set(ctx.guild.id, setting, parsed, changed_by=ctx.author.id)
        if change is None:
            shown = self.bot.guild_settings.show(setting, self.bot.guild_settings.get(ctx.guild.id, setting))
            raise UserError(_("`{key}` is {value} already.").format(key=setting.key, value=shown))
        await self._tell(ctx, change)

    @config.command(name="reset")
    @requires(manage_guild=True)
    @example("language")
    async def reset_setting(self, ctx: Context, setting: Annotated[Setting[Any], SettingName]) -> None:
        """Put one setting back to its default."""
        assert ctx.guild is not None
        change = await self.bot.guild_settings.reset(ctx.guild.id, setting, changed_by=ctx.author.id)
        if change is None:
            raise UserError(_("`{key}` has its default already.").format(key=setting.key))
        await self._tell(ctx, change)

    @config.command(name="history", aliases=["log"])
    @requires(manage_guild=True)
    @example("", "language")
    async def history(self, ctx: Context, setting: Annotated[Setting[Any] | None, SettingName] = None) -> None:
        """Show who changed what from what to what, and when; the latest first."""
        assert ctx.guild is not None
        key = setting.key if setting else None
        changes = await self.bot.guild_settings.store.history(ctx.guild.id, key=key, limit=CHANGES_SHOWN)
        if not changes:
            await ctx.info(_("Nothing was changed yet."))
            return
        await ctx.paginate_lines(
            [self._change_line(change) for change in changes],
            PAGE_CHARACTERS,
            title=_("Changes of settings"),
        )

    @config.command(name="undo")
    @requires(manage_guild=True)
    @example("")
    async def undo(self, ctx: Context) -> None:
        """Take the last change of a setting back. Again takes back the one before."""
        assert ctx.guild is not None
        change = await self.bot.guild_settings.undo_last(ctx.guild.id, changed_by=ctx.author.id)
        if change is None:
            raise UserError(_("There is nothing to undo."))
        await self._tell(ctx, change)

    # --- helpers

    def _line(self, guild: discord.Guild, setting: Setting[Any]) -> str:
        settings = self.bot.guild_settings
        value = truncate(settings.show(setting, settings.get(guild.id, setting)), OVERVIEW_VALUE_CHARACTERS)
        return f"{'●' if settings.is_set(guild.id, setting) else '○'} `{setting.key}`: {value}"

    async def _tell(self, ctx: Context, change: SettingChange) -> None:
        await ctx.success(
            _("`{key}` was {old} and is {new} now.").format(
                key=change.key, old=self._shown(change.key, change.old), new=self._shown(change.key, change.new)
            )
        )

    def _change_line(self, change: SettingChange) -> str:
        who = f"<@{change.changed_by}>" if change.changed_by else "—"
        line = _("{when} {who}: `{key}` from {old} to {new}").format(
            when=timestamp(change.changed_at, "f"),
            who=who,
            key=change.key,
            old=truncate(self._shown(change.key, change.old), 200),
            new=truncate(self._shown(change.key, change.new), 200),
        )
        return f"~~{line}~~" if change.undone else line

    def _shown(self, key: str, encoded: Any) -> str:
        setting = self.bot.guild_settings.declared.get(key)
        if setting is None:
            return f"`{encoded}`"
        try:
            return self.bot.guild_settings.shown(setting, encoded)
        except SettingError:  # its limits changed since
            return f"`{encoded}`"

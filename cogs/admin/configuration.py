"""Every setting of a server, from one place."""

from typing import Annotated, Any

import discord
from discord.ext import commands

from cogs.admin.portable import handing
from cogs.admin.portable.personal_data import PERSONAL_DATA
from cogs.admin.portable.service import Portable
from cogs.admin.portable.texts import history_line
from database.guild_settings import SettingChange
from utils import embeds
from utils.bot import Hearth
from utils.checks import requires
from utils.cog import Cog
from utils.commands import example, group
from utils.context import Context, GuildContext
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
    """The settings of this server, and all of its configuration as a file."""

    personal_data = PERSONAL_DATA

    def __init__(self, bot: Hearth) -> None:
        super().__init__(bot)
        self.portable = Portable(bot)

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
        imports = [] if key else await self.portable.store.history(ctx.guild.id, CHANGES_SHOWN)
        lines = [(change.id, self._change_line(change)) for change in changes]
        lines += [(one.id, history_line(one)) for one in imports]
        if not lines:
            await ctx.info(_("Nothing was changed yet."))
            return
        latest = [line for _id, line in sorted(lines, reverse=True)[:CHANGES_SHOWN]]
        await ctx.paginate_lines(latest, PAGE_CHARACTERS, title=_("Changes of settings"))

    @config.command(name="undo")
    @requires(manage_guild=True)
    @example("")
    async def undo(self, ctx: GuildContext) -> None:
        """Take the last change of a setting back, or the last import. Again takes back the one before.

        An import is taken back whole, after you have seen what that changes; what somebody changed since then stays.
        """
        last = await self.bot.guild_settings.store.last_to_undo(ctx.guild.id)
        imported = await self.portable.store.last_to_undo(ctx.guild.id)
        if imported is not None and (last is None or imported.id > last.id):
            await handing.undo_import(ctx, self.portable, imported)
            return
        change = await self.bot.guild_settings.undo_last(ctx.guild.id, changed_by=ctx.author.id)
        if change is None:
            raise UserError(_("There is nothing to undo."))
        await self._tell(ctx, change)

    # --- all of it as a file

    @config.command(name="export", usage="[sections…]")
    @requires(manage_guild=True)
    @example("", "settings tags")
    async def export(self, ctx: GuildContext, *sections: str) -> None:
        """Get the configuration of this server as a file, or some sections of it.

        Settings are one section; tags, permissions, aliases and more are others. Change the file if you like, and
        `config import` reads it, here or on another server. Where others read along, I send it to you directly.
        """
        await handing.export(ctx, self.portable, [one.lower() for one in sections])

    @config.command(name="import")
    @requires(manage_guild=True)
    @example("")
    async def import_file(self, ctx: GuildContext) -> None:
        """Read a file that `config export` made: attach it, or reply to it.

        I show what would change, and you choose the sections. Roles and channels of another server are found by
        their names; what isn't here is listed. All of it is done or nothing, and `config undo` takes it back.
        """
        await handing.import_file(ctx, self.portable)

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

"""`ignore` and `unignore`: where and from whom commands aren't heard."""

from collections.abc import Iterable
from typing import Annotated, Any, Final

import discord
from discord.ext import commands

from cogs.admin.permissions import texts
from cogs.admin.permissions.reading import Target, TargetConverter
from utils import embeds
from utils.checks import requires
from utils.cog import Cog
from utils.commands import command, example
from utils.context import GuildContext
from utils.core_settings import IGNORED_CHANNELS, IGNORED_PEOPLE, IGNORED_ROLES
from utils.errors import UserError
from utils.formatting import pages_of
from utils.i18n import _, format_list
from utils.setting_types import Setting

LINES_A_PAGE: Final = 20
SETTINGS: Final[dict[str, Setting[tuple[int, ...]]]] = {
    "channel": IGNORED_CHANNELS, "category": IGNORED_CHANNELS, "role": IGNORED_ROLES, "person": IGNORED_PEOPLE,
}  # fmt: skip
"""Where each kind of target is kept."""


class IgnoredConverter(TargetConverter):
    """A member, a role or a channel; also one that is ignored and was deleted."""

    def known(self, ctx: commands.Context[Any], guild: discord.Guild) -> Iterable[Target]:
        """What is ignored."""
        settings = ctx.bot.guild_settings
        return [Target(kind, one) for kind, setting in SETTINGS.items() for one in settings.get(guild.id, setting)]


Whom = Annotated[Target, IgnoredConverter]


class Ignoring(Cog):
    """Where and from whom I don't hear commands."""

    @command()
    @requires(manage_guild=True)
    @example("", "#general", "@ann @Newcomers")
    async def ignore(self, ctx: GuildContext, *whom: Whom) -> None:
        """Hear no more commands from members, or in channels; without any, show whom and where I don't.

        Who manages the server is heard all the same. `blocklist` does more: for a while, and for buttons as well.
        """
        if not whom:
            await self._show(ctx)
            return
        for target in whom:
            _check(ctx.guild, target)
        changed = [target for target in whom if await self._change(ctx, target, ignored=True)]
        if not changed:
            raise UserError(_("They are ignored already."))
        await ctx.success(_("Ignored from now on: {whom}.").format(whom=_listed(ctx.guild, changed)))

    @command()
    @requires(manage_guild=True)
    @example("#general", "@ann @Newcomers")
    async def unignore(self, ctx: GuildContext, *whom: Whom) -> None:
        """Hear commands from members or in channels again."""
        if not whom:
            raise UserError(_("Say whom: mention members, roles or channels; `ignore` shows those that are ignored."))
        changed = [target for target in whom if await self._change(ctx, target, ignored=False)]
        if not changed:
            raise UserError(_("They aren't ignored; `ignore` shows whom and where I don't hear commands."))
        await ctx.success(_("Heard again: {whom}.").format(whom=_listed(ctx.guild, changed)))

    async def _change(self, ctx: GuildContext, target: Target, *, ignored: bool) -> bool:
        """Ignore a target or not; whether that is new."""
        if target.kind not in SETTINGS:
            return False

        def changed(ids: tuple[int, ...]) -> tuple[int, ...]:
            others = tuple(one for one in ids if one != target.id)
            return ids if ignored and target.id in ids else (*others, target.id) if ignored else others

        setting = SETTINGS[target.kind]
        done = await self.bot.guild_settings.update(ctx.guild.id, setting, changed, changed_by=ctx.author.id)
        return done is not None

    async def _show(self, ctx: GuildContext) -> None:
        settings = self.bot.guild_settings
        lines = [
            texts.for_whom(ctx.guild, kind, one)
            for kind in ("channel", "role", "person")
            for one in settings.get(ctx.guild.id, SETTINGS[kind])
        ]
        if not lines:
            await ctx.info(_("I hear commands from everybody, everywhere."))
            return
        pages = pages_of(lines, most_lines=LINES_A_PAGE)
        await ctx.paginate([embeds.info(page, title=_("I hear no commands here, or from")) for page in pages])


def _listed(guild: discord.Guild, targets: Iterable[Target]) -> str:
    return format_list([texts.for_whom(guild, one.kind, one.id) for one in targets])


def _check(guild: discord.Guild, target: Target) -> None:
    if target.kind == "server":
        raise UserError(_("I can't ignore everybody; `feature disable` and `command disable` switch things off."))
    if target.person is not None and target.person.bot:
        raise UserError(_("Bots don't use my commands."))
    if isinstance(target.person, discord.Member) and target.person.guild_permissions.manage_guild:
        raise UserError(
            _("{member} manages this server, and so is always heard.").format(member=target.person.mention)
        )

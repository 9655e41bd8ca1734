"""Changing a guild's curve: first what it would do, then asking, then the setting."""

import asyncio
from typing import Any

from discord.ext import commands

from cogs.leveling.curve_changes.rules import Preview
from cogs.leveling.curve_changes.texts import change_question
from cogs.leveling.curves import Curve, parse_curve, show_curve
from cogs.leveling.rewards.roles import LevelRoles
from cogs.leveling.rewards.rules import by_role
from cogs.leveling.settings import CURVE
from utils.arguments import as_bad_argument
from utils.context import GuildContext
from utils.errors import UserError
from utils.formatting import code
from utils.i18n import _


class CurveConverter(commands.Converter[Curve]):
    """A curve, such as `mee6` or `linear 100 75`."""

    async def convert(self, _ctx: commands.Context[Any], argument: str) -> Curve:
        """Raise `BadArgument` if it is none."""
        with as_bad_argument():
            return parse_curve(argument)


async def change_curve(ctx: GuildContext, roles: LevelRoles, curve: Curve) -> None:
    """Show who would move, ask, and let levels be counted by another curve. For who may manage the server."""
    _check_right(ctx)
    leveling = roles.leveling
    now = leveling.curve(ctx.guild.id)
    if curve == now:
        raise UserError(_("{curve} is the curve already.").format(curve=code(show_curve(curve))))
    async with ctx.typing():
        preview = await preview_of(roles, ctx.guild.id, curve)
    if not await ctx.confirm(change_question(ctx.guild, preview)):
        return
    _check_right(ctx)
    if leveling.curve(ctx.guild.id) != now:
        raise UserError(_("Somebody has changed the curve meanwhile. Look at it again first."))
    await ctx.bot.guild_settings.set(ctx.guild.id, CURVE, curve, changed_by=ctx.author.id)
    await ctx.success(
        _("Levels are counted by {curve} now. Roles for levels follow.").format(curve=code(show_curve(curve)))
    )


def _check_right(ctx: GuildContext) -> None:
    if not ctx.author.guild_permissions.manage_guild:
        raise commands.MissingPermissions(["manage_guild"])


async def preview_of(roles: LevelRoles, guild_id: int, new: Curve) -> Preview:
    """What another curve would do to everybody of a guild; the loop goes on meanwhile."""
    await roles.leveling.write(guild_id)
    preview = Preview(roles.leveling.curve(guild_id), new, by_role(roles.of_guild(guild_id)), roles.mode(guild_id))
    async for page in roles.leveling.store.all(guild_id):
        preview.add(page)
        await asyncio.sleep(0)
    return preview

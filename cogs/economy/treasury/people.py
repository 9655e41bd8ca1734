"""Whose coins staff means: one member, everybody with a role, or everybody."""

from contextlib import suppress
from typing import Any, Final

import discord
from discord.ext import commands

from utils.bot import Hearth
from utils.converters import GuildMember, find_role
from utils.errors import UserError
from utils.formatting import safe, truncate
from utils.i18n import _
from utils.lookup import NoMatchError
from utils.members import all_members

EVERYONE: Final = frozenset({"everyone", "everybody", "all", "alle", "jeder"})

Who = discord.Member | discord.Role
"""A member, or all who have a role; the role of everyone stands for everybody."""


class WhoConverter(commands.Converter[Who]):
    """A member or a role of this guild, or `everyone`."""

    async def convert(self, ctx: commands.Context[Any], argument: str) -> Who:
        """Raise `BadArgument` if nobody is meant, or a name is a member's and a role's."""
        if ctx.guild is None:
            raise commands.NoPrivateMessage
        if argument.strip().removeprefix("@").casefold() in EVERYONE:
            return ctx.guild.default_role
        role = member = None
        with suppress(NoMatchError):
            role = find_role(ctx.guild, argument)
        try:
            member = await GuildMember().convert(ctx, argument)
        except commands.BadArgument as error:
            if role is None:
                raise commands.BadArgument(
                    _(
                        "I can't find a member or a role “{text}”. Mention it, write its name or id, or `everyone`."
                    ).format(text=_quoted(argument))
                ) from error
        if role is not None and member is not None:
            raise commands.BadArgument(
                _("“{text}” could be a member or a role: mention the one you mean.").format(text=_quoted(argument))
            )
        found: Who | None = role or member
        assert found is not None
        return found


def named(role: discord.Role) -> str:
    """A role in a sentence; Discord shows no mention for that of everyone."""
    return _("everyone") if role.is_default() else role.mention


async def people_with(bot: Hearth, role: discord.Role) -> list[int]:
    """Everybody with a role, without bots, in the order of their ids.

    Raises `UserError` if there is nobody or the bot isn't told who is there, and what Discord answers.
    """
    if not bot.intents.members:
        raise UserError(
            _("I can't see who is here: this bot runs without the members intent. Name one member at a time.")
        )
    found = [
        member.id
        async for page in all_members(role.guild)
        for member in page
        if not member.bot and (role.is_default() or member.get_role(role.id) is not None)
    ]
    if not found:
        raise UserError(_("Nobody has the role {role}.").format(role=named(role)))
    return sorted(found)


def _quoted(text: str) -> str:
    return safe(truncate(" ".join(text.split()), 60))

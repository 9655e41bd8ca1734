"""Whom staff means: one member, everybody with a role, or everybody."""

from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

import discord
from discord.ext import commands

from utils.converters import GuildMember, MemberOrUser, find_role
from utils.errors import UserError
from utils.formatting import quoted
from utils.i18n import _
from utils.lookup import NoMatchError, role_id_in
from utils.members import all_members

if TYPE_CHECKING:
    from utils.bot import Hearth

EVERYONE: Final = frozenset({"everyone", "everybody", "all", "alle", "jeder"})

Who = discord.Member | discord.Role
"""A member, or all who have a role; the role of everyone stands for everybody."""
WhoEver = discord.Member | discord.User | discord.Role
"""As `Who`, and also somebody who isn't in the guild."""


class WhoConverter(commands.Converter[Who]):
    """A member or a role of this guild, or `everyone`."""

    async def convert(self, ctx: commands.Context[Any], argument: str) -> Who:
        """Raise `BadArgument` if nobody is meant, or a name is a member's and a role's."""
        if ctx.guild is None:
            raise commands.NoPrivateMessage
        found = await _find(ctx, ctx.guild, argument, GuildMember())
        assert not isinstance(found, discord.User)
        return found


class WhoEverConverter(commands.Converter[WhoEver]):
    """A member or a role of this guild, `everyone`, or somebody by id or mention who isn't here (any more)."""

    async def convert(self, ctx: commands.Context[Any], argument: str) -> WhoEver:
        """As `WhoConverter`."""
        if ctx.guild is None:
            raise commands.NoPrivateMessage
        return await _find(ctx, ctx.guild, argument, MemberOrUser())


async def _find(
    ctx: commands.Context[Any], guild: discord.Guild, argument: str, people: GuildMember | MemberOrUser
) -> WhoEver:
    if argument.strip().removeprefix("@").casefold() in EVERYONE:
        return guild.default_role
    role = member = None
    with suppress(NoMatchError):
        role = find_role(guild, argument)
    if role is None or role_id_in(argument.strip()) is None:
        try:
            member = await people.convert(ctx, argument)
        except commands.BadArgument as error:
            if role is None:
                raise commands.BadArgument(
                    _(
                        "I can't find a member or a role “{text}”. Mention it, write its name or id, or `everyone`."
                    ).format(text=quoted(argument))
                ) from error
    if role is not None and isinstance(member, discord.Member) and _is_its_own(member, role):
        return member
    if role is not None and member is not None:
        raise commands.BadArgument(
            _("“{text}” could be a member or a role: mention the one you mean.").format(text=quoted(argument))
        )
    found: WhoEver | None = role or member
    assert found is not None
    return found


def _is_its_own(member: discord.Member, role: discord.Role) -> bool:
    """Whether this is a bot with the role that Discord made for it, which has its name and nobody else."""
    return member.bot and role.managed and member.get_role(role.id) is not None


def named(role: discord.Role) -> str:
    """A role in a sentence; Discord shows no mention for that of everyone."""
    return _("everyone") if role.is_default() else role.mention


async def people_with(bot: "Hearth", role: discord.Role) -> list[int]:
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

"""Nicknames, and roles given and taken, for good or for a time."""

from datetime import timedelta
from typing import Annotated

import discord

from cogs.moderation.actions import Target
from cogs.moderation.kinds import performs
from cogs.moderation.long_names import LongRole
from cogs.moderation.pipeline import Pipeline
from cogs.moderation.reading import LONGEST_TEMPORARY, REASON_LIMIT
from cogs.moderation.roles.actions import Nick, RoleAdd, RoleRemove, RoleTemp
from utils import checks
from utils.bot import Hearth
from utils.cog import Cog
from utils.commands import command, example, group
from utils.context import Context
from utils.converters import BoundedText, Duration, GuildMember
from utils.errors import UserError
from utils.formatting import NICKNAME_LIMIT
from utils.i18n import _

Member = Annotated[discord.Member, GuildMember]
Role = Annotated[discord.Role, LongRole]
Reason = Annotated[str | None, BoundedText(REASON_LIMIT)]
RoleTime = Annotated[timedelta, Duration(minimum=timedelta(minutes=1), maximum=LONGEST_TEMPORARY)]
RESET = frozenset({"reset", "none", "zurücksetzen"})


class Roles(Cog):
    """Change people's nicknames and roles, each with a case."""

    def __init__(self, bot: Hearth, pipeline: Pipeline) -> None:
        super().__init__(bot)
        self.pipeline = pipeline

    @command(aliases=["nickname", "setnick"])
    @example("@Ann Annie", "@Ann reset")
    @performs("nick")
    async def nick(
        self, ctx: Context, member: Member, *, name: Annotated[str, BoundedText(NICKNAME_LIMIT)] = "reset"
    ) -> None:
        """Change somebody's nickname; `reset` or nothing takes it away."""
        nick = None if name.casefold() in RESET else name
        await self.pipeline.do(ctx, Nick(self.bot, Target.of(member.guild, member), nick=nick))

    @group()
    @example("")
    @checks.requires(manage_roles=True)
    async def role(self, ctx: Context, *, words: str = "") -> None:
        """Give somebody a role or take it away.

        `roleinfo` shows what a role is.
        """
        raise UserError(
            _("Say what to do with whom: `{prefix}role add`, `{prefix}role remove` or `{prefix}role temp`.").format(
                prefix=ctx.clean_prefix
            )
        )

    @role.command(name="add", aliases=["give"])
    @example("@Ann @Artist", "@Ann @Artist won the contest")
    @performs("role-add")
    async def role_add(self, ctx: Context, member: Member, role: Role, *, reason: Reason = None) -> None:
        """Give somebody a role for good.

        It has to be below your highest role, and below mine. Roles that Discord or an app manages can't be given.
        """
        await self.pipeline.do(ctx, RoleAdd(self.bot, Target.of(member.guild, member), reason, role=role))

    @role.command(name="remove", aliases=["take"])
    @example("@Ann @Artist", "@Ann @Artist asked for it")
    @performs("role-remove")
    async def role_remove(self, ctx: Context, member: Member, role: Role, *, reason: Reason = None) -> None:
        """Take a role from somebody, also one that they have for a time."""
        await self.pipeline.do(ctx, RoleRemove(self.bot, Target.of(member.guild, member), reason, role=role))

    @role.command(name="temp", aliases=["temporary"])
    @example("@Ann @Artist 7d", "@Ann @Artist 2h helps with the party")
    @performs("role-temp")
    async def role_temp(
        self, ctx: Context, member: Member, role: Role, duration: RoleTime, *, reason: Reason = None
    ) -> None:
        """Give somebody a role for a time.

        If they have it for a time already, that is counted anew.
        """
        ends_at = discord.utils.utcnow() + duration
        await self.pipeline.do(ctx, RoleTemp(self.bot, Target.of(member.guild, member), reason, ends_at, role=role))

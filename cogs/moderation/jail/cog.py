"""Jail: somebody loses all roles for a while, and gets them back."""

from collections.abc import Sequence
from typing import Annotated, Any, ClassVar

import discord

from cogs.moderation.actions import Target
from cogs.moderation.gone import AlsoGone
from cogs.moderation.jail.actions import JAIL_ROLE, Jail, Unjail
from cogs.moderation.kinds import performs
from cogs.moderation.pipeline import Pipeline
from cogs.moderation.reading import REASON_LIMIT, WORDS_LIMIT, read_words
from utils.bot import Hearth
from utils.cog import Cog
from utils.commands import command, example
from utils.context import Context
from utils.converters import BoundedText, GuildMember
from utils.i18n import ngettext
from utils.setting_types import Setting

AnyPerson = discord.Member | discord.User


class JailCog(Cog, name="Jail"):
    """Take all roles from somebody for a while: they see what the jail role sees, and get their roles back."""

    settings: ClassVar[Sequence[Setting[Any]]] = (JAIL_ROLE,)

    def __init__(self, bot: Hearth, pipeline: Pipeline) -> None:
        super().__init__(bot)
        self.pipeline = pipeline

    @command(aliases=["quarantine"])
    @example("@Ann 1d we need to talk", "@Ann")
    @performs("jail")
    async def jail(
        self, ctx: Context, member: Annotated[discord.Member, GuildMember], *,
        length_and_reason: Annotated[str | None, BoundedText(WORDS_LIMIT)] = None,
    ) -> None:  # fmt: skip
        """Take all roles from somebody and give them the jail role, for good or for a time.

        Choose that role with `config set jail-role` first. Roles of apps and boosters stay. Leaving and coming back
        doesn't help them.
        """
        words = read_words(length_and_reason)
        ends_at = None if words.length is None else discord.utils.utcnow() + words.length
        await self.pipeline.do(ctx, Jail(self.bot, Target.of(member.guild, member), words.reason, ends_at))

    @command(aliases=["unquarantine"])
    @example("@Ann", "@Ann we talked")
    @performs("unjail")
    async def unjail(
        self, ctx: Context, person: Annotated[AnyPerson, AlsoGone], *,
        reason: Annotated[str | None, BoundedText(REASON_LIMIT)] = None,
    ) -> None:  # fmt: skip
        """Give somebody back the roles that they had before the jail.

        What they got meanwhile stays. Works on people who left, by id or name: they are free when they come back.
        """
        assert ctx.guild is not None
        case = await self.pipeline.do(ctx, Unjail(self.bot, Target.of(ctx.guild, person), reason))
        missing = case.details["roles_missing"] if case is not None else 0
        if missing:
            await ctx.info(
                ngettext(
                    "{count} role isn't back: it was deleted, or is above mine.",
                    "{count} roles aren't back: they were deleted, or are above mine.",
                    missing,
                ).format(count=missing)
            )

"""Acting on one person: warn, note, timeout, kick, ban, softban, and taking these back."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Annotated, Any, ClassVar

import discord

from cogs.moderation import settings
from cogs.moderation.actions import Target
from cogs.moderation.bans import find_ban
from cogs.moderation.gone import AlsoGone
from cogs.moderation.kinds import performs
from cogs.moderation.pipeline import Pipeline
from cogs.moderation.punishments import Ban, Kick, Note, Softban, Timeout, Unban, Untimeout, Warn
from cogs.moderation.reading import REASON_LIMIT, WORDS_LIMIT, read_ban, read_warning, read_words
from cogs.moderation.refusals import REFUSALS, why_refused
from cogs.moderation.rights import require_own
from utils.bot import Hearth
from utils.cog import Cog
from utils.commands import command, example
from utils.context import Context
from utils.converters import BoundedText, GuildMember
from utils.errors import UserError
from utils.i18n import _
from utils.setting_types import Setting

AnyPerson = discord.Member | discord.User
Reason = Annotated[str | None, BoundedText(REASON_LIMIT)]
LengthAndReason = Annotated[str | None, BoundedText(WORDS_LIMIT)]


class People(Cog):
    """Warn, time out, kick and ban: each with a case that can be looked up, changed and undone."""

    settings: ClassVar[Sequence[Setting[Any]]] = settings.SETTINGS

    def __init__(self, bot: Hearth, pipeline: Pipeline) -> None:
        super().__init__(bot)
        self.pipeline = pipeline

    @command()
    @example("@Ann spamming", "@Ann", "@Ann insults --points 2")
    @performs("warn")
    async def warn(
        self, ctx: Context, member: Annotated[discord.Member, GuildMember], *, reason: LengthAndReason = None
    ) -> None:
        """Warn somebody.

        They are told, and the warning stands in their history. It counts for a while (`config set warning-lifetime`):
        as one point, or as many as `--points` says. `escalation` shows what points lead to.
        """
        points, why = read_warning(reason)
        expires = discord.utils.utcnow() + self._set(ctx, settings.WARNING_LIFETIME)
        await self.pipeline.do(ctx, Warn(self.bot, _target(ctx, member), why, expires, points=points))

    @command()
    @example("@Ann is Bob's second account")
    @performs("note")
    async def note(
        self, ctx: Context, person: Annotated[AnyPerson, AlsoGone], *,
        text: Annotated[str, BoundedText(REASON_LIMIT)],
    ) -> None:  # fmt: skip
        """Keep a note on somebody, for the staff only.

        Works on people who aren't here, too, by id or, if they have a case, by name. They aren't told.
        """
        await self.pipeline.do(ctx, Note(self.bot, _target(ctx, person), text))

    @command(aliases=["mute", "tempmute"])
    @example("@Ann 10m flooding", "@Ann 60 days", "@Ann")
    @performs("timeout")
    async def timeout(
        self,
        ctx: Context,
        member: Annotated[discord.Member, GuildMember],
        *,
        length_and_reason: LengthAndReason = None,
    ) -> None:
        """Let somebody neither write nor speak for a while.

        Discord allows 28 days; a longer one I renew, also if they leave and come back. `config set timeout-length`
        says how long it is if you don't.
        """
        words = read_words(length_and_reason)
        ends_at = _after(words.length or self._set(ctx, settings.TIMEOUT_LENGTH))
        await self.pipeline.do(ctx, Timeout(self.bot, _target(ctx, member), words.reason, ends_at))

    @command(aliases=["unmute"])
    @example("@Ann", "@Ann it was a misunderstanding", "80351110224678912")
    @performs("untimeout")
    async def untimeout(self, ctx: Context, person: Annotated[AnyPerson, AlsoGone], *, reason: Reason = None) -> None:
        """Let somebody write and speak again before their timeout ends.

        Works on people who left, by id or name: they aren't timed out when they come back.
        """
        await self.pipeline.do(ctx, Untimeout(self.bot, _target(ctx, person), reason))

    @command()
    @example("@Ann advertising", "@Ann")
    @performs("kick")
    async def kick(
        self, ctx: Context, member: Annotated[discord.Member, GuildMember], *, reason: Reason = None
    ) -> None:
        """Remove somebody, who may come back with an invite."""
        await self.pipeline.do(ctx, Kick(self.bot, _target(ctx, member), reason))

    @command(aliases=["tempban", "hackban"])
    @example("@Ann raiding", "@Ann 7d insults", "80351110224678912 raided elsewhere", "@Ann scam --days 1")
    @performs("ban")
    async def ban(
        self, ctx: Context, person: Annotated[AnyPerson, AlsoGone], *, length_and_reason: LengthAndReason = None
    ) -> None:
        """Ban somebody, for good or for a time.

        Works on people who aren't here, by id or, if they have a case, by name. `--days` (0 to 7) says how many days
        of their messages are deleted; `config set ban-deletes-days` says it for bans that don't. A ban for good takes
        the place of a temporary one.
        """
        words = read_ban(length_and_reason)
        if words.length is None and (ctx.invoked_with or "").casefold() == "tempban":
            raise UserError(_("Say for how long, like `7d`; for good there is `ban`."))
        days = self._set(ctx, settings.BAN_DELETES_DAYS) if words.delete_days is None else words.delete_days
        ends_at = _after(words.length) if words.length else None
        await self.pipeline.do(
            ctx, Ban(self.bot, _target(ctx, person), words.reason, ends_at, deletes=timedelta(days=days))
        )

    @command()
    @example("@Ann hacked account", "@Ann")
    @performs("softban")
    async def softban(
        self, ctx: Context, member: Annotated[discord.Member, GuildMember], *, reason: Reason = None
    ) -> None:
        """Remove somebody and their messages of the last day; they may come back.

        It is a ban that is lifted at once.
        """
        await self.pipeline.do(ctx, Softban(self.bot, _target(ctx, member), reason))

    @command()
    @example("80351110224678912", "ann she appealed")
    @performs("unban")
    async def unban(self, ctx: Context, person: Annotated[str, BoundedText(100)], *, reason: Reason = None) -> None:
        """Lift somebody's ban, by id or by their name in the list of bans.

        A name with spaces goes into quotation marks.
        """
        assert ctx.guild is not None
        require_own(ctx.guild, "ban_members")
        try:
            found = await find_ban(ctx.guild, person)
        except REFUSALS as error:
            raise UserError(why_refused(error)) from error
        await self.pipeline.do(ctx, Unban(self.bot, Target.of(ctx.guild, found), reason))

    def _set(self, ctx: Context, setting: Setting[Any]) -> Any:
        assert ctx.guild is not None
        return self.bot.guild_settings.get(ctx.guild.id, setting)


def _target(ctx: Context, person: AnyPerson) -> Target:
    assert ctx.guild is not None
    return Target.of(ctx.guild, person)


def _after(length: timedelta) -> datetime:
    return discord.utils.utcnow() + length

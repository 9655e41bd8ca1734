"""Acting on one person: warn, note, timeout, kick, ban, softban, and taking these back."""

import re
from collections.abc import Sequence
from datetime import timedelta
from typing import Any, ClassVar

import discord

from cogs.moderation.actions import Target
from cogs.moderation.pipeline import Pipeline
from cogs.moderation.punishments import Ban, Kick, Note, Softban, Timeout, Unban, Untimeout, Warn
from cogs.moderation.settings import BAN_DELETES_DAYS, SETTINGS, TIMEOUT_LENGTH, WARNING_LIFETIME
from utils import checks
from utils.bot import Hearth
from utils.cog import Cog
from utils.commands import command, example
from utils.context import Context
from utils.converters import BoundedText, Duration, GuildMember, MemberOrUser
from utils.errors import UserError
from utils.i18n import _
from utils.setting_types import Setting

REASON_LIMIT = 1000  # characters
LONGEST_TEMPORARY = timedelta(days=3650)
DAYS_FLAG = re.compile(r"(?:^|\s)--days[ =](\S+)")
Reason = BoundedText(REASON_LIMIT)


class People(Cog):
    """Warn, time out, kick and ban: each with a case that can be looked up, changed and undone."""

    settings: ClassVar[Sequence[Setting[Any]]] = SETTINGS

    def __init__(self, bot: Hearth, pipeline: Pipeline) -> None:
        super().__init__(bot)
        self.pipeline = pipeline

    @command()
    @example("@Ann spamming", "@Ann")
    @checks.requires(moderate_members=True)
    async def warn(self, ctx: Context, member: GuildMember, *, reason: Reason | None = None) -> None:  # type: ignore[valid-type]
        """Warn somebody.

        They are told, and the warning stands in their history. It counts for a while (`config set warning-lifetime`).
        """
        expires = discord.utils.utcnow() + self._setting(ctx, WARNING_LIFETIME)
        await self.pipeline.do(ctx, Warn(self.bot, self._target(ctx, member), reason, expires, points=1))

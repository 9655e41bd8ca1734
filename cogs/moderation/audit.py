"""What people do in Discord's own client, or other bots do: heard from the audit log, and kept as cases.

The bot's own entries are left out, since its actions have cases already. An entry that Discord delivers twice is one
case. Needs View Audit Log; without it, Discord tells nothing.
"""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

import discord

from cogs.moderation import settings
from cogs.moderation.actions import Action, Target
from cogs.moderation.pipeline import Pipeline
from cogs.moderation.punishments import Ban, Kick, Timeout, Unban, Untimeout
from cogs.moderation.reading import REASON_LIMIT
from database.errors import ConstraintViolated
from database.moderation import Case, NewCase
from utils.bot import CANNOT_SAY, Hearth
from utils.cog import Cog
from utils.formatting import clean_input, truncate
from utils.i18n import _, using

log = logging.getLogger("hearth.moderation")

IN_FORCE = {"ban": "ban", "unban": "ban", "timeout": "timeout", "untimeout": "timeout"}
"""Which of what may be in force is over, or another's, after each kind."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What an entry of the audit log says was done."""

    kind: type[Action]
    target_id: int
    ends_at: datetime | None
    state_before: dict[str, Any]


class Audit(Cog):
    """Bans, kicks and timeouts that somebody did by Discord's own menus become cases, too."""

    also_needs: ClassVar[Mapping[str, str]] = {
        "view_audit_log": "cases of what people do by Discord's own menus (`client-actions`)"
    }

    def __init__(self, bot: Hearth, pipeline: Pipeline) -> None:
        super().__init__(bot)
        self.pipeline = pipeline

    @Cog.listener()
    async def on_audit_log_entry_create(self, entry: discord.AuditLogEntry) -> None:
        """Somebody did something in a guild."""
        guild = entry.guild
        if entry.user_id == guild.me.id or (seen := read_entry(entry)) is None:
            return
        wanted = self.bot.switches.feature_is_on(guild.id, self.feature)
        if not wanted or not self.bot.guild_settings.get(guild.id, settings.CLIENT_ACTIONS):
            await self._no_longer_ours(guild, seen)
            return
        with using(self.bot.language_of(guild)):
            await self._keep(entry, seen)

    async def _no_longer_ours(self, guild: discord.Guild, seen: Seen) -> None:
        """End what the bot had in force, whoever may want a case: else its clock would lift another's ban."""
        kind = IN_FORCE.get(seen.kind.kind_key)
        if kind is not None:
            await self.pipeline.sanctions.end(guild.id, seen.target_id, kind)

    async def _keep(self, entry: discord.AuditLogEntry, seen: Seen) -> None:
        name = await self._name_of(seen.target_id)
        moderator = await self._name_of(entry.user_id) if entry.user_id else _("somebody")
        target = Target(entry.guild, seen.target_id, name)
        async with self.pipeline.lock(target):
            try:
                case = await self._write(entry, seen, target, moderator)
            except ConstraintViolated:
                log.debug("Entry %d of guild %d came again", entry.id, entry.guild.id)
                return
        await self.pipeline.finish(case)

    async def _write(self, entry: discord.AuditLogEntry, seen: Seen, target: Target, moderator: str) -> Case:
        """Write it down as done, and what is in force because of it, in place of what was."""
        reason = clean_input(entry.reason or "").strip()
        new = NewCase(
            guild_id=entry.guild.id, kind=seen.kind.kind_key, source="client", moderator_id=entry.user_id,
            moderator_name=moderator, target_id=target.id, target_name=target.name,
            reason=truncate(reason, REASON_LIMIT) or None, opened_at=entry.created_at, ends_at=seen.ends_at,
            state_before=seen.state_before, entry_id=entry.id,
        )  # fmt: skip
        async with self.bot.db.transaction():
            case = await self.pipeline.cases.open(new)
            settled = await self.pipeline.cases.settle(case, "done", discord.utils.utcnow())
            assert settled is not None
            await seen.kind.of_case(self.bot, target, settled).in_force(settled)
        return settled

    async def _name_of(self, user_id: int) -> str:
        """Somebody's name; their id if Discord doesn't tell."""
        try:
            return str(self.bot.get_user(user_id) or await self.bot.fetch_user(user_id))
        except CANNOT_SAY:
            return str(user_id)


def read_entry(entry: discord.AuditLogEntry) -> Seen | None:
    """What an entry says was done; None if it isn't ours to keep."""
    target_id = getattr(entry.target, "id", None)
    if target_id is None:
        return None
    if entry.action is discord.AuditLogAction.ban:
        return Seen(Ban, target_id, None, {"banned": False, "reason": None})
    if entry.action is discord.AuditLogAction.unban:
        return Seen(Unban, target_id, None, {"banned": True, "reason": None})
    if entry.action is discord.AuditLogAction.kick:
        return Seen(Kick, target_id, None, {})
    if entry.action is discord.AuditLogAction.member_update:
        return _read_timeout(entry, target_id)
    return None


def _read_timeout(entry: discord.AuditLogEntry, target_id: int) -> Seen | None:
    """A timeout that was set or lifted; None if something else of a member changed, or a timeout that was over."""
    if not hasattr(entry.after, "timed_out_until") and not hasattr(entry.before, "timed_out_until"):
        return None
    before = _still_on(getattr(entry.before, "timed_out_until", None), entry.created_at)
    after = _still_on(getattr(entry.after, "timed_out_until", None), entry.created_at)
    state = {"timed_out_until": before.isoformat() if before else None}
    if after is not None:
        return Seen(Timeout, target_id, after, state)
    return Seen(Untimeout, target_id, None, state) if before is not None else None


def _still_on(until: datetime | None, now: datetime) -> datetime | None:
    return until if until is not None and until > now else None

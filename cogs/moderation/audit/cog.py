"""What people do in Discord's own client, or other bots do: heard from the audit log, and kept as cases.

The bot's own entries are left out, since its actions have cases already. An entry that Discord delivers twice is one
case. What was missed is read later (`audit/catch_up.py`), also before the clock of anything strikes. Needs View Audit
Log; without it, Discord tells nothing.
"""

import asyncio
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, ClassVar

import discord

from cogs.moderation import settings
from cogs.moderation.actions import Action, Target
from cogs.moderation.audit.catch_up import CatchUp
from cogs.moderation.pipeline import Pipeline
from cogs.moderation.punishments import Ban, Kick, Timeout, Unban, Untimeout
from cogs.moderation.reading import REASON_LIMIT
from cogs.moderation.refusals import REFUSALS
from database.errors import ConstraintViolated, DatabaseError
from database.moderation import Case, CaseFilter, NewCase
from utils.audit_entries import target_of
from utils.bot import CANNOT_SAY, Hearth
from utils.cog import Cog
from utils.formatting import clean_input, truncate
from utils.i18n import _, using

log = logging.getLogger("hearth.moderation")

IN_FORCE = {"ban": "ban", "unban": "ban", "timeout": "timeout", "untimeout": "timeout"}
"""Which of what may be in force is over, or another's, after each kind."""
ABOUT = {
    "ban": ("ban", "unban", "softban"),
    "timeout": ("timeout", "untimeout"),
    "role-temp": ("role-temp", "role-add", "role-remove"),
    "jail": ("jail", "unjail"),
}
"""Which cases say what is in force of a kind: a newer one counts, not an entry that is found late."""
TRY_AGAIN_AFTER = timedelta(minutes=10)
"""Then it is looked again what was missed, if Discord refused to tell."""
MARKS_WRITTEN_AFTER = timedelta(seconds=10)


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
        self.missed = CatchUp(bot, self._found_late, pipeline.after_absence)
        pipeline.learn_first.append(self._catch_up_in)
        self._catching_up: asyncio.Task[None] | None = None
        self._writing: asyncio.Task[None] | None = None

    async def cog_load(self) -> None:
        """Read what was missed, if the bot is there already: this feature was reloaded."""
        if self.bot.is_ready():
            self._catch_up()

    @Cog.listener()
    async def on_connect(self) -> None:
        """Distrust every guild: this is another session with Discord, who may have told things in between."""
        self.missed.forget()

    @Cog.listener()
    async def on_ready(self) -> None:
        """Read what was missed; all guilds are there now."""
        self._catch_up()

    @Cog.listener()
    async def on_guild_available(self, guild: discord.Guild) -> None:
        """Read what was missed in a guild that Discord had an outage of."""
        self.missed.forget(guild.id)
        if self.bot.is_ready():
            self._catch_up()

    @Cog.listener()
    async def on_guild_join(self, guild: discord.Guild) -> None:
        """Read what was missed in a guild that the bot is back in."""
        self.missed.forget(guild.id)
        self._catch_up()

    def _catch_up(self) -> None:
        if self._catching_up is None or self._catching_up.done():
            self._catching_up = self.spawn(self._read_what_was_missed())

    async def _catch_up_in(self, guild: discord.Guild) -> None:
        """Take what was missed, and show it. Nobody waits for the log: it takes a second for each case."""
        await self.missed.catch_up(guild)
        if guild.id in await self.pipeline.case_log.missed.guilds():
            self.spawn(self.pipeline.case_log.missed.catch_up(guild))

    async def _read_what_was_missed(self) -> None:
        """Until no guild is behind. One where Discord refuses doesn't hold up the others."""
        while behind := [guild for guild in self.bot.guilds if self.missed.is_behind(guild)]:
            for guild in behind:
                try:
                    await self._catch_up_in(guild)
                except (*REFUSALS, DatabaseError) as error:
                    log.warning("Guild %d: what was missed waits: %s", guild.id, error)
            if any(self.missed.is_behind(guild) for guild in behind):
                await asyncio.sleep(TRY_AGAIN_AFTER.total_seconds())

    @Cog.listener()
    async def on_audit_log_entry_create(self, entry: discord.AuditLogEntry) -> None:
        """Somebody did something in a guild."""
        await self._take(entry, late=False)
        if self.missed.heard(entry) and (self._writing is None or self._writing.done()):
            self._writing = self.spawn(self._write_marks())
        if self.missed.is_behind(entry.guild) and self.bot.is_ready():  # it may be read only now
            self._catch_up()

    async def _write_marks(self) -> None:
        """Not at each entry: a ban of many people makes hundreds."""
        await asyncio.sleep(MARKS_WRITTEN_AFTER.total_seconds())
        try:
            await self.missed.write_down()
        except DatabaseError:
            log.warning("How far the audit logs were read isn't written down", exc_info=True)

    async def _found_late(self, entry: discord.AuditLogEntry) -> None:
        await self._take(entry, late=True)

    async def _take(self, entry: discord.AuditLogEntry, *, late: bool) -> None:
        guild = entry.guild
        if entry.user_id == guild.me.id:
            return
        await self._take_roles(entry, late=late)
        if (seen := read_entry(entry)) is None:
            return
        wanted = self.bot.switches.feature_is_on(guild.id, self.feature)
        if not wanted or not self.bot.guild_settings.get(guild.id, settings.CLIENT_ACTIONS):
            await self._no_longer_ours(entry, seen, late=late)
            return
        with using(self.bot.language_of(guild)):
            await self._keep(entry, seen, late=late)

    async def _take_roles(self, entry: discord.AuditLogEntry, *, late: bool) -> None:
        """What was in force by a role ends when somebody takes the role: nobody gets it back by coming back."""
        for user_id, role_id in roles_taken(entry):
            for sanction in await self.pipeline.sanctions.store.of(entry.guild.id, user_id):
                if sanction.role_id != role_id or (late and await self._newer(entry, user_id, sanction.kind)):
                    continue
                await self.pipeline.sanctions.end(entry.guild.id, user_id, sanction.kind, role_id)

    async def _no_longer_ours(self, entry: discord.AuditLogEntry, seen: Seen, *, late: bool) -> None:
        """End what the bot had in force, whoever may want a case: else its clock would lift another's ban."""
        kind = IN_FORCE.get(seen.kind.kind_key)
        if kind is not None and not (late and await self._newer(entry, seen.target_id, kind)):
            await self.pipeline.sanctions.end(entry.guild.id, seen.target_id, kind)

    async def _newer(self, entry: discord.AuditLogEntry, user_id: int, kind: str) -> bool:
        """Whether something was done after an entry that decides what of a kind is in force now."""
        after = entry.created_at + timedelta(milliseconds=1)
        wanted = CaseFilter(user_id, kinds=ABOUT[kind], since=after, statuses=("done", "pending"))
        return await self.pipeline.cases.count(entry.guild.id, wanted) > 0

    async def _keep(self, entry: discord.AuditLogEntry, seen: Seen, *, late: bool) -> None:
        name = await self._name_of(seen.target_id, entry.target)
        moderator = await self._name_of(entry.user_id, entry.user) if entry.user_id else _("somebody")
        target = Target(entry.guild, seen.target_id, name)
        async with self.pipeline.lock(target):
            try:
                case = await self._write(entry, seen, target, moderator, late=late)
            except ConstraintViolated:
                log.debug("Entry %d of guild %d came again", entry.id, entry.guild.id)
                return
        await self.pipeline.finish(case, found_late=late)

    async def _write(
        self, entry: discord.AuditLogEntry, seen: Seen, target: Target, moderator: str, *, late: bool
    ) -> Case:
        """Write it down as done, and what is in force because of it, in place of what was."""
        reason = clean_input(entry.reason or "").strip()
        new = NewCase(
            guild_id=entry.guild.id, kind=seen.kind.kind_key, source="client", moderator_id=entry.user_id,
            moderator_name=moderator, target_id=target.id, target_name=target.name,
            reason=truncate(reason, REASON_LIMIT) or None, opened_at=entry.created_at, ends_at=seen.ends_at,
            state_before=seen.state_before, entry_id=entry.id,
        )  # fmt: skip
        kind = IN_FORCE.get(seen.kind.kind_key)
        async with self.bot.db.transaction():
            outdated = late and kind is not None and await self._newer(entry, target.id, kind)
            case = await self.pipeline.cases.open(new)
            settled = await self.pipeline.cases.settle(case, "done", discord.utils.utcnow())
            assert settled is not None
            action = await seen.kind.of_case(self.bot, target, settled)
            if not outdated:
                await action.in_force(settled)
        return settled

    async def _name_of(self, user_id: int, known: object) -> str:
        """Somebody's name; their id if Discord doesn't tell."""
        if isinstance(known, discord.User | discord.Member):
            return str(known)
        try:
            return str(self.bot.get_user(user_id) or await self.bot.fetch_user(user_id))
        except CANNOT_SAY:
            return str(user_id)


def roles_taken(entry: discord.AuditLogEntry) -> list[tuple[int, int]]:
    """Whom an entry says which roles were taken from, by id."""
    target_id = getattr(target_of(entry), "id", None)
    if entry.action is not discord.AuditLogAction.member_role_update or target_id is None:
        return []
    return [(target_id, role.id) for role in getattr(entry.before, "roles", [])]


def read_entry(entry: discord.AuditLogEntry) -> Seen | None:
    """What an entry says was done; None if it isn't ours to keep."""
    target_id = getattr(target_of(entry), "id", None)
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

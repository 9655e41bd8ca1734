"""The actions that every moderator knows: warn, note, timeout, kick, ban, softban, and their ends."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, ClassVar, Literal

import discord

from cogs.moderation.actions import Action, HalfDoneError, Target
from cogs.moderation.bans import banned
from cogs.moderation.sanctions import Sanctions
from database.moderation import Case
from utils.bot import CANNOT_SAY
from utils.formatting import AUDIT_LOG_REASON_LIMIT, truncate
from utils.i18n import _

LONGEST_TIMEOUT = timedelta(days=28) - timedelta(minutes=1)
"""Discord takes less than 28 days; a longer timeout is renewed."""
RENEW_BEFORE_END = timedelta(days=7)
CLOCKS_DIFFER = timedelta(minutes=2)
"""How far the end that Discord has may be from the one in the case: the case is written a little before."""
SOFTBAN_DELETES = timedelta(days=1)


@dataclass
class Warn(Action):
    """A warning, with points that count until it expires."""

    kind_key: ClassVar[str] = "warn"

    async def act(self, audit_reason: str) -> None:
        """The case itself is the warning."""

    async def took_effect(self, case: Case) -> bool | None:
        return True


@dataclass
class Note(Action):
    """What staff should know about somebody; nobody else is told."""

    kind_key: ClassVar[str] = "note"
    needs_member: ClassVar[bool] = False
    tells: ClassVar[Literal["before", "after", "never"]] = "never"

    async def act(self, audit_reason: str) -> None:
        """The case itself is the note."""

    async def took_effect(self, case: Case) -> bool | None:
        return True


@dataclass
class Timeout(Action):
    """A timeout. One that is longer than Discord allows is renewed by its timer."""

    kind_key: ClassVar[str] = "timeout"

    def why_impossible(self) -> str | None:
        member = self.target.member
        if member is not None and member.guild_permissions.administrator:
            return _("{target} is an administrator, whom Discord doesn't let anybody time out.").format(
                target=self.target.mention
            )
        return super().why_impossible()

    async def state_before(self) -> dict[str, Any]:
        return await timeout_state(self)

    async def act(self, audit_reason: str) -> None:
        assert self.target.member is not None
        assert self.ends_at is not None
        until = longest_timeout(self.ends_at, discord.utils.utcnow())
        await self.target.member.timeout(until, reason=audit_reason)

    async def in_force(self, case: Case) -> None:
        assert case.ends_at is not None
        wake_at = renew_at(case.ends_at, discord.utils.utcnow())
        await Sanctions(self.bot).begin(case, self.kind_key, wake_at=wake_at)

    async def took_effect(self, case: Case) -> bool | None:
        member, now = self.target.member, discord.utils.utcnow()
        if case.ends_at is None or case.ends_at <= now or member is None:
            return None
        until = member.timed_out_until
        expected = min(case.ends_at, case.opened_at + LONGEST_TIMEOUT)
        return until is not None and abs(until - expected) < CLOCKS_DIFFER


@dataclass
class Untimeout(Action):
    """The end of a timeout before its time. Discord keeps that of who left, so it is lifted when they come back."""

    kind_key: ClassVar[str] = "untimeout"
    needs_member: ClassVar[bool] = False

    def done_sentence(self) -> str:
        if self.target.member is None:
            return _("{target} isn't here. When they come back, they may write and speak.").format(
                target=self.target.mention
            )
        return super().done_sentence()

    async def already(self) -> str | None:
        member, guild = self.target.member, self.target.guild
        if member is not None and member.is_timed_out():
            return None
        if await Sanctions(self.bot).store.get(guild.id, self.target.id, Timeout.kind_key) is not None:
            return None
        return _("{target} isn't timed out.").format(target=self.target.mention)

    async def state_before(self) -> dict[str, Any]:
        return await timeout_state(self)

    async def act(self, audit_reason: str) -> None:
        if self.target.member is not None and self.target.member.is_timed_out():
            await self.target.member.timeout(None, reason=audit_reason)

    async def in_force(self, case: Case) -> None:
        assert case.target_id is not None
        ended = await Sanctions(self.bot).end(case.guild_id, case.target_id, Timeout.kind_key)
        # By Discord's own menu, only the timeout of somebody who is here can be lifted.
        if ended is not None and ended.ends_at is not None and self.target.member is None and case.source != "client":
            now = discord.utils.utcnow()
            until_back = replace(case, ends_at=longest_timeout(ended.ends_at, now))
            await Sanctions(self.bot).begin(until_back, self.kind_key, wake_at=now)

    async def took_effect(self, case: Case) -> bool | None:
        member = self.target.member
        return member is None or not member.is_timed_out()


@dataclass
class Kick(Action):
    """Out, but free to come back."""

    kind_key: ClassVar[str] = "kick"
    tells: ClassVar[Literal["before", "after", "never"]] = "before"

    async def state_before(self) -> dict[str, Any]:
        return membership(self.target)

    async def act(self, audit_reason: str) -> None:
        await self.target.guild.kick(discord.Object(self.target.id), reason=audit_reason)

    async def took_effect(self, case: Case) -> bool | None:
        return self.target.is_gone_since(case.opened_at)


@dataclass
class Ban(Action):
    """Out, for good or until its end. Works on people who aren't here, too."""

    kind_key: ClassVar[str] = "ban"
    needs_member: ClassVar[bool] = False
    tells: ClassVar[Literal["before", "after", "never"]] = "before"
    deletes: timedelta = timedelta()
    """How far back their messages are deleted; up to seven days."""

    async def already(self) -> str | None:
        """A ban for good replaces a temporary one, so only a ban like the one there is, is refused."""
        if await banned(self.target.guild, self.target.id) is None:
            return None
        sanction = await Sanctions(self.bot).store.get(self.target.guild.id, self.target.id, self.kind_key)
        if self.ends_at is None and (sanction is None or sanction.ends_at is None):
            return _("{target} is banned already.").format(target=self.target.mention)
        return None

    async def state_before(self) -> dict[str, Any]:
        entry = await banned(self.target.guild, self.target.id)
        sanction = await Sanctions(self.bot).as_state(self.target.guild.id, self.target.id, self.kind_key)
        return {**ban_state(entry), **membership(self.target), "sanction": sanction}

    async def act(self, audit_reason: str) -> None:
        await self.target.guild.ban(
            discord.Object(self.target.id), reason=audit_reason,
            delete_message_seconds=int(self.deletes.total_seconds()),
        )  # fmt: skip

    async def in_force(self, case: Case) -> None:
        await Sanctions(self.bot).begin(case, self.kind_key, wake_at=case.ends_at)

    async def took_effect(self, case: Case) -> bool | None:
        return await banned(self.target.guild, self.target.id) is not None


@dataclass
class Unban(Action):
    """The end of a ban."""

    kind_key: ClassVar[str] = "unban"
    needs_member: ClassVar[bool] = False
    tells: ClassVar[Literal["before", "after", "never"]] = "never"

    async def already(self) -> str | None:
        if await banned(self.target.guild, self.target.id) is None:
            return _("{target} isn't banned.").format(target=self.target.mention)
        return None

    async def state_before(self) -> dict[str, Any]:
        sanction = await Sanctions(self.bot).as_state(self.target.guild.id, self.target.id, Ban.kind_key)
        return {**ban_state(await banned(self.target.guild, self.target.id)), "sanction": sanction}

    async def act(self, audit_reason: str) -> None:
        await self.target.guild.unban(discord.Object(self.target.id), reason=audit_reason)

    async def in_force(self, case: Case) -> None:
        assert case.target_id is not None
        await Sanctions(self.bot).end(case.guild_id, case.target_id, Ban.kind_key)

    async def took_effect(self, case: Case) -> bool | None:
        return await banned(self.target.guild, self.target.id) is None


@dataclass
class Softban(Action):
    """A ban that is lifted at once: it takes the messages away, and the person may come back."""

    kind_key: ClassVar[str] = "softban"
    tells: ClassVar[Literal["before", "after", "never"]] = "before"
    deletes: timedelta = SOFTBAN_DELETES

    async def state_before(self) -> dict[str, Any]:
        return membership(self.target)

    async def act(self, audit_reason: str) -> None:
        await self.target.guild.ban(
            discord.Object(self.target.id), reason=audit_reason,
            delete_message_seconds=int(self.deletes.total_seconds()),
        )  # fmt: skip
        try:
            await self._lift(audit_reason)
        except CANNOT_SAY as error:
            raise HalfDoneError(
                _(
                    "{target} is banned, but Discord doesn't let me lift that again ({status}); `unban` does it."
                ).format(target=self.target.mention, status=getattr(error, "status", _("no answer")))
            ) from error

    async def _lift(self, audit_reason: str) -> None:
        await self.target.guild.unban(discord.Object(self.target.id), reason=audit_reason)

    async def took_effect(self, case: Case) -> bool | None:
        """Lift the ban if the crash came before that: nobody meant it to last."""
        if not self.target.is_gone_since(case.opened_at):
            return False
        if await banned(self.target.guild, self.target.id) is not None:
            await self._lift(truncate(self.reason or "", AUDIT_LOG_REASON_LIMIT))
        return True


def longest_timeout(ends_at: datetime, now: datetime) -> datetime:
    """Until when a timeout can be put on now, of one that ends at `ends_at`."""
    return min(ends_at, now + LONGEST_TIMEOUT)


def renew_at(ends_at: datetime, now: datetime) -> datetime:
    """When a timeout that was put on now has to be looked at again: well before Discord ends it, or at its end."""
    until = longest_timeout(ends_at, now)
    return until if until == ends_at else until - RENEW_BEFORE_END


async def timeout_state(action: Action) -> dict[str, Any]:
    """How long somebody is timed out, by Discord and by what is in force here, as undo reads it."""
    target = action.target
    until = target.member.timed_out_until if target.member else None
    return {
        "timed_out_until": until.isoformat() if until and until > discord.utils.utcnow() else None,
        "sanction": await Sanctions(action.bot).as_state(target.guild.id, target.id, Timeout.kind_key),
    }


def membership(target: Target) -> dict[str, Any]:
    """What somebody loses by leaving, as undo reads it; nothing of people who aren't here."""
    member = target.member
    if member is None:
        return {}
    return {"roles": [role.id for role in member.roles if not role.is_default()], "nick": member.nick or None}


def ban_state(entry: discord.BanEntry | None) -> dict[str, Any]:
    """A ban, or that there is none, as undo reads it."""
    return {"banned": entry is not None, "reason": entry.reason if entry else None}

"""Taking back timeouts and bans, and what lifted them."""

from datetime import datetime
from typing import ClassVar

import discord

from cogs.moderation.bans import banned
from cogs.moderation.punishments import CLOCKS_DIFFER, Ban, Timeout, longest_timeout, renew_at
from cogs.moderation.undo.reversals.base import Reversal, moment, not_here
from cogs.moderation.undo.reversals.departures import keep_for_return
from database.moderation import Case
from utils.i18n import N_, _
from utils.time import timestamp


class OfTimeout(Reversal):
    """Until when they were timed out before comes back, or nothing."""

    kinds: ClassVar[tuple[str, ...]] = ("timeout",)
    related: ClassVar[tuple[str, ...]] = ("timeout", "untimeout")
    told: ClassVar[str] = N_("Your timeout in **{guild}** was taken back.")

    def done_sentence(self) -> str:
        until = self.until
        if until is None:
            return _("{target} isn't timed out any more.").format(target=self.target.mention)
        return _("{target} is timed out until {when}, as before.").format(
            target=self.target.mention, when=timestamp(until)
        )

    @property
    def until(self) -> datetime | None:
        """Until when they were timed out before; None if that would be over."""
        return moment(self.kept_end) or moment(self.before.get("timed_out_until"))

    @property
    def on_now(self) -> datetime | None:
        """Until when Discord has them timed out."""
        return self.member.timed_out_until if self.member is not None and self.member.is_timed_out() else None

    async def changed(self) -> list[str]:
        """Whether the timeout isn't on any more, or another one is."""
        if self.member is None:
            return [not_here(self.target)]
        expected, now = self.case.ends_at, self.on_now
        if now is None and expected is not None and expected > discord.utils.utcnow():
            return [_("Their timeout was lifted meanwhile.")]
        if now is not None and await self._is_another(now):
            return [_("They are timed out until {when} by now.").format(when=timestamp(now))]
        return []

    async def _is_another(self, until: datetime) -> bool:
        sanction = await self.sanctions.store.get(self.target.guild.id, self.target.id, Timeout.kind_key)
        if sanction is not None:
            return sanction.number != self.case.number
        return self.case.ends_at is None or abs(until - self.case.ends_at) > CLOCKS_DIFFER

    async def act(self, reason: str) -> None:
        if self.member is None:
            return  # Discord keeps timeouts of who left; ours is put on again no more
        until = self.until
        if until is not None or self.on_now is not None:
            ends_at = None if until is None else longest_timeout(until, discord.utils.utcnow())
            await self.member.timeout(ends_at, reason=reason)

    async def in_force(self, undo: Case) -> None:
        now = discord.utils.utcnow()
        await self.sanctions.put_back(
            self.kept, self.target.guild.id, self.target.id, Timeout.kind_key,
            renew=lambda ends_at: renew_at(ends_at, now),
        )  # fmt: skip

    async def took_effect(self) -> bool | None:
        if self.member is None:
            return None
        until, now = self.until, self.on_now
        if until is None or now is None:
            return until is now
        return abs(now - longest_timeout(until, discord.utils.utcnow())) < CLOCKS_DIFFER


class OfUntimeout(OfTimeout):
    """The timeout is on again, for what was left of it."""

    kinds: ClassVar[tuple[str, ...]] = ("untimeout",)
    told: ClassVar[str] = N_("Your timeout in **{guild}** goes on: lifting it was taken back.")

    def why_impossible(self) -> str | None:
        if self.until is None:
            return _("That timeout would be over by now.")
        if self.member is None:
            return not_here(self.target)
        if self.member.guild_permissions.administrator:
            return _("{target} is an administrator, whom Discord doesn't let anybody time out.").format(
                target=self.target.mention
            )
        return None

    async def changed(self) -> list[str]:
        """Whether they are timed out again already."""
        if self.on_now is None:
            return []
        return [_("They are timed out until {when} by now.").format(when=timestamp(self.on_now))]


class _OfBans(Reversal):
    """A ban before, with its reason and its clock, or none."""

    related: ClassVar[tuple[str, ...]] = ("ban", "unban")

    @property
    def was_banned(self) -> bool:
        return bool(self.before.get("banned"))

    def done_sentence(self) -> str:
        if not self.was_banned:
            return _("{target} isn't banned any more.").format(target=self.target.mention)
        until = moment(self.kept_end)
        if until is None:
            return _("{target} is banned as before.").format(target=self.target.mention)
        return _("{target} is banned until {when}, as before.").format(
            target=self.target.mention, when=timestamp(until)
        )

    def why_impossible(self) -> str | None:
        if self.was_banned and self.kept_end and moment(self.kept_end) is None:
            return _("The ban from before would be over by now.")
        return None

    async def act(self, reason: str) -> None:
        entry = await banned(self.target.guild, self.target.id)
        if self.was_banned and entry is None:
            why = self.before.get("reason") or reason
            await self.target.guild.ban(discord.Object(self.target.id), reason=why, delete_message_seconds=0)
        elif not self.was_banned and entry is not None:
            await self.target.guild.unban(discord.Object(self.target.id), reason=reason)

    async def in_force(self, undo: Case) -> None:
        kept = self.kept if self.was_banned else None
        await self.sanctions.put_back(kept, self.target.guild.id, self.target.id, Ban.kind_key)

    async def took_effect(self) -> bool | None:
        return self.was_banned == (await banned(self.target.guild, self.target.id) is not None)


class OfBan(_OfBans):
    """They may come back, with the roles and the nickname that they had; or the ban before goes on."""

    kinds: ClassVar[tuple[str, ...]] = ("ban",)

    def why_impossible(self) -> str | None:
        """A ban that would be over is simply lifted."""
        return None

    @property
    def was_banned(self) -> bool:
        return super().was_banned and (not self.kept_end or moment(self.kept_end) is not None)

    async def changed(self) -> list[str]:
        """Whether the ban was lifted, or is another's."""
        if await banned(self.target.guild, self.target.id) is None:
            return [_("They were unbanned meanwhile.")]
        return []

    async def in_force(self, undo: Case) -> None:
        await super().in_force(undo)
        if not self.was_banned:
            await keep_for_return(self, undo)


class OfUnban(_OfBans):
    """The ban is there again, for what was left of it."""

    kinds: ClassVar[tuple[str, ...]] = ("unban",)

    async def changed(self) -> list[str]:
        """Whether they came back, or are banned again."""
        if self.member is not None:
            return [_("{target} has come back, and would be banned.").format(target=self.target.mention)]
        if await banned(self.target.guild, self.target.id) is not None:
            return [_("They are banned again.")]
        return []

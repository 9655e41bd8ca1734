"""Giving a role to many members, or taking it: one after the other, until it is done, cancelled or in vain."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Final

import discord
from discord.utils import as_chunks

from cogs.admin.bulkrole.rules import Whom
from utils.bot import CANNOT_SAY
from utils.giving_roles import why_not_give
from utils.members import all_members, get_members

log = logging.getLogger("hearth.admin")

AT_ONCE: Final = 100
"""Members that one question to Discord's gateway finds."""
BETWEEN_QUESTIONS_SECONDS: Final = 1.0
"""The gateway takes 120 of anything in a minute."""
BETWEEN_CHANGES_SECONDS: Final = 0.2
"""discord.py waits where Discord says so; this leaves room for all else the bot does."""
MOST_FAILURES: Final = 10
"""One after the other: then it is no single member's fault."""
MOST_SILENCES: Final = 5
"""How often the gateway is asked the same; it is silent while the bot connects anew."""
GONE: Final = frozenset({10007, 10013})
"""Discord's codes for somebody who left meanwhile, or deleted their account."""
AFTER_SILENCE_SECONDS: Final = 10.0


@dataclass(slots=True)
class Run:
    """A run, and what came of it so far."""

    guild: discord.Guild
    role_id: int
    gives: bool
    whom: Whom
    reason: str
    progress: Callable[["Run"], Awaitable[None]]
    """Told after each member."""
    total: int = 0
    changed: int = 0
    failed: int = 0
    cancelled: bool = False
    stopped: str | None = None
    """Why it ended early, in a sentence; empty if nobody knows."""
    failures: list[int] = field(default_factory=list)

    def wants(self, member: discord.Member) -> bool:
        """Whether something is to be done to a member: they are meant, and don't have the role, or do."""
        role_ids = {role.id for role in member.roles}
        return (self.role_id in role_ids) != self.gives and self.whom.fits(
            is_bot=member.bot, role_ids=role_ids, joined_at=member.joined_at
        )

    async def find(self) -> list[int]:
        """The ids of all to whom something is to be done. Raises what Discord raises."""
        return [member.id async for page in all_members(self.guild) for member in page if self.wants(member)]

    async def do(self, user_ids: Sequence[int]) -> None:
        """Do it to these."""
        in_a_row = 0
        for number, some in enumerate(as_chunks(user_ids, AT_ONCE)):
            if number:
                await asyncio.sleep(BETWEEN_QUESTIONS_SECONDS)
            for member in await self._members(some):
                if self.cancelled or self._in_vain():
                    return
                done = await self._change(member)
                in_a_row = 0 if done else in_a_row + 1
                if in_a_row == MOST_FAILURES:
                    self.stopped = self.stopped or ""
                    return
                await self.progress(self)
                await asyncio.sleep(BETWEEN_CHANGES_SECONDS)
            if self.stopped is not None:
                return

    async def _members(self, user_ids: Sequence[int]) -> list[discord.Member]:
        """Those who are still here and meant; nobody, and it is over, if the gateway stays silent."""
        for _attempt in range(MOST_SILENCES):
            try:
                found = await get_members(self.guild, user_ids)
            except TimeoutError:
                await asyncio.sleep(AFTER_SILENCE_SECONDS)
            else:
                return [member for member in found.values() if self.wants(member)]
            if self.cancelled:
                return []
        self.stopped = ""
        return []

    def _in_vain(self) -> bool:
        """Whether the role is gone, or the bot can't give it any more."""
        why_not = why_not_give(self.guild, self.guild.get_role(self.role_id))
        if why_not is not None:
            self.stopped = why_not
        return why_not is not None

    async def _change(self, member: discord.Member) -> bool:
        role = discord.Object(self.role_id)
        try:
            if self.gives:
                await member.add_roles(role, reason=self.reason)
            else:
                await member.remove_roles(role, reason=self.reason)
        except CANNOT_SAY as error:
            if getattr(error, "code", None) in GONE:
                return True
            log.info("Role %d of member %d in guild %d: %r", self.role_id, member.id, self.guild.id, error)
            self.failed += 1
            if len(self.failures) < MOST_FAILURES:
                self.failures.append(member.id)
            return False
        self.changed += 1
        return True

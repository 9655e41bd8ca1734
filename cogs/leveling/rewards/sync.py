"""Looking at the roles of everybody in a guild: slowly, so that Discord and the bot have time for other things."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Final

import discord
from discord.utils import as_chunks

from cogs.leveling.rewards.roles import LevelRoles, Look, Seen
from database.standing_values import MOST

AT_ONCE: Final = 100
"""Members looked at together: one question to Discord's gateway finds so many."""
BETWEEN_CHANGES_SECONDS: Final = 0.5
BETWEEN_QUESTIONS_SECONDS: Final = 1.0
"""The gateway takes 120 of anything in a minute."""
SHOWN: Final = 10
"""Members named in a report."""


async def _say_nothing(_sync: "Sync") -> None:
    """Nobody wants to know how far it is."""


class Sync:
    """A look at everybody, and what came of it so far."""

    def __init__(self, roles: LevelRoles, guild: discord.Guild, *, dry_run: bool = False) -> None:
        """With a `dry_run` nothing is given or taken."""
        self.roles = roles
        self.guild = guild
        self.dry_run = dry_run
        self.progress: Callable[[Sync], Awaitable[None]] = _say_nothing
        """Told after each member and each page of them."""
        self.total = 0
        self.looked_at = 0
        self.changed = 0
        self.given = 0
        self.taken = 0
        self.refused = 0
        self.jailed = 0
        self.waiting: dict[int, Look] = {}
        """About whom nothing could be done yet."""
        self.examples: list[tuple[int, list[int], list[int]]] = []
        """The first few: who, which roles they get, and which they lose."""
        self.cancelled = False
        self.failed = False

    async def run(self) -> None:
        """Look at everybody who has reached a level with a role, and who was given one. Raises `DatabaseError`."""
        user_ids = await self._whom()
        self.total = len(user_ids)
        for number, some in enumerate(as_chunks(user_ids, AT_ONCE)):
            if number:
                await asyncio.sleep(BETWEEN_QUESTIONS_SECONDS)
            await self._look_at(some)
            if self.cancelled:
                return
            await self.progress(self)

    async def reached(self) -> int:
        """How many members have reached a level with a role. Raises `DatabaseError`."""
        return await self.roles.leveling.store.rank(self.guild.id, self._least() - 1) - 1

    def _least(self) -> int:
        """The least XP that brings a role; more than anybody can have if none does."""
        curve = self.roles.leveling.curve(self.guild.id)
        lowest = min((one.level for one in self.roles.of_guild(self.guild.id)), default=curve.highest + 1)
        return curve.total(lowest) if lowest <= curve.highest else MOST + 1

    async def _whom(self) -> list[int]:
        guild_id, store, least = self.guild.id, self.roles.leveling.store, self._least()
        await self.roles.leveling.write(guild_id)
        found = [one.user_id async for page in store.all(guild_id) for one in page if one.xp >= least]
        return [*found, *await self.roles.grants.holders_below(guild_id, least)]

    async def _look_at(self, user_ids: Sequence[int]) -> None:
        try:
            seen = await self.roles.survey(self.guild, user_ids)
        except TimeoutError:
            self.waiting |= {user_id: Look("later") for user_id in user_ids}
            seen = {}
        for user_id in user_ids:
            if self.cancelled:
                return
            self.looked_at += 1
            if user_id in seen and not seen[user_id].plan.is_empty:
                look = await (self._foresee(seen[user_id]) if self.dry_run else self.roles.look(seen[user_id].member))
                self._count(user_id, look)
                await self.progress(self)
                if look.changed and not self.dry_run and not self.cancelled:
                    await asyncio.sleep(BETWEEN_CHANGES_SECONDS)

    async def _foresee(self, seen: Seen) -> Look:
        """What a look would come to."""
        member, guild = seen.member, self.guild
        if seen.plan.give or seen.plan.take:
            if member.pending:
                return Look("pending")
            if await self.roles.sanctions.is_jailed(guild.id, member.id):
                return Look("jailed")
        rewards = {one.role_id: one for one in self.roles.of_guild(guild.id)}
        why_not = self.roles.trouble.why_not
        given = [one for one in sorted(seen.plan.give) if why_not(guild, one, rewards.get(one), gives=True) is None]
        taken = [one for one in sorted(seen.plan.take) if why_not(guild, one, rewards.get(one), gives=False) is None]
        refused = len(given) + len(taken) < len(seen.plan.give) + len(seen.plan.take)
        return Look("refused" if refused else "done", given, taken)

    def _count(self, user_id: int, look: Look) -> None:
        self.changed += look.changed
        self.given += len(look.given)
        self.taken += len(look.taken)
        self.refused += look.state == "refused"
        self.jailed += look.state == "jailed"
        if look.state in {"pending", "later"}:
            self.waiting[user_id] = look
        if look.changed and len(self.examples) < SHOWN:
            self.examples.append((user_id, look.given, look.taken))

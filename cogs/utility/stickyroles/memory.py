"""What is known of members' roles, without keeping the members in memory.

Discord doesn't say which roles somebody had who leaves, so they are noted before: from messages, from the audit log,
and by looking through all members once a day.
"""

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Iterable
from typing import Final

import discord

from cogs.utility.stickyroles.settings import ON
from database.level_rewards import LevelRewardsStore
from database.roles_for_a_time import roles_for_a_time
from database.sanctions import JAIL, SanctionsStore
from database.sticky_roles import StickyRolesStore
from utils.bot import Hearth
from utils.cog import Cog
from utils.gathering import Batch, Writer
from utils.members import all_members, get_member

log = logging.getLogger("hearth.utility")

REMEMBERED: Final = 50_000
BETWEEN_PAGES_SECONDS: Final = 1.0

Roles = frozenset[int]


class Memory:
    """Notes members' roles where a guild wants it."""

    def __init__(self, bot: Hearth, cog: Cog) -> None:
        self.bot = bot
        self.cog = cog
        self.store = StickyRolesStore(bot.db)
        self.sanctions = SanctionsStore(bot.db)
        self.levels = LevelRewardsStore(bot.db)
        self.writer: Writer[Roles] = Writer(cog, "Members' roles", lambda before, after: after, self._write)
        self._latest: OrderedDict[tuple[int, int], Roles] = OrderedDict()

    def is_on(self, guild_id: int) -> bool:
        """Whether a guild wants it."""
        return self.bot.guild_settings.get(guild_id, ON) and self.cog.is_on(guild_id)

    # --- noting

    def hear(self, message: discord.Message) -> None:
        """Note the roles of who writes, if they are others than last time; no I/O."""
        member = message.author
        if isinstance(member, discord.Member) and self.is_on(member.guild.id):
            self.note(member)

    def note(self, member: discord.Member) -> None:
        """Note somebody's roles soon."""
        key, roles = (member.guild.id, member.id), roles_of(member)
        if self._latest.get(key) == roles:
            return
        if self.writer.add(*key, roles):
            self._latest[key] = roles
            self._latest.move_to_end(key)
            if len(self._latest) > REMEMBERED:
                self._latest.popitem(last=False)

    def forget(self, guild_id: int, user_id: int) -> None:
        """Note somebody's roles anew when they are seen next."""
        self._latest.pop((guild_id, user_id), None)

    async def forget_person(self, user_id: int, guild_id: int | None) -> None:
        """Drop what isn't written of somebody, everywhere or in one guild."""
        await self.writer.forget(user_id, guild_id)
        for who in [who for who in self._latest if who[1] == user_id and guild_id in {None, who[0]}]:
            del self._latest[who]

    async def look_at(self, guild: discord.Guild, user_id: int) -> None:
        """Note the roles that somebody has now. Raises `DatabaseError` and what Discord raises."""
        member = await get_member(guild, user_id)
        if member is not None and not member.bot:
            self.forget(guild.id, user_id)
            self.note(member)
            await self.writer.write(guild.id)

    def forget_guild(self, guild_id: int) -> None:
        """Note everybody's roles of a guild anew."""
        self._latest = OrderedDict((who, roles) for who, roles in self._latest.items() if who[0] != guild_id)

    async def look_through(self, guild: discord.Guild) -> list[int]:
        """Note everybody's roles; who is there again of those who had left. Raises `DatabaseError`."""
        left, back = await self.store.left(guild.id), []
        try:
            async for page in all_members(guild):
                for member in page:
                    if not member.bot:
                        self.note(member)
                        left_at = left.get(member.id)
                        if left_at is not None and not member.pending and (member.joined_at or left_at) > left_at:
                            back.append(member.id)
                await self.writer.write(guild.id)
                await asyncio.sleep(BETWEEN_PAGES_SECONDS)
        except (discord.ClientException, discord.HTTPException) as error:
            log.warning("Nobody's roles in guild %d are looked at: %r", guild.id, error)
        return back

    async def _write(self, batch: Batch[Roles]) -> None:
        """What somebody has in jail isn't what they are to have again."""
        jailed = {one.user_id for one in await self.sanctions.of_kinds(batch.guild_id, [JAIL])}
        seen = {user_id: roles for user_id, roles in batch.gains.items() if user_id not in jailed}
        await self.store.see(batch.guild_id, seen, discord.utils.utcnow())

    # --- what is no business of ours

    async def others(self, guild_id: int, user_id: int) -> set[int]:
        """Roles that others give again by themselves, or that were for a time."""
        by_level = {one.role_id for one in await self.levels.of(guild_id)}
        return by_level | await roles_for_a_time(self.bot.db, guild_id, user_id)


def roles_of(member: discord.Member) -> Roles:
    """The ids of a member's roles, but for those that nobody gives."""
    return frozenset(role.id for role in member.roles if not role.is_default() and not role.managed)


def without(role_ids: Iterable[int], others: Iterable[int]) -> Roles:
    """The roles that are to be given again."""
    return frozenset(role_ids) - frozenset(others)

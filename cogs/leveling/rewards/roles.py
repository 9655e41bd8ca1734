"""Giving and taking the roles that belong to levels, one member at a time."""

import asyncio
import logging
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal
from weakref import WeakValueDictionary

import discord

from cogs.leveling.rewards.rules import Plan, by_role, current_grants, reconcile
from cogs.leveling.rewards.settings import REWARDS_MODE
from cogs.leveling.rewards.trouble import Trouble
from cogs.leveling.service import Leveling
from database.level_rewards import Grant, LevelGrantsStore, LevelRewardsStore, Reward
from database.sanctions import SanctionsStore
from database.standing_values import Standing
from utils.bot import CANNOT_SAY
from utils.i18n import _, format_number, using
from utils.members import get_member, get_members

log = logging.getLogger("hearth.leveling")

UNKNOWN_ROLE = 10_011  # Discord's code
IN_MEMORY = "roles for levels"
SERVER_TROUBLE = 500  # the first HTTP status that says so

State = Literal["done", "gone", "pending", "jailed", "refused", "later"]
"""How a look ended: `pending` waits for membership screening, `later` for Discord, `refused` for staff."""


@dataclass(slots=True)
class Look:
    """What came of looking at a member's roles."""

    state: State = "done"
    given: list[int] = field(default_factory=list)
    taken: list[int] = field(default_factory=list)

    @property
    def changed(self) -> bool:
        """Whether anything was given or taken."""
        return bool(self.given or self.taken)


@dataclass(frozen=True, slots=True)
class Seen:
    """A member as Discord shows them, and what their level asks for."""

    member: discord.Member
    plan: Plan


class LevelRoles:
    """Roles for levels. One for the whole feature."""

    def __init__(self, leveling: Leveling) -> None:
        self.leveling = leveling
        self.bot = leveling.bot
        self.store = LevelRewardsStore(self.bot.db)
        self.grants = LevelGrantsStore(self.bot.db)
        self.sanctions = SanctionsStore(self.bot.db)
        self.trouble = Trouble(self.bot, self.store)
        self._rewards: dict[int, tuple[Reward, ...]] = {}
        self._locks: WeakValueDictionary[tuple[int, int], asyncio.Lock] = WeakValueDictionary()

    # --- which roles there are

    async def load(self) -> None:
        """Read which roles there are. Raises `DatabaseError`."""
        found: dict[int, list[Reward]] = {}
        for reward in await self.store.all():
            found.setdefault(reward.guild_id, []).append(reward)
        self._rewards = {guild_id: tuple(rewards) for guild_id, rewards in found.items()}

    def forget_guild(self, guild_id: int) -> None:
        """Let a guild's rewards go whose rows are deleted."""
        self._rewards.pop(guild_id, None)

    async def read(self, guild_id: int | None) -> None:
        """Read a guild's again, or all. Raises `DatabaseError`."""
        if guild_id is None:
            await self.load()
        else:
            self._rewards[guild_id] = tuple(await self.store.of(guild_id))

    async def load_guild(self, guild_id: int) -> None:
        """Read a guild's after a change of them. Raises `DatabaseError`."""
        await self.read(guild_id)
        await self.bot.shared_memory.changed(IN_MEMORY, guild_id)

    def of_guild(self, guild_id: int) -> Sequence[Reward]:
        """A guild's roles for levels, the lowest level first."""
        return self._rewards.get(guild_id, ())

    def there(self, guild: discord.Guild) -> list[Reward]:
        """Those of a guild's roles for levels that weren't deleted."""
        return [one for one in self.of_guild(guild.id) if guild.get_role(one.role_id) is not None]

    def mode(self, guild_id: int) -> str:
        """Whether members keep the roles of lower levels."""
        return self.bot.guild_settings.get(guild_id, REWARDS_MODE)

    async def forget_role(self, guild_id: int, role_id: int) -> None:
        """Forget a role that isn't there any more."""
        await self.store.remove(guild_id, role_id)
        await self.grants.forget_role(guild_id, role_id)
        await self.load_guild(guild_id)

    # --- looking

    def lock(self, guild_id: int, user_id: int) -> asyncio.Lock:
        """Held by whoever changes a member's roles for levels."""
        return self._locks.setdefault((guild_id, user_id), asyncio.Lock())

    async def survey(self, guild: discord.Guild, user_ids: Collection[int]) -> dict[int, Seen]:
        """Those of these people who are members and no bots, with what is to be done about their roles.

        Raises `TimeoutError` if Discord doesn't say who is a member.
        """
        members = await get_members(guild, user_ids)
        people = {user_id: member for user_id, member in members.items() if not member.bot}
        standings = await self.leveling.store.get_many(guild.id, people)
        grants = await self.grants.of_many(guild.id, sorted(people))
        return {
            user_id: Seen(member, self._plan(member, standings[user_id], grants.get(user_id, ()))[0])
            for user_id, member in people.items()
        }

    def _plan(
        self, member: discord.Member, standing: Standing, grants: Iterable[Grant]
    ) -> tuple[Plan, frozenset[int]]:
        """What is to be done, and which notes tell nothing any more."""
        guild = member.guild
        has = {role.id for role in member.roles}
        granted, stale = current_grants(grants, has, member.joined_at)
        level = self.leveling.level(guild.id, standing.xp)
        return reconcile(level, by_role(self.there(guild)), self.mode(guild.id), has, granted), stale

    async def look(self, member: discord.Member) -> Look:
        """Give and take what a member's level asks for. Raises `DatabaseError`."""
        if member.bot:
            return Look()
        guild_id = member.guild.id
        async with self.lock(guild_id, member.id):
            standing = await self.leveling.store.get(guild_id, member.id)
            grants = (await self.grants.of_many(guild_id, [member.id])).get(member.id, ())
            plan, stale = self._plan(member, standing, grants)
            if plan.give or plan.take:
                if member.pending:
                    return Look("pending")
                if await self.sanctions.is_jailed(guild_id, member.id):
                    return Look("jailed")
            await self.grants.forget(guild_id, member.id, sorted((stale | plan.forget) - plan.give))
            with using(self.bot.language_of(member.guild)):
                return await self._carry_out(member, plan, self.leveling.level(guild_id, standing.xp))

    async def lock_up(self, guild: discord.Guild, user_id: int) -> None:
        """Take what was given at the very moment at which somebody went to jail. Raises `DatabaseError`."""
        async with self.lock(guild.id, user_id):
            grants = (await self.grants.of_many(guild.id, [user_id])).get(user_id, ())
            try:
                member = await get_member(guild, user_id) if grants else None
                has = {role.id for role in member.roles} if member is not None else set()
                for role_id in [grant.role_id for grant in grants if grant.role_id in has]:
                    assert member is not None
                    await member.remove_roles(discord.Object(role_id), reason=_("Nobody has it in jail."))
                    await self.grants.forget(guild.id, user_id, [role_id])
            except CANNOT_SAY as error:
                log.warning("User %d in guild %d has roles in jail: %r", user_id, guild.id, error)

    # --- changing

    async def _carry_out(self, member: discord.Member, plan: Plan, level: int) -> Look:
        """Do what Discord lets the bot do; first what is given, so that nobody is without a role in between."""
        look, rewards = Look(), {one.role_id: one for one in self.of_guild(member.guild.id)}
        refused: dict[int, str] = {}
        for role_id in (*sorted(plan.give), *sorted(plan.take)):
            why = self.trouble.why_not(member.guild, role_id, rewards.get(role_id), gives=role_id in plan.give)
            if why is not None:
                refused[role_id] = why
                continue
            try:
                await self._change(member, role_id, look, level, gives=role_id in plan.give)
            except discord.NotFound as error:
                if error.code != UNKNOWN_ROLE:  # the member has left
                    look.state = "gone"
                    return look
                await self.forget_role(member.guild.id, role_id)
            except CANNOT_SAY as error:
                if not isinstance(error, discord.HTTPException) or error.status >= SERVER_TROUBLE:
                    log.info("Discord gave no answer about role %d in guild %d: %r", role_id, member.guild.id, error)
                    look.state = "later"
                    return look
                await self.grants.forget(member.guild.id, member.id, [role_id] if role_id in plan.give else [])
                refused[role_id] = self.trouble.answer(error)
        await self._tell(member.guild, plan, refused, rewards)
        look.state = "refused" if refused else "done"
        return look

    async def _change(self, member: discord.Member, role_id: int, look: Look, level: int, *, gives: bool) -> None:
        """Give or take one role. What Discord is asked for is noted before: a crash in between leaves the note."""
        guild_id = member.guild.id
        if gives:
            await self.grants.begin(guild_id, member.id, role_id, member.joined_at)
            reason = _("Reached level {level}.").format(level=format_number(level))
            await member.add_roles(discord.Object(role_id), reason=reason)
            await self.grants.confirm(guild_id, member.id, role_id)
            look.given.append(role_id)
        else:
            reason = _("It doesn't belong to level {level}.").format(level=format_number(level))
            await member.remove_roles(discord.Object(role_id), reason=reason)
            await self.grants.forget(guild_id, member.id, [role_id])
            look.taken.append(role_id)

    async def _tell(
        self, guild: discord.Guild, plan: Plan, refused: Mapping[int, str], rewards: Mapping[int, Reward]
    ) -> None:
        """Tell whoever runs the guild of what the bot can't do, once; what it can do again counts anew."""
        works = [role_id for role_id in plan.give - refused.keys() if role_id in rewards]
        if await self.trouble.note(
            guild, {id_: why for id_, why in refused.items() if id_ in rewards}, works, rewards
        ):
            await self.load_guild(guild.id)

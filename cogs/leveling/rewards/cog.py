"""Whose roles are looked at, and when: after a new level, on coming back, and after what staff changed.

Whoever is to be looked at has a row in `level_role_dues`, so that nothing is lost by a restart.
"""

import asyncio
import logging
from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import ClassVar

import discord
from discord.utils import as_chunks

from cogs.leveling.rewards.roles import IN_MEMORY, LevelRoles, Look
from cogs.leveling.rewards.section import RewardsSection
from cogs.leveling.rewards.settings import REWARDS_MODE, SETTINGS
from cogs.leveling.rewards.sync import AT_ONCE, BETWEEN_CHANGES_SECONDS, BETWEEN_QUESTIONS_SECONDS, Sync
from cogs.leveling.service import LevelMove
from cogs.leveling.settings import CURVE
from database.errors import DatabaseError
from database.level_rewards import EVERYBODY, Due, LevelRoleDuesStore
from database.sanctions import JAIL
from database.standing_changes import Change
from utils.bot import Hearth
from utils.cog import Cog, StartingCog
from utils.events import GuildSettingChanged, LevelRolesTimer, ModAction
from utils.shared_memory import Part

log = logging.getLogger("hearth.leveling")

TRY_AGAIN_AFTER = (timedelta(minutes=5), timedelta(hours=1), timedelta(hours=6), timedelta(days=1))
AFTER_DATABASE_TROUBLE_SECONDS = 60.0
MOST_NAMED = 500
"""If more members have new levels at once, everybody is looked at: who has no role to get is passed over there.

It is half of what an import or another change of many standings changes at once.
"""
FEW = 1_000
"""Members with a level that brings a role: up to so many are looked at after each start."""
AFTER_START_SECONDS = 60.0
"""When the bot has less to do than at its start."""
TOGETHER_SECONDS = 5.0
"""After a change by staff, which is often followed by another."""


class Rewards(StartingCog):
    """Roles for levels, given and taken by themselves."""

    settings = SETTINGS
    also_needs: ClassVar[Mapping[str, str]] = {"manage_roles": "roles for levels"}

    def __init__(self, bot: Hearth, roles: LevelRoles) -> None:
        super().__init__(bot)
        self.roles = roles
        self.leveling = roles.leveling
        self.dues = LevelRoleDuesStore(bot.db)
        self.sections = (RewardsSection(self),)
        self.in_memory = (Part(IN_MEMORY, roles.read),)
        self.syncs: dict[int, Sync] = {}
        """What looks at everybody, by guild."""
        self.is_leaving = False
        """Whether nothing more is begun. Being cancelled isn't enough: waiting for the gateway may swallow that."""
        self._queues: dict[int, dict[int, None]] = {}
        self._pending: set[tuple[int, int]] = set()

    async def cog_load(self) -> None:
        """Begin to hear of new levels; also once more, if a reload failed."""
        await self.roles.load()
        self.is_leaving = False
        self._queues.clear()
        self.leveling.store.companions.append(self._note)
        self.leveling.watchers.append(self._watch)
        self.bot.chat_hearers.append(self._hear)
        await super().cog_load()

    async def cog_unload(self) -> None:
        """Hear no more; what is due is found at the next start."""
        self.is_leaving = True
        for sync in self.syncs.values():
            sync.cancelled = True
        self.bot.chat_hearers.remove(self._hear)
        self.leveling.watchers.remove(self._watch)
        self.leveling.store.companions.remove(self._note)

    async def from_the_start_on(self) -> None:
        """Look at whoever was left when the bot stopped."""
        waiting = set(await self.dues.guilds())
        for guild in self.bot.guilds:
            if guild.id in waiting or self.roles.of_guild(guild.id):
                await self._catch_up(guild)
        await asyncio.sleep(AFTER_START_SECONDS)
        for guild in list(self.bot.guilds):
            await self._look_who_came_back(guild)

    # --- who is due

    async def _note(self, change: Change) -> None:
        """Write down whose level a change of standings changes."""
        if not self.roles.of_guild(change.guild_id):
            return
        level = self.leveling.curve(change.guild_id).level
        moved = [move.user_id for move in change.moves.values() if level(move.before.xp) != level(move.after.xp)]
        await self.dues.put(change.guild_id, _whom(moved))

    def _watch(self, moves: list[LevelMove]) -> None:
        """All of them are of one guild."""
        if moves and self.roles.of_guild(moves[0].guild_id):
            self._enqueue(moves[0].guild_id, _whom([move.user_id for move in moves]))

    async def look_at(self, guild_id: int, user_id: int) -> None:
        """Look at somebody's roles soon, whatever happens meanwhile. Raises `DatabaseError`."""
        await self.dues.put(guild_id, [user_id])
        self._enqueue(guild_id, [user_id])

    def _hear(self, message: discord.Message) -> None:
        """Who writes has passed the membership screening."""
        if self._pending and message.guild is not None and (message.guild.id, message.author.id) in self._pending:
            self._pending.discard((message.guild.id, message.author.id))
            self._enqueue(message.guild.id, [message.author.id])

    @Cog.listener()
    async def on_level_roles_timer(self, event: LevelRolesTimer) -> None:
        """Look again at whom nothing could be done about."""
        await self.bot.timers.done(event)  # first: what is found then may wait for the same timer again
        if event.guild_id is not None and event.user_id is not None:
            self._enqueue(event.guild_id, [event.user_id])

    @Cog.listener()
    async def on_guild_available(self, guild: discord.Guild) -> None:
        """Look at whoever was left when Discord took the guild away."""
        if self.has_begun:
            await self._catch_up(guild)

    async def forget_guild(self, guild_id: int) -> None:
        """Give nobody any there."""
        self.roles.forget_guild(guild_id)

    @Cog.listener()
    async def on_guild_join(self, guild: discord.Guild) -> None:
        """The same in a guild that the bot comes back to."""
        if self.has_begun:
            await self._catch_up(guild)

    async def _catch_up(self, guild: discord.Guild) -> None:
        """Do what was left, and forget the roles that were deleted meanwhile."""
        if guild.unavailable:
            return
        try:
            for reward in self.roles.of_guild(guild.id):
                if guild.get_role(reward.role_id) is None:
                    await self.roles.forget_role(guild.id, reward.role_id)
            self._enqueue(guild.id, await self.dues.all(guild.id))
        except DatabaseError as error:
            log.warning("Roles for levels in guild %d wait for the next start: %s", guild.id, error)

    async def _look_who_came_back(self, guild: discord.Guild) -> None:
        """Look at everybody where they are few: some may have come back while the bot was away."""
        if not self.roles.of_guild(guild.id) or guild.unavailable or guild.id in self.syncs:
            return
        if not self.bot.switches.feature_is_on(guild.id, self.feature):
            return
        sync = Sync(self.roles, guild)
        try:
            is_small = await sync.reached() <= FEW
        except DatabaseError as error:
            log.warning("Nobody knows who came back to guild %d while I was away: %s", guild.id, error)
            return
        if is_small and guild.id not in self.syncs:
            await self.sync(sync)

    # --- why they are

    @Cog.listener()
    async def on_member_join(self, member: discord.Member) -> None:
        """Give somebody who came back what belongs to their level."""
        if not self.roles.of_guild(member.guild.id) or member.bot:
            return
        standing = await self.leveling.store.get(member.guild.id, member.id)
        if standing.xp > 0:
            await self.look_at(member.guild.id, member.id)

    @Cog.listener()
    async def on_raw_member_remove(self, payload: discord.RawMemberRemoveEvent) -> None:
        """Wait no longer for somebody who left."""
        self._pending.discard((payload.guild_id, payload.user.id))

    @Cog.listener()
    async def on_mod_action(self, event: ModAction) -> None:
        """Whoever is out of jail has the roles of their level again; who just went there has none."""
        guild = self.bot.get_guild(event.guild_id)
        if guild is None or event.target_id is None or not self.roles.of_guild(guild.id):
            return
        if event.kind == "unjail":
            await self.look_at(guild.id, event.target_id)
        elif event.kind == JAIL:
            await self.roles.lock_up(guild, event.target_id)

    @Cog.listener()
    async def on_guild_setting_changed(self, event: GuildSettingChanged) -> None:
        """Look at everybody after another curve, or another way of giving roles."""
        if event.key in {CURVE.key, REWARDS_MODE.key} and self.roles.of_guild(event.guild_id):
            await self.look_at(event.guild_id, EVERYBODY)

    @Cog.listener()
    async def on_guild_role_delete(self, role: discord.Role) -> None:
        """Forget a role that isn't there any more."""
        if any(reward.role_id == role.id for reward in self.roles.of_guild(role.guild.id)):
            await self.roles.forget_role(role.guild.id, role.id)

    # --- the work

    def _enqueue(self, guild_id: int, user_ids: Iterable[int]) -> None:
        queue = self._queues.get(guild_id)
        if queue is None:
            queue = self._queues[guild_id] = {}
            self.spawn(self._work(guild_id, queue))
        queue.update(dict.fromkeys(user_ids))

    async def _work(self, guild_id: int, queue: dict[int, None]) -> None:
        """Look at one after the other, until nobody is left."""
        try:
            while queue and not self.is_leaving:
                await self._look_at_some(guild_id, queue)
        finally:
            del self._queues[guild_id]

    async def _look_at_some(self, guild_id: int, queue: dict[int, None]) -> None:
        some = list(queue)[:AT_ONCE]
        for user_id in some:
            del queue[user_id]
        try:
            dues = {due.user_id: due for due in await self.dues.of(guild_id, some)}
            if EVERYBODY in dues:
                self.spawn(self._look_at_everybody(guild_id))
            await self._work_off(guild_id, {id_: due for id_, due in dues.items() if id_ != EVERYBODY})
        except DatabaseError as error:
            log.warning("Roles for levels in guild %d wait for the database: %s", guild_id, error)
            queue.update(dict.fromkeys(some))
            await asyncio.sleep(AFTER_DATABASE_TROUBLE_SECONDS)
        else:
            if queue and not self.is_leaving:
                await asyncio.sleep(BETWEEN_QUESTIONS_SECONDS)

    async def _work_off(self, guild_id: int, dues: dict[int, Due]) -> None:
        """Look at these people; what can't be done now is done later."""
        guild = self.bot.get_guild(guild_id)
        if not dues or guild is None or guild.unavailable:
            return  # they are found when Discord has the guild again
        if not self.bot.switches.feature_is_on(guild_id, self.feature):
            for due in dues.values():
                await self.dues.settle(due)
            return
        try:
            seen = await self.roles.survey(guild, dues)
        except TimeoutError:
            for due in dues.values():
                await self._later(due)
            return
        for user_id, due in dues.items():
            look = await self.roles.look(seen[user_id].member) if user_id in seen else Look("gone")
            await self._end(due, look)
            if self.is_leaving:
                return
            if look.changed:
                await asyncio.sleep(BETWEEN_CHANGES_SECONDS)

    async def _end(self, due: Due, look: Look) -> None:
        if look.state == "pending":
            self._pending.add((due.guild_id, due.user_id))
            await self._later(due, for_good=True)
        elif look.state == "later":
            await self._later(due)
        elif await self.dues.settle(due) and due.timer_id is not None:
            await self.bot.timers.cancel(due.timer_id)

    async def _later(self, due: Due, *, for_good: bool = False) -> None:
        """Look again, ever more seldom; at last only at somebody's next level, or, `for_good`, their message."""
        if due.tries >= len(TRY_AGAIN_AFTER):
            if not for_good:
                log.warning("Roles of user %d in guild %d wait for the next level", due.user_id, due.guild_id)
                await self.dues.settle(due)
            return
        at = discord.utils.utcnow() + TRY_AGAIN_AFTER[due.tries]
        async with self.bot.db.transaction():
            timer_id = due.timer_id
            if timer_id is None or not await self.bot.timers.reschedule(timer_id, at):
                timer_id = await self.bot.timers.schedule(
                    LevelRolesTimer, at, guild_id=due.guild_id, user_id=due.user_id
                )
            await self.dues.wait(due, timer_id)

    # --- everybody

    async def _look_at_everybody(self, guild_id: int) -> None:
        """Look at everybody, without a message about it."""
        await asyncio.sleep(TOGETHER_SECONDS)
        is_on = self.bot.switches.feature_is_on(guild_id, self.feature)
        try:
            dues = await self.dues.of(guild_id, [EVERYBODY])
            for due in () if is_on else dues:
                await self.dues.settle(due)
        except DatabaseError as error:
            log.warning("Everybody's roles in guild %d wait for the database: %s", guild_id, error)
            self._enqueue(guild_id, [EVERYBODY])
            return
        guild = self.bot.get_guild(guild_id)
        if guild is None or guild.unavailable or guild_id in self.syncs:
            return  # what runs sees in the end that there was another reason
        if dues and is_on:
            await self.sync(Sync(self.roles, guild))

    async def sync(self, sync: Sync) -> None:
        """Look at everybody; later again, if there was another reason meanwhile. The guild has no other sync."""
        guild_id = sync.guild.id
        self.syncs[guild_id] = sync
        try:
            begun = await self.dues.of(guild_id, [EVERYBODY])
            await sync.run()
            if not sync.dry_run and not self.is_leaving:
                await self._end_sync(sync, begun)
        except DatabaseError as error:
            log.warning("Not everybody's roles in guild %d were looked at: %s", guild_id, error)
            sync.failed = True
        finally:
            del self.syncs[guild_id]
        if not self.is_leaving:
            self._enqueue(guild_id, [EVERYBODY])  # if that is still due

    async def _end_sync(self, sync: Sync, begun: list[Due]) -> None:
        """Settle what is done, and wait for those about whom nothing could be done."""
        for due in begun:
            await self._end(due, Look())
        await self.dues.put(sync.guild.id, sync.waiting)
        for some in as_chunks(list(sync.waiting), AT_ONCE):
            for due in await self.dues.of(sync.guild.id, some):
                await self._end(due, sync.waiting[due.user_id])


def _whom(user_ids: list[int]) -> list[int]:
    """Who is looked at if these people have new levels."""
    return user_ids if len(user_ids) <= MOST_NAMED else [EVERYBODY]

"""Giving their roles again to those who leave and come back."""

import asyncio
import logging
from collections.abc import Mapping
from datetime import timedelta
from typing import ClassVar, Final

import discord

from cogs.utility.newcomers.cog import Newcomers
from cogs.utility.stickyroles.memory import Memory, without
from cogs.utility.stickyroles.settings import DAYS, EXCEPT, ON
from database.errors import DatabaseError
from database.moderation import CasesStore
from database.sticky_roles import Known
from utils.audit_entries import target_of
from utils.bot import CANNOT_SAY, Hearth
from utils.cog import Cog, StartingCog
from utils.events import GuildSettingChanged, ModAction, StickyRolesTimer
from utils.giving_roles import powers, why_not_give
from utils.i18n import _, using
from utils.members import get_member

log = logging.getLogger("hearth.utility")

THROWN_OUT: Final = frozenset({"kick", "ban", "softban"})
"""Who was removed by moderation comes back without roles."""
LOOK_AFTER_SECONDS: Final = 3.0
"""Moderation writes down that somebody is in jail when it has changed their roles."""
AFTER_START_SECONDS: Final = 120.0
LOOK_EVERY_SECONDS: Final = 24 * 3600.0
MOST_TRIES: Final = 10


class StickyRoles(StartingCog):
    """Roles that stay."""

    settings = (ON, DAYS, EXCEPT)
    also_needs: ClassVar[Mapping[str, str]] = {
        "manage_roles": "roles for who comes back", "view_audit_log": "roles for who comes back",
    }  # fmt: skip

    def __init__(self, bot: Hearth, newcomers: Newcomers) -> None:
        super().__init__(bot)
        self.newcomers = newcomers
        self.memory = Memory(bot, self)
        self.store = self.memory.store
        self.cases = CasesStore(bot.db)
        self._taken: dict[tuple[int, int], set[int]] = {}
        """Of whose roles are to be looked at soon: those that were taken."""

    async def cog_load(self) -> None:
        """Begin to hear of members' roles."""
        self.newcomers.companions.append(self)
        self.bot.chat_hearers.append(self.memory.hear)
        await super().cog_load()

    async def cog_unload(self) -> None:
        """Write down what was heard."""
        self.bot.chat_hearers.remove(self.memory.hear)
        self.newcomers.companions.remove(self)
        await self.memory.writer.write_the_last()

    # --- who has which

    async def from_the_start_on(self) -> None:
        await asyncio.sleep(AFTER_START_SECONDS)
        while True:
            for guild in list(self.bot.guilds):
                if self.memory.is_on(guild.id) and not guild.unavailable:
                    await self._look_through(guild)
            await asyncio.sleep(LOOK_EVERY_SECONDS)

    async def _look_through(self, guild: discord.Guild) -> None:
        days = self.bot.guild_settings.get(guild.id, DAYS)
        try:
            await self.store.forget_left_before(guild.id, discord.utils.utcnow() - timedelta(days=days))
            for user_id in await self.memory.look_through(guild):
                await self._begin_giving(guild.id, user_id)
        except DatabaseError as error:
            log.warning("Nobody's roles in guild %d are looked at: %s", guild.id, error)

    @Cog.listener()
    async def on_guild_setting_changed(self, event: GuildSettingChanged) -> None:
        """Look at everybody's roles when a guild begins with it, and forget them when it ends."""
        guild = self.bot.get_guild(event.guild_id)
        if event.key != ON.key or guild is None:
            return
        if self.memory.is_on(guild.id):
            self.spawn(self._look_through(guild))
        else:
            await self.memory.writer.write(guild.id)
            await self.store.forget_guild(guild.id)
            self.memory.forget_guild(guild.id)

    @Cog.listener()
    async def on_audit_log_entry_create(self, entry: discord.AuditLogEntry) -> None:
        """Somebody's roles were changed, or they were removed."""
        target_id = getattr(target_of(entry), "id", None)
        if target_id is None or not self.memory.is_on(entry.guild.id):
            return
        if entry.action is discord.AuditLogAction.member_role_update:
            taken = {role.id for role in getattr(entry.before, "roles", ())}
            self._look_soon(entry.guild, target_id, taken)
        elif entry.action in {discord.AuditLogAction.kick, discord.AuditLogAction.ban}:
            await self._forget(entry.guild.id, target_id)

    def _look_soon(self, guild: discord.Guild, user_id: int, taken: set[int]) -> None:
        key = (guild.id, user_id)
        if key not in self._taken:
            self.spawn(self._look_at(guild, user_id))
        self._taken.setdefault(key, set()).update(taken)

    async def _look_at(self, guild: discord.Guild, user_id: int) -> None:
        await asyncio.sleep(LOOK_AFTER_SECONDS)
        self._taken.pop((guild.id, user_id), None)
        try:
            await self.memory.look_at(guild, user_id)
        except (DatabaseError, *CANNOT_SAY) as error:
            log.warning("The roles of user %d in guild %d aren't looked at: %r", user_id, guild.id, error)

    @Cog.listener()
    async def on_mod_action(self, event: ModAction) -> None:
        """What moderation took isn't given again."""
        if event.target_id is None or not self.memory.is_on(event.guild_id):
            return
        if event.kind in THROWN_OUT:
            await self._forget(event.guild_id, event.target_id)
        elif event.kind == "role-remove":
            case = await self.cases.get(event.guild_id, event.number)
            if case is not None and "role_id" in case.details:
                await self.memory.writer.write(event.guild_id)
                await self.store.take(event.guild_id, event.target_id, case.details["role_id"])
                self.memory.forget(event.guild_id, event.target_id)

    async def forget_person(self, user_id: int, guild_id: int | None) -> None:
        """Drop the roles that aren't written, and note them anew when they are seen next."""
        await self.memory.forget_person(user_id, guild_id)

    async def forget_guild(self, guild_id: int) -> None:
        """Note everybody's roles there anew."""
        self.memory.forget_guild(guild_id)

    async def _forget(self, guild_id: int, user_id: int) -> None:
        await self.memory.writer.write(guild_id)
        await self.store.forget(guild_id, user_id)
        self.memory.forget(guild_id, user_id)

    # --- leaving and coming back

    @Cog.listener()
    async def on_raw_member_remove(self, payload: discord.RawMemberRemoveEvent) -> None:
        """Note which roles somebody is to have again."""
        guild_id, user_id = payload.guild_id, payload.user.id
        if not self.memory.is_on(guild_id):
            return
        await self.memory.writer.write(guild_id)
        self.memory.forget(guild_id, user_id)
        known = await self.store.get(guild_id, user_id)
        if known is not None:
            taken = self._taken.get((guild_id, user_id), set())
            kept = without(known.role_ids, taken | await self.memory.others(guild_id, user_id))
            await self.store.leave(guild_id, user_id, kept, discord.utils.utcnow())

    def wants(self, guild_id: int) -> bool:
        """Whether a guild has it."""
        return self.memory.is_on(guild_id)

    async def arrived(self, member: discord.Member) -> None:
        """Give somebody their roles who came back."""
        known = None if member.bot else await self.store.get(member.guild.id, member.id)
        if known is None or member.joined_at is None:
            return
        if known.left_at is not None or member.joined_at > known.seen_at:
            await self._begin_giving(member.guild.id, member.id)

    async def _begin_giving(self, guild_id: int, user_id: int) -> None:
        """By a timer: no restart loses it."""
        await self.bot.timers.schedule(StickyRolesTimer, discord.utils.utcnow(), guild_id=guild_id, user_id=user_id)

    @Cog.listener()
    async def on_sticky_roles_timer(self, event: StickyRolesTimer) -> None:
        """Give them. While Discord or the database is away, the timer comes again."""
        guild = self.bot.get_guild(event.guild_id or 0)
        if guild is None or event.user_id is None:
            return
        try:
            await self._give_again(guild, event.user_id)
        except DatabaseError:
            log.warning("Timer %d waits for the database", event.timer_id, exc_info=True)
            return
        except discord.NotFound:
            log.info("User %d has left guild %d again", event.user_id, guild.id)
        except CANNOT_SAY as error:
            log.warning("User %d in guild %d waits for their roles: %r", event.user_id, guild.id, error)
            if event.attempt < MOST_TRIES and not isinstance(error, discord.Forbidden):
                return
        await self.bot.timers.done(event)

    async def _give_again(self, guild: discord.Guild, user_id: int) -> None:
        known, member = await self.store.get(guild.id, user_id), await get_member(guild, user_id)
        if known is None or member is None or not self.memory.is_on(guild.id):
            return
        if self._is_in_time(guild.id, known) and not await self.memory.sanctions.is_jailed(guild.id, user_id):
            wanted = without(known.role_ids, await self.memory.others(guild.id, user_id))
            with using(self.bot.language_of(guild)):
                reason = _("They had it before they left.")
            for role in self._which(guild, wanted):
                if member.get_role(role.id) is None:
                    await member.add_roles(role, reason=reason)
        await self.store.forget(guild.id, user_id)
        await self.memory.look_at(guild, user_id)

    def _is_in_time(self, guild_id: int, known: Known) -> bool:
        days = self.bot.guild_settings.get(guild_id, DAYS)
        since = known.left_at or known.seen_at  # the bot was away when they left
        return discord.utils.utcnow() - since <= timedelta(days=days)

    def _which(self, guild: discord.Guild, role_ids: frozenset[int]) -> list[discord.Role]:
        """The roles that can be given, and that nobody can do harm with."""
        excepted = self.bot.guild_settings.get(guild.id, EXCEPT)
        roles = [role for role_id in sorted(role_ids) if (role := guild.get_role(role_id)) is not None]
        return [
            role
            for role in roles
            if role.id not in excepted and not powers(role) and why_not_give(guild, role) is None
        ]

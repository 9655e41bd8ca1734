"""What the shop does by itself: roles that end, what people who come back had, and what a crash left undone."""

import asyncio
import logging
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import discord

from cogs.economy.shop.handover import Handed, Handover, why_refused
from cogs.economy.shop.texts import name_of
from cogs.economy.shop.till import Till
from database.deliveries import Delivery, ShopRole
from database.errors import DatabaseError, DatabaseUnavailable
from utils.bot import CANNOT_SAY, Hearth
from utils.cog import Cog, StartingCog
from utils.events import ShopRoleTimer
from utils.formatting import safe
from utils.i18n import _, using
from utils.members import get_member, get_members
from utils.owners import tell_owner

log = logging.getLogger("hearth.economy")

LOOK_AGAIN_AFTER = timedelta(minutes=15)
"""After something that Discord or the database gave no answer about."""
LOOK_EVERY = timedelta(days=1)
SURELY_STUCK = timedelta(minutes=5)
"""Nothing is handed over for longer: what is open after this time had no answer from Discord or the database."""
TRY_AGAIN_AFTER = (timedelta(minutes=1), timedelta(minutes=10), timedelta(hours=1))
LATER = timedelta(hours=6)
"""How often it is tried after the owner was told, and looked whether somebody is out of jail."""


class Upkeep(StartingCog):
    """Ends bought roles, gives them again to who comes back, and settles what was cut off."""

    def __init__(self, bot: Hearth, till: Till) -> None:
        super().__init__(bot)
        self.handover: Handover = till.handover
        self.roles = self.handover.roles
        # Whatever was begun before this feature was loaded is in nobody's hands.
        self.began_at = discord.utils.utcnow()
        self._one_at_a_time = asyncio.Lock()
        self._looking_again: asyncio.Task[None] | None = None
        self.handover.on_left_open = self._look_again_soon

    # --- what was cut off

    @Cog.listener()
    async def on_guild_available(self, guild: discord.Guild) -> None:
        """Look through a guild that Discord has again; at the start, all are looked through at once."""
        if self.has_begun:
            await self._look_through([guild])

    @Cog.listener()
    async def on_guild_join(self, guild: discord.Guild) -> None:
        """Look through a guild that the bot comes back to."""
        if self.has_begun:
            await self._look_through([guild])

    async def from_the_start_on(self) -> None:
        await self._look_through(self.bot.guilds)
        while True:
            await asyncio.sleep(LOOK_EVERY.total_seconds())
            await self._settle_stuck()

    def _look_again_soon(self) -> None:
        if self._looking_again is None or self._looking_again.done():
            self._looking_again = self.spawn(self._look_again())

    async def _look_again(self) -> None:
        """Look at what nobody knows about, until it is known."""
        known = False
        while not known:
            await asyncio.sleep(LOOK_AGAIN_AFTER.total_seconds())
            known = await self._settle_stuck()

    async def _settle_stuck(self) -> bool:
        return await self._settle([guild.id for guild in self.bot.guilds], discord.utils.utcnow() - SURELY_STUCK)

    async def _look_through(self, guilds: Sequence[discord.Guild]) -> None:
        """Do what was left undone in some guilds before the bot was there."""
        guild_ids = [guild.id for guild in guilds]
        taken_at = self.bot.cluster.taken_at(guild_ids[0]) if len(guild_ids) == 1 else None
        await self._settle(guild_ids, taken_at or self.began_at)
        try:
            for role in await self.roles.asleep(guild_ids):
                await self._wake(role)
            await self._look_who_came_back(guilds)
        except DatabaseError as error:
            log.warning("Bought roles that ended or were lost meanwhile wait: %s", error)

    async def _settle(self, guild_ids: list[int], before: datetime) -> bool:
        """Hand over what was begun before a moment and isn't over, or give it back; whether that left nothing."""
        async with self._one_at_a_time:
            try:
                for delivery in await self.handover.deliveries.left_open(guild_ids, before):
                    await self._deliver(delivery)
                return not await self.handover.deliveries.left_open(guild_ids, before)
            except DatabaseUnavailable as error:
                log.warning("What was bought waits to be handed over: %s", error)
                return False

    async def _deliver(self, delivery: Delivery) -> None:
        try:
            await self.bot.speak_to(delivery.user_id, self.bot.get_guild(delivery.guild_id))
            handed = await self.handover.deliver(delivery)
            log.info("Guild %d, operation %d: %r", delivery.guild_id, delivery.operation, handed)
            if delivery.role_id is not None:  # a text has told its buyer by itself
                await self._tell_buyer(delivery, handed)
        except DatabaseUnavailable:
            raise
        except DatabaseError:  # the others have theirs all the same
            log.exception("Operation %d in guild %d couldn't be handed over", delivery.operation, delivery.guild_id)

    async def _tell_buyer(self, delivery: Delivery, handed: Handed) -> None:
        """Tell somebody what became of a role that they waited for, if they can be written to."""
        guild = self.bot.get_guild(delivery.guild_id)
        item = await self.handover.shop.get(delivery.guild_id, delivery.item)
        if guild is None or item is None or not (handed.over or handed.why_not):
            return
        values = {"server": safe(guild.name), "item": name_of(item, delivery.quantity), "why": handed.why_not}
        if handed.over:
            text = _("**{server}**: you have got {item} now.")
        elif delivery.paid is None:
            text = _("**{server}**: {why} You still have {item}.")
        else:
            text = _("**{server}**: {why} {item} wasn't bought; you have your coins back.")
        try:
            user = self.bot.get_user(delivery.user_id) or await self.bot.fetch_user(delivery.user_id)
            await user.send(text.format(**values))
        except CANNOT_SAY:
            log.info("User %d can't be told what became of their role", delivery.user_id)

    # --- roles that end

    @Cog.listener()
    async def on_shop_role_timer(self, event: ShopRoleTimer) -> None:
        """Take a role that is over, or give one again. A timer may be heard again while Discord is slow."""
        try:
            found = await self.roles.of_timer(event.timer_id)
            if found is None:
                await self.bot.timers.done(event)
                return
            async with self.handover.lock(found.guild_id, found.user_id):
                role = await self.roles.of_timer(event.timer_id)
                guild = self.bot.get_guild(found.guild_id)
                if role is not None and guild is not None:
                    await self._do_what_is_due(guild, role)
        except DatabaseError:
            log.warning("Timer %d waits for the database", event.timer_id, exc_info=True)

    async def _do_what_is_due(self, guild: discord.Guild, role: ShopRole) -> None:
        is_over = role.ends_at <= discord.utils.utcnow()
        try:
            member = await get_member(guild, role.user_id)
            if guild.get_role(role.role_id) is None or (is_over and member is None):
                await self.handover.forget(role)
            elif is_over:
                assert member is not None
                await member.remove_roles(discord.Object(role.role_id), reason=_("Its time is over."))
                await self.handover.forget(role)
            elif role.owed and await self.handover.sanctions.is_jailed(role.guild_id, role.user_id):
                await self._wait(role, min(role.ends_at, discord.utils.utcnow() + LATER))
            else:
                if role.owed and member is not None:
                    await member.add_roles(discord.Object(role.role_id), reason=_("It was bought for longer."))
                given_at = discord.utils.utcnow() if role.owed and member is not None else role.given_at
                await self._wait(replace(role, owed=False, tries=0, given_at=given_at), role.ends_at)
        except discord.NotFound:  # the person or the role is gone at this very moment
            await (self.handover.forget(role) if is_over else self._wait(replace(role, owed=False), role.ends_at))
        except CANNOT_SAY as error:
            await self._refused(guild, role, error)

    async def _wait(self, role: ShopRole, until: datetime) -> None:
        """Look at a role again then."""
        async with self.bot.db.transaction():
            await self.handover.keep_until(role, until)

    async def _refused(self, guild: discord.Guild, role: ShopRole, error: Exception) -> None:
        """Try again later, ever more seldom; tell the owner once."""
        wait = TRY_AGAIN_AFTER[role.tries] if role.tries < len(TRY_AGAIN_AFTER) else LATER
        await self._wait(replace(role, tries=role.tries + 1), discord.utils.utcnow() + wait)
        if role.tries == len(TRY_AGAIN_AFTER):
            await self._complain(guild, role, error)

    async def _complain(self, guild: discord.Guild, role: ShopRole, error: Exception) -> None:
        with using(self.bot.language_of(guild)):
            if role.owed:
                text = _("I couldn't give {member} the role {role} again, which they bought: {why}")
            else:
                text = _("I couldn't take the role {role} from {member}, whose time is over: {why}")
            text = text.format(member=f"<@{role.user_id}>", role=_role_name(guild, role), why=why_refused(error))
        await tell_owner(self.bot, guild, text)

    # --- who comes back, and what goes

    @Cog.listener()
    async def on_member_join(self, member: discord.Member) -> None:
        """Give somebody who came back the roles that they bought for longer."""
        for role in await self.roles.of(member.guild.id, member.id):
            await self._owe(role)

    async def _look_who_came_back(self, guilds: Sequence[discord.Guild]) -> None:
        """The same for those who came back while the bot was away."""
        by_guild: defaultdict[int, list[ShopRole]] = defaultdict(list)
        for role in await self.roles.in_guilds([guild.id for guild in guilds]):
            by_guild[role.guild_id].append(role)
        for guild in guilds:
            roles = by_guild[guild.id]
            try:
                members = await get_members(guild, (role.user_id for role in roles))
            except TimeoutError:
                log.warning("Guild %d: nobody knows who came back while I was away", guild.id)
                continue
            for role in roles:
                member = members.get(role.user_id)
                if member is not None and member.joined_at is not None and member.joined_at > role.given_at:
                    await self._owe(role)

    async def _wake(self, role: ShopRole) -> None:
        """Give a timer to a role that has none."""
        async with self.handover.lock(role.guild_id, role.user_id):
            current = await self.roles.get(role.guild_id, role.user_id, role.role_id)
            if current is not None:
                await self._wait(current, current.ends_at)

    async def _owe(self, role: ShopRole) -> None:
        """Let a role be given again now, by its timer: it tries again if Discord refuses."""
        async with self.handover.lock(role.guild_id, role.user_id):
            current = await self.roles.get(role.guild_id, role.user_id, role.role_id)
            if current is not None and current.ends_at > discord.utils.utcnow():
                await self._wait(replace(current, owed=True, tries=0), discord.utils.utcnow())

    @Cog.listener()
    async def on_guild_role_delete(self, role: discord.Role) -> None:
        """Forget who has a role that isn't there any more; the items that give it show as broken from now on."""
        for one in await self.roles.in_guilds([role.guild.id]):
            if one.role_id == role.id:
                async with self.handover.lock(one.guild_id, one.user_id):
                    await self.handover.forget(one)


def _role_name(guild: discord.Guild, role: ShopRole) -> str:
    found = guild.get_role(role.role_id)
    return f"**{safe(found.name)}**" if found else str(role.role_id)

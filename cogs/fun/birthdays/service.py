"""Keeping birthdays: setting them, telling of them when they come, and the role for the day."""

import logging
from typing import TYPE_CHECKING

import discord

from cogs.fun.birthdays import rules, settings, texts
from cogs.fun.birthdays.rules import Birthday, Way
from database.birthdays import BirthdayRole, BirthdaysStore, StoredBirthday
from database.sanctions import SanctionsStore
from utils.bot import CANNOT_SAY
from utils.errors import is_final
from utils.events import BirthdayRoleTimer, BirthdayTimer
from utils.giving_roles import powers, why_not_give
from utils.i18n import _, using
from utils.members import get_member
from utils.owners import tell_owner

if TYPE_CHECKING:
    from utils.bot import Hearth

log = logging.getLogger("hearth.fun")


class Birthdays:
    """The birthdays of all servers."""

    def __init__(self, bot: "Hearth", feature: str) -> None:
        self.bot = bot
        self.feature = feature
        self.store = BirthdaysStore(bot.db)
        self.sanctions = SanctionsStore(bot.db)
        self._told_owners: set[tuple[int, int]] = set()

    async def way(self, guild_id: int, user_id: int) -> Way:
        """How a member's birthday is kept."""
        get = self.bot.guild_settings.get
        zone = await self.bot.timezone_for(user_id, self.bot.get_guild(guild_id))
        return Way(
            zone, get(guild_id, settings.BIRTHDAY_HOUR),
            in_march=get(guild_id, settings.BIRTHDAY_LEAP_DAY) == settings.MARCH,
        )  # fmt: skip

    async def set(self, guild_id: int, user_id: int, birthday: Birthday) -> StoredBirthday:
        """Keep a member's birthday, in place of any other."""
        now = discord.utils.utcnow()
        due_at, _year = rules.next_moment(birthday, now, await self.way(guild_id, user_id))
        async with self.bot.db.transaction():
            await self._cancel(guild_id, user_id)
            timer_id = await self.bot.timers.schedule(BirthdayTimer, due_at, guild_id=guild_id, user_id=user_id)
            stored = StoredBirthday(
                guild_id, user_id, birthday.month, birthday.day, birthday.year, due_at, timer_id
            )  # fmt: skip
            await self.store.set(stored)
        return stored

    async def remove(self, guild_id: int, user_id: int) -> bool:
        """Forget a member's birthday; False if there was none."""
        async with self.bot.db.transaction():
            await self._cancel(guild_id, user_id)
            return await self.store.remove(guild_id, user_id)

    async def _cancel(self, guild_id: int, user_id: int) -> None:
        old = await self.store.get(guild_id, user_id)
        if old is not None:
            await self.bot.timers.cancel(old.timer_id)

    # --- when one comes

    async def come(self, event: BirthdayTimer) -> None:
        """Tell of a birthday, give the role, and wait for the next one; what Discord can't do now comes again."""
        assert event.guild_id is not None
        assert event.user_id is not None
        stored = await self.store.get(event.guild_id, event.user_id)
        guild = self.bot.get_guild(event.guild_id)
        if stored is None or stored.timer_id != event.timer_id:
            await self.bot.timers.done(event)  # set anew, or removed
            return
        if guild is None:
            return
        birthday, now = _of(stored), discord.utils.utcnow()
        way = await self.way(guild.id, stored.user_id)
        is_on = self.bot.switches.feature_is_on(guild.id, self.feature)
        year = rules.is_now(birthday, now, way, stored.celebrated_at) if is_on else None
        if year is not None:
            try:
                member = await get_member(guild, stored.user_id)
                if member is None:
                    await self.remove(guild.id, stored.user_id)  # who left is forgotten
                    await self.bot.timers.done(event)
                    return
                await self._give_role(member)
                await self._tell(member, birthday, year, event.timer_id)
            except CANNOT_SAY as error:
                log.warning("The birthday of user %d will be tried again: %s", stored.user_id, error)
                return
        async with self.bot.db.transaction():
            due_at, _year = rules.next_moment(birthday, now, way)
            if await self.store.go_on(stored, due_at, celebrated_at=None if year is None else now):
                await self.bot.timers.reschedule(stored.timer_id, due_at)

    async def _tell(self, member: discord.Member, birthday: Birthday, year: int, timer_id: int) -> None:
        guild = member.guild
        channel = guild.get_channel(self.bot.guild_settings.get(guild.id, settings.BIRTHDAY_CHANNEL) or 0)
        if not isinstance(channel, discord.TextChannel):
            return
        template = self.bot.guild_settings.get(guild.id, settings.BIRTHDAY_MESSAGE)
        notify = self.bot.guild_settings.get(guild.id, settings.BIRTHDAY_PING)
        with using(self.bot.language_of(guild)):
            text = texts.congratulation(template, member, birthday.age_in(year))
        mentions = discord.AllowedMentions(everyone=False, roles=False, users=[member] if notify else False)
        try:
            # Discord recognises by the nonce what was sent just before a crash.
            await channel.send(text, nonce=f"b{timer_id}-{year}", allowed_mentions=mentions)
        except discord.HTTPException as error:
            if not is_final(error):
                raise
            log.info("Can't tell of a birthday in channel %d: %s", channel.id, error)

    # --- the role

    async def _give_role(self, member: discord.Member) -> None:
        guild = member.guild
        role_id = self.bot.guild_settings.get(guild.id, settings.BIRTHDAY_ROLE)
        had = await self.store.role_of(guild.id, member.id)
        if role_id is None or (had is None and member.get_role(role_id) is not None):
            return  # who has it from somebody else keeps it
        if await self.sanctions.is_jailed(guild.id, member.id):
            return
        role = guild.get_role(role_id)
        with using(self.bot.language_of(guild)):
            why_not = why_not_give(guild, role)
            if why_not is None and role is not None and powers(role):
                why_not = _("{role} has powerful permissions, and I give it to nobody.").format(role=f"`{role.name}`")
            if why_not is not None or role is None:
                await self._tell_owner(guild, role_id, why_not or "")
                return
        if had is None:
            ends_at = discord.utils.utcnow() + rules.LASTS
            async with self.bot.db.transaction():
                timer_id = await self.bot.timers.schedule(
                    BirthdayRoleTimer, ends_at, guild_id=guild.id, user_id=member.id
                )
                await self.store.begin_role(BirthdayRole(guild.id, member.id, role.id, timer_id))
        try:
            await member.add_roles(role, reason="Birthday")
        except discord.HTTPException as error:
            if not is_final(error):
                raise
            log.info("Can't give a role for a birthday in guild %d: %s", guild.id, error)

    async def end_role(self, event: BirthdayRoleTimer) -> None:
        """Take the role whose day is over; what Discord can't do now comes again."""
        assert event.guild_id is not None
        assert event.user_id is not None
        given = await self.store.role_of(event.guild_id, event.user_id)
        guild = self.bot.get_guild(event.guild_id)
        if given is None or given.timer_id != event.timer_id:
            await self.bot.timers.done(event)
            return
        if guild is None:
            return
        try:
            member = await get_member(guild, given.user_id)
            if member is not None and member.get_role(given.role_id) is not None:
                await member.remove_roles(discord.Object(given.role_id), reason="Birthday is over")
        except discord.HTTPException as error:
            if not is_final(error):
                return
            log.info("Can't take a role for a birthday in guild %d: %s", guild.id, error)
        except CANNOT_SAY:
            return
        async with self.bot.db.transaction():
            await self.store.end_role(given)
            await self.bot.timers.done(event)

    async def _tell_owner(self, guild: discord.Guild, role_id: int, why: str) -> None:
        """Once for each role, as long as the bot runs."""
        if (guild.id, role_id) in self._told_owners:
            return
        self._told_owners.add((guild.id, role_id))
        sentence = _("I can't give the role for birthdays.")
        await tell_owner(self.bot, guild, f"{sentence} {why}")


def _of(stored: StoredBirthday) -> Birthday:
    return Birthday(stored.month, stored.day, stored.year)

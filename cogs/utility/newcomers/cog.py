"""Who has really arrived: joined, and accepted the rules where a server has the membership screening.

Discord tells a bot that doesn't keep members of nobody's accepting. Those who have yet to are noted in `newcomers`;
their first message shows that they have, and a timer looks a few times within a month.
"""

import logging
from collections import OrderedDict
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final, Protocol

import discord

from database.errors import DatabaseError
from database.newcomers import Newcomer, NewcomersStore
from utils.bot import CANNOT_SAY, Hearth
from utils.cog import Cog
from utils.events import NewcomerTimer
from utils.i18n import N_
from utils.members import get_member
from utils.setting_types import Setting, Switch
from utils.shared_memory import Part

log = logging.getLogger("hearth.utility")

SCREENING = Setting[bool](
    "newcomers-after-screening", Switch(), True,
    N_("Whether I welcome newcomers and give them roles only after they accepted the server's rules."),
)  # fmt: skip
LOOK_AGAIN_AFTER: Final = (
    timedelta(minutes=2), timedelta(minutes=10), timedelta(hours=1), timedelta(hours=6), timedelta(days=1),
    timedelta(days=7), timedelta(days=21),
)  # fmt: skip
"""After the last look, nothing is waited for any more."""
NEWS_FOR: Final = timedelta(hours=1)
"""Discord tells of joining also about people who have been members for long."""
REMEMBERED: Final = 5_000


class Companion(Protocol):
    """What is done for somebody who arrives."""

    def wants(self, guild_id: int) -> bool:
        """Whether this guild has it; from memory."""

    async def arrived(self, member: discord.Member) -> None:
        """Do it: they are no longer pending. Told once for each time they join. Raises `DatabaseError`."""


class Newcomers(Cog):
    """Tells the companions who has arrived."""

    settings = (SCREENING,)

    def __init__(self, bot: Hearth) -> None:
        super().__init__(bot)
        self.store = NewcomersStore(bot.db)
        self.companions: list[Companion] = []
        self._pending: set[tuple[int, int]] = set()
        self.in_memory = (Part("newcomers", self._read, here_alone=True),)
        self._joined: OrderedDict[tuple[int, int], datetime] = OrderedDict()

    async def cog_load(self) -> None:
        """Remember who was waited for."""
        await self._read(None)
        self.bot.chat_hearers.append(self._hear)

    async def _read(self, guild_id: int | None) -> None:
        found = {(one.guild_id, one.user_id) for one in await self.store.all(guild_id)}
        self._pending = found | {who for who in self._pending if guild_id is not None and who[0] != guild_id}

    async def cog_unload(self) -> None:
        """Hear of no more messages."""
        self.bot.chat_hearers.remove(self._hear)

    def has_arrived(self, guild_id: int, user_id: int) -> bool:
        """Whether nothing is waited for any more."""
        return (guild_id, user_id) not in self._pending

    # --- joining

    @Cog.listener()
    async def on_member_join(self, member: discord.Member) -> None:
        """Begin with somebody, or wait until they have accepted the rules."""
        if not self._wanting(member.guild.id) or not self._is_news(member):
            return
        if not member.pending or not self.bot.guild_settings.get(member.guild.id, SCREENING):
            await self._arrived(member)
            return
        joined_at = member.joined_at or discord.utils.utcnow()
        await self._wait(Newcomer(member.guild.id, member.id, joined_at))
        self._pending.add((member.guild.id, member.id))

    def _wanting(self, guild_id: int) -> list[Companion]:
        """Who does something for whoever arrives there."""
        if not self.is_on(guild_id):
            return []
        return [companion for companion in self.companions if companion.wants(guild_id)]

    def _is_news(self, member: discord.Member) -> bool:
        """Discord may tell twice that somebody joined, also of members."""
        key = (member.guild.id, member.id)
        joined_at = member.joined_at or discord.utils.utcnow()
        if self._joined.get(key) == joined_at or discord.utils.utcnow() - joined_at > NEWS_FOR:
            return False
        self._joined[key] = joined_at
        self._joined.move_to_end(key)
        if len(self._joined) > REMEMBERED:
            self._joined.popitem(last=False)
        return True

    async def _arrived(self, member: discord.Member) -> None:
        for companion in self._wanting(member.guild.id):
            try:
                await companion.arrived(member)
            except DatabaseError as error:
                log.warning("User %d arrived in guild %d: %s", member.id, member.guild.id, error)

    # --- waiting for the screening

    def _hear(self, message: discord.Message) -> None:
        """Who writes has accepted the rules."""
        if not self._pending or message.guild is None or not isinstance(message.author, discord.Member):
            return
        # Discord itself says that somebody joined, in a message by them.
        if not message.is_system() and (message.guild.id, message.author.id) in self._pending:
            self.spawn(self._accepted(message.author))

    async def _accepted(self, member: discord.Member) -> None:
        """Once, whoever noticed first."""
        key = (member.guild.id, member.id)
        self._pending.discard(key)
        try:
            async with self.bot.db.transaction():
                newcomer = await self.store.remove(*key)
                if newcomer is not None and newcomer.timer_id is not None:
                    await self.bot.timers.cancel(newcomer.timer_id)
        except DatabaseError as error:
            log.warning("User %d in guild %d waits for the database: %s", member.id, member.guild.id, error)
            self._pending.add(key)
            return
        if newcomer is not None:
            await self._arrived(member)

    @Cog.listener()
    async def on_newcomer_timer(self, event: NewcomerTimer) -> None:
        """Look whether somebody has accepted the rules."""
        try:
            await self._look(event)
        except DatabaseError:
            log.warning("Timer %d waits for the database", event.timer_id, exc_info=True)

    async def _look(self, event: NewcomerTimer) -> None:
        assert event.guild_id is not None
        assert event.user_id is not None
        newcomer = await self.store.get(event.guild_id, event.user_id)
        guild = self.bot.get_guild(event.guild_id)
        if newcomer is None or newcomer.timer_id != event.timer_id or guild is None:
            await self.bot.timers.done(event)
            return
        try:
            member = await get_member(guild, event.user_id)
        except CANNOT_SAY:
            await self._wait(newcomer)
            return
        if member is None or (member.pending and newcomer.tries >= len(LOOK_AGAIN_AFTER)):
            self._pending.discard((event.guild_id, event.user_id))
            await self.store.remove(event.guild_id, event.user_id)
            await self.bot.timers.done(event)
        elif member.pending:
            await self._wait(newcomer)
        else:
            await self._accepted(member)

    async def _wait(self, newcomer: Newcomer) -> None:
        """Look again, ever more seldom."""
        at = discord.utils.utcnow() + LOOK_AGAIN_AFTER[min(newcomer.tries, len(LOOK_AGAIN_AFTER) - 1)]
        async with self.bot.db.transaction():
            if newcomer.timer_id is not None:
                await self.bot.timers.cancel(newcomer.timer_id)
            timer_id = await self.bot.timers.schedule(
                NewcomerTimer, at, guild_id=newcomer.guild_id, user_id=newcomer.user_id
            )
            await self.store.put(replace(newcomer, tries=newcomer.tries + 1, timer_id=timer_id))

    @Cog.listener()
    async def on_raw_member_remove(self, payload: discord.RawMemberRemoveEvent) -> None:
        """Wait no longer for somebody who left."""
        key = (payload.guild_id, payload.user.id)
        if key in self._pending:
            newcomer = await self.store.remove(*key)
            if newcomer is not None and newcomer.timer_id is not None:
                await self.bot.timers.cancel(newcomer.timer_id)
            # Last: whoever hears of the leaving at the same time asks whether they had arrived.
            self._pending.discard(key)

"""Servers that the bot is removed from: what they left goes after a while, unless the bot comes back."""

import asyncio
import logging
from datetime import timedelta
from typing import Final

import discord

from cogs.admin.privacy.service import Erasing
from database.errors import DatabaseError
from database.guild_data import DepartedGuildsStore
from utils.bot import Hearth
from utils.cog import Cog, StartingCog
from utils.events import GuildDataTimer
from utils.privacy import guild_data_of, missing_features

log = logging.getLogger("hearth.privacy")

KEPT: Final = timedelta(days=30)
CHANGES_KEPT: Final = timedelta(days=365)
"""Of settings: so long it is known who changed what."""
LOOK_AFTER: Final = timedelta(minutes=15)
"""The start has other things to do, and nothing here is urgent."""
LOOK_EVERY: Final = timedelta(days=1)
AFTER_TROUBLE: Final = timedelta(hours=1)


class Departures(StartingCog):
    """Deletes what is stored about servers that the bot left, and of people what stayed because it was in force."""

    def __init__(self, bot: Hearth, erasing: Erasing) -> None:
        super().__init__(bot)
        self.erasing = erasing
        self.store = DepartedGuildsStore(bot.db)
        self._in_hand: set[int] = set()

    async def from_the_start_on(self) -> None:
        """Look for servers that were left while the bot was away; then once a day for what has ended."""
        pause = LOOK_AFTER
        while True:
            await asyncio.sleep(pause.total_seconds())
            pause = LOOK_EVERY
            try:
                await self.look()
                if self.bot.cluster.leads:
                    await self.erasing.finish()
                    await self.bot.guild_settings.store.forget_before(discord.utils.utcnow() - CHANGES_KEPT)
            except DatabaseError as error:
                log.warning("What has ended is looked for later: %s", error)
                pause = AFTER_TROUBLE

    async def look(self) -> None:
        """Write down which servers were left or joined while the bot was away. Raises `DatabaseError`."""
        if missing_features(self.bot):
            return
        departed = {one.guild_id for one in await self.store.all()}
        for guild_id in departed:
            if self.bot.get_guild(guild_id) is not None:
                await self.came_back(guild_id)
        for guild_id in await (await guild_data_of(self.bot)).guilds() - departed:
            # Nothing is known of servers that another process has.
            if self.bot.get_guild(guild_id) is None and self.bot.cluster.sees(guild_id):
                await self.left(guild_id)

    # --- leaving and coming back

    @Cog.listener()
    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """The bot was removed, or the server deleted."""
        await self.left(guild.id)

    @Cog.listener()
    async def on_guild_join(self, guild: discord.Guild) -> None:
        """The bot is back, or new."""
        await self.came_back(guild.id)

    async def left(self, guild_id: int) -> None:
        """Let a server's data go in a while. Raises `DatabaseError`; then it is found at the next start."""
        now = discord.utils.utcnow()
        async with self.bot.db.transaction():
            timer_id = await self.bot.timers.schedule(
                GuildDataTimer, now + KEPT, payload={"guild_id": guild_id}, near_guild_id=guild_id
            )
            if not await self.store.add(guild_id, now, timer_id):
                await self.bot.timers.cancel(timer_id)

    async def came_back(self, guild_id: int) -> None:
        """Keep a server's data; if deleting had begun, end that first. Raises `DatabaseError`."""
        departed = await self.store.get(guild_id)
        if departed is None:
            return
        if departed.erasing:
            await self.erase(guild_id)
            return
        await self._forget(guild_id, erased=False)

    async def _forget(self, guild_id: int, *, erased: bool) -> None:
        async with self.bot.db.transaction():
            timer_id = await self.store.remove(guild_id, erased=erased)
            if timer_id is not None:
                await self.bot.timers.cancel(timer_id)

    async def is_here(self, guild_id: int) -> bool:
        """Whether the bot is in a server. Of another process's, Discord is asked; raises its errors."""
        if self.bot.get_guild(guild_id) is not None:
            return True
        if self.bot.cluster.sees(guild_id):
            return False
        try:
            await self.bot.fetch_guild(guild_id, with_counts=False)
        except (discord.NotFound, discord.Forbidden):
            return False
        return True

    # --- deleting

    @Cog.listener()
    async def on_guild_data_timer(self, event: GuildDataTimer) -> None:
        """Delete what there is of a server, unless the bot is back."""
        guild_id = event.payload["guild_id"]
        departed = await self.store.get(guild_id)
        if departed is None or departed.timer_id != event.timer_id:
            await self.bot.timers.done(event)
        elif await self.is_here(guild_id) and not departed.erasing:
            await self.came_back(guild_id)
        elif await self.erase(guild_id):
            await self.bot.timers.done(event)

    async def erase(self, guild_id: int) -> bool:
        """Delete all that is stored about a server, in pieces; False if somebody is at it, or a feature is missing.

        Once begun it is done to its end: half of a server's data would be of no use. Raises `DatabaseError`; then it
        goes on when the timer comes again.
        """
        if guild_id in self._in_hand or missing_features(self.bot):
            return False
        self._in_hand.add(guild_id)
        try:
            if not await self.store.begin(guild_id):
                return False  # the bot came back just now
            store = await guild_data_of(self.bot)
            while deleted := await store.delete_some(guild_id):
                log.debug("Deleted %d rows of guild %d", deleted, guild_id)
            await self.bot.everywhere.forget_guild(guild_id)
            await self._forget(guild_id, erased=True)
        finally:
            self._in_hand.discard(guild_id)
        log.info("Deleted what was stored about guild %d", guild_id)
        return True

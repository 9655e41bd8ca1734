"""Cases that the log couldn't show as they are: its channel was gone, closed to the bot, or Discord had trouble.

They are shown as soon as the log works again, the oldest first: when another case is shown, when the channel or its
permissions change, and otherwise every few minutes. What happened while no log was wanted isn't missed.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Final
from weakref import WeakValueDictionary

import discord

from cogs.moderation import settings
from database.errors import DatabaseError
from database.missed_cases import MissedCasesStore
from database.moderation import Case, CasesStore
from utils.bot import CANNOT_SAY
from utils.cog import Cog
from utils.events import GuildSettingChanged
from utils.i18n import ngettext, using

if TYPE_CHECKING:
    from cogs.moderation.pipeline import Pipeline
    from utils.bot import Hearth

log = logging.getLogger("hearth.moderation")

MOST_SHOWN_LATER: Final = 50
LOOK_EVERY: Final = timedelta(minutes=10)


class MissedCases:
    """Remembers them over a restart, and lets them be shown. `show` shows one; False if another try is worth it."""

    def __init__(self, bot: "Hearth", cases: CasesStore, show: Callable[[Case], Awaitable[bool]]) -> None:
        self.bot = bot
        self.cases = cases
        self.store = MissedCasesStore(bot.db)
        self.on_missed: Callable[[], None] | None = None
        """Called when a guild's log has missed something."""
        self._show = show
        self._known: set[int] | None = None
        self._locks: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()

    async def guilds(self) -> set[int]:
        """The guilds whose log misses something."""
        if self._known is None:
            self._known = await self.store.guilds()
        return self._known

    async def missed(self, case: Case) -> None:
        """A case couldn't be shown."""
        await self.store.add(case.guild_id, case.number)
        (await self.guilds()).add(case.guild_id)
        if self.on_missed is not None:
            self.on_missed()

    async def shown(self, case: Case) -> None:
        """A case is in the log, at last or at once."""
        if case.guild_id in await self.guilds():
            await self.store.remove(case.guild_id, case.number)

    async def catch_up(self, guild: discord.Guild) -> bool:
        """Show what was missed, if the log can be written in; False if Discord refuses after all."""
        if guild.id not in await self.guilds():
            return True
        async with self._locks.setdefault(guild.id, asyncio.Lock()):
            channel_id = self.bot.guild_settings.get(guild.id, settings.MOD_LOG)
            if channel_id is None:
                await self.store.forget(guild.id)
            elif (channel := _writable(guild, channel_id)) is None:
                return True  # whoever shows a case says why
            elif not await self._show_all(channel):
                return False
            if not await self.store.newest(guild.id, 1):
                (await self.guilds()).discard(guild.id)
            return True

    async def _show_all(self, channel: discord.TextChannel) -> bool:
        guild = channel.guild
        numbers = await self.store.newest(guild.id, MOST_SHOWN_LATER)
        if numbers and (left_out := await self.store.forget_before(guild.id, numbers[0])):
            await self._say_how_many(channel, left_out)
        for number in numbers:
            case = await self.cases.get(guild.id, number)
            if case is not None and not await self._show(case):
                return False
            await self.store.remove(guild.id, number)
        return True

    async def _say_how_many(self, channel: discord.TextChannel, left_out: int) -> None:
        with using(self.bot.language_of(channel.guild)):
            sentence = ngettext(
                "This log missed {count} case more, which isn't shown any more; `cases` finds it.",
                "This log missed {count} cases more, which aren't shown any more; `cases` finds them.",
                left_out,
            ).format(count=left_out)
        try:
            await channel.send(sentence)
        except CANNOT_SAY:
            log.warning("Guild %d isn't told of %d cases", channel.guild.id, left_out, exc_info=True)


class LogCatchUp(Cog):
    """Notices that a log works again."""

    def __init__(self, bot: "Hearth", pipeline: "Pipeline") -> None:
        super().__init__(bot)
        self.missed = pipeline.case_log.missed
        self.missed.on_missed = self._begin
        self._looking: asyncio.Task[None] | None = None

    async def cog_load(self) -> None:
        """Look, if the bot is there already: this feature was reloaded."""
        if self.bot.is_ready():
            self._begin(at_once=True)

    @Cog.listener()
    async def on_ready(self) -> None:
        """Look what was missed before the start."""
        self._begin(at_once=True)

    @Cog.listener()
    async def on_guild_setting_changed(self, event: GuildSettingChanged) -> None:
        """Show in a new log what the old one missed; with none, forget it."""
        guild = self.bot.get_guild(event.guild_id)
        if event.key == settings.MOD_LOG.key and guild is not None:
            await self.missed.catch_up(guild)

    @Cog.listener()
    async def on_guild_channel_update(
        self, _before: discord.abc.GuildChannel, after: discord.abc.GuildChannel
    ) -> None:
        """Look whether the log may be written in again."""
        if self.bot.guild_settings.get(after.guild.id, settings.MOD_LOG) == after.id:
            await self.missed.catch_up(after.guild)

    def _begin(self, *, at_once: bool = False) -> None:
        if self._looking is None or self._looking.done():
            self._looking = self.spawn(self._look(at_once=at_once))

    async def _look(self, *, at_once: bool) -> None:
        """Until no log of a guild that is here misses anything."""
        while True:
            if not at_once:
                await asyncio.sleep(LOOK_EVERY.total_seconds())
            at_once = False
            try:
                found = [self.bot.get_guild(guild_id) for guild_id in await self.missed.guilds()]
                here = [guild for guild in found if guild is not None]
                for guild in here:
                    await self.missed.catch_up(guild)
                if not here:
                    return
            except DatabaseError:
                log.warning("What logs have missed waits for the database", exc_info=True)


def _writable(guild: discord.Guild, channel_id: int) -> discord.TextChannel | None:
    """The log's channel, if it is there and the bot may write in it."""
    channel = guild.get_channel(channel_id)
    if guild.unavailable or not isinstance(channel, discord.TextChannel):
        return None
    may = channel.permissions_for(guild.me)
    return channel if may.view_channel and may.send_messages and may.embed_links else None

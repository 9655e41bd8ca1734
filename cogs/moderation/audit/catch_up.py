"""What was done in Discord's own client while the bot was away, or between two sessions: read from the audit log.

Each guild has a mark: the newest entry that was read. The first time there is none, and nothing before it is taken,
so that no history is imported. A guild is up to date when everything since its mark was taken in this session; until
then the entries that come live don't move the mark.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import Final
from weakref import WeakValueDictionary

import discord

from database.audit_marks import AuditMarksStore
from utils.bot import Hearth

log = logging.getLogger("hearth.moderation")

MOST_ENTRIES: Final = 1000
"""How many entries of a guild are read at most, the newest: ten calls. Discord itself keeps them for 45 days."""

TakeEntry = Callable[[discord.AuditLogEntry], Awaitable[None]]
LookAfter = Callable[[discord.Guild, datetime], Awaitable[None]]


class CatchUp:
    """Reads what was missed, once a session for each guild.

    `take` is called for each entry, the oldest first, and then `after_absence` with the time of the mark.
    """

    def __init__(self, bot: Hearth, take: TakeEntry, after_absence: Sequence[LookAfter]) -> None:
        self.bot = bot
        self._after_absence = after_absence
        self.marks = AuditMarksStore(bot.db)
        self._take = take
        self._up_to_date: set[int] = set()
        self._heard: dict[int, int] = {}  # the newest entry of each guild, until it is written down
        self._locks: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()

    def forget(self, guild_id: int | None = None) -> None:
        """Entries may have been missed: of a guild that was away, or of all, since this is another session."""
        if guild_id is None:
            self._up_to_date.clear()
        else:
            self._up_to_date.discard(guild_id)

    def is_behind(self, guild: discord.Guild) -> bool:
        """Whether there may be something to read that the bot is allowed to."""
        readable = not guild.unavailable and guild.me.guild_permissions.view_audit_log
        return readable and guild.id not in self._up_to_date

    def heard(self, entry: discord.AuditLogEntry) -> bool:
        """An entry came live and was taken; True if that is to be written down soon."""
        if entry.guild.id not in self._up_to_date:
            return False
        self._heard[entry.guild.id] = max(entry.id, self._heard.get(entry.guild.id, 0))
        return True

    async def write_down(self) -> None:
        """Move the marks. Of what a crash left unwritten, nothing becomes a second case."""
        heard, self._heard = self._heard, {}
        for guild_id, entry_id in heard.items():
            await self.marks.advance(guild_id, entry_id)

    async def catch_up(self, guild: discord.Guild) -> None:
        """Take what was missed in a guild; returns at once if nothing can be. Raises discord.HTTPException."""
        async with self._locks.setdefault(guild.id, asyncio.Lock()):
            if not self.is_behind(guild):
                return
            mark = await self.marks.get(guild.id)
            is_new = mark is None
            if mark is None:
                newest = [entry.id async for entry in guild.audit_logs(limit=1)]
                mark, missed = (newest[0] if newest else 0), []
            else:
                missed = await self._since(guild, mark)
            for entry in reversed(missed):
                await self._take(entry)
            if not is_new:
                # The bot heard everything up to the mark: it does something itself about who comes back.
                for look in self._after_absence:
                    await look(guild, discord.utils.snowflake_time(mark))
            await self.marks.advance(guild.id, missed[0].id if missed else mark)
            self._up_to_date.add(guild.id)

    async def _since(self, guild: discord.Guild, mark: int) -> list[discord.AuditLogEntry]:
        """The entries after the mark, the newest first."""
        found: list[discord.AuditLogEntry] = []
        async for entry in guild.audit_logs(limit=MOST_ENTRIES):
            if entry.id <= mark:
                return found
            found.append(entry)
        if len(found) >= MOST_ENTRIES:
            log.warning("Guild %d: more than %d entries of the audit log were missed", guild.id, MOST_ENTRIES)
        return found

"""What the leveling cogs share: standings, curves, and who is told when somebody's level changes."""

from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import discord

from cogs.leveling.curves import Curve
from cogs.leveling.settings import CURVE
from database.standing_changes import Change
from database.standing_values import Gain, Move, Standing
from database.standings import StandingsStore
from utils import events
from utils.events import LevelUp

if TYPE_CHECKING:
    from utils.bot import Hearth


@dataclass(frozen=True, slots=True)
class LevelMove:
    """A member whose level changed. `earned` is whether by what they did, and not by staff; `channel_id` where."""

    guild_id: int
    user_id: int
    old_level: int
    new_level: int
    xp: int
    earned: bool
    channel_id: int | None = None


Watcher = Callable[[list[LevelMove]], None]
"""Told of all whose level changed together, after it is stored. It does no I/O; what it has to do, it spawns.

Another curve may move everybody at once: who keeps something about levels hears the change of that setting.
"""


class Leveling:
    """Every guild's XP. One for the whole feature: its cogs share it."""

    def __init__(self, bot: "Hearth") -> None:
        self.bot = bot
        self.store = StandingsStore(bot.db)
        self.watchers: list[Watcher] = []
        self.writers: list[Callable[[int], Awaitable[None]]] = []
        """What writes a guild's gains that are still in memory, so that whoever looks sees them."""
        self._swept: date | None = None

    # --- looking

    def curve(self, guild_id: int) -> Curve:
        """How much XP levels take in a guild."""
        return self.bot.guild_settings.get(guild_id, CURVE)

    def level(self, guild_id: int, xp: int) -> int:
        """The level that so much XP makes in a guild."""
        return self.curve(guild_id).level(xp)

    def today(self, guild_id: int) -> date:
        """The day that it is in a guild."""
        return discord.utils.utcnow().astimezone(self.bot.timezone_of(self.bot.get_guild(guild_id))).date()

    async def standing(self, guild_id: int, user_id: int) -> Standing:
        """What somebody has, with what they gained this moment."""
        await self.write(guild_id)
        return await self.store.get(guild_id, user_id)

    async def level_of(self, guild_id: int, user_id: int) -> int:
        """The level that a member has: what `bot.levels` answers with."""
        return self.level(guild_id, (await self.standing(guild_id, user_id)).xp)

    async def write(self, guild_id: int) -> None:
        """Write a guild's gains that are still in memory."""
        for write in list(self.writers):
            await write(guild_id)

    # --- changing

    @asynccontextmanager
    async def change(self, guild_id: int) -> AsyncIterator[Change]:
        """Change standings, all of it or nothing, other than by what members do; levels that follow are told of."""
        await self.write(guild_id)
        async with self.store.change(guild_id) as change:
            yield change
        self.tell(guild_id, change.moves, earned=False)

    async def note_presence(self, guild_id: int, user_ids: Collection[int], *, present: bool) -> None:
        """Write down who is in the guild, or isn't. Almost always that is known, and nothing is changed."""
        await self.write(guild_id)
        wrong = await self.store.thought_otherwise(guild_id, user_ids, present=present)
        if wrong:
            async with self.change(guild_id) as change:
                await change.mark(wrong, present=present)

    async def add_batch(
        self, guild_id: int, batch_id: int, gains: Mapping[int, Gain], channels: Mapping[int, int], *,
        also: Callable[[], Awaitable[None]] | None = None,
    ) -> None:  # fmt: skip
        """Write what members gained, once, and tell of new levels; `channels` says where each gained it.

        `also` writes what belongs to the gains in the same transaction.
        """
        today = self.today(guild_id)
        moves = await self.store.add_batch(guild_id, batch_id, gains, today=today, also=also)
        self.tell(guild_id, moves, earned=True, channels=channels)
        if self._swept is None or self._swept < today:
            self._swept = today
            await self.store.forget_old(today)

    def tell(
        self, guild_id: int, moves: Mapping[int, Move], *, earned: bool, channels: Mapping[int, int] | None = None
    ) -> None:
        """Tell who watches of changed levels, and everybody of those that were earned."""
        curve = self.curve(guild_id)
        changed = []
        for move in moves.values():
            old, new = curve.level(move.before.xp), curve.level(move.after.xp)
            if old != new:
                where = (channels or {}).get(move.user_id)
                changed.append(LevelMove(guild_id, move.user_id, old, new, move.after.xp, earned, where))
        if not changed:
            return
        for watch in list(self.watchers):
            try:
                watch(changed)
            except Exception as error:  # noqa: BLE001 - it is reported; what is stored stays, and the others are told
                self.bot.error_reports.add(error, "a watcher of levels")
        for one in changed:
            if one.earned and one.new_level > one.old_level:
                events.publish(self.bot, LevelUp(guild_id, one.user_id, one.old_level, one.new_level))

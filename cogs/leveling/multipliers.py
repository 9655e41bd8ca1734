"""How much more or less XP counts, kept in memory: the message path asks for it."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final

import discord

from database.xp_boosts import XpBoost, XpBoostsStore
from database.xp_multipliers import Kind, XpMultiplier, XpMultipliersStore
from utils.shared_memory import Changed

IN_MEMORY: Final = "XP multipliers"
WHOLE: Final = 100
"""Percent: as much as without any."""
MOST_PERCENT: Final = 1_000


def multiplied(xp: int, percents: Iterable[int]) -> int:
    """XP times all these percentages, rounded half up once at the end."""
    numerator, denominator = xp, 1
    for percent in percents:
        numerator, denominator = numerator * percent, denominator * WHOLE
    return (2 * numerator + denominator) // (2 * denominator)


class Multipliers:
    """What holds in each guild: one for the server, one for the channel, the highest of the roles, and a boost.

    Of a thread, its channel and their category the first that has one counts. All of them are multiplied.
    """

    def __init__(self, store: XpMultipliersStore, boosts: XpBoostsStore, changed: Changed) -> None:
        """`changed` tells other processes of a guild with changes."""
        self.store = store
        self._tell = changed
        self.boosts = boosts
        self._held: dict[int, dict[tuple[Kind, int], XpMultiplier]] = {}
        self._boosts: dict[tuple[int, int], XpBoost] = {}

    async def load(self, now: datetime) -> None:
        """Read what holds. Raises `DatabaseError`."""
        await self.store.remove_ended(now)
        held: dict[int, dict[tuple[Kind, int], XpMultiplier]] = {}
        for one in await self.store.all():
            held.setdefault(one.guild_id, {})[one.kind, one.target_id] = one
        self._held = held
        self._boosts = {(one.guild_id, one.user_id): one for one in await self.boosts.all_running(now)}

    async def read(self, guild_id: int | None) -> None:
        """Read again what holds in one guild, or everywhere. Raises `DatabaseError`."""
        now = discord.utils.utcnow()
        if guild_id is None:
            await self.load(now)
            return
        held, boosts = await self.store.of(guild_id), await self.boosts.running_in(guild_id, now)
        self.forget_guild(guild_id)
        self._held[guild_id] = {(one.kind, one.target_id): one for one in held}
        self._boosts.update({(one.guild_id, one.user_id): one for one in boosts})

    async def load_guild(self, guild_id: int) -> None:
        """Read what holds in one guild after a change of it. Raises `DatabaseError`."""
        self._held[guild_id] = {(one.kind, one.target_id): one for one in await self.store.of(guild_id)}
        await self._tell(guild_id)

    async def load_boost(self, guild_id: int, user_id: int, now: datetime) -> None:
        """Read somebody's boost again. Raises `DatabaseError`."""
        boost = await self.boosts.running(guild_id, user_id, now)
        if boost is None:
            self._boosts.pop((guild_id, user_id), None)
        else:
            self._boosts[guild_id, user_id] = boost
        await self._tell(guild_id)

    def forget_boosts(self, user_id: int, guild_id: int | None) -> None:
        """Let somebody's boosts go whose rows are deleted, everywhere or in one guild."""
        for who in [who for who in self._boosts if who[1] == user_id and guild_id in {None, who[0]}]:
            del self._boosts[who]

    def forget_guild(self, guild_id: int) -> None:
        """Let everything of a guild go whose rows are deleted."""
        self._held.pop(guild_id, None)
        for who in [who for who in self._boosts if who[0] == guild_id]:
            del self._boosts[who]

    async def put(self, one: XpMultiplier) -> None:
        """Let it hold. Raises `DatabaseError`."""
        await self.store.put(one)
        self._held.setdefault(one.guild_id, {})[one.kind, one.target_id] = one
        await self._tell(one.guild_id)

    async def remove(self, guild_id: int, kind: Kind, target_id: int) -> bool:
        """Let it hold no longer; whether it did. Raises `DatabaseError`."""
        removed = await self.store.remove(guild_id, kind, target_id)
        self._held.get(guild_id, {}).pop((kind, target_id), None)
        await self._tell(guild_id)
        return removed

    def of_guild(self, guild_id: int, now: datetime) -> list[XpMultiplier]:
        """What holds in a guild."""
        return sorted(
            (one for one in self._held.get(guild_id, {}).values() if one.holds(now)),
            key=lambda one: (one.kind != "server", one.kind, one.target_id),
        )

    def applying(
        self, guild_id: int, places: Sequence[int], role_ids: Iterable[int], now: datetime
    ) -> list[XpMultiplier]:
        """What holds for a member with these roles in a place; `places` from the thread up to the category."""
        held = self._held.get(guild_id)
        if not held:
            return []
        server = held.get(("server", 0))
        channels = (held.get(("channel", place)) for place in places)
        channel = next((one for one in channels if one is not None and one.holds(now)), None)
        roles = [one for role_id in role_ids if (one := held.get(("role", role_id))) is not None and one.holds(now)]
        found = [server if server is not None and server.holds(now) else None, channel]
        found.append(max(roles, key=lambda one: one.percent, default=None))
        return [one for one in found if one is not None]

    def boost(self, guild_id: int, user_id: int, now: datetime) -> XpBoost | None:
        """Somebody's boost from the shop, if it still runs."""
        boost = self._boosts.get((guild_id, user_id))
        return boost if boost is not None and now < boost.ends_at else None

    def percents(
        self, guild_id: int, user_id: int, places: Sequence[int], role_ids: Iterable[int], now: datetime
    ) -> list[int]:
        """All that a gain is multiplied by, in percent."""
        found = [one.percent for one in self.applying(guild_id, places, role_ids, now)]
        boost = self.boost(guild_id, user_id, now)
        return found if boost is None else [*found, WHOLE + boost.percent]

"""XP for coins that members earn: gathered, and written as XP for chatting is."""

import logging
import operator
from collections.abc import Collection
from dataclasses import replace

from cogs.leveling.base import LevelingCog, role_ids
from cogs.leveling.coins import settings
from cogs.leveling.multipliers import multiplied
from cogs.leveling.service import Leveling
from database.standing_values import MOST, Gain
from utils.bot import Hearth
from utils.cog import Cog
from utils.events import CoinsEarned
from utils.gathering import Batch, Writer
from utils.members import get_members

log = logging.getLogger("hearth.leveling")


class CoinXp(LevelingCog):
    """XP for coins."""

    settings = settings.SETTINGS

    def __init__(self, bot: Hearth, leveling: Leveling) -> None:
        super().__init__(bot, leveling)
        self.writer: Writer[Gain] = Writer(self, "XP for coins", operator.add, self._write)

    async def cog_load(self) -> None:
        """Begin to write what is gathered."""
        self.leveling.writers.append(self.writer.write)

    async def cog_unload(self) -> None:
        """Write what was gathered."""
        self.leveling.writers.remove(self.writer.write)
        await self.writer.write_the_last()

    @Cog.listener()
    async def on_coins_earned(self, event: CoinsEarned) -> None:
        """Let somebody have XP for coins, if these count."""
        get = self.bot.guild_settings.get
        rate = get(event.guild_id, settings.COIN_XP)
        if not rate or event.kind not in get(event.guild_id, settings.COIN_XP_KINDS):
            return
        if not self.bot.switches.feature_is_on(event.guild_id, self.feature):
            return
        xp = min(MOST, multiplied(event.amount, [rate]))
        if xp > 0:
            self.writer.add(event.guild_id, event.user_id, Gain(xp=xp))

    async def forget_person(self, user_id: int, guild_id: int | None) -> None:
        """Drop what they gained and isn't written."""
        await self.writer.forget(user_id, guild_id)

    async def _write(self, batch: Batch[Gain]) -> None:
        left_out = await self._without_xp(batch.guild_id, batch.gains)
        gains = {user_id: gain for user_id, gain in batch.gains.items() if user_id not in left_out}
        await self.leveling.add_batch(batch.guild_id, batch.id, gains, {})

    async def _without_xp(self, guild_id: int, user_ids: Collection[int]) -> set[int]:
        """Those of these whose roles bring them no XP, or who are gone."""
        rules = replace(self.place_rules(guild_id), no_channels=(), only_channels=())
        guild = self.bot.get_guild(guild_id)
        if guild is None or not (rules.no_roles or rules.only_roles):
            return set()
        try:
            members = await get_members(guild, user_ids)
        except TimeoutError as error:
            log.warning("The roles of members of guild %d aren't known; all have XP for coins: %s", guild_id, error)
            return set()
        allowed = {user_id for user_id, one in members.items() if rules.reason((), role_ids(one)) is None}
        return set(user_ids) - allowed

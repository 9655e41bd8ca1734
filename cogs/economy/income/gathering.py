"""Coins gathered in memory until they are written, a batch for each guild. Pure: `now` is an argument."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

MOST_HELD: Final = 20_000
"""Members whose coins wait to be written. Beyond, nobody else gets any until some are."""
MOST_WAITING: Final = 50_000
"""Members who have to wait for their next coins. Beyond, nobody else gets any until some needn't wait any more."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Coins of one guild that are written in one operation; under the same id however often that is tried."""

    id: int
    guild_id: int
    coins: dict[int, int]


class Gathering:
    """What members get since the last writing, and who has to wait for more."""

    def __init__(self) -> None:
        self.batches: dict[int, Batch] = {}
        """What is being written, by guild."""
        self._coins: dict[int, dict[int, int]] = {}
        self._waits: dict[tuple[int, int], datetime] = {}
        self._held = 0

    def waits(self, guild_id: int, user_id: int, now: datetime) -> bool:
        """Whether somebody has to wait, or there is no room for them."""
        until = self._waits.get((guild_id, user_id))
        if until is not None:
            return now < until
        return len(self._waits) >= MOST_WAITING

    def add(self, guild_id: int, user_id: int, coins: int, waits_until: datetime) -> bool:
        """Let somebody have coins, and wait for more; False if there is no room for them."""
        of_guild = self._coins.setdefault(guild_id, {})
        if user_id not in of_guild:
            if self._held >= MOST_HELD:
                return False
            self._held += 1
        of_guild[user_id] = of_guild.get(user_id, 0) + coins
        self._waits[guild_id, user_id] = waits_until
        return True

    @property
    def is_empty(self) -> bool:
        """Whether nothing waits to be written."""
        return not self._held

    def sealed(self, new_id: Callable[[], int]) -> list[Batch]:
        """What is to be written now: what couldn't be written before as it was, and all that came since elsewhere."""
        for guild_id in [guild_id for guild_id in self._coins if guild_id not in self.batches]:
            coins = self._coins.pop(guild_id)
            if coins:
                self.batches[guild_id] = Batch(new_id(), guild_id, coins)
        return list(self.batches.values())

    def written(self, batch: Batch) -> None:
        """Let go of what is in the database."""
        del self.batches[batch.guild_id]
        self._held -= len(batch.coins)

    def forget(self, now: datetime) -> None:
        """Let go of those who don't have to wait any more."""
        self._waits = {who: until for who, until in self._waits.items() if now < until}

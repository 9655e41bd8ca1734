"""How many games somebody plays in a minute. In memory: a restart takes longer than the limit is worth."""

from collections import deque
from datetime import datetime, timedelta
from typing import Final

MINUTE: Final = timedelta(minutes=1)
SWEEP_ABOVE: Final = 1000  # players


class Pace:
    """When each member of each guild played lately."""

    def __init__(self) -> None:
        self._played: dict[tuple[int, int], deque[datetime]] = {}
        self._sweep_above = SWEEP_ABOVE

    def __len__(self) -> int:
        """How many players it remembers."""
        return len(self._played)

    def count(self, guild_id: int, user_id: int, limit: int, now: datetime) -> datetime | None:
        """Count a game that begins; or, where the limit is reached, don't, and tell when the next one can."""
        self._sweep(now)
        played = self._played.setdefault((guild_id, user_id), deque())
        while played and played[0] <= now - MINUTE:
            played.popleft()
        if len(played) >= limit:
            return played[-limit] + MINUTE
        played.append(now)
        return None

    def _sweep(self, now: datetime) -> None:
        """Forget those who haven't played for a minute, each time twice as many are remembered as were left."""
        if len(self._played) > self._sweep_above:
            self._played = {who: played for who, played in self._played.items() if played[-1] > now - MINUTE}
            self._sweep_above = max(SWEEP_ABOVE, 2 * len(self._played))

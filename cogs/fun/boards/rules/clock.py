"""Time to think: so much for a move, and so much for all moves of a player together."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final, Self

MOVE: Final = timedelta(minutes=5)
GAME: Final = timedelta(minutes=25)
"""For all moves of one player. Twice that is less than the hour for which the economy holds bets at most."""
AWAY_AFTER: Final = timedelta(seconds=30)
"""Who is told of a deadline so much later was away, and the player isn't to pay for that."""


@dataclass(frozen=True, slots=True)
class Clock:
    """How much time both players have left in all."""

    left: tuple[timedelta, timedelta] = (GAME, GAME)

    def deadline(self, player: int, now: datetime) -> datetime:
        """Until when somebody whose turn begins now has to move."""
        return now + min(MOVE, self.left[player])

    def after(self, player: int, deadline: datetime, now: datetime) -> Self:
        """The clock after somebody moved who had time until a deadline."""
        began = deadline - min(MOVE, self.left[player])
        thought = max(timedelta(0), min(now, deadline) - began)  # more than that nobody had
        left = max(timedelta(0), self.left[player] - thought)
        first, second = self.left
        return replace(self, left=(left, second) if player == 0 else (first, left))

    def dump(self) -> list[int]:
        """As it is stored, in milliseconds."""
        return [one // timedelta(milliseconds=1) for one in self.left]

    @classmethod
    def load(cls, stored: list[Any]) -> Self:
        """What `dump` wrote."""
        first, second = (timedelta(milliseconds=one) for one in stored)
        return cls((first, second))

"""Who moves when a guild takes another curve. Pure."""

import heapq
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from cogs.leveling.curves import Curve
from cogs.leveling.rewards.rules import wanted
from database.standing_values import Standing

MOST_SHOWN_MOVES: Final = 10
SHOWN_LEVELS: Final = (1, 2, 3, 5, 10, 15, 20, 30, 50, 75, 100, 200)


@dataclass(frozen=True, slots=True)
class CurveMove:
    """A member whose level is another on another curve."""

    user_id: int
    xp: int
    old_level: int
    new_level: int

    @property
    def size(self) -> tuple[int, int, int]:
        """What the largest moves are found by: how many levels, then the XP; of equals the older account."""
        return abs(self.new_level - self.old_level), self.xp, -self.user_id


def moved(standings: Iterable[Standing], old: Curve, new: Curve) -> Iterator[CurveMove]:
    """Those of these members whose level changes; who left the guild has none."""
    for one in standings:
        if one.present:
            before, after = old.level(one.xp), new.level(one.xp)
            if before != after:
                yield CurveMove(one.user_id, one.xp, before, after)


@dataclass(slots=True)
class Preview:
    """What another curve would do, added up as the members are read."""

    old: Curve
    new: Curve
    rewards: Mapping[int, int]
    """By role from which level on it is given."""
    mode: str
    up: int = 0
    down: int = 0
    largest: list[CurveMove] = field(default_factory=list)
    """The largest first."""
    given: Counter[int] = field(default_factory=Counter)
    """How many members would be given each role."""
    taken: Counter[int] = field(default_factory=Counter)
    _wanted: dict[int, frozenset[int]] = field(default_factory=dict)

    def add(self, standings: Iterable[Standing]) -> None:
        """Take these members in."""
        moves = list(moved(standings, self.old, self.new))
        for move in moves:
            if move.new_level > move.old_level:
                self.up += 1
            else:
                self.down += 1
            before, after = self._roles(move.old_level), self._roles(move.new_level)
            if before != after:
                self.given.update(after - before)
                self.taken.update(before - after)
        self.largest = heapq.nlargest(MOST_SHOWN_MOVES, [*self.largest, *moves], key=lambda one: one.size)

    def _roles(self, level: int) -> frozenset[int]:
        if level not in self._wanted:
            self._wanted[level] = wanted(level, self.rewards, self.mode)
        return self._wanted[level]


def shown_levels(*curves: Curve) -> list[int]:
    """Which levels a table of these curves has."""
    return [level for level in SHOWN_LEVELS if any(level <= curve.highest for curve in curves)]

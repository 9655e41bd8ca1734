"""Connect four: discs fall into seven columns of six; four in a line win."""

import random
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any, Final, Self

from cogs.fun.boards.rules.position import Position, Result

COLUMNS: Final = 7
ROWS: Final = 6
IN_LINE: Final = 4
DIRECTIONS: Final = ((1, 0), (0, 1), (1, 1), (1, -1))

Place = tuple[int, int]
"""Column from the left and row from the bottom, from zero."""


@dataclass(frozen=True, slots=True)
class Connect4(Position):
    """The columns that were chosen, one after the other."""

    chosen: str = ""

    @classmethod
    def begin(cls, chance: random.Random) -> Self:
        """Nothing but free places."""
        return cls()

    @classmethod
    def load(cls, stored: dict[str, Any]) -> Self:
        """The position that `dump` wrote."""
        return cls(stored["chosen"])

    def dump(self) -> dict[str, Any]:
        """The position as it is stored."""
        return {"chosen": self.chosen}

    @property
    def turn(self) -> int:
        """Who moves next."""
        return len(self.chosen) % 2

    def moves(self) -> Collection[str]:
        """The columns that aren't full, by their numbers from zero."""
        if self.line():
            return ()
        return [str(column) for column in range(COLUMNS) if self.chosen.count(str(column)) < ROWS]

    def _after(self, move: str) -> Self:
        return type(self)(self.chosen + move)

    def discs(self) -> dict[Place, int]:
        """Whose disc is where, the latest last."""
        height = [0] * COLUMNS
        found: dict[Place, int] = {}
        for number, move in enumerate(self.chosen):
            column = int(move)
            found[column, height[column]] = number % 2
            height[column] += 1
        return found

    def line(self) -> set[Place]:
        """The four or more in a line that the last disc made, in all its directions; none, if it made none."""
        discs = self.discs()
        if not discs:
            return set()
        last = next(reversed(discs))
        whole: set[Place] = set()
        for across, up in DIRECTIONS:
            line = {last, *_along(discs, last, across, up), *_along(discs, last, -across, -up)}
            if len(line) >= IN_LINE:
                whole |= line
        return whole

    def result(self) -> Result | None:
        """Who made a line of four; a draw once all columns are full."""
        if self.line():
            return Result((len(self.chosen) - 1) % 2)
        return Result(None) if len(self.chosen) == COLUMNS * ROWS else None


def _along(discs: dict[Place, int], start: Place, across: int, up: int) -> Iterator[Place]:
    """The places in one direction that have a disc of the same colour."""
    column, row = start[0] + across, start[1] + up
    while discs.get((column, row)) == discs[start]:
        yield column, row
        column, row = column + across, row + up

"""Minesweeper: open every square without a mine. The mines are laid around the first one that is opened."""

import random
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from typing import Any, Final, Self

from cogs.fun.boards.rules.position import Position, Result

COLUMNS: Final = 5
ROWS: Final = 4
"""With a row of other buttons below, all that fits under a message."""
SQUARES: Final = COLUMNS * ROWS
FEWEST_MINES: Final = 1
MOST_MINES: Final = 12
USUAL_MINES: Final = 4
FLAG: Final = "flag"
"""The move that lets the next presses put flags, or open squares again."""


@dataclass(frozen=True, slots=True)
class Minesweeper(Position):
    """What is opened and flagged. `order`, drawn at the start, and the first square decide where the mines are."""

    order: tuple[int, ...]
    mine_count: int = USUAL_MINES
    opened: tuple[int, ...] = ()
    """The squares that are open, the first one first."""
    flags: frozenset[int] = frozenset()
    flagging: bool = False

    @classmethod
    def begin(cls, chance: random.Random) -> Self:
        """All squares closed."""
        return cls(tuple(chance.sample(range(SQUARES), SQUARES)))

    @classmethod
    def load(cls, stored: dict[str, Any]) -> Self:
        """The position that `dump` wrote."""
        return cls(
            tuple(stored["order"]), stored["mines"], tuple(stored["opened"]), frozenset(stored["flags"]),
            stored["flagging"],
        )  # fmt: skip

    def dump(self) -> dict[str, Any]:
        """The position as it is stored."""
        return {
            "order": list(self.order),
            "mines": self.mine_count,
            "opened": list(self.opened),
            "flags": sorted(self.flags),
            "flagging": self.flagging,
        }

    @property
    def turn(self) -> int:
        """Always the only player's."""
        return 0

    @property
    def mines(self) -> frozenset[int]:
        """Where the mines are; nowhere yet, before the first square is opened."""
        if not self.opened:
            return frozenset()
        return frozenset([square for square in self.order if square != self.opened[0]][: self.mine_count])

    def number(self, square: int) -> int:
        """How many mines are around a square."""
        return len(self.mines.intersection(around(square)))

    def moves(self) -> Collection[str]:
        """The squares that can be opened (or flagged, while flags are put), and `flag`."""
        if self.result() is not None:
            return ()
        closed = [square for square in range(SQUARES) if square not in self.opened]
        return [FLAG, *(str(square) for square in closed if self.flagging or square not in self.flags)]

    def _after(self, move: str) -> Self:
        if move == FLAG:
            return replace(self, flagging=not self.flagging)
        square = int(move)
        if self.flagging:
            return replace(self, flags=self.flags ^ {square})
        return replace(self, opened=self._opened_with(square))

    def _opened_with(self, square: int) -> tuple[int, ...]:
        """What is open after a square is: around one without mines nearby, everything that isn't flagged."""
        now = replace(self, opened=(*self.opened, square))
        found, waiting = dict.fromkeys(now.opened), [square]
        while waiting:
            one = waiting.pop()
            if one in now.mines or now.number(one):
                continue
            for other in around(one):
                if other not in found and other not in self.flags:
                    found[other] = None
                    waiting.append(other)
        return tuple(found)

    def result(self) -> Result | None:
        """Lost on a mine; won once all others are open."""
        if not self.mines.isdisjoint(self.opened):
            return Result(1)
        return Result(0) if len(self.opened) == SQUARES - self.mine_count else None


def around(square: int) -> Iterator[int]:
    """The up to eight squares beside one."""
    row, column = divmod(square, COLUMNS)
    for other_row in range(max(0, row - 1), min(ROWS, row + 2)):
        for other_column in range(max(0, column - 1), min(COLUMNS, column + 2)):
            if (other_row, other_column) != (row, column):
                yield other_row * COLUMNS + other_column

"""Tic-tac-toe: three in a row on nine squares."""

import random
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Final, Self

from cogs.fun.boards.rules.position import Position, Result

SIDE: Final = 3
FREE: Final = "."
MARKS: Final = "xo"
"""Whose mark is which: `x` moves first."""

LINES: Final = (
    *(tuple(range(row * SIDE, row * SIDE + SIDE)) for row in range(SIDE)),
    *(tuple(range(column, SIDE * SIDE, SIDE)) for column in range(SIDE)),
    tuple(range(0, SIDE * SIDE, SIDE + 1)),
    tuple(range(SIDE - 1, SIDE * SIDE - 1, SIDE - 1)),
)
"""Rows, columns and diagonals."""


@dataclass(frozen=True, slots=True)
class TicTacToe(Position):
    """Nine squares, row by row."""

    squares: str = FREE * SIDE * SIDE

    @classmethod
    def begin(cls, chance: random.Random) -> Self:
        """Nothing but free squares."""
        return cls()

    @classmethod
    def load(cls, stored: dict[str, Any]) -> Self:
        """The position that `dump` wrote."""
        return cls(stored["squares"])

    def dump(self) -> dict[str, Any]:
        """The position as it is stored."""
        return {"squares": self.squares}

    @property
    def turn(self) -> int:
        """Who moves next."""
        return (len(self.squares) - self.squares.count(FREE)) % 2

    def moves(self) -> Collection[str]:
        """The free squares, by their numbers from zero."""
        if self.line() is not None:
            return ()
        return [str(square) for square, mark in enumerate(self.squares) if mark == FREE]

    def _after(self, move: str) -> Self:
        square = int(move)
        return type(self)(self.squares[:square] + MARKS[self.turn] + self.squares[square + 1 :])

    def line(self) -> tuple[int, ...] | None:
        """Three squares with the same mark in a line, if there are."""
        for line in LINES:
            if self.squares[line[0]] != FREE and len({self.squares[square] for square in line}) == 1:
                return line
        return None

    def result(self) -> Result | None:
        """Who has three in a row; a draw once no square is free."""
        line = self.line()
        if line is not None:
            return Result(MARKS.index(self.squares[line[0]]))
        return None if FREE in self.squares else Result(None)

"""What every game is to those who run it: a position, the moves it allows, and whether it is over."""

import random
from abc import ABC, abstractmethod
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Self


@dataclass(frozen=True, slots=True)
class Result:
    """How a game came out."""

    winner: int | None
    """Which of the two won, 0 who moved first; None for a draw. In a game of one, 1 is a loss."""


class Position(ABC):
    """How a game stands. It never changes: a move makes another one."""

    @classmethod
    @abstractmethod
    def begin(cls, chance: random.Random) -> Self:
        """The position that a game begins with."""

    @classmethod
    @abstractmethod
    def load(cls, stored: dict[str, Any]) -> Self:
        """The position that `dump` wrote."""

    @abstractmethod
    def dump(self) -> dict[str, Any]:
        """The position as it is stored: what JSON can say."""

    @property
    @abstractmethod
    def turn(self) -> int:
        """Who moves next, 0 or 1; of a game that is over, anything."""

    @abstractmethod
    def moves(self) -> Collection[str]:
        """What can be done now; nothing, once it is over."""

    @abstractmethod
    def result(self) -> Result | None:
        """How it came out; None while it goes on."""

    @abstractmethod
    def _after(self, move: str) -> Self:
        """The position after one of `moves`."""

    def play(self, move: str) -> Self:
        """The position after a move; raises `ValueError` if that isn't one of `moves`."""
        if move not in self.moves():
            raise ValueError(f"{move!r} can't be played here")
        return self._after(move)

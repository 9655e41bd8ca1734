"""Battleship: each hides a fleet on ten by ten squares, and both shoot by turns until one fleet is sunk."""

import random
import re
from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Any, Final, Self

from cogs.fun.boards.rules.position import Position, Result

SIDE: Final = 10
SQUARES: Final = SIDE * SIDE
SHIPS: Final = (5, 4, 3, 3, 2)
"""How many squares each ship of a fleet has."""
ROW_LETTERS: Final = "ABCDEFGHIJ"

Ship = tuple[int, ...]
Fleet = tuple[Ship, ...]

_SQUARE = re.compile(r"([a-j])\s*[-,:.]?\s*(10|[1-9])")
_TURNED_ROUND = re.compile(r"(10|[1-9])\s*[-,:.]?\s*([a-j])")


def place_fleet(chance: random.Random) -> Fleet:
    """A fleet anywhere: ships may touch, and never cross.

    Each ship takes one of the places that are left for it, so this ends: the ships before it can't take them all.
    """
    taken: set[int] = set()
    fleet: list[Ship] = []
    for length in SHIPS:
        ship = chance.choice([place for place in _places(length) if taken.isdisjoint(place)])
        taken.update(ship)
        fleet.append(ship)
    return tuple(fleet)


def _places(length: int) -> list[Ship]:
    """Everywhere that a ship could be, were it alone."""
    ends = range(SIDE - length + 1)
    across = [tuple(row * SIDE + start + n for n in range(length)) for row in range(SIDE) for start in ends]
    down = [tuple((start + n) * SIDE + column for n in range(length)) for column in range(SIDE) for start in ends]
    return across + down


def square_name(square: int) -> str:
    """What a square is called: `B4` is in the second row from the top, the fourth from the left."""
    return f"{ROW_LETTERS[square // SIDE]}{square % SIDE + 1}"


def read_square(text: str) -> int | None:
    """The square that somebody means by `B4`, `b 4` or `4b`; None for anything else."""
    wanted = text.strip().casefold()
    if found := _SQUARE.fullmatch(wanted):
        letter, number = found.groups()
    elif found := _TURNED_ROUND.fullmatch(wanted):
        number, letter = found.groups()
    else:
        return None
    return ROW_LETTERS.index(letter.upper()) * SIDE + int(number) - 1


@dataclass(frozen=True, slots=True)
class Battleship(Position):
    """Both fleets, and all shots one after the other."""

    fleets: tuple[Fleet, Fleet]
    shots: tuple[int, ...] = ()

    @classmethod
    def begin(cls, chance: random.Random) -> Self:
        """Both fleets anywhere."""
        return cls((place_fleet(chance), place_fleet(chance)))

    @classmethod
    def load(cls, stored: dict[str, Any]) -> Self:
        """The position that `dump` wrote."""
        first, second = (tuple(tuple(ship) for ship in fleet) for fleet in stored["fleets"])
        return cls((first, second), tuple(stored["shots"]))

    def dump(self) -> dict[str, Any]:
        """The position as it is stored."""
        return {"fleets": [[list(ship) for ship in fleet] for fleet in self.fleets], "shots": list(self.shots)}

    def with_fleet(self, player: int, fleet: Fleet) -> Self:
        """The same with another fleet; raises `ValueError` once anybody has shot."""
        if self.shots:
            raise ValueError("The first shot is fired")
        first, second = self.fleets
        return replace(self, fleets=(fleet, second) if player == 0 else (first, fleet))

    @property
    def turn(self) -> int:
        """Who shoots next."""
        return len(self.shots) % 2

    def moves(self) -> Collection[str]:
        """The squares that who is to shoot hasn't shot at."""
        if self.result() is not None:
            return ()
        done = self.shots_of(self.turn)
        return [str(square) for square in range(SQUARES) if square not in done]

    def _after(self, move: str) -> Self:
        return replace(self, shots=(*self.shots, int(move)))

    def shots_of(self, player: int) -> frozenset[int]:
        """Where somebody has shot."""
        return frozenset(self.shots[player::2])

    def ships_left(self, player: int) -> int:
        """How many ships of somebody's fleet are afloat."""
        hit = self.shots_of(1 - player)
        return sum(not hit.issuperset(ship) for ship in self.fleets[player])

    def hit_by_last(self) -> tuple[Ship | None, bool]:
        """The ship that the last shot hit, and whether that sank it."""
        if not self.shots:
            return None, False
        shooter = (len(self.shots) - 1) % 2
        for ship in self.fleets[1 - shooter]:
            if self.shots[-1] in ship:
                return ship, self.shots_of(shooter).issuperset(ship)
        return None, False

    def result(self) -> Result | None:
        """Who sank the other's whole fleet."""
        for player in (0, 1):
            if self.ships_left(1 - player) == 0:
                return Result(player)
        return None

"""Which games there are."""

from dataclasses import dataclass
from typing import Any, Final

from discord.ext import commands

from cogs.fun.boards.rules.battleship import Battleship
from cogs.fun.boards.rules.connect4 import Connect4
from cogs.fun.boards.rules.minesweeper import Minesweeper
from cogs.fun.boards.rules.position import Position
from cogs.fun.boards.rules.tictactoe import TicTacToe
from utils.formatting import safe, truncate
from utils.i18n import N_, _, format_list, translate


@dataclass(frozen=True, slots=True)
class Kind:
    """A game on a board."""

    name: str
    """The command's, and what its games are stored under."""
    label: str
    """What it is called, marked with `N_`."""
    position: type[Position]
    marks: tuple[str, ...]
    """What stands for each player, who moves first first; of a game of one, nothing."""

    @property
    def is_rated(self) -> bool:
        """Whether two play it, and get ratings by it."""
        return len(self.marks) > 1


KINDS: Final = {
    kind.name: kind
    for kind in (
        Kind("tictactoe", N_("Tic-tac-toe"), TicTacToe, ("❌", "⭕")),
        Kind("connect4", N_("Connect four"), Connect4, ("🔴", "🟡")),
        Kind("battleship", N_("Battleship"), Battleship, ("🔷", "🔶")),
        Kind("minesweeper", N_("Minesweeper"), Minesweeper, ()),
    )
}
"""All of them by their names."""


class RatedGame(commands.Converter[Kind]):
    """A game with ratings, by its command's name or another name of that, or by what it is called."""

    async def convert(self, ctx: commands.Context[Any], argument: str) -> Kind:
        """Raise `BadArgument`, with the games there are, for others."""
        word = " ".join(argument.casefold().split())
        found = ctx.bot.get_command(word)
        name = found.name if found is not None else word
        rated = [kind for kind in KINDS.values() if kind.is_rated]
        for kind in rated:
            if kind.name == name or translate(kind.label).casefold() == word:
                return kind
        raise commands.BadArgument(
            _("There are no ratings for “{text}”. Choose {games}.").format(
                text=safe(truncate(argument, 40)), games=format_list([f"`{kind.name}`" for kind in rated], style="or")
            )
        )

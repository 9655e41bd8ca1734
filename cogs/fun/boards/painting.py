"""How boards look: as text, and as buttons."""

from collections.abc import Callable, Collection
from typing import Final

import discord

from cogs.fun.boards.buttons import Choice
from cogs.fun.boards.kinds import KINDS
from cogs.fun.boards.rules import battleship, connect4, minesweeper, tictactoe
from cogs.fun.boards.rules.battleship import Battleship
from cogs.fun.boards.rules.connect4 import Connect4
from cogs.fun.boards.rules.minesweeper import FLAG, Minesweeper
from cogs.fun.boards.rules.position import Position
from cogs.fun.boards.rules.tictactoe import TicTacToe
from database.board_games import BoardGame
from utils.formatting import code_block
from utils.i18n import _, ngettext

GIVE_UP: Final = "giveup"
FIRE: Final = "fire"
FLEET: Final = "fleet"
SHUFFLE: Final = "shuffle"

NUMBERS: Final = ("1️⃣", "2️⃣", "3️⃣", "4️⃣", "5️⃣", "6️⃣", "7️⃣")
FREE, LAST = "⚫", ("❤️", "💛")
WATER, MISS, HIT, SUNK, SHIP = "·", "o", "x", "#", "="
"""No emoji: two boards of them are more than the two hundred that Discord shows in one message."""
MINE, BLOWN, PUT_FLAG = "💣", "💥", "🚩"


def give_up(row: int) -> Choice:
    """The button that ends a game at once."""
    return Choice(GIVE_UP, row, label=_("Give up"), emoji="🏳️", style=discord.ButtonStyle.danger)


# --- Tic-tac-toe


def tictactoe_choices(position: TicTacToe, *, over: bool) -> list[Choice]:
    """Nine squares; those of the line in green."""
    line = position.line() or ()
    choices = []
    for square, mark in enumerate(position.squares):
        free = mark == tictactoe.FREE
        choices.append(
            Choice(
                str(square), square // tictactoe.SIDE, label=str(square + 1) if free else None,
                emoji=None if free else KINDS["tictactoe"].marks[tictactoe.MARKS.index(mark)],
                style=discord.ButtonStyle.success if square in line else discord.ButtonStyle.secondary,
                disabled=over or not free,
            )
        )  # fmt: skip
    return choices if over else [*choices, give_up(tictactoe.SIDE)]


# --- Connect four


def connect4_text(position: Connect4) -> str:
    """All places, the columns numbered below; the last disc and a line of four stand out."""
    discs, line = position.discs(), position.line()
    shown = line or set(list(discs)[-1:])
    rows = []
    for row in reversed(range(connect4.ROWS)):
        signs = []
        for column in range(connect4.COLUMNS):
            player = discs.get((column, row))
            if player is None:
                signs.append(FREE)
            else:
                signs.append((LAST if (column, row) in shown else KINDS["connect4"].marks)[player])
        rows.append("".join(signs))
    return "\n".join([*rows, "".join(NUMBERS)])


def connect4_choices(position: Connect4, *, over: bool) -> list[Choice]:
    """A button for each column."""
    if over:
        return []
    possible, half = position.moves(), (connect4.COLUMNS + 1) // 2
    columns = [
        Choice(str(column), column // half, label=str(column + 1), disabled=str(column) not in possible)
        for column in range(connect4.COLUMNS)
    ]
    return [*columns, give_up(1)]


# --- Battleship


def battleship_text(game: BoardGame, position: Battleship, *, over: bool) -> str:
    """What both know: all shots, and where they hit. The ships that are left are shown once it is over."""
    parts = []
    for player in (0, 1):
        left = position.ships_left(player)
        head = ngettext(
            "{mark} The waters of {member}, with {count} ship afloat",
            "{mark} The waters of {member}, with {count} ships afloat",
            left,
        ).format(mark=KINDS["battleship"].marks[player], member=f"<@{game.players[player]}>", count=left)
        parts.append(f"{head}\n{waters(position, player, with_ships=over)}")
    parts.append(_key(with_ships=over))
    last = _last_shot(game, position)
    return "\n".join([*parts, last] if last else parts)


def waters(position: Battleship, player: int, *, with_ships: bool) -> str:
    """One player's squares in signs of the same width, with what the other's shots hit there."""
    shots = position.shots_of(1 - player)
    signs = [MISS if square in shots else WATER for square in range(battleship.SQUARES)]
    for ship in position.fleets[player]:
        sunk = shots.issuperset(ship)
        for square in ship:
            if square in shots:
                signs[square] = SUNK if sunk else HIT
            elif with_ships:
                signs[square] = SHIP
    lines = [" ".join([" ", *(str(column + 1) for column in range(battleship.SIDE))])]
    for row, letter in enumerate(battleship.ROW_LETTERS):
        lines.append(" ".join([letter, *signs[row * battleship.SIDE : (row + 1) * battleship.SIDE]]))
    return code_block("\n".join(lines))


def _key(*, with_ships: bool) -> str:
    """What the signs stand for."""
    if with_ships:
        return _("`{ship}` ship · `{hit}` hit · `{sunk}` sunk · `{miss}` missed").format(
            ship=SHIP, hit=HIT, sunk=SUNK, miss=MISS
        )
    return _("`{hit}` hit · `{sunk}` sunk · `{miss}` missed").format(hit=HIT, sunk=SUNK, miss=MISS)


def fleet_text(position: Battleship, player: int) -> str:
    """What one player may see of their own waters."""
    return "\n".join([waters(position, player, with_ships=True), _key(with_ships=True)])


def _last_shot(game: BoardGame, position: Battleship) -> str | None:
    if not position.shots:
        return None
    ship, sunk = position.hit_by_last()
    values = {
        "member": f"<@{game.players[(len(position.shots) - 1) % 2]}>",
        "square": f"**{battleship.square_name(position.shots[-1])}**",
    }
    if ship is None:
        return _("{member} fires at {square} and misses.").format(**values)
    if sunk:
        return ngettext(
            "{member} fires at {square} and sinks a ship of {count} square!",
            "{member} fires at {square} and sinks a ship of {count} squares!",
            len(ship),
        ).format(count=len(ship), **values)
    return _("{member} fires at {square} and hits!").format(**values)


def battleship_choices(position: Battleship, *, over: bool) -> list[Choice]:
    """Firing and looking; other places for one's ships before the first shot."""
    if over:
        return []
    choices = [
        Choice(FIRE, 0, label=_("Fire"), emoji="🎯", style=discord.ButtonStyle.primary),
        Choice(FLEET, 0, label=_("My fleet"), emoji="🚢"),
    ]
    if not position.shots:
        choices.append(Choice(SHUFFLE, 0, label=_("Other places"), emoji="🔀"))
    return [*choices, give_up(0)]


# --- Minesweeper


def minesweeper_text(position: Minesweeper) -> str:
    """How many mines there are, and how many flags are put."""
    mines = ngettext("{mine} {count} mine", "{mine} {count} mines", position.mine_count).format(
        mine=MINE, count=position.mine_count
    )
    flags = ngettext("{flag} {count} flag", "{flag} {count} flags", len(position.flags)).format(
        flag=PUT_FLAG, count=len(position.flags)
    )
    return f"{mines} · {flags}"


def minesweeper_choices(position: Minesweeper, *, over: bool) -> list[Choice]:
    """All squares; the mines are shown once it is over."""
    possible = set() if over else set(position.moves())
    squares = [_mine_square(position, square, over=over, possible=possible) for square in range(minesweeper.SQUARES)]
    if over:
        return squares
    label = _("Open squares") if position.flagging else _("Put flags")
    style = discord.ButtonStyle.primary if position.flagging else discord.ButtonStyle.secondary
    row = minesweeper.ROWS
    return [*squares, Choice(FLAG, row, label=label, emoji=PUT_FLAG, style=style), give_up(row)]


def _mine_square(position: Minesweeper, square: int, *, over: bool, possible: Collection[str]) -> Choice:
    row, disabled = square // minesweeper.COLUMNS, str(square) not in possible
    if square in position.opened:
        if square in position.mines:
            return Choice(str(square), row, emoji=BLOWN, style=discord.ButtonStyle.danger, disabled=True)
        number = position.number(square)
        label = str(number) if number else None
        return Choice(str(square), row, label=label, style=discord.ButtonStyle.success, disabled=True)
    if over and square in position.mines:
        return Choice(str(square), row, emoji=MINE, disabled=True)
    return Choice(str(square), row, emoji=PUT_FLAG if square in position.flags else None, disabled=disabled)


# --- All of them


def board_text(game: BoardGame, position: Position, *, over: bool) -> str | None:
    """What a board says besides its buttons."""
    match position:
        case Connect4():
            return connect4_text(position)
        case Battleship():
            return battleship_text(game, position, over=over)
        case Minesweeper():
            return minesweeper_text(position)
    return None


CHOICES: Final[dict[str, Callable[..., list[Choice]]]] = {
    "tictactoe": tictactoe_choices,
    "connect4": connect4_choices,
    "battleship": battleship_choices,
    "minesweeper": minesweeper_choices,
}


def board_choices(game: BoardGame, position: Position, *, over: bool) -> list[Choice]:
    """The buttons of a board."""
    return CHOICES[game.game](position, over=over)

"""Games on boards by their rules: each ends, wins are found as a naive look finds them, and nothing hangs."""

import json
import random
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cogs.fun.boards.rules import battleship, connect4, elo, minesweeper
from cogs.fun.boards.rules.battleship import Battleship
from cogs.fun.boards.rules.clock import GAME, MOVE, Clock
from cogs.fun.boards.rules.connect4 import Connect4
from cogs.fun.boards.rules.minesweeper import FLAG, Minesweeper
from cogs.fun.boards.rules.position import Result
from cogs.fun.boards.rules.tictactoe import TicTacToe

SEEDS = st.integers(0, 2**32)
LONGEST = {TicTacToe: 9, Connect4: 42, Battleship: 200}
NOW = datetime(2026, 5, 1, tzinfo=UTC)


def positions(kind, seed):
    """A game played by chance, position by position."""
    chance = random.Random(seed)
    position = kind.begin(chance)
    yield position
    while position.result() is None:
        moves = list(position.moves())
        assert moves, "nobody can move, and it isn't over"
        position = position.play(chance.choice(moves))
        yield position


@pytest.mark.parametrize("kind", LONGEST)
@given(seed=SEEDS)
def test_every_game_ends_and_is_stored_whole(kind, seed):
    *before, last = positions(kind, seed)
    assert len(before) <= LONGEST[kind]
    assert list(last.moves()) == []
    with pytest.raises(ValueError, match="can't be played"):
        last.play("0")
    for number, position in enumerate([*before, last]):
        assert kind.load(json.loads(json.dumps(position.dump()))) == position
        assert position.turn == number % 2


@given(seed=SEEDS, draws=st.data())
def test_minesweeper_ends_by_opening_and_flags_change_nothing_else(seed, draws):
    position = Minesweeper.begin(random.Random(seed))
    position = Minesweeper(position.order, draws.draw(st.integers(minesweeper.FEWEST_MINES, minesweeper.MOST_MINES)))
    chance = random.Random(seed + 1)
    for _move in range(minesweeper.SQUARES):
        assert Minesweeper.load(json.loads(json.dumps(position.dump()))) == position
        flagging = position.play(FLAG)
        square = chance.choice([move for move in flagging.moves() if move != FLAG])
        flagged = flagging.play(square)
        assert (int(square) in flagged.flags) != (int(square) in position.flags)
        assert flagged.opened == position.opened
        assert square not in flagged.play(FLAG).moves() or int(square) in position.flags
        after = position.play(chance.choice([move for move in position.moves() if move != FLAG]))
        assert len(after.opened) > len(position.opened)
        if not position.opened:
            assert after.result() != Result(1), "the first square is safe"
        position = after
        if position.result() is not None:
            break
    mines = {square for square in position.order if square != position.opened[0]}
    assert position.mines <= mines
    assert len(position.mines) == position.mine_count
    assert list(position.moves()) == []
    lost = position.opened[-1] in position.mines
    assert position.result() == Result(1 if lost else 0)
    if not lost:
        assert set(position.opened) == set(range(minesweeper.SQUARES)) - position.mines


@given(seed=SEEDS)
def test_an_opened_square_without_mines_around_opens_those_around(seed):
    *_before, last = (position for position in _only_opening(seed))
    for square in last.opened:
        if square not in last.mines and last.number(square) == 0:
            assert set(minesweeper.around(square)) <= set(last.opened)


def _only_opening(seed):
    chance = random.Random(seed)
    position = Minesweeper.begin(chance)
    while position.result() is None:
        position = position.play(chance.choice([move for move in position.moves() if move != FLAG]))
        yield position


def naive_tictactoe(squares):
    rows = [squares[0:3], squares[3:6], squares[6:9]]
    columns = ["".join(row[n] for row in rows) for n in range(3)]
    diagonals = [squares[0] + squares[4] + squares[8], squares[2] + squares[4] + squares[6]]
    for player, mark in enumerate("xo"):
        if mark * 3 in rows + columns + diagonals:
            return Result(player)
    return None if "." in squares else Result(None)


def test_tictactoe_in_all_its_positions():
    seen, waiting = set(), [TicTacToe()]
    while waiting:
        position = waiting.pop()
        if position in seen:
            continue
        seen.add(position)
        assert position.result() == naive_tictactoe(position.squares)
        waiting += [position.play(move) for move in position.moves()]
    assert len(seen) == 5478  # all there are, as anybody can look up


def naive_connect4(chosen):
    """Every line of four on the whole board."""
    columns = dict.fromkeys(range(connect4.COLUMNS), "")
    for number, column in enumerate(chosen):
        columns[int(column)] += str(number % 2)
    grid = [columns[n].ljust(connect4.ROWS, ".") for n in range(connect4.COLUMNS)]
    for column in range(connect4.COLUMNS):
        for row in range(connect4.ROWS):
            for across, up in ((1, 0), (0, 1), (1, 1), (1, -1)):
                places = [(column + n * across, row + n * up) for n in range(4)]
                if all(0 <= c < connect4.COLUMNS and 0 <= r < connect4.ROWS for c, r in places):
                    line = "".join(grid[c][r] for c, r in places)
                    if line in {"0000", "1111"}:
                        return Result(int(line[0]))
    return None if len(chosen) < 42 else Result(None)


@given(seed=SEEDS)
def test_connect4_wins_are_those_of_a_naive_look(seed):
    for position in positions(Connect4, seed):
        assert position.result() == naive_connect4(position.chosen)
        assert bool(position.line()) == (position.result() not in {None, Result(None)})


@pytest.mark.parametrize(
    ("chosen", "winner"),
    [("0101010", 0), ("0011223", 0), ("0011225", None), ("01122323363", 0), ("65544343303", 0), ("60616263", 1)],
)
def test_connect4_lines(chosen, winner):
    assert naive_connect4(chosen) == (None if winner is None else Result(winner))
    assert Connect4(chosen).result() == naive_connect4(chosen)


@given(seed=SEEDS)
def test_fleets_are_whole_and_cross_nowhere(seed):
    fleet = battleship.place_fleet(random.Random(seed))
    assert [len(ship) for ship in fleet] == list(battleship.SHIPS)
    squares = [square for ship in fleet for square in ship]
    assert len(set(squares)) == sum(battleship.SHIPS)
    for ship in fleet:
        rows, columns = {square // 10 for square in ship}, {square % 10 for square in ship}
        assert min(len(rows), len(columns)) == 1
        assert max(rows) - min(rows) + max(columns) - min(columns) == len(ship) - 1


@given(seed=SEEDS)
def test_battleship_is_won_when_all_is_hit(seed):
    sunk = 0
    for position in positions(Battleship, seed):
        for player in (0, 1):
            squares = {square for ship in position.fleets[1 - player] for square in ship}
            assert (position.result() == Result(player)) == (squares <= position.shots_of(player))
        ship, is_sunk = position.hit_by_last()
        sunk += is_sunk
        assert (ship is None) or position.shots[-1] in ship
        assert sunk == 2 * len(battleship.SHIPS) - position.ships_left(0) - position.ships_left(1)
    with pytest.raises(ValueError, match="first shot"):
        position.with_fleet(0, position.fleets[1])


@given(square=st.integers(0, 99))
def test_squares_are_read_as_they_are_called(square):
    name = battleship.square_name(square)
    letter, number = name[0], name[1:]
    for text in (name, name.lower(), f"{number}{letter}", f" {letter} {number} ", f"{letter}-{number}"):
        assert battleship.read_square(text) == square


@given(text=st.text(max_size=6))
def test_what_is_no_square_is_none(text):
    square = battleship.read_square(text)
    assert square is None or 0 <= square < battleship.SQUARES


def test_what_isnt_on_the_board_is_no_square():
    for text in ("", "A0", "A11", "K1", "11A", "AA1", "a1b2", "🙂", "A" * 2000):
        assert battleship.read_square(text) is None


RATINGS = st.integers(-(10**6), 10**6)


@given(first=RATINGS, second=RATINGS, winner=st.sampled_from([0, 1, None]))
def test_what_one_gains_the_other_loses(first, second, winner):
    gain = elo.gain(first, second, winner)
    mirrored = elo.gain(second, first, None if winner is None else 1 - winner)
    assert gain == -mirrored
    assert abs(gain) <= elo.MOST_CHANGE
    if winner == 0:
        assert gain >= 1
    if winner is None and first >= second:
        assert gain <= 0


def test_ratings_by_the_formula():
    assert elo.expected(1000, 1000) == 0.5
    assert elo.expected(1400, 1000) == pytest.approx(10 / 11)
    assert elo.gain(1000, 1000, 0) == 16
    assert elo.gain(1400, 1000, 0) == 3
    assert elo.gain(1000, 1400, 0) == 29
    assert elo.gain(1000, 1000, None) == 0


@given(thoughts=st.lists(st.integers(0, 400), max_size=60), player=st.integers(0, 1))
def test_a_clock_runs_out(thoughts, player):
    """However long somebody thinks, all their moves together take no longer than the clock says."""
    clock, now, thought = Clock(), NOW, timedelta(0)
    for seconds in thoughts:
        deadline = clock.deadline(player, now)
        assert now <= deadline <= now + MOVE
        moved = now + timedelta(seconds=seconds)
        if moved >= deadline:
            break
        thought += moved - now
        clock = clock.after(player, deadline, moved)
        assert clock.left[player] == GAME - thought
        assert clock.left[1 - player] == GAME
        assert Clock.load(json.loads(json.dumps(clock.dump()))) == clock
        now = moved
    assert thought < GAME


@given(waited=st.integers(-60, 4000))
def test_a_clock_never_goes_below_zero_or_up(waited):
    clock = Clock((timedelta(seconds=10), GAME))
    after = clock.after(0, clock.deadline(0, NOW), NOW + timedelta(seconds=waited))
    assert timedelta(0) <= after.left[0] <= timedelta(seconds=10)

"""Games on boards in a town: challenges, moves once each, restarts, time, ratings."""

import random
import unicodedata

import pytest

from cogs.fun.boards.rules.battleship import square_name
from cogs.fun.boards.rules.elo import BEGIN
from cogs.fun.boards.rules.minesweeper import SQUARES


class InOrder(random.SystemRandom):
    """Chance that leaves everything in its order: the challenger moves first."""

    def shuffle(self, x):
        pass

    def sample(self, population, k):
        return list(population)[:k]

    def choice(self, seq):
        return seq[0]


@pytest.fixture
def in_order(town):
    town.bot.chance = InOrder()


async def begun(town, command):
    challenge = await town.says(town.ann, command)
    return (await town.press(town.bob, challenge, "Accept")).message


async def played(town, board, moves):
    """Ann and Bob by turns; the last reaction."""
    for number, move in enumerate(moves):
        reaction = await town.press((town.ann, town.bob)[number % 2], board, f"board:{move}:{game_id(board)}")
    return reaction


def game_id(board):
    return next(iter(board.buttons.values())).custom_id.split(":")[-1]


@pytest.mark.usefixtures("in_order")
async def test_tictactoe_to_its_end(town):
    challenge = await town.says(town.ann, "!tictactoe @bob")
    assert f"{town.ann.mention} challenges {town.bob.mention}." in challenge
    assert challenge.pings <= {town.ann.id}
    assert "Only" in (await town.press(town.ann, challenge, "Accept")).reply
    assert "not yours" in (await town.press(town.admin, challenge, "Accept")).reply
    assert "Only" in (await town.press(town.bob, challenge, "Withdraw")).reply
    refused = await town.says(town.ann, "!ttt bob")
    assert "You have a game of Tic-tac-toe open" in refused
    assert str(challenge.id) in refused
    board = (await town.press(town.bob, challenge, "Accept")).message
    assert f"❌ {town.ann.mention} against ⭕ {town.bob.mention}" in board
    assert "not yours" in (await town.press(town.admin, board, "1")).reply
    assert f"It's {town.ann.mention}'s turn." in (await town.press(town.bob, board, "1")).reply
    await town.press(town.ann, board, "1")
    await town.restart(clean=False)
    assert f"It's {town.bob.mention}'s turn." in (await town.press(town.ann, board, "2")).reply
    town.bot.chance = InOrder()
    await town.press(town.bob, board, "4")
    await town.press(town.ann, board, "2")
    await town.press(town.bob, board, "5")
    ended = (await town.press(town.ann, board, "3")).message
    assert f"🏆 {town.ann.mention} wins." in ended
    assert f"Ratings: {town.ann.mention} +16 · {town.bob.mention} -16" in ended
    assert all(button.disabled for button in ended.buttons.values())
    assert await town.wait(hours=1) == ()
    assert town.now_of(board).text == ended.text

    stats = await town.says(town.ann, "!boardstats")
    assert "Rating 1,016, place #1" in stats.fields["Tic-tac-toe"]
    assert "1 won · 0 lost · 0 drawn" in stats.fields["Tic-tac-toe"]
    assert "Rating 984, place #2" in await town.says(town.ann, "!boardstats bob")
    assert "No games were played yet" in await town.says(town.admin, "!boardstats")
    top = await town.says(town.bob, "!boardtop ttt")
    assert f"**#1** {town.ann.mention} · 1,016 (1–0–0)" in top
    assert f"➤ **#2** {town.bob.mention}" in top
    assert "No games were played yet" in await town.says(town.bob, "!boardtop connect4")
    assert "There are no ratings for “chess”" in await town.says(town.bob, "!boardtop chess")
    await town.leave(town.ann)
    assert f"**#1** {town.bob.mention}" in await town.says(town.bob, "!boardtop tictactoe")


@pytest.mark.usefixtures("in_order")
async def test_fifty_presses_are_one_move(town):
    board = await begun(town, "!c4 bob")
    game = int(game_id(board))
    await town.press_at_once((town.ann, board, "1"), (town.ann, board, "2"), (town.bob, board, "1"), times=17)
    stored = await town.bot.get_cog("BoardGames").tables.store.get(game)
    assert stored.state["position"] == {"chosen": "00"}
    await town.press_at_once((town.ann, board, "2"), (town.bob, board, "1"), times=2)
    await town.press_at_once((town.ann, board, "3"), (town.bob, board, "1"), times=2)
    stored = await town.bot.get_cog("BoardGames").tables.store.get(game)
    assert stored.state["position"] == {"chosen": "001020"}
    reaction = await town.press(town.ann, board, "4")
    assert f"🏆 {town.ann.mention} wins." in reaction.message
    assert reaction.message.text.count("❤️") == 4
    assert not reaction.message.buttons


@pytest.mark.usefixtures("in_order")
async def test_battleship_in_secret(town):
    board = await begun(town, "!battleship bob")
    assert "=" not in board
    mine = (await town.press(town.ann, board, "My fleet")).reply
    assert mine.ephemeral
    assert mine.text.count("=") == 17 + 1  # and what it means
    assert "not yours" in (await town.press(town.admin, board, "My fleet")).reply
    assert (await town.press(town.bob, board, "Other places")).reply.ephemeral
    assert f"It's {town.ann.mention}'s turn." in (await town.press(town.bob, board, "Fire")).reply
    form = (await town.press(town.ann, board, "Fire")).modal
    assert "isn't a square" in (await town.fill(town.ann, form, {"square": "Z9"})).reply
    form = (await town.press(town.ann, board, "Fire")).modal
    hit = (await town.fill(town.ann, form, {"square": "a1"})).message
    assert f"{town.ann.mention} fires at **A1** and hits!" in hit
    assert "Other places" not in hit.buttons
    store = town.bot.get_cog("BoardGames").tables.store
    fleet = [
        square for ship in (await store.get(int(game_id(board)))).state["position"]["fleets"][1] for square in ship
    ]
    for shot in range(1, 17):
        form = (await town.press(town.bob, board, "Fire")).modal
        await town.fill(town.bob, form, {"square": square_name(99 - shot)})
        form = (await town.press(town.ann, board, "Fire")).modal
        ended = (await town.fill(town.ann, form, {"square": square_name(fleet[shot])})).message
    assert f"🏆 {town.ann.mention} wins." in ended
    assert "sinks a ship" in ended
    assert ended.text.count("=") == 17 + 1
    assert sum(unicodedata.category(sign) == "So" for sign in ended.text) < 190  # Discord leaves out what is beyond
    assert not ended.buttons


@pytest.mark.usefixtures("in_order")
async def test_minesweeper_alone(town):
    board = await town.says(town.ann, "!minesweeper 1")
    assert "not yours" in (await town.press(town.bob, board, f"board:19:{game_id(board)}")).reply
    await town.press_at_once((town.ann, board, "Put flags"), times=2)  # one press, delivered twice
    flagged = (await town.press(town.ann, board, f"board:0:{game_id(board)}")).message
    assert "1 flag" in flagged
    await town.restart()
    town.bot.chance = InOrder()
    await town.press(town.ann, board, "Open squares")
    solved = (await town.press(town.ann, board, f"board:{SQUARES - 1}:{game_id(board)}")).message
    assert f"{town.ann.mention} has opened every square without a mine." in solved
    assert "1 won · 0 lost" in await town.says(town.ann, "!boardstats")
    for wrong in ("13", "0", "-1", "🙂", "9" * 100):
        assert "from 1 to 12" in await town.says(town.ann, f"!minesweeper {wrong}")

    board = await town.says(town.ann, "!minesweeper 12")
    await town.press(town.ann, board, f"board:13:{game_id(board)}")
    lost = (await town.press(town.ann, board, f"board:0:{game_id(board)}")).message
    assert f"💥 {town.ann.mention} opened a mine." in lost
    board = await town.says(town.ann, "!minesweeper")
    assert "gives up" in (await town.press(town.ann, board, "Give up")).message
    assert "1 won · 1 lost" in await town.says(town.ann, "!boardstats")


@pytest.mark.usefixtures("in_order")
async def test_time_runs_out(town):
    challenge = await town.says(town.ann, "!connect4 bob")
    await town.wait(minutes=5, seconds=1)
    assert f"{town.bob.mention} didn't answer in time." in town.now_of(challenge)
    assert not town.now_of(challenge).buttons

    board = await begun(town, "!connect4 bob")
    await town.wait(minutes=4)
    tables = town.bot.get_cog("BoardGames").tables
    await tables.store.sent(int(game_id(board)), None)  # as if a crash had come before this
    await town.press(town.ann, board, "1")
    await town.wait(minutes=4)
    assert "your turn" in town.now_of(board)
    await town.wait(minutes=1, seconds=1)
    ended = town.now_of(board)
    assert f"⌛ {town.bob.mention} took too long, and {town.ann.mention} wins." in ended
    assert not ended.buttons
    rating = (await tables.ratings.of(town.guild.id, town.bob.id))[0]
    assert (rating.rating, rating.lost) == (BEGIN - 16, 1)
    await town.wait(days=8)
    assert await tables.store.get(int(game_id(board))) is None


@pytest.mark.usefixtures("in_order")
async def test_endings_without_a_game_and_giving_up(town):
    challenge = await town.says(town.ann, "!connect4 bob")
    assert "declines" in (await town.press(town.bob, challenge, "Decline")).message
    challenge = await town.says(town.ann, "!connect4 bob")
    assert "withdraws" in (await town.press(town.ann, challenge, "Withdraw")).message
    board = await begun(town, "!connect4 bob")
    await town.says(town.admin, "!feature disable fun")
    assert "switched off" in (await town.press(town.ann, board, "1")).reply
    await town.says(town.admin, "!feature enable fun")
    ended = (await town.press(town.bob, board, "Give up")).message
    assert f"{town.bob.mention} gives up, and {town.ann.mention} wins." in ended
    assert f"{town.ann.mention} +16" in ended
    assert "You can't play against yourself" in await town.says(town.ann, "!ttt ann")
    assert "Bots don't play" in await town.says(town.ann, f"!ttt <@{town.guild.me.id}>")
    challenge = await town.says(town.ann, "!ttt bob")
    await town.leave(town.ann)
    assert "isn't in this server any more" in (await town.press(town.bob, challenge, "Accept")).reply


@pytest.mark.usefixtures("in_order")
async def test_a_challenge_is_made_once_and_a_failed_one_leaves_nothing(town):
    town.refuse("POST", "/channels/*/messages", status=403, code=50013)
    await town.says(town.ann, "!connect4 bob")
    town.refuse_no_more()
    challenge = await town.says(town.ann, "!connect4 bob")
    await town.restart()
    assert await town.redeliver() is None
    await town.press(town.bob, challenge, "Accept")


@pytest.mark.usefixtures("in_order")
async def test_who_is_to_move_doesnt_lose_by_the_bot_being_away(town):
    board = await begun(town, "!connect4 bob")
    await town.says(town.developer, "!unload fun")
    await town.wait(minutes=20)
    await town.says(town.developer, "!load fun")
    await town.settle()
    assert f"{town.ann.mention}, it's your turn" in town.now_of(board)
    await town.press(town.ann, board, "1")
    await town.wait(minutes=5, seconds=1)
    assert f"{town.bob.mention} took too long" in town.now_of(board)

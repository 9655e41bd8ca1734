"""Bets on games that aren't the economy's: held and paid once, also when events come twice or never."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cogs.economy.bets.rules import payouts
from utils import events
from utils.events import BetEnded, BetHeld, BetRefused, BetRequested, BetSettled


@given(
    stakes=st.dictionaries(st.integers(1, 9), st.integers(1, 10**11), min_size=1),
    winners=st.lists(st.integers(1, 12), max_size=6),
)
def test_stakes_go_to_the_winners_whole(stakes, winners):
    paid = payouts(stakes, winners)
    among = {winner for winner in winners if winner in stakes}
    if not among:
        assert paid == {}
        return
    assert sum(paid.values()) == sum(stakes.values())
    assert {player for player, amount in paid.items() if amount} <= among
    parts = [paid[winner] for winner in among]
    assert max(parts) - min(parts) <= 1


class InOrder(random.SystemRandom):
    """Chance that lets the challenger move first."""

    def shuffle(self, x):
        pass


@pytest.fixture(autouse=True)
def in_order(town):
    town.bot.chance = InOrder()


async def tell(town, *news):
    for one in news:
        await town.as_bot(publish(town, one))


async def publish(town, news):
    events.publish(town.bot, news)


async def won(town, board):
    for who, square in zip([town.ann, town.bob] * 3, "14253", strict=False):
        reaction = await town.press(who, board, square)
    return reaction.message


async def test_a_bet_is_held_and_goes_to_the_winner(town, purse):
    challenge = await town.says(town.ann, "!tictactoe bob 60")
    assert "Both bet 60 coins, and the winner gets both bets." in challenge
    assert await purse.of(town.ann) == (100, 0)
    await town.press_at_once((town.bob, challenge, "Accept"), (town.bob, challenge, "Accept"), times=2)
    board = town.now_of(challenge)
    assert "Both bet 🪙 60, and the winner gets both bets." in board
    assert len([one for one in town.events if isinstance(one, BetRequested)]) == 1
    assert await purse.of(town.ann) == await purse.of(town.bob) == (40, 0)
    (held,) = [one for one in town.events if isinstance(one, BetHeld)]
    await tell(town, held)  # a second time: the game that has it goes on
    assert await purse.of(town.ann) == (40, 0)
    ended = await won(town, board)
    assert f"{town.ann.mention} gets 🪙 120." in town.now_of(ended)
    assert (await purse.of(town.ann), await purse.of(town.bob)) == ((160, 0), (40, 0))
    (settled,) = [one for one in town.events if isinstance(one, BetSettled)]
    await tell(town, settled, BetSettled(held.bet_id, town.guild.id, (town.bob.id,)))
    await tell(town, BetSettled(held.bet_id, town.guild.id, ()))
    assert (await purse.of(town.ann), await purse.of(town.bob)) == ((160, 0), (40, 0))
    assert await purse.entries(town.bob) == [("opening", 100), ("bet", -60)]


async def test_who_cant_bet_doesnt_play(town, purse):
    assert "Say how many coins" in await town.says(town.ann, "!tictactoe bob all")
    for wrong in ("lots", "-5", "50 coins", "🙂"):
        assert "isn't an amount" in await town.says(town.ann, f"!tictactoe bob {wrong}")
    challenge = await town.says(town.ann, "!tictactoe bob 101")
    refused = (await town.press(town.bob, challenge, "Accept")).reply
    assert refused.ephemeral
    assert "has only 🪙 100, and 🪙 101 would be needed." in refused
    await purse.give(town.ann, 100)
    await purse.give(town.bob, 100)
    board = (await town.press(town.bob, challenge, "Accept")).message
    assert await purse.of(town.ann) == (99, 0)
    second = await town.says(town.bob, "!connect4 ann 10")
    assert "has a game open" in (await town.press(town.ann, second, "Accept")).reply
    assert await purse.of(town.bob) == (99, 0)
    ended = (await town.press(town.ann, board, "Give up")).message
    assert f"{town.bob.mention} gets 🪙 202." in town.now_of(ended)
    third = await town.says(town.admin, "!connect4 ann 1b")
    assert "The largest bet is" in (await town.press(town.ann, third, "Accept")).reply


async def test_without_an_economy_the_game_is_for_honour(town, purse):
    await town.says(town.admin, "!feature disable economy")
    challenge = await town.says(town.ann, "!tictactoe bob 60")
    await town.press(town.bob, challenge, "Accept")
    await town.wait(seconds=3)
    board = town.now_of(challenge)
    assert "No coins are held for this game, so it is for honour." in board
    ended = await won(town, board)
    assert f"🏆 {town.ann.mention} wins." in ended
    assert await purse.of(town.ann) == await purse.of(town.bob) == (100, 0)


async def test_a_restart_gives_the_bets_back_and_the_game_goes_on(town, purse):
    board = (await town.press(town.bob, await town.says(town.ann, "!tictactoe bob 60"), "Accept")).message
    await town.wait(seconds=1)
    await town.restart(clean=False)
    await town.wait(seconds=1)
    assert await purse.of(town.ann) == await purse.of(town.bob) == (100, 0)
    assert "it is for honour" in town.now_of(board)
    ended = await won(town, board)
    assert f"🏆 {town.ann.mention} wins." in ended
    assert await purse.of(town.ann) == await purse.of(town.bob) == (100, 0)


async def test_a_bet_that_no_game_waits_for_is_given_back(town, purse):
    request = BetRequested(77, town.guild.id, "chess", (town.ann.id, town.bob.id), 30)
    await tell(town, request, request)
    assert [one for one in town.events if isinstance(one, BetHeld)] == [BetHeld(77, town.guild.id, "🪙 30")]
    assert [one.given_back for one in town.events if isinstance(one, BetEnded)] == [True]
    assert await purse.of(town.ann) == await purse.of(town.bob) == (100, 0)
    await tell(town, BetSettled(77, town.guild.id, (town.ann.id,)), BetSettled(78, town.guild.id, (town.ann.id,)))
    assert await purse.of(town.ann) == (100, 0)
    assert not [one for one in town.events if isinstance(one, BetRefused)]


async def test_a_draw_gives_both_their_bets_back(town, purse):
    board = (await town.press(town.bob, await town.says(town.ann, "!tictactoe bob 60"), "Accept")).message
    for who, square in zip([town.ann, town.bob] * 5, "123546879", strict=False):
        reaction = await town.press(who, board, square)
    assert "It's a draw." in reaction.message
    assert "All bets were given back." in town.now_of(board)
    assert await purse.of(town.ann) == await purse.of(town.bob) == (100, 0)

"""Bets on games that aren't the economy's: held and paid once, also when events come twice or never."""

import asyncio
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cogs.economy.bets.rules import payouts
from database.errors import DatabaseUnavailable
from tests.support.ledger import prove
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
    assert await town.bot.get_cog("BoardGames").tables.store.with_open_bets() == []
    assert (await purse.of(town.ann), await purse.of(town.bob)) == ((160, 0), (40, 0))
    (settled,) = [one for one in town.events if isinstance(one, BetSettled)]
    await tell(town, settled, BetSettled(held.bet_id, town.guild.id, (town.bob.id,)))
    await tell(town, BetSettled(held.bet_id, town.guild.id, ()))
    assert len(town.sent(BetEnded)) == 1
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
    await town.wait(seconds=15)
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


async def bet_on(town, stake=60):
    """A game with a bet that has begun."""
    challenge = await town.says(town.ann, f"!tictactoe bob {stake}")
    board = (await town.press(town.bob, challenge, "Accept")).message
    await town.wait(seconds=3)
    return board


async def have(town, purse):
    """What Ann and Bob have in hand, once it is proved that no coin is lost, doubled or held for ever."""
    await prove(town.db, town.guild.id)
    assert await town.db.fetchval("SELECT COUNT(*) FROM wagers WHERE status = 'open'") == 0
    return [(await purse.of(one))[0] for one in (town.ann, town.bob)]


async def crashed(town):
    await town.restart(clean=False)
    town.bot.chance = InOrder()
    await town.wait(seconds=15)


async def test_whatever_a_crash_loses_it_is_settled_or_given_back(town, purse):
    """The program ends before it hears of something: so does each of its events get lost here."""
    expected = {
        "on_bet_requested": ("it is for honour", [100, 100]),
        "on_bet_held": ("it is for honour", [100, 100]),
        "on_bet_settled": ("gets 🪙 40.", [120, 80]),
        "on_bet_ended": (f"{town.ann.mention} wins.", [140, 60]),
    }
    for lost, (said, coins) in expected.items():
        town.bot.extra_events.pop(lost)
        board = await bet_on(town, 20)
        if lost in {"on_bet_requested", "on_bet_held"}:
            assert said in town.now_of(board)
        await town.press(town.bob, board, "Give up")
        await crashed(town)
        assert f"{town.ann.mention} wins." in town.now_of(board)
        assert said in town.now_of(board) or lost in {"on_bet_requested", "on_bet_held"}
        assert await have(town, purse) == coins


@pytest.mark.parametrize("is_killed", [True, False])
async def test_wherever_it_is_cut_off_no_coin_is_lost(town, purse, is_killed):
    """The database is gone from some statement of a game on; then the program is killed, or goes on later."""
    town.expect_errors()
    before = [100, 100]
    for statements in range(8, 40, 11):
        challenge = await town.says(town.ann, "!tictactoe bob 10")
        left = iter(range(statements))

        def gone(*_, left=left):
            if next(left, None) is None:
                raise DatabaseUnavailable

        town.db.on_statement = gone
        town.delivers_press(town.bob, challenge, "Accept")
        await town.wait(seconds=3)
        if "Give up" in town.now_of(challenge).buttons:
            await town.press(town.ann, challenge, "Give up")
        town.db.on_statement = None
        await (crashed(town) if is_killed else town.wait(minutes=1))
        await town.wait(minutes=10)
        if not is_killed:
            await town.wait(hours=25)
        assert not any(not button.disabled for button in town.now_of(challenge).buttons.values())
        after = await have(town, purse)
        assert [now - then for now, then in zip(after, before, strict=True)] in ([0, 0], [-10, 10], [10, -10])
        before = after


async def test_stakes_held_while_the_game_begins(town, purse):
    """They are for it once, or go back if it begins without them."""
    for is_late, said, coins in ((True, "it is for honour", [100, 100]), (False, "Both bet 🪙 60", [40, 40])):
        await town.says(town.admin, "!feature disable economy")
        challenge = await town.says(town.ann, "!tictactoe bob 60")
        await town.press(town.bob, challenge, "Accept")
        await town.says(town.admin, "!feature enable economy")
        await town.as_bot(held_while_it_begins(town, town.sent(BetRequested)[-1], is_late=is_late))
        assert said in town.now_of(challenge)
        assert [(await purse.of(one))[0] for one in (town.ann, town.bob)] == coins
        await town.press(town.ann, challenge, "Give up")
    assert await have(town, purse) == [40, 160]


async def held_while_it_begins(town, request, *, is_late):
    games = town.bot.get_cog("BoardGames")
    async with games.tables.lock(games.tables.bets.game_of(request.bet_id)):
        if is_late:
            games.spawn(games._begin_with(request.bet_id, None))  # as after two seconds
        await town.bot.get_cog("Bets").on_bet_requested(request)
        events.publish(town.bot, BetHeld(request.bet_id, town.guild.id, "🪙 60"))  # a second time
        for _ in range(3):  # what was heard is looked up meanwhile
            await asyncio.sleep(0)
            await games.tables.store.with_bet(request.bet_id)


async def test_a_bet_outlives_what_happens_to_the_features(town, purse):
    board = await bet_on(town)
    await town.says(town.developer, "!reload fun")
    town.bot.chance = InOrder()
    await town.says(town.admin, "!feature disable economy")
    ended = await won(town, board)
    assert f"{town.ann.mention} gets 🪙 120." in town.now_of(ended)
    await town.says(town.admin, "!feature enable economy")
    assert await have(town, purse) == [160, 40]

    board = await bet_on(town, 40)
    await town.says(town.developer, "!unload economy")
    ended = (await town.press(town.bob, board, "Give up")).message
    assert "gets" not in town.now_of(ended)
    await town.says(town.developer, "!load economy")
    await town.wait(seconds=15)
    assert "All bets were given back." in town.now_of(ended)
    assert await have(town, purse) == [160, 40]


async def test_a_win_giving_up_and_the_time_at_once_pay_once(town, purse):
    board = await bet_on(town)
    for who, square in zip([town.ann, town.bob] * 2, "1425", strict=True):
        await town.press(who, board, square)
    town.delivers_press(town.ann, board, "3", times=2)
    town.delivers_press(town.ann, board, "Give up", times=2)
    town.delivers_press(town.bob, board, "Give up", times=2)
    await town.wait(minutes=6)
    assert f"🏆 {town.ann.mention} wins." in town.now_of(board)
    assert len(town.sent(BetSettled)) == len(town.sent(BetEnded)) == 1
    assert await have(town, purse) == [160, 40]

    challenge = await town.says(town.ann, "!tictactoe bob 40")
    await town.press_at_once((town.bob, challenge, "Accept"), (town.ann, challenge, "Withdraw"), times=2)
    await town.wait(seconds=3)
    assert "withdraws the challenge" in town.now_of(challenge)
    assert await have(town, purse) == [160, 40]


async def test_who_leaves_loses_by_the_time_and_who_cant_move_doesnt(town, purse):
    board = await bet_on(town)
    await town.delete_message(board)
    await town.wait(minutes=6)
    assert await have(town, purse) == [100, 100]

    board = await bet_on(town)
    await town.says(town.admin, "!feature disable fun")
    await town.wait(minutes=6)
    assert "This game was cut off, and counts for nobody." in town.now_of(board)
    assert "All bets were given back." in town.now_of(board)
    await town.says(town.admin, "!feature enable fun")
    assert "No games were played yet" in await town.says(town.ann, "!boardstats")

    place = town.channel("arena")
    challenge = await town.says(town.ann, "!tictactoe bob 60", channel=place)
    await town.press(town.bob, challenge, "Accept")
    await town.delete_channel(place)
    await town.wait(minutes=6)
    assert await have(town, purse) == [100, 100]

    board = await bet_on(town)
    town.refuse("GET", "/channels/*/messages/*", status=500, times=None)  # that doesn't mean it is gone
    await town.leave(town.ann)
    await town.wait(minutes=6)
    assert f"{town.bob.mention} gets 🪙 120." in town.now_of(board)
    assert await have(town, purse) == [40, 160]


async def test_a_stake_that_is_stuck_keeps_nobody_from_betting_and_nobody_bets_twice(town, purse):
    town.bot.extra_events.pop("on_bet_ended")
    settled = town.bot.extra_events.pop("on_bet_settled")
    await won(town, await bet_on(town))
    town.bot.extra_events["on_bet_settled"] = settled
    challenge = await town.says(town.ann, "!tictactoe bob 10")
    assert "has a game open" in (await town.press(town.bob, challenge, "Accept")).reply
    await town.wait(hours=1)
    await won(town, await bet_on(town, 70))
    assert await have(town, purse) == [170, 30]
    await tell(town, BetRequested(79, town.guild.id, "chess", (town.ann.id, town.ann.id), 30))
    assert len(town.sent(BetRefused)) == 2
    assert await have(town, purse) == [170, 30]

"""Duels: both bets together, one ending for both, and nothing lost in between."""

import random
from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cogs.economy.duels import rules
from cogs.economy.duels.settings import RAKE
from cogs.economy.games.casino import Casino
from database.economy import MOST_COINS, Cause, Posting

# --- the rules


class Falls(random.Random):
    """Chance that brings these numbers and choices, one after the other."""

    def __init__(self, *results) -> None:
        super().__init__()
        self.results = list(results)

    def randrange(self, start, stop=None, step=1):
        return self.results.pop(0)

    def choice(self, options):
        return self.results.pop(0)


@given(stake=st.integers(1, 10**11), winner=st.sampled_from([0, 1, None]), rake=st.integers(0, 50))
def test_a_duel_pays_both_bets_but_for_the_rake(stake, winner, rake):
    paid = rules.payouts(stake, winner, rake)
    if winner is None:
        assert paid == (stake, stake)
    else:
        assert paid[1 - winner] == 0
        assert sum(paid) == 2 * stake - 2 * stake * rake // 100


@given(seed=st.integers())
def test_dice_are_thrown_until_somebody_wins(seed):
    *ties, last = rules.throws(random.Random(seed))
    assert all(sum(mine) == sum(theirs) for mine, theirs in ties)
    assert sum(last[0]) != sum(last[1])
    assert all(1 <= pips <= 6 for throw in (*last, *(throw for tie in ties for throw in tie)) for pips in throw)


def test_each_hand_beats_one_and_silence_loses():
    hands = (*rules.HANDS, None)
    for mine, theirs in product(hands, hands):
        winner = rules.rps_winner(mine, theirs)
        mirrored = rules.rps_winner(theirs, mine)
        assert (winner is None) == (mine == theirs)
        assert mirrored == (None if winner is None else 1 - winner)
    assert rules.rps_winner("paper", "rock") == rules.rps_winner("rock", "scissors") == 0
    assert rules.rps_winner("scissors", None) == rules.rps_winner("scissors", "paper") == 0


@pytest.mark.parametrize("rake", [0, 5, 50])
def test_nobody_is_favoured(rake):
    coin, dice, rps = rules.odds(lambda setting: rake)
    assert coin.wins == dice.wins == Fraction(1, 2)
    assert coin.returned == dice.returned == 1 - Fraction(rake, 100)
    assert (rps.wins, rps.returned) == (Fraction(1, 3), Fraction(1, 3) + Fraction(2, 3) * (1 - Fraction(rake, 100)))


# --- in a town


async def test_a_coin_decides(town, purse):
    town.bot.chance = Falls(1)
    challenge = await town.says(town.ann, "!duel @bob 60", channel=town.general)
    assert f"{town.ann.mention} challenges {town.bob.mention}: 🪙 60 each, and the winner gets 🪙 120." in challenge
    assert challenge.pings <= {town.ann.id}
    assert await purse.of(town.ann) == (100, 0)
    assert "not yours" in (await town.press(town.admin, challenge, "Accept")).reply
    assert f"Only {town.bob.mention} can press this." in (await town.press(town.ann, challenge, "Accept")).reply
    assert f"Only {town.bob.mention} can press this." in (await town.press(town.ann, challenge, "Decline")).reply
    assert f"Only {town.ann.mention} can press this." in (await town.press(town.bob, challenge, "Withdraw")).reply
    ended = (await town.press(town.bob, challenge, "Accept")).message
    assert "The coin shows **Tails**." in ended
    assert f"{town.bob.mention} wins and gets 🪙 120." in ended
    assert not ended.buttons
    assert await purse.of(town.ann) == (40, 0)
    assert await purse.of(town.bob) == (160, 0)
    assert await purse.entries(town.bob) == [("opening", 100), ("bet", -60), ("winnings", 120)]
    assert await town.wait(minutes=3) == ()
    await town.restart(clean=False)
    assert await town.redeliver() is None


async def test_dice_with_a_share_for_the_house(town, purse):
    await town.as_bot(town.bot.guild_settings.set(town.guild.id, RAKE, 10, changed_by=None))
    town.bot.chance = Falls(1, 2, 2, 1, 6, 5, 1, 1)
    challenge = await town.says(town.ann, "!challenge bob all dice")
    ended = (await town.press(town.bob, challenge, "Accept")).message
    assert f"🎲 {town.ann.mention}: 1 + 2 = **3** · {town.bob.mention}: 2 + 1 = **3**" in ended
    assert f"🎲 {town.ann.mention}: 6 + 5 = **11** · {town.bob.mention}: 1 + 1 = **2**" in ended
    assert await purse.of(town.ann) == (180, 0)
    assert await purse.of(town.bob) == (0, 0)


async def test_hands_are_secret_until_both_have_chosen(town, purse):
    challenge = await town.says(town.ann, "!duel bob 50 Rock, paper, scissors")
    asked = (await town.press(town.bob, challenge, "Accept")).message
    assert await purse.of(town.ann) == await purse.of(town.bob) == (50, 0)
    assert "game of Duel open" in await town.says(town.ann, "!coinflip 10")
    chosen = await town.press(town.ann, asked, "Rock")
    assert chosen.reply.ephemeral
    assert "You choose 🪨 Rock." in chosen.reply
    assert "🪨" not in chosen.message
    assert f"{town.ann.mention} has chosen." in chosen.message
    assert "You chose already: 🪨 Rock." in (await town.press(town.ann, asked, "Paper")).reply
    ended = (await town.press(town.bob, asked, "Scissors")).message
    assert f"{town.ann.mention}: 🪨 Rock" in ended
    assert f"{town.ann.mention} wins and gets 🪙 100." in ended
    assert await purse.of(town.ann) == (150, 0)
    assert await purse.of(town.bob) == (50, 0)
    assert await town.wait(minutes=2) == ()


async def test_time_runs_out(town, purse):
    challenge = await town.says(town.ann, "!duel bob 50")
    await town.wait(minutes=2, seconds=1)
    assert f"{town.bob.mention} didn't answer in time." in town.now_of(challenge)
    assert not town.now_of(challenge).buttons

    # Discord didn't wait for the answer to the click: the message changes all the same.
    town.refuse("POST", "/interactions/*/callback", status=404, code=10062)
    asked = (await town.press(town.bob, await town.says(town.ann, "!duel bob 50 rps"), "Accept")).message
    assert "choose until" in asked
    await town.press(town.bob, asked, "Paper")
    await town.wait(minutes=1, seconds=1)
    assert f"{town.ann.mention} didn't choose in time." in town.now_of(asked)
    assert await purse.of(town.bob) == (150, 0)

    asked = (await town.press(town.bob, await town.says(town.ann, "!duel bob 50 rps"), "Accept")).message
    await town.wait(minutes=1, seconds=1)
    assert "Both get their bets of 🪙 50 back." in town.now_of(asked)
    assert (await purse.of(town.ann), await purse.of(town.bob)) == ((50, 0), (150, 0))


async def test_a_challenge_is_declined_or_withdrawn_and_made_once(town, purse):
    challenge = await town.says(town.ann, "!duel bob 50")
    assert f"You have challenged {town.bob.mention} already" in await town.says(town.ann, "!duel bob 50")
    ended = (await town.press(town.bob, challenge, "Decline")).message
    assert f"{town.bob.mention} declines the duel." in ended
    challenge = await town.says(town.ann, "!duel bob 50")
    ended = (await town.press(town.ann, challenge, "Withdraw")).message
    assert f"{town.ann.mention} withdraws the challenge." in ended
    assert await purse.of(town.ann) == await purse.of(town.bob) == (100, 0)


async def test_who_cant_duel(town, purse):
    assert "You can't duel yourself" in await town.says(town.ann, "!duel ann 50")
    assert "Bots have no coins" in await town.says(town.ann, f"!duel <@{town.guild.me.id}> 50")
    assert "“chess” isn't played in duels" in await town.says(town.ann, "!duel bob 50 chess")
    assert "You have 🪙 100 in hand, and need 🪙 101." in await town.says(town.ann, "!duel bob 101")
    await town.says(town.admin, "!config set game-duel off")
    assert "Duel is switched off" in await town.says(town.ann, "!duel bob 50")


async def test_what_changed_before_the_answer(town, purse):
    challenge = await town.says(town.ann, "!duel bob 80")
    await purse.give(town.bob, -50)
    assert "You have 🪙 50 in hand, and need 🪙 80." in (await town.press(town.bob, challenge, "Accept")).reply
    await purse.give(town.bob, 50)
    await purse.give(town.ann, -50)
    refused = (await town.press(town.bob, challenge, "Accept")).reply
    assert f"{town.ann.mention} has only 🪙 50, and 🪙 80 would be needed." in refused
    await town.says(town.admin, "!feature disable economy")
    assert "Coins are switched off" in (await town.press(town.bob, challenge, "Accept")).reply
    await town.says(town.admin, "!feature enable economy")
    await town.leave(town.ann)
    assert "isn't in this server any more" in (await town.press(town.bob, challenge, "Accept")).reply
    assert await purse.of(town.bob) == (100, 0)


async def test_who_has_no_room_for_the_prize_finds_out_before(town, purse):
    await purse.give(town.ann, MOST_COINS - 120, pocket="bank")
    for variety in ("coinflip", "rps"):
        challenge = await town.says(town.ann, f"!duel bob 60 {variety}")
        refused = (await town.press(town.bob, challenge, "Accept")).reply
        assert f"That's more than {town.ann.mention} can hold" in refused
        await town.press(town.bob, challenge, "Decline")
    assert await purse.of(town.bob) == (100, 0)


async def test_a_player_with_a_game_open_and_two_duels_at_once(town, purse):
    first = await town.says(town.ann, "!duel bob 40 rps")
    second = await town.says(town.bob, "!duel ann 40 rps")
    await town.press(town.bob, first, "Accept")
    assert "You have a game open" in (await town.press(town.ann, second, "Accept")).reply
    third = await town.says(town.admin, "!duel ann 40")
    assert "You have a game open" in (await town.press(town.ann, third, "Accept")).reply
    assert await purse.of(town.ann) == await purse.of(town.bob) == (60, 0)
    assert await purse.of(town.admin) == (100, 0)


async def test_a_crash_gives_both_their_bets_and_the_old_buttons_say_so(town, purse):
    asked = (await town.press(town.bob, await town.says(town.ann, "!duel bob 70 rps"), "Accept")).message
    wagers = town.bot.get_cog("Duels").open[next(iter(town.bot.get_cog("Duels").open))].wagers
    await town.press(town.ann, asked, "Rock")
    await town.wait(seconds=1)
    await town.restart(clean=False)
    await town.wait(seconds=1)
    assert await purse.of(town.ann) == await purse.of(town.bob) == (100, 0)
    assert "your bet was given back" in (await town.press(town.bob, asked, "Paper")).reply
    duels = town.bot.get_cog("Duels")
    assert not await town.as_bot(duels.matches.settle(wagers, {town.ann.id: 140, town.bob.id: 0}))
    assert await purse.of(town.ann) == (100, 0)


async def test_half_a_match_is_never_settled(town, purse):
    """If one part was ended by somebody else, the other isn't paid; and a refund takes all that are open."""
    asked = (await town.press(town.bob, await town.says(town.ann, "!duel bob 70 rps"), "Accept")).message
    duels = town.bot.get_cog("Duels")
    first, second = next(iter(duels.open.values())).wagers
    assert first.match_id == second.match_id is not None
    await town.as_bot(_end_one_part(duels, second))
    assert not await town.as_bot(duels.matches.settle([first, second], {town.ann.id: 140, town.bob.id: 0}))
    assert (await purse.of(town.ann), await purse.of(town.bob)) == ((30, 0), (100, 0))
    await town.press(town.ann, asked, "Rock")
    ended = (await town.press(town.bob, asked, "Scissors")).message
    assert "both got their bets back" in ended
    assert await purse.of(town.ann) == await purse.of(town.bob) == (100, 0)


async def test_a_refund_of_one_part_refunds_the_match(town, purse):
    await town.press(town.bob, await town.says(town.ann, "!duel bob 70 rps"), "Accept")
    first, second = next(iter(town.bot.get_cog("Duels").open.values())).wagers
    casino = Casino(purse.bank)
    assert await town.as_bot(casino.refund(second))
    assert await purse.of(town.ann) == await purse.of(town.bob) == (100, 0)
    assert not await town.as_bot(casino.refund(first))
    assert await purse.of(town.ann) == (100, 0)


async def _end_one_part(duels, wager):
    async with duels.bank.operation(wager.guild_id, "bet_refund", Cause("test")) as operation:
        await duels.matches.wagers.refund(wager.id, operation.new.at)
        await operation.post(Posting(wager.user_id, wager.stake))

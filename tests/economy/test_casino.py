"""Bets: limits, one stake and one settlement, and what a crash leaves open."""

import random

from cogs.economy.games.casino import Casino
from cogs.economy.games.coinflip import COINFLIP


class Falls(random.Random):
    """Chance that always takes the option at one place."""

    def __init__(self, place: int) -> None:
        super().__init__()
        self.place = place

    def choice(self, options):
        return options[self.place]


async def test_a_won_and_a_lost_bet(town, purse):
    town.bot.chance = Falls(0)
    assert await town.says(town.ann, "!coinflip 100") == "🪙 **Heads**. You win 🪙 95 and have 🪙 195 in hand."
    assert await town.says(town.ann, "!coinflip 95 tails") == "🪙 **Heads**. You lose 🪙 95 and have 🪙 100 in hand."
    assert await purse.entries(town.ann) == [("opening", 100), ("bet", -100), ("winnings", 195), ("bet", -95)]


async def test_a_message_delivered_again_bets_once(town, purse):
    town.bot.chance = Falls(1)
    await town.says(town.ann, "!coinflip 10")
    await town.restart(clean=False)
    assert await town.redeliver() is None
    assert await purse.of(town.ann) == (90, 0)


async def test_a_game_left_open_is_refunded_at_the_start(town, purse):
    casino = Casino(purse.bank)
    await purse.give(town.ann, 50)
    await town.says(town.ann, "hello")
    ctx = await town.bot.get_context(town.last_said)
    wager = await town.as_bot(casino.open(ctx, COINFLIP, 70))
    assert await purse.of(town.ann) == (80, 0)
    assert "game of Coinflip open" in await town.says(town.ann, "!coinflip 10")
    await town.wait(seconds=1)
    await town.restart(clean=False)
    await town.wait(seconds=1)
    assert await purse.of(town.ann) == (150, 0)
    assert not await town.as_bot(casino.settle(wager, 500))
    assert await purse.of(town.ann) == (150, 0)


async def test_a_game_that_could_not_be_settled_keeps_nobody_from_playing(town, purse):
    casino = Casino(purse.bank)
    await town.says(town.ann, "hello")
    await town.as_bot(casino.open(await town.bot.get_context(town.last_said), COINFLIP, 70))
    await town.wait(minutes=59)
    assert "game of Coinflip open" in await town.says(town.ann, "!coinflip 10")
    await town.wait(minutes=2)
    town.bot.chance = Falls(1)
    assert "have 🪙 90 in hand" in await town.says(town.ann, "!coinflip 10")
    assert ("bet_refund", 70) in await purse.entries(town.ann)


async def test_limits_the_wrong_way_round_leave_one_bet(town, purse):
    town.bot.chance = Falls(1)
    await town.says(town.admin, "!config set smallest-bet 500")
    await town.says(town.admin, "!config set largest-bet 60")
    assert await town.says(town.ann, "!coinflip 61") == "The largest bet is 🪙 60."
    assert await town.says(town.ann, "!coinflip 59") == "The smallest bet is 🪙 60."
    assert "You lose 🪙 60" in await town.says(town.ann, "!coinflip 60")

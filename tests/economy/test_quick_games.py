"""Games that are over at once, as members play them; what each returns is in test_game_rules.py."""

import asyncio
import random

from cogs.economy.games.casino import Casino
from cogs.economy.games.coinflip import COINFLIP
from cogs.economy.games.slots import FIRE, REEL
from database.economy import MOST_COINS
from tests.support.ledger import prove


class Falls(random.Random):
    """Chance that falls as a test says, one after the other, and then any way."""

    def __init__(self, *falls: object) -> None:
        super().__init__(7)
        self.falls = list(falls)

    def choice(self, options):
        if not self.falls:
            return super().choice(options)
        fell = self.falls.pop(0)
        assert fell in options
        return fell


async def test_a_bet_in_each_game(town, purse):
    cherry, fire = REEL.index("🍒"), REEL.index(FIRE)
    town.bot.chance = Falls("tails", (3, 4), (6, 6), 17, 0, cherry, cherry, fire, 1, 2, 3)
    heard = [
        await town.says(town.ann, said)
        for said in (
            "!coinflip 10 z", "!dice 10 sum 7", "!dice 10 any 6", "!roulette 10 black", "!roulette 10 even",
            "!slots 10", "!slots half",
        )
    ]  # fmt: skip
    assert heard[:5] == [
        "🪙 **Tails**. You win 🪙 9 and have 🪙 109 in hand.",
        "🎲 3 + 4 = **7**. You bet on a sum of 7. You win 🪙 46 and have 🪙 155 in hand.",
        "🎲 6 + 6 = **12**. You bet on any 6. You win 🪙 21 and have 🪙 176 in hand.",
        "⚫ **17**. You bet on black. You win 🪙 10 and have 🪙 186 in hand.",
        "🟢 **0**. You bet on even. You lose 🪙 10 and have 🪙 176 in hand.",
    ]
    assert "▶️ 🍒🍒🔥 ◀️" in heard[5]
    assert heard[5].endswith("The middle line pays 2×. You win 🪙 10 and have 🪙 186 in hand.")
    assert heard[6].endswith("The middle line pays nothing. You lose 🪙 93 and have 🪙 93 in hand.")
    assert (await purse.entries(town.ann))[1:7] == [
        ("bet", -10), ("winnings", 19), ("bet", -10), ("winnings", 56), ("bet", -10), ("winnings", 31),
    ]  # fmt: skip
    assert await prove(town.db, town.guild.id) == 93

    stats = await town.says(town.bob, "!gamestats @ann")
    assert stats.fields["Dice"] == (
        "2 games, 2 won\nBet: 🪙 20\nPaid: 🪙 87\nNet: 🪙 +67\nReturned: 435%\nPublished: 93.33% to 95%"
    )
    assert "Net: 🪙 -83\nReturned: 19.42%\nPublished: 93.01%" in stats.fields["Slots"]
    assert stats.fields["Together"].startswith("7 games, 5 won\nBet: 🪙 153\nPaid: 🪙 146\nNet: 🪙 -7\n")
    assert (await town.says(town.bob, "!gamestats server")).fields == stats.fields
    assert "No games were played yet." in await town.says(town.bob, "!gamestats")
    assert "Bots have no coins." in await town.says(town.bob, f"!gamestats <@{town.bot.user.id}>")


async def test_bets_that_are_none(town, purse):
    async def bet(amount: str) -> str:
        return str(await town.says(town.ann, f"!slots {amount}"))

    assert "at least 1" in await bet("0")
    assert "isn't an amount" in await bet("-5")
    assert "isn't an amount" in await bet("1.5")
    assert "isn't an amount" in await bet("😀" * 1900)
    assert "split" in await bet("1.0005k")
    assert "too much" in await bet("9" * 16)
    assert "You have 🪙 100 in hand, and need 🪙 101." in await bet("101")
    assert "The largest bet is 🪙 10,000." in await bet("10001")
    await town.says(town.admin, "!config set smallest-bet 20")
    assert "The smallest bet is 🪙 20." in await bet("19")
    assert "The smallest bet is 🪙 20." in await bet("15%")
    assert await purse.of(town.ann) == (100, 0)
    await purse.give(town.ann, 100_000)
    await bet("all")  # as much as may be bet, and no more
    await bet("10k")
    assert [amount for kind, amount in await purse.entries(town.ann) if kind == "bet"] == [-10_000, -10_000]
    await purse.give(town.ann, -(await purse.of(town.ann))[0])
    assert "less than one coin" in await bet("all")


async def test_every_game_keeps_to_its_switch_and_the_limits(town, purse):
    await purse.give(town.ann, 100_000)
    for game in ("coinflip {} heads", "dice {} high", "roulette {} red", "slots {}"):
        name = game.split()[0]
        assert "The largest bet is 🪙 10,000." in await town.says(town.ann, "!" + game.format("10,001"))
        await town.says(town.admin, f"!config set game-{name} off")
        assert "is switched off in this server." in await town.says(town.ann, "!" + game.format(20))
        assert "is switched off in this server." in await town.says(town.ann, f"!{name}")
        assert "is switched off in this server." in await town.says(town.ann, f"!odds {name}")
    assert (await town.says(town.ann, "!odds")).count("(off here)") == 4
    assert await purse.of(town.ann) == (100_100, 0)


async def test_what_nobody_can_bet_on(town, purse):
    assert "isn't a side of a coin" in await town.says(town.ann, "!coinflip 10 edge")
    assert "isn't something to bet on" in await town.says(town.ann, "!dice 10 13")
    assert "isn't a bet in roulette" in await town.says(town.ann, "!roulette 10 @everyone")
    told = await town.says(town.ann, f"!roulette 10 <@{town.bob.id}>")
    assert town.bob.id not in told.pings
    assert not told.pings_everyone
    assert await purse.entries(town.ann) == []


async def test_a_game_without_a_bet_tells_its_odds(town, purse):
    for game in ("coinflip", "dice", "roulette", "slots"):
        odds = await town.says(town.ann, f"!odds {game}")
        told = await town.says(town.ann, f"!{game}")
        assert told.embed.description == odds.embed.description
        assert f"`!{game} 50" in told.fields["Play"]
    assert "pays 36× · wins 2.7% · returns 97.3% · house edge 2.7%" in await town.says(town.ann, "!roulette 10")
    assert "🔥🔥🔥 pays 500×, once in 13,824 times" in await town.says(town.ann, "!odds Slot")
    everything = await town.says(town.ann, "!odds")
    assert "**Dice**: returns 93.33% to 95%" in everything
    for game, usage in (("coinflip", "[bet] [side]"), ("dice", "[bet] [on]"), ("roulette", "[bet] [space]")):
        assert f"!{game} {usage}\n" in await town.says(town.ann, f"!help {game}")
    assert "no game called “chess”" in await town.says(town.ann, "!odds chess")
    assert await purse.entries(town.ann) == []


async def test_rounding_down_leaves_something_to_win_or_says_so(town, purse):
    refused = "With 🪙 1 you could win nothing, as payouts are rounded down; bet 🪙 2 or more."
    assert await town.says(town.ann, "!coinflip 1 heads") == refused
    town.bot.chance = Falls("heads", REEL.index("🍒"), REEL.index("🍒"), 0)
    assert "You win 🪙 1 " in await town.says(town.ann, "!coinflip 2 heads")
    await town.says(town.admin, "!config set games-house-share 10")
    assert "You win, but rounded down that is only your bet." in await town.says(town.ann, "!slots 1")
    assert await purse.of(town.ann) == (101, 0)


async def test_the_share_that_the_house_keeps_shows_in_the_odds_and_in_the_payouts(town, purse):
    await town.says(town.admin, "!config set games-house-share 10")
    odds = await town.says(town.ann, "!odds roulette")
    assert "**one number** · pays 32.5× · wins 2.7% · returns 87.84% · house edge 12.16%" in odds
    assert "🍒🍒 pays 1.9×" in await town.says(town.ann, "!odds slots")
    cherry = REEL.index("🍒")
    town.bot.chance = Falls(17, cherry, cherry, 0, "heads", (1, 1))
    assert "You win 🪙 315 " in await town.says(town.ann, "!roulette 10 17")
    spun = await town.says(town.ann, "!slots 10")
    assert spun.endswith("The middle line pays 1.9×. You win 🪙 9 and have 🪙 424 in hand.")
    assert "You win 🪙 8 " in await town.says(town.ann, "!coinflip 10")  # 8.55
    assert "You win 🪙 41 " in await town.says(town.ann, "!dice 10 doubles")  # 41.4


async def test_only_so_many_games_a_minute(town, purse):
    await town.says(town.admin, "!config set games-per-minute 2")
    assert "in hand" in await town.says(town.ann, "!dice 1 high")
    await town.wait(seconds=20)
    assert "in hand" in await town.says(town.ann, "!slots 1")
    before = await purse.entries(town.ann)
    refused = await town.says(town.ann, "!roulette 1 red")
    assert refused.startswith("Only 2 games a minute can be played in this server; your next one can begin <t:")
    assert await purse.entries(town.ann) == before
    assert "in hand" in await town.says(town.bob, "!slots 1")
    await town.wait(seconds=40)
    assert "in hand" in await town.says(town.ann, "!roulette 1 red")
    assert "Only 2 games" in await town.says(town.ann, "!roulette 1 red")


async def test_two_bets_at_once_of_the_same_coins(town, purse):
    casino, contexts = Casino(purse.bank), []
    for said in ("one", "other"):
        await town.says(town.ann, said)
        contexts.append(await town.bot.get_context(town.last_said))

    async def both():
        return await asyncio.gather(
            *(casino.play(ctx, COINFLIP, 100, 0, most=195) for ctx in contexts), return_exceptions=True
        )

    one, other = await town.as_bot(both())
    assert one == 0
    assert "in hand, and need" in str(other)
    assert await purse.entries(town.ann) == [("opening", 100), ("bet", -100)]


async def test_a_bet_that_could_overflow_the_account_is_refused_before_it_is_drawn(town, purse):
    room = 20
    await purse.give(town.ann, MOST_COINS - 100 - room)
    for fell in ((1, 1), (6, 6)):  # whether it would win or not
        town.bot.chance = Falls(fell)
        refused = await town.says(town.ann, f"!dice {room} high")
        assert refused == "This bet could pay 🪙 45, and your account has no room for that."
    town.bot.chance = Falls((6, 6))
    assert "You win 🪙 20" in await town.says(town.ann, f"!dice {room - 4} high")
    assert await purse.of(town.ann) == (MOST_COINS, 0)


async def test_any_sequence_of_games_keeps_every_coin(town, purse):
    chance = town.bot.chance = random.Random(1)
    casino, open_games, players = Casino(purse.bank), [], [town.ann, town.bob, town.moderator]
    await town.says(town.admin, "!config set games-per-minute 60")
    for player in players:
        await purse.give(player, 5000)
    for _turn in range(30):
        player = chance.choice(players)
        bet = chance.choice(["1", "7", "333", "half", "13%", "all"])
        said = chance.choice(
            [
                "coinflip {} tails",
                "dice {} 7",
                "dice {} any 1",
                "roulette {} 1-2",
                "roulette {} low",
                "slots {}",
                "open",
            ]
        )
        await town.says(player, "!" + said.format(bet) if said != "open" else "I play for longer")
        if said == "open" and player not in [one for one, _wager in open_games]:
            stake = min(100, (await purse.of(player))[0])
            ctx = await town.bot.get_context(town.last_said)
            if stake:
                open_games.append((player, await town.as_bot(casino.open(ctx, COINFLIP, stake))))
        elif open_games and chance.random() < 0.5:
            _player, wager = open_games.pop()
            ending = casino.refund(wager) if chance.random() < 0.5 else casino.settle(wager, chance.randint(0, 300))
            assert await town.as_bot(ending)
    coins = await prove(town.db, town.guild.id)
    in_hand = sum([(await purse.of(player))[0] for player in players])
    assert coins == in_hand + sum(wager.stake for _player, wager in open_games)

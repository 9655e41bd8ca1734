"""Blackjack with buttons: whole games, and all that can come in between."""

import asyncio
from contextlib import contextmanager

import pytest

from cogs.economy.games.casino import Casino
from database import DatabaseUnavailable
from database.economy import Cause, Posting
from tests.economy.decks import Stacked

TABLES = "Tables"


@contextmanager
def no_database(town, beginning: str = ""):
    """While this is open, statements that begin so fail, and take back the transaction they are in."""

    def fail(text, *_):
        if text.startswith(beginning):
            raise DatabaseUnavailable

    town.db.on_statement = fail
    try:
        yield
    finally:
        town.db.on_statement = None


async def dealt(town, deal: str, bet: object = 10):
    """Ann begins a game with these cards, in the order in which they are drawn."""
    town.bot.chance = Stacked(deal)
    return await town.says(town.ann, f"!blackjack {bet}")


async def open_games(town) -> int:
    return await town.db.fetchval("SELECT COUNT(*) FROM wagers WHERE status = 'open'")


# --- whole games


async def test_a_game_that_is_won(town, purse):
    table = await dealt(town, "10 K♥ 5 7 A♣ 3", bet="20%")
    assert table.embed.title == "🃏 Blackjack"
    assert table.embed.description.startswith(f"{town.ann.mention}, what do you do? You stand <t:")
    assert table.fields == {
        "Dealer shows 10": "**K♥** 🂠",
        "Your hand: 15": "**10♠** **5♠**\nBet: 🪙 20",
    }
    assert table.pings == {town.ann.id}  # as an answer to her message, and not for her name in it
    assert {name: button.disabled for name, button in table.buttons.items()} == {
        "Hit": False, "Stand": False, "Double": False, "Split": True,
    }  # fmt: skip
    refused = (await town.press(town.bob, table, "Hit")).reply
    assert refused == "These buttons are not yours."
    assert refused.ephemeral
    hit = (await town.press(town.ann, table, "Hit")).message
    assert hit.fields["Your hand: 16"] == "**10♠** **5♠** **A♣**\nBet: 🪙 20"
    assert hit.buttons["Double"].disabled
    await town.press(town.ann, table, "Hit")
    won = (await town.press(town.ann, table, "Stand")).message
    assert won.embed.description == "You win 🪙 20 and have 🪙 120 in hand."
    assert won.fields == {
        "Dealer: 17": "**K♥** **7♠**",
        "Your hand: 19": "**10♠** **5♠** **A♣** **3♠**\nBet: 🪙 20\n**Won**",
    }
    assert won.buttons == {}
    assert await purse.entries(town.ann) == [("opening", 100), ("bet", -20), ("winnings", 40)]


@pytest.mark.parametrize(
    ("deal", "text", "outcome", "left"),
    [
        ("A 9 K 7", "You win 🪙 15 and have 🪙 115 in hand.", "Blackjack!", 115),
        ("9 A 9 K", "You lose 🪙 10 and have 🪙 90 in hand.", "Lost", 90),
        ("A K K A", "You get your bet back and have 🪙 100 in hand.", "Push", 100),
    ],
)
async def test_blackjack_at_once(town, purse, deal, text, outcome, left):
    table = await dealt(town, deal)
    assert table.embed.description == text
    assert outcome in table
    assert table.buttons == {}
    assert await purse.of(town.ann) == (left, 0)
    assert await open_games(town) == 0


async def test_split_and_double(town, purse):
    table = await dealt(town, "8 10 8 7 3 10 K 5")
    split = (await town.press(town.ann, table, "Split")).message
    assert "what do you do with hand 1? You stand with all hands <t:" in split
    assert "▶ Hand 1: 11" in split.fields
    assert "Hand 2: 18" in split.fields
    assert (await purse.of(town.ann))[0] == 80
    doubled = (await town.press(town.ann, table, "Double")).message
    assert doubled.fields["Hand 1: 21"].endswith("Bet: 🪙 20")
    assert "▶ Hand 2: 18" in doubled.fields
    won = (await town.press(town.ann, table, "Stand")).message
    assert won.embed.description == "You win 🪙 30 and have 🪙 130 in hand."
    assert won.fields["Hand 1: 21"].endswith("**Won**")
    assert await purse.entries(town.ann) == [
        ("opening", 100), ("bet", -10), ("bet", -10), ("bet", -10), ("winnings", 60),
    ]  # fmt: skip


async def test_too_little_in_hand_for_a_double(town, purse):
    table = await dealt(town, "8 10 3 7 10", bet=60)
    refused = (await town.press(town.ann, table, "Double")).reply
    assert refused == "You have 🪙 40 in hand, and need 🪙 60."
    assert refused.ephemeral
    assert town.now_of(table).fields == table.fields
    await town.press(town.ann, table, "Hit")
    assert await purse.of(town.ann) == (160, 0)


async def test_without_a_bet_the_odds_are_shown_and_bad_bets_are_refused(town, purse):
    shown = await town.says(town.ann, "!blackjack")
    assert "**played by basic strategy**" in shown
    assert "`!blackjack 100`" in shown
    assert "3 to 2" in await town.says(town.ann, "!help blackjack")
    for bet in ("0", "-5", "101", "x" * 1900, "🪙", "0%"):
        assert (await town.says(town.ann, f"!bj {bet}")).buttons == {}
    assert await purse.entries(town.ann) == []
    await town.says(town.owner, "!config set game-blackjack off")
    assert await town.says(town.ann, "!bj 10") == "Blackjack is switched off in this server."


async def test_where_embeds_arent_shown_it_is_text(town, purse):
    await town.take_permission(town.general, "embed_links")
    table = await dealt(town, "10 K♥ 5 7")
    assert "**Dealer shows 10**\n**K♥** 🂠" in table.content
    stood = (await town.press(town.ann, table, "Stand")).message
    assert "You lose 🪙 10 and have 🪙 90 in hand." in stood.content
    assert stood.message.embeds == []


# --- one open game, and its end when nobody presses


async def test_one_open_game_and_the_time_is_over(town, purse):
    table = await dealt(town, "10 K 7 6 9")
    for other in ("!blackjack 10", "!highlow 10", "!coinflip 10 heads"):
        assert await town.says(town.ann, other) == "You have a game of Blackjack open; finish it first."
    assert (await town.says(town.bob, "!blackjack 10")).buttons
    await town.wait(seconds=59)
    assert town.now_of(table).buttons
    await town.wait(seconds=2)
    over = town.now_of(table)
    assert over.embed.description == "Your time was over, so you stand.\nYou win 🪙 10 and have 🪙 110 in hand."
    assert over.buttons == {}
    assert await open_games(town) == 0


async def test_each_press_gives_another_minute(town, purse):
    table = await dealt(town, "2 K 3 6 2 4 9")
    await town.wait(seconds=50)
    await town.press(town.ann, table, "Hit")
    await town.wait(seconds=50)
    await town.press(town.ann, table, "Hit")
    await town.wait(seconds=50)
    assert town.now_of(table).buttons
    await town.wait(seconds=11)
    assert not town.now_of(table).buttons


# --- the same thing twice, and two things at once


async def test_a_click_that_comes_twice_and_two_clicks_at_once(town, purse):
    table = await dealt(town, "5 10 4 7 2 9", bet=10)
    double = (town.ann, table, "Double")
    await town.press_at_once(double, double, times=2)
    assert await purse.entries(town.ann) == [("opening", 100), ("bet", -10), ("bet", -10)]
    table = await dealt(town, "5 10 4 7 2 9 8", bet=10)
    hit = (town.ann, table, "Hit")
    await town.press_at_once(hit, hit, (town.ann, table, "Double"))
    shown = town.now_of(table)
    assert shown.fields["Your hand: 11"].startswith("**5♠** **4♠** **2♠**")
    assert await purse.of(town.ann) == (70, 0)
    # A button of an earlier position, as a client shows it that missed an edit.
    await town.press_at_once((town.ann, table, "Stand"))
    assert town.now_of(table).buttons
    await town.press(town.ann, shown, "Stand")
    await town.press_at_once((town.ann, shown, "Stand"), (town.ann, table, "Hit"))
    assert await open_games(town) == 0


async def test_a_click_in_the_moment_when_the_time_is_over(town, purse):
    table = await dealt(town, "10 K 7 6 9", bet=10)
    ending = town.bot.get_cog(TABLES)

    async def click_then():
        await asyncio.sleep(60)
        await asyncio.sleep(0)  # the game has begun to end itself
        town.delivers_press(town.ann, table, "Double")
        town.delivers_press(town.ann, table, "Hit")

    async def begin():
        ending.spawn(click_then())

    await town.as_bot(begin())
    await town.wait(seconds=60)
    assert await purse.entries(town.ann) == [("opening", 100), ("bet", -10), ("winnings", 20)]
    assert "Your time was over" in town.now_of(table)
    assert len(town.calls("POST", "/interactions/*")) == 2


async def test_the_command_that_comes_twice(town, purse):
    await dealt(town, "10 K 7 6 9")
    await town.wait(seconds=61)
    await town.restart(clean=False)
    assert await town.redeliver() is None
    assert len(await purse.entries(town.ann)) == 3


# --- Discord and people


async def test_discord_fails_at_the_edit(town, purse):
    table = await dealt(town, "10 K 7 6 9")
    town.refuse("POST", "/interactions/*/callback", status=500)
    await town.press(town.ann, table, "Stand")
    assert "You win 🪙 10" in town.now_of(table)
    table = await dealt(town, "10 K 7 6 9")
    town.refuse("POST", "/interactions/*/callback", status=500)
    town.refuse("PATCH", "/channels/*/messages/*", status=500, times=None)
    await town.press(town.ann, table, "Stand")
    assert await purse.of(town.ann) == (120, 0)
    town.refuse_no_more()
    late = await town.press(town.ann, table, "Hit")
    assert late.reply == "This game is over; it paid you 🪙 20."
    assert late.message.buttons == {}


async def test_the_message_cant_be_sent(town, purse):
    town.refuse("POST", "/channels/*/messages", status=403, code=50013)
    await dealt(town, "10 K 7 6 9")
    assert await purse.entries(town.ann) == [("opening", 100), ("bet", -10), ("bet_refund", 10)]
    assert await open_games(town) == 0


async def test_the_message_was_deleted(town, purse):
    table = await dealt(town, "10 K 7 6 9")
    await town.delete_message(table)
    (told,) = await town.wait(seconds=61)
    assert "Your time was over, so you stand.\nYou win 🪙 10" in told
    assert told.buttons == {}
    table = await dealt(town, "10 K 7 6 9")
    await town.delete_channel(town.general)
    await town.wait(seconds=61)
    assert await purse.of(town.ann) == (120, 0)


async def test_the_player_left(town, purse):
    await dealt(town, "10 K 7 6 9")
    await town.leave(town.ann)
    await town.wait(seconds=61)
    assert await purse.of(town.ann) == (110, 0)


# --- the bot stops, or its database is away


@pytest.mark.parametrize("clean", [True, False])
async def test_the_bot_stops_in_between(town, purse, clean):
    table = await dealt(town, "5 10 5 7 2", bet=40)
    await town.press(town.ann, table, "Split")
    assert await purse.of(town.ann) == (20, 0)
    await town.wait(seconds=1)
    await town.restart(clean=clean)
    if clean:
        shown = town.now_of(table)
        assert shown.embed.description == (
            "This game was cut off, and your bet of 🪙 80 was given back. You have 🪙 100 in hand."
        )
        assert shown.buttons == {}
        assert "Dealer shows 10" in shown.fields
    else:
        assert (await town.press(town.bob, table, "Hit")).reply == "These buttons are not yours."
        late = await town.press(town.ann, table, "Hit")
        assert late.reply == "This game was cut off by a restart, and your bet of 🪙 80 was given back."
        assert late.reply.ephemeral
        assert late.message.buttons == {}
        assert late.message.embed.description == late.reply, "nothing is asked any more"
        assert "Dealer shows 10" in late.message.fields
    await town.wait(minutes=2)
    assert await purse.entries(town.ann) == [("opening", 100), ("bet", -40), ("bet", -40), ("bet_refund", 80)]


async def test_the_feature_is_loaded_anew(town, purse):
    table = await dealt(town, "10 K 7 6 9")
    await town.as_bot(town.bot.features.reload("economy"))
    assert "was given back" in town.now_of(table)
    assert await purse.of(town.ann) == (100, 0)
    assert (await dealt(town, "10 K 7 6 9")).buttons


async def test_the_database_is_away_at_the_end(town, purse):
    table = await dealt(town, "10 K 7 6 9")
    with no_database(town):
        waiting = (await town.press(town.ann, table, "Stand")).message
        assert waiting.embed.description == (
            "I can't reach my database at the moment; your coins come as soon as I can."
        )
        assert "Dealer: 25" in waiting.fields
        assert waiting.buttons == {}
        await town.wait(seconds=20)
    await town.wait(minutes=5)
    assert town.now_of(table).embed.description == "You win 🪙 10 and have 🪙 110 in hand."
    assert await purse.entries(town.ann) == [("opening", 100), ("bet", -10), ("winnings", 20)]


async def test_the_database_is_away_for_longer_than_a_game_takes(town, purse):
    table = await dealt(town, "10 K 7 6 9")
    with no_database(town, "UPDATE wagers SET status = 'settled'"):
        await town.wait(hours=25)  # what is left open is looked for once a day
    assert "was given back" in town.now_of(table)
    assert await purse.entries(town.ann) == [("opening", 100), ("bet", -10), ("bet_refund", 10)]


async def test_the_database_is_away_at_a_double(town, purse):
    table = await dealt(town, "5 10 6 7 10")
    with no_database(town, "UPDATE wagers SET stake"):
        failed = await town.press(town.ann, table, "Double")
    assert failed.reply == "I can't reach my database at the moment; try again in a minute."
    assert failed.reply.ephemeral
    assert await purse.of(town.ann) == (90, 0)
    # It may also have taken the coins, and gone away before it could say so.
    casino = Casino(purse.bank)
    (game,) = town.bot.get_cog(TABLES).open.values()

    async def take():
        async with purse.bank.operation(town.guild.id, "bet", Cause("test")) as operation:
            await casino.wagers.add_stake(game.wager.id, 10)
            await operation.post(Posting(town.ann.id, -10))

    await town.as_bot(take())
    over = (await town.press(town.ann, table, "Hit")).message
    assert over.embed.description == "You win 🪙 10 and have 🪙 110 in hand."
    assert (await purse.entries(town.ann))[-1] == ("winnings", 30)


async def test_the_database_is_away_at_the_start(town, purse):
    with no_database(town, "INSERT INTO wagers"):
        failed = await dealt(town, "10 K 7 6 9")
    assert failed == "I can't reach my database at the moment; try again in a minute."
    assert await purse.entries(town.ann) == []
    await town.wait(seconds=30)
    # It may also have taken the coins, and gone away before it could say so.
    casino = Casino(purse.bank)

    async def take():
        async with purse.bank.operation(town.guild.id, "bet", Cause("test")) as operation:
            await casino.wagers.open(operation, town.ann.id, "blackjack", 40)
            await operation.post(Posting(town.ann.id, -40))

    await town.as_bot(take())
    for command, has in (("!highlow 10", 60), ("!blackjack 10", 100)):  # what the other game took is none of its own
        with no_database(town, "INSERT INTO operation_numbers"):
            await town.says(town.ann, command)
        await town.wait(seconds=30)
        assert await purse.of(town.ann) == (has, 0)
    table = await dealt(town, "10 K 7 6 9")
    with no_database(town, "INSERT INTO operation_numbers"):
        for other in ("!blackjack 10", "!highlow 10"):
            await town.says(town.ann, other)
    await town.wait(seconds=30)
    assert await purse.of(town.ann) == (90, 0)  # a game that is open stays so
    assert "You win" in (await town.press(town.ann, table, "Stand")).message


async def test_whichever_statement_fails_no_coin_is_lost(town, purse):
    """The database goes away at each statement of a game by turns: it isn't begun, is refunded, or is paid."""
    before, statement, outcomes = 100, 0, set()
    while True:
        ran, struck = 0, False

        def fail(*_, statement=statement):
            nonlocal ran, struck
            ran += 1
            if ran == statement + 1:
                struck = True
                raise DatabaseUnavailable

        town.db.on_statement = fail
        table = await dealt(town, "5 10 6 6 10 9")
        for move in ("Double", "Stand"):
            if table is not None and (shown := town.now_of(table)).buttons:
                await town.press_at_once((town.ann, shown, move))
        town.db.on_statement = None
        await town.wait(minutes=3)
        assert await open_games(town) == 0
        after = (await purse.of(town.ann))[0]
        outcomes.add(after - before)
        before, statement = after, statement + 1
        if not struck:
            break
    assert statement > 15
    assert outcomes == {0, 10, 20}

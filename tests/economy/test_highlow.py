"""High-low with buttons. What it shares with every game that goes on is tested in test_blackjack.py."""

from tests.economy.decks import Stacked


async def dealt(town, deal: str, bet: object = 100):
    """Ann begins a game with these cards, in the order in which they are drawn."""
    town.bot.chance = Stacked(deal)
    return await town.says(town.ann, f"!highlow {bet}")


async def test_up_and_down_and_cash_out(town, purse):
    await purse.give(town.ann, 900)
    table = await dealt(town, "8♥ K♣ 3", bet="10%")
    assert table.embed.title == "🎴 High-low"
    assert table.embed.description.startswith(
        f"{town.ann.mention}, is the next card higher or lower? You cash out <t:"
    )
    counts = "Of the 51 cards that are left, 24 are higher and 24 lower; the same rank loses."
    assert table.embed.description.endswith(counts)
    assert table.fields == {"Cards": "**8♥**", "Bet": "🪙 100", "Pot": "🪙 100", "Guesses": "0 of 10"}
    assert {name: button.disabled for name, button in table.buttons.items()} == {
        "Higher: 208": False, "Lower: 208": False, "Cash out: 100": True,
    }  # fmt: skip
    assert (await town.press(town.bob, table, "⬆️")).reply == "These buttons are not yours."
    risen = (await town.press(town.ann, table, "⬆️")).message
    assert risen.fields["Cards"] == "**8♥** → **K♣**"
    assert list(risen.buttons) == ["Higher: 2,551", "Lower: 237", "Cash out: 208"]
    await town.press(town.ann, risen, "⬇️")
    done = (await town.press(town.ann, risen, "💰")).message
    assert done.embed.description == "You win 🪙 137 and have 🪙 1,137 in hand."
    assert done.fields["Guesses"] == "2 of 10"
    assert done.buttons == {}
    assert await purse.entries(town.ann) == [("opening", 100), ("give", 900), ("bet", -100), ("winnings", 237)]


async def test_a_wrong_guess_loses_and_an_ace_has_nothing_above_it(town, purse):
    table = await dealt(town, "A 2 2", bet=30)
    assert table.buttons["Higher: —"].disabled
    await town.press(town.ann, table, "⬇️")
    lost = (await town.press(town.ann, table, "⬆️")).message
    assert lost.embed.description == "You lose 🪙 30 and have 🪙 70 in hand."
    assert lost.fields["Pot"] == "🪙 0"
    assert lost.buttons == {}


async def test_who_presses_nothing_cashes_out(town, purse):
    table = await dealt(town, "8 K", bet=10)
    await town.wait(seconds=61)
    assert town.now_of(table).embed.description == (
        "Your time was over, so you cash out.\nYou get your bet back and have 🪙 100 in hand."
    )
    table = await dealt(town, "8 K", bet=10)
    await town.press(town.ann, table, "⬆️")
    await town.wait(seconds=61)
    assert "You win 🪙 10 and have 🪙 110 in hand." in town.now_of(table)


async def test_it_ends_by_itself_after_ten_guesses(town, purse):
    table = await dealt(town, "2 A 2 A 2 A 2 A 3 K 3", bet=10)
    for number in range(10):
        shown = await town.press(town.ann, table, "⬇️" if number % 2 else "⬆️")
    assert shown.message.fields["Guesses"] == "10 of 10"
    assert "You win 🪙" in shown.message
    assert await town.db.fetchval("SELECT COUNT(*) FROM wagers WHERE status = 'open'") == 0


async def test_two_guesses_at_once_a_restart_and_the_odds(town, purse):
    table = await dealt(town, "8 K 3", bet=10)
    await town.press_at_once((town.ann, table, "⬆️"), (town.ann, table, "⬇️"), times=2)
    assert town.now_of(table).fields["Cards"] == "**8♠** → **K♠**"
    await town.wait(seconds=1)
    await town.restart()
    assert "your bet of 🪙 10 was given back" in town.now_of(table)
    assert await purse.of(town.ann) == (100, 0)
    shown = await town.says(town.ann, "!hilo")
    assert "**one guess, on the likelier side** · wins 72.4% · returns 98%" in shown
    assert "less 2%" in shown

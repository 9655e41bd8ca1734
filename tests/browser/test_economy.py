"""Coins, as one plays with them: from the first daily coins to a trade between two pages."""

import re

from playwright.async_api import expect

from tools.flows import Visitor, Visits


async def test_from_the_first_daily_coins_to_a_trade(visits: Visits, visitor: Visitor):
    await visitor.types('!shop add collectable "Lucky stone" 50')
    await expect(visitor.answer()).to_contain_text("Lucky stone is in the shop as number 1")
    ann = await visits.visitor(beside=visitor)
    await ann.becomes("Ann")
    await ann.types("!daily")
    await expect(ann.answer()).to_contain_text("You get 🪙 350 and have 🪙 450 in hand.")
    await ann.types("!deposit 100")
    await expect(ann.answer()).to_contain_text("🪙 350 in hand, 🪙 100 in the bank.")
    await ann.types("!buy 2 lucky stone")
    await expect(ann.answer()).to_contain_text("You bought 2 × Lucky stone for 🪙 100 and have 🪙 250 in hand.")

    await ann.types("!trade bob 1 lucky stone for 30 coins")
    bob = await visits.visitor(beside=ann)
    await bob.becomes("Bob")
    await bob.conversation.get_by_role("button", name="Confirm").click()
    await expect(bob.messages.last).to_contain_text("@Ann and @Bob have traded.")
    await bob.types("!inventory")
    await expect(bob.answer()).to_contain_text("#1 Lucky stone")
    await ann.types("!transactions")
    await expect(ann.answer()).to_contain_text(
        re.compile(r"🪙 \+30 · Trade.*🪙 -100 · Purchase.*🪙 \+350 · Daily", re.DOTALL)
    )


async def test_a_game_is_played_by_its_buttons(visitor: Visitor):
    await visitor.types("!highlow 50")
    game = visitor.answer()
    await (
        game.get_by_role("button", name=re.compile("Higher|Lower"))
        .and_(visitor.page.locator(":enabled"))
        .first.click()
    )
    await expect(game).to_contain_text(re.compile("You lose|1 of 10"))

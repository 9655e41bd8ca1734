"""The whole of it at a phone's width: everything is reached, and nothing scrolls sideways."""

import pytest_asyncio
from playwright.async_api import expect

from tools.flows import PHONE, Visitor, Visits

SIDEWAYS = """() => [...document.querySelectorAll("html, body, body :not(pre, pre *, textarea, .said)")]
    .filter((each) => each === document.scrollingElement || /auto|scroll/.test(getComputedStyle(each).overflowX))
    .filter((each) => each.scrollWidth > each.clientWidth)
    .map((each) => `${each.tagName}.${each.className}#${each.id}: ${each.scrollWidth} > ${each.clientWidth}`)"""


@pytest_asyncio.fixture(loop_scope="session")
async def visitor(visits: Visits) -> Visitor:
    """Olivia with a phone, for the first time."""
    return await visits.visitor(screen=PHONE, first_time=True)


async def fits(visitor: Visitor) -> bool:
    """Nothing is wider than the screen, and no panel than its room."""
    assert await visitor.page.evaluate(SIDEWAYS) == []
    return bool(await visitor.page.evaluate("document.scrollingElement.scrollWidth") <= PHONE.width)


async def test_a_first_visit(visitor: Visitor):
    assert await fits(visitor)
    things = visitor.page.get_by_role("region", name="Things to try")
    await things.get_by_role("button", name="As a member").tap()
    await visitor.is_now("Ann")
    await expect(visitor.writing).to_have_value("!remind 10s tea")
    assert await fits(visitor)
    await visitor.page.get_by_role("button", name="Send", exact=True).tap()
    await visitor.reads("I'll remind you")
    await visitor.skips("+1 min")
    await visitor.reads("you asked me to remind you")
    assert await fits(visitor)
    await visitor.presses("💤 In 10 minutes")
    await visitor.reads("Only you can see this")
    assert await fits(visitor)


async def test_help_and_what_happened(visitor: Visitor):
    await visitor.hides_suggestions()
    await visitor.opens("bot-commands")
    await visitor.types("!help")
    await visitor.chooses("Choose a category", "Admin")
    await expect(visitor.answer()).to_contain_text("!about")
    assert await fits(visitor)
    await visitor.presses("▶")
    await expect(visitor.answer()).not_to_contain_text("!about")
    panel = await visitor.asks_what_happened(visitor.answer())
    await expect(panel).to_contain_text("Olivia: !help")
    assert await fits(visitor)
    for step in await panel.locator("summary").all():
        await step.tap()
    assert await fits(visitor)
    await visitor.closes_side()
    await expect(panel).to_be_hidden()


async def test_places_people_and_trouble(visitor: Visitor):
    await visitor.hides_suggestions()
    await visitor.page.get_by_role("button", name="Servers and channels").tap()
    await expect(visitor.channel("kitchen")).to_be_visible()
    assert await fits(visitor)
    await visitor.channel("kitchen").tap()
    await visitor.is_in("kitchen")
    assert await fits(visitor)
    people = await visitor.unfolds("You are", "Who you are")
    await people.get_by_text("Add a person").first.tap()
    assert await fits(visitor)
    await visitor.page.keyboard.press("Escape")
    members = await visitor.looks_at("Members")
    assert await fits(visitor)
    await members.get_by_role("button", name="Maximilian").tap()
    await expect(visitor.page.get_by_role("dialog", name="About Maximilian")).to_be_visible()
    assert await fits(visitor)
    await visitor.page.keyboard.press("Escape")
    await visitor.lets_fail("Send message", status="403 Forbidden")
    assert await fits(visitor)
    await visitor.closes_side()
    await visitor.types("!ping")
    await expect(visitor.answer()).to_contain_text("Discord doesn't let me do this")
    assert await fits(visitor)


async def test_a_long_press_opens_a_messages_menu(visitor: Visitor):
    await visitor.hides_suggestions()
    message = visitor.message("Thank you! And who is @Hearth?")
    await message.scroll_into_view_if_needed()
    box = await message.bounding_box()
    assert box is not None
    finger = {"pointerType": "touch", "bubbles": True, "clientX": box["x"] + 200, "clientY": box["y"] + 30}
    await message.dispatch_event("pointerdown", finger)
    await expect(message).to_contain_class("held")
    await message.dispatch_event("pointerup", finger)
    menu = visitor.page.get_by_role("menu", name="Message actions")
    await expect(menu).to_be_visible()
    assert await fits(visitor)
    await menu.get_by_role("menuitem", name="Reply").tap()
    await visitor.types("That's me, so to say")
    await expect(await visitor.reads("That's me")).to_contain_text("Thank you! And who is @Hearth?")
    assert await fits(visitor)

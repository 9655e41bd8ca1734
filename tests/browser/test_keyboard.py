"""Without a mouse, and without seeing: everything can be reached by keys, and has a name."""

from playwright.async_api import Locator, expect

from tools.flows import PHONE, Visitor, Visits

NAMELESS = """() => {
    const says = (one) => one.getAttribute("aria-label")?.trim() || one.querySelector("img[alt]:not([alt=''])")
        || (!/INPUT|SELECT|TEXTAREA/.test(one.tagName) && one.textContent.trim());
    const labels = (one) => (one.getAttribute("aria-labelledby") ?? "").split(" ").filter(Boolean)
        .map((id) => document.getElementById(id)).filter(Boolean);
    return [...document.querySelectorAll("button, a[href], input, select, textarea, [role=button], [tabindex='0']")]
        .filter((each) => each.checkVisibility({visibilityProperty: true}) && !each.closest("[inert]"))
        .filter((each) => ![each, ...(each.labels ?? []), ...labels(each)].some(says))
        .map((each) => each.outerHTML.slice(0, 200));
}"""
WITHOUT_ALT = "() => [...document.querySelectorAll('img:not([alt])')].map((each) => each.outerHTML)"
TWICE = """() => [...document.querySelectorAll("[id]")].map((each) => each.id)
    .filter((id, index, all) => all.indexOf(id) !== index)"""
DANGLING = """() => ["labelledby", "describedby", "controls", "activedescendant"].flatMap((name) =>
    [...document.querySelectorAll(`[aria-${name}]`)].filter((each) => each.checkVisibility())
        .filter((each) => !each.getAttribute(`aria-${name}`).split(" ").some((id) => document.getElementById(id)))
        .map((each) => `${name}: ${each.outerHTML.slice(0, 200)}`))"""


async def is_accessible(visitor: Visitor) -> bool:
    """Whatever can be pressed or filled in has a name, pictures say what they are, and ids are there, once."""
    for script in (NAMELESS, WITHOUT_ALT, TWICE, DANGLING):
        assert await visitor.page.evaluate(script) == []
    return True


async def press(visitor: Visitor, *keys: str) -> None:
    for key in keys:
        await visitor.page.keyboard.press(key)


async def tab_to(visitor: Visitor, button: Locator, key: str) -> None:
    for _key in range(30):
        if await button.evaluate("each => each === document.activeElement"):
            return
        await press(visitor, key)
    raise AssertionError(f"{key} doesn't lead there")


async def test_from_the_first_key_to_a_pressed_button(visits: Visits):
    visitor = await visits.visitor(first_time=True)
    await press(visitor, "Tab", "Enter")  # the link that leads to writing
    await visitor.page.keyboard.type("!help prefix")
    await press(visitor, "Enter")
    await expect(visitor.answer()).to_contain_text("!prefix")
    await visitor.page.keyboard.type("!help")
    await press(visitor, "Enter")
    await expect(visitor.conversation.get_by_role("button", name="Choose a category")).to_be_visible()

    await tab_to(visitor, visitor.conversation.get_by_role("button", name="Choose a category"), "Shift+Tab")
    await press(visitor, "Enter", *["ArrowDown"] * 4, "Enter")
    await expect(visitor.messages.last).to_contain_text("!automod")

    await tab_to(visitor, visitor.conversation.get_by_role("button", name="▶"), "Shift+Tab")
    before = await visitor.messages.last.inner_text()
    await press(visitor, "Enter")
    await expect(visitor.messages.last).not_to_have_text(before)


async def test_messages_are_walked_through_and_acted_on(visitor: Visitor):
    await visitor.types("First")
    await visitor.types("Second")
    await visitor.reads("Second")
    await visitor.conversation.focus()
    await press(visitor, "ArrowUp")
    await expect(visitor.message("Second")).to_be_focused()
    await press(visitor, "ArrowUp")
    await expect(visitor.message("First")).to_be_focused()
    await press(visitor, "e")
    await expect(visitor.conversation.get_by_role("textbox", name="Edit the message")).to_be_focused()
    await visitor.page.keyboard.type(" things")
    await press(visitor, "Enter")
    await visitor.reads("First things")
    await expect(visitor.writing).to_be_focused()


async def test_who_is_chosen_and_channels_are_changed_by_keys(visitor: Visitor):
    await press(visitor, "Control+k")
    await visitor.page.keyboard.type("become mo")
    await press(visitor, "Enter")
    await visitor.is_now("Mo")
    await press(visitor, "Control+k")
    await visitor.page.keyboard.type("staff-chat")
    await press(visitor, "Enter")
    await visitor.is_in("staff-chat")


async def test_everything_has_a_name(visitor: Visitor):
    page = visitor.page
    await visitor.types("!help")
    await expect(visitor.answer()).to_contain_text("What I can do")
    assert await is_accessible(visitor)
    for landmark, name in (
        ("banner", "Playground"),
        ("navigation", "Servers"),
        ("navigation", "Channels"),
        ("complementary", "Members and tools"),
    ):
        await expect(page.get_by_role(landmark, name=name)).to_be_visible()  # type: ignore[arg-type]
    await expect(page.get_by_role("main")).to_be_visible()
    await expect(page.get_by_role("heading", level=1)).to_have_text("general")
    for tab in ("What happened", "Trouble", "Members"):
        await visitor.looks_at(tab)
        assert await is_accessible(visitor)
    for button, panel in (
        ("You are", "Who you are"),
        ("Time in town", "Time in town"),
        ("Pinned messages", "Pinned messages"),
        ("Insert an emoji", "Emoji"),
        ("Go to", "Go to…"),
    ):
        await visitor.unfolds(button, panel)
        assert await is_accessible(visitor)
        await press(visitor, "Escape")
        await expect(page.get_by_role("dialog", name=panel)).to_be_hidden()


async def test_nothing_is_said_twice(visitor: Visitor):
    bar = visitor.page.get_by_role("banner", name="Playground")
    await expect(bar.get_by_role("button", name="You are: Olivia", exact=True)).to_be_visible()
    await expect(bar.get_by_role("button", name="Bot is running. Make trouble for it", exact=True)).to_be_visible()


async def test_on_a_phone_everything_has_a_name_too(visits: Visits):
    visitor = await visits.visitor(screen=PHONE, first_time=True)
    assert await is_accessible(visitor)
    await visitor.page.get_by_role("button", name="Servers and channels").tap()
    assert await is_accessible(visitor)


async def test_what_happens_is_said(visitor: Visitor):
    """A reader of the screen hears of messages in the log, of time, and of refusals."""
    await expect(visitor.conversation).to_have_attribute("aria-live", "polite")
    await visitor.skips("+1 h")
    said = visitor.page.get_by_role("status").filter(has_text="It is now Friday, 19 June 2026 at 13:00.")
    await expect(said).to_have_count(1)

"""What is around the conversation: places, people, keys, drawers, and what is remembered."""

import re

from playwright.async_api import Locator, WebSocketRoute, expect

from playground import Playground
from tests.playground.test_page_style import COLOURS, READABLE, contrast
from tools.flows import Visitor, Visits
from tools.flows.visitor import PHONE

TOO_SMALL = """() => [...document.querySelectorAll("#controls, #topbar, #places, #side")]
    .flatMap((part) => [...part.querySelectorAll("a, button")])
    .filter((each) => each.checkVisibility({visibilityProperty: true}))
    .filter((each) => Math.min(each.offsetWidth, each.offsetHeight) < 40)
    .map((each) => each.outerHTML)"""


def people_of(visitor: Visitor) -> Locator:
    return visitor.page.get_by_role("dialog", name="Who you are")


async def opens_people(visitor: Visitor) -> Locator:
    await visitor.page.get_by_role("button", name=re.compile("^You are")).click()
    return people_of(visitor)


async def title_is(visitor: Visitor, text: str) -> None:
    await expect(visitor.page).to_have_title(re.compile(re.escape(text)))


# --- going places


async def test_back_and_forward_go_through_channels(visitor: Visitor):
    await visitor.opens("kitchen")
    await visitor.opens("rules")
    await visitor.page.go_back()
    await title_is(visitor, "#kitchen as ")
    await visitor.page.go_back()
    await title_is(visitor, "#general as ")
    await visitor.page.go_forward()
    await title_is(visitor, "#kitchen as ")


async def test_an_address_that_leads_nowhere_changes_nothing(visitor: Visitor):
    await visitor.opens("kitchen")
    address = visitor.page.url
    await visitor.page.evaluate("location.hash = '#/c/1'")
    await expect(visitor.notices).to_contain_text("There is no such channel for you.")
    await expect(visitor.page).to_have_url(address)
    await title_is(visitor, "#kitchen as ")


async def test_keys_lead_to_channels_and_people(visitor: Visitor):
    await visitor.page.keyboard.press("Alt+ArrowDown")
    await title_is(visitor, "#Sunday walk as ")
    await visitor.page.keyboard.press("Alt+ArrowUp")
    await title_is(visitor, "#general as ")
    await visitor.page.keyboard.press("Control+k")
    switcher = visitor.page.get_by_role("dialog", name="Go to…")
    await visitor.page.keyboard.type("kitch")
    await expect(switcher.get_by_role("option", selected=True)).to_contain_text("kitchen")
    await visitor.page.keyboard.press("Enter")
    await title_is(visitor, "#kitchen as ")
    await visitor.page.keyboard.press("Control+k")
    await visitor.page.keyboard.type("chloe")
    await visitor.page.keyboard.press("Enter")
    await visitor.is_now("Chloé")
    await visitor.page.keyboard.press("Control+k")
    await visitor.page.keyboard.press("Escape")
    await expect(switcher).to_be_hidden()


async def test_categories_fold_but_keep_what_is_unread(visitor: Visitor, visits: Visits):
    await visitor.opens("rules")
    await visitor.page.get_by_role("button", name="Town square").click()
    await expect(visitor.channel("general")).to_be_hidden()
    other = await visits.visitor()
    await other.becomes("Bob")
    await other.types("Anybody there?")
    await expect(visitor.channel("general")).to_be_visible()
    await expect(visitor.channel("kitchen")).to_be_hidden()


# --- people


async def test_whoever_is_in_no_server_sees_nothing_and_is_led_back(visitor: Visitor):
    people = await opens_people(visitor)
    await people.get_by_text("Add a person").first.click()
    await people.get_by_role("textbox", name="Name of somebody new in Hearth Town").fill("Quinn")
    await people.get_by_role("button", name="Add a person").click()
    await visitor.is_now("Quinn")
    members = await visitor.looks_at("Members")
    await members.get_by_role("button", name=re.compile("^Quinn")).click()
    await visitor.page.get_by_role("dialog", name="About Quinn").get_by_role("button", name="Make them leave").click()
    sure = visitor.page.get_by_role("dialog", name="Make Quinn leave?")
    await sure.get_by_role("button", name="Make them leave").click()
    await expect(visitor.page.get_by_role("heading", name="Quinn is in no server.")).to_be_visible()
    await expect(visitor.conversation).to_be_hidden()
    await visitor.page.get_by_role("button", name="Join Hearth Town").click()
    await visitor.is_now("Quinn")
    await expect(visitor.conversation).to_be_visible()


async def test_people_are_found_by_name_and_the_owner_in_one_click(visitor: Visitor):
    people = await opens_people(visitor)
    await visitor.page.keyboard.type("chlo")
    await expect(people.get_by_role("listitem")).to_have_count(1)
    await visitor.page.keyboard.press("ArrowDown")
    await visitor.page.keyboard.press("Enter")
    await visitor.is_now("Chloé")
    people = await opens_people(visitor)
    await people.get_by_role("button", name="Be the owner of Hearth Town").click()
    await visitor.is_now("Olivia")


async def test_what_opened_a_panel_closes_it(visitor: Visitor):
    button = visitor.page.get_by_role("button", name=re.compile("^You are"))
    for _time in range(2):
        await button.click()
        await expect(people_of(visitor)).to_be_visible()
        await button.click()
        await expect(people_of(visitor)).to_be_hidden()
    await button.press("Enter")
    await expect(people_of(visitor)).to_be_visible()
    await visitor.page.keyboard.press("Escape")
    await expect(people_of(visitor)).to_be_hidden()
    await expect(button).to_be_focused()


async def test_a_suggestion_is_typed_as_who_it_is_for_and_left_to_be_sent(playground: Playground, visits: Visits):
    visitor = await visits.visitor(first_time=True)
    first = playground.world.suggestions[0]
    await (
        visitor.page.get_by_role("region", name="Things to try")
        .get_by_role("button")
        .filter(has_text=first["title"])
        .click()
    )
    await expect(visitor.writing).to_have_value(first["type"])
    await expect(visitor.writing).to_be_focused()
    assert first["person"] == await visitor.page.evaluate("JSON.parse(sessionStorage.place).person")
    await expect(visitor.page.get_by_role("region", name="Things to try")).to_be_hidden()
    await visitor.page.reload()
    await visitor.sees_the_town()
    await expect(visitor.page.get_by_role("region", name="Things to try")).to_be_hidden()
    await visitor.page.get_by_role("button", name="Things to try", exact=True).click()
    await expect(visitor.page.get_by_role("region", name="Things to try")).to_be_visible()


async def test_a_member_is_mentioned_without_losing_what_was_typed(visitor: Visitor):
    await visitor.writing.fill("Good morning")
    members = await visitor.looks_at("Members")
    await members.get_by_role("button", name="Ann", exact=True).click()
    await visitor.page.get_by_role("dialog", name="About Ann").get_by_role("button", name="Mention").click()
    await expect(visitor.writing).to_have_value(re.compile(r"^Good morning <@\d+> $"))


# --- keys, drawers and the line


async def test_a_drawer_takes_the_focus_and_gives_it_back(playground: Playground, visits: Visits):
    visitor = await visits.visitor(screen=PHONE)
    places = visitor.page.get_by_role("button", name="Servers and channels")
    await expect(visitor.channel("general")).to_be_hidden()
    await places.click()
    await expect(visitor.channel("general")).to_be_focused()
    await visitor.page.keyboard.press("Escape")
    await expect(visitor.channel("general")).to_be_hidden()
    await expect(places).to_be_focused()
    await visitor.opens("kitchen")
    await expect(visitor.channel("kitchen")).to_be_hidden()
    members = await visitor.looks_at("Members")
    await visitor.closes_side()
    await expect(members).to_be_hidden()


async def test_nothing_on_a_phone_is_too_wide_or_too_small_to_press(playground: Playground, visits: Visits):
    visitor = await visits.visitor(screen=PHONE)
    assert await visitor.page.evaluate(TOO_SMALL) == []
    await visitor.page.get_by_role("button", name="Servers and channels").click()
    await expect(visitor.channel("general")).to_be_focused()
    assert await visitor.page.evaluate(TOO_SMALL) == []
    await visitor.page.keyboard.press("Escape")
    for tab in ("Members", "What happened", "Trouble"):
        await visitor.looks_at(tab)
        assert await visitor.page.evaluate(TOO_SMALL) == []
        assert not await visitor.page.evaluate("document.scrollingElement.scrollWidth > innerWidth")


async def test_the_first_key_leads_past_everything_to_writing(playground: Playground, visits: Visits):
    visitor = await visits.visitor(first_time=True)
    await visitor.page.keyboard.press("Tab")
    await expect(visitor.page.get_by_role("link", name="Skip to writing a message")).to_be_focused()
    await visitor.page.keyboard.press("Enter")
    await expect(visitor.writing).to_be_focused()
    await title_is(visitor, "#general as ")


async def test_colours_of_roles_can_be_read(visitor: Visitor):
    """On the lightest ground that a name stands on; and no lighter than that takes."""
    script = "async (colour) => (await import(new URL('js/colours.js', document.baseURI))).readable(colour)"
    assert await visitor.page.evaluate(script, "#57f287") == "#57f287"
    for dark in ("#000000", "#0000ff", "#9b59b6"):
        shown = await visitor.page.evaluate(script, dark)
        assert READABLE <= contrast(shown, COLOURS["--bg-mention"]) < READABLE + 0.6


async def test_a_broken_line_is_said_and_mended(visitor: Visitor):
    """What one writes meanwhile stays until the town is there again."""
    broken = True
    lines: list[WebSocketRoute] = []

    async def line(socket: WebSocketRoute) -> None:
        lines.append(socket)
        if len(lines) == 1 or not broken:
            socket.connect_to_server()
        else:
            await socket.close()

    await visitor.page.route_web_socket(re.compile("/live$"), line)
    await visitor.page.reload()
    await visitor.sees_the_town()
    await lines[0].close()
    banner = visitor.page.get_by_text("The town is closed or restarting; I keep trying.")
    await expect(banner).to_be_visible()
    await visitor.writing.fill("Still here")
    await visitor.writing.press("Enter")
    await expect(visitor.page.get_by_text("The town can't be reached just now.")).to_be_visible()
    await expect(visitor.writing).to_have_value("Still here")
    broken = False
    await expect(banner).to_be_hidden()
    await visitor.types("Still here")
    await visitor.reads("Still here")

"""What people stumbled over who walked through the page: where the focus goes, what moves, what is hidden."""

from playwright.async_api import Locator, expect

from playground import Playground
from tools.flows import PHONE, Visitor, Visits

KEYBOARD_OPEN_PX = 350  # what a phone's keyboard leaves of its height
BROKEN = {"kind": "error", "title": "tea is broken", "text": "", "detail": "SyntaxError", "about": "tea"}
MENDED = {"kind": "success", "title": "Reloaded tea in 4 ms", "text": "", "detail": "", "about": "tea"}


async def card_of(visitor: Visitor, name: str) -> Locator:
    """Open the card of a member by keys."""
    await visitor.looks_at("Members")
    line = visitor.page.get_by_role("complementary").get_by_role("button", name=name, exact=True)
    await line.press("Enter")
    card = visitor.page.get_by_role("dialog", name=f"About {name}")
    await expect(card).to_be_visible()
    return card


async def test_a_card_gives_the_focus_back_to_a_line_that_moved(visitor: Visitor):
    card = await card_of(visitor, "Dan")
    giving = card.get_by_role("combobox", name="Give Dan a role")
    await giving.focus()
    await giving.select_option(label="Moderator")
    await expect(card.get_by_role("button", name="Take Moderator away")).to_be_visible()
    await visitor.page.keyboard.press("Escape")
    members = visitor.page.get_by_role("complementary")
    await expect(members.get_by_role("button", name="Dan", exact=True)).to_be_focused()


async def test_who_made_somebody_leave_goes_on_at_the_next_line(visitor: Visitor):
    card = await card_of(visitor, "Finn")
    await card.get_by_role("button", name="Make them leave").press("Enter")
    await visitor.page.keyboard.press("Enter")
    members = visitor.page.get_by_role("complementary")
    await expect(members.get_by_role("button", name="Finn", exact=True)).to_have_count(0)
    await expect(members.get_by_role("button", name="Hearth , bot")).to_be_focused()
    people = await visitor.unfolds("You are", "Who you are")
    await people.get_by_role("button", name="Finn new here").press("Enter")
    await visitor.page.get_by_role("button", name="Join Hearth Town").press("Enter")
    await expect(visitor.conversation).to_be_focused()


async def test_no_button_for_time_moves_under_the_pointer(visitor: Visitor):
    day = visitor.page.get_by_role("button", name="Skip one day")
    before = await day.bounding_box()
    await visitor.skips("+1 day")
    await expect(visitor.page.get_by_role("button", name="Time in town")).to_contain_text("1 day ahead")
    assert await day.bounding_box() == before


async def test_an_open_keyboard_leaves_room_for_what_one_writes(visits: Visits):
    visitor = await visits.visitor(screen=PHONE, first_time=True)
    page = visitor.page
    await page.set_viewport_size({"width": PHONE.width, "height": KEYBOARD_OPEN_PX})
    await expect(page.get_by_role("region", name="Things to try")).to_be_hidden()
    await expect(visitor.messages.last).to_be_in_viewport(ratio=1)
    await visitor.writing.fill("\n".join("abcdefghijkl"))
    await expect(visitor.writing).to_be_in_viewport(ratio=1)
    await expect(page.get_by_role("button", name="Send", exact=True)).to_be_in_viewport(ratio=1)
    await page.get_by_role("button", name="Insert an emoji").tap()
    await expect(page.get_by_role("searchbox", name="Find an emoji")).to_be_in_viewport(ratio=1)
    await page.get_by_role("button", name="thumbsup").scroll_into_view_if_needed()


async def test_a_name_is_only_cut_where_there_is_no_room(visitor: Visitor):
    await visitor.becomes("Maximilian Theodor von Hohenfels")
    await visitor.skips("+1 day")  # until the end of his time-out
    await visitor.types("!ping")
    name = visitor.answer().get_by_role("button", name="Answer to Maximilian").get_by_text("Maximilian")
    await expect(name).to_be_visible()
    assert await name.evaluate("(name) => name.scrollWidth <= name.clientWidth")


async def test_a_broken_save_is_said_until_it_is_mended(visitor: Visitor, playground: Playground):
    await visitor.page.clock.install()
    playground.live.toast(BROKEN)
    await expect(visitor.notices).to_contain_text("tea is broken")
    await visitor.page.clock.fast_forward("05:00")
    await expect(visitor.notices).to_contain_text("tea is broken")
    playground.live.toast(MENDED)
    await expect(visitor.notices).to_contain_text("Reloaded tea")
    await expect(visitor.notices).not_to_contain_text("tea is broken")


async def test_permissions_have_the_names_that_the_bot_gives_them(visitor: Visitor):
    trouble = await visitor.looks_at("Trouble")
    await trouble.get_by_role("searchbox", name="Find a permission").fill("server")
    await expect(trouble.get_by_role("switch")).to_have_count(1)
    await expect(trouble.get_by_role("switch", name="Manage Server")).to_be_checked()


async def test_a_channel_that_the_bot_may_not_see_is_silent(visitor: Visitor):
    await visitor.becomes("Bob")
    await visitor.goes_to("Crooked Corner")
    await visitor.opens("hidden")
    await visitor.types("!ping")
    lately = await visitor.looks_at("What happened")
    await expect(lately.get_by_role("button").filter(has_text="Bob: !ping")).to_contain_text("Nothing done")


async def test_a_joined_voice_channel_can_be_left_at_once(visitor: Visitor):
    people = await visitor.unfolds("You are", "Who you are")
    await people.get_by_text("Add a person, change your nickname").click()
    choice = people.get_by_role("combobox", name="Join a voice channel")
    await choice.focus()
    await choice.select_option(label="Quiet room")
    await expect(people.get_by_role("button", name="Leave voice (Quiet room)")).to_be_focused()


async def test_after_a_dialog_one_types_on_where_one_was(visitor: Visitor):
    await visitor.writing.fill("! tea")
    await visitor.writing.press("Home")
    await visitor.page.keyboard.press("ArrowRight")
    for leaving in ("Escape", "Enter"):
        await visitor.page.keyboard.press("Control+k")
        await visitor.page.get_by_role("combobox", name="Go to a channel").press_sequentially("general")
        await visitor.page.keyboard.press(leaving)
        await expect(visitor.writing).to_be_focused()
        await visitor.page.keyboard.type("x")
    await expect(visitor.writing).to_have_value("!xx tea")

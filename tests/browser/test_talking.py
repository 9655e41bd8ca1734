"""Talking with the bot and with each other: commands, buttons, files, changes of what was said."""

from pathlib import Path

from playwright.async_api import expect

from playground import Playground
from tools.flows import Visitor, Visits


async def test_a_command_is_answered(visitor: Visitor):
    await visitor.types("!ping")
    await expect(visitor.answer()).to_contain_text("Pong!")


async def test_the_pages_of_help_are_leafed_through(visitor: Visitor):
    await visitor.types("!help")
    await expect(visitor.answer()).to_contain_text("What I can do for you here")
    await visitor.chooses("Choose a category", "Admin")
    await expect(visitor.answer()).to_contain_text("!about")
    await visitor.presses("▶")
    await expect(visitor.answer()).not_to_contain_text("!about")
    await visitor.presses("◀")
    await expect(visitor.answer()).to_contain_text("!about")


async def test_a_question_is_confirmed(visitor: Visitor):
    await visitor.types("!remind 2h the bread")
    await expect(visitor.answer()).to_contain_text("the bread")
    await visitor.types("!remind cancel all")
    await expect(visitor.answer()).to_contain_text("Cancel your 1 reminder?")
    await visitor.presses("Yes")
    await visitor.reads("1 reminder is cancelled.")
    await expect(visitor.conversation.get_by_role("button", name="Yes", exact=True)).to_be_disabled()


async def test_commands_are_completed(visitor: Visitor):
    await visitor.writing.press_sequentially("!rem")
    await expect(visitor.page.get_by_role("option", name="!remind")).to_be_visible()
    await visitor.page.keyboard.press("Tab")
    await expect(visitor.writing).to_have_value("!remind ")
    await visitor.writing.press_sequentially("10s tea")
    await visitor.page.keyboard.press("Enter")
    await visitor.reads("I'll remind you")


async def test_a_name_is_completed_and_shown_as_a_mention(visitor: Visitor):
    await visitor.writing.press_sequentially("Good morning @Zo")
    await visitor.page.get_by_role("option", name="Zoë of the herbs").click()
    await visitor.page.keyboard.press("Enter")
    await visitor.reads("Good morning @Zoë of the herbs")


async def test_the_last_message_is_edited_with_arrow_up(visitor: Visitor):
    await visitor.types("Bread is redy")
    await visitor.reads("Bread is redy")
    await visitor.page.keyboard.press("ArrowUp")
    box = visitor.conversation.get_by_role("textbox", name="Edit the message")
    await expect(box).to_have_value("Bread is redy")
    await box.fill("Bread is ready")
    await box.press("Enter")
    await expect(await visitor.reads("Bread is ready")).to_contain_text("(edited)")
    await expect(visitor.message("Bread is redy")).to_have_count(0)


async def test_somebody_is_answered(visitor: Visitor):
    await visitor.does("Reply", visitor.message("Hello! I'm new here"))
    await visitor.types("Nice to meet you")
    reply = await visitor.reads("Nice to meet you")
    await expect(reply.get_by_role("button", name="Answer to Finn: Hello! I'm new here 👋. Go there")).to_be_visible()


async def test_a_message_is_deleted_after_a_question(visitor: Visitor):
    await visitor.types("Never mind this one")
    await visitor.does("Delete", await visitor.reads("Never mind this one"))
    await visitor.page.get_by_role("dialog", name="Delete the message?").get_by_role("button", name="Delete").click()
    await expect(visitor.message("Never mind this one")).to_have_count(0)


async def test_a_message_is_pinned(visitor: Visitor):
    await visitor.does("Pin", visitor.message("I'm new here"))
    await visitor.reads("pinned a message to this channel.")
    await visitor.page.get_by_role("button", name="Pinned messages: 2").click()
    pins = visitor.page.get_by_role("dialog", name="Pinned messages")
    await expect(pins.get_by_role("article", name="Pinned message of Finn")).to_contain_text("I'm new here")


async def test_a_reaction_is_given_and_taken_back(visitor: Visitor):
    welcome = visitor.messages.filter(has_text="Welcome @Finn!").first  # the last one answers it
    hearth = welcome.get_by_role("button", name="hearth:")
    await hearth.click()
    await expect(hearth).to_have_attribute("aria-pressed", "true")
    await expect(hearth).to_contain_text("4")
    await hearth.click()
    await expect(hearth).to_have_attribute("aria-pressed", "false")
    await expect(hearth).to_contain_text("3")


async def test_files_are_sent(visitor: Visitor, tmp_path: Path):
    notes = tmp_path / "notes.txt"
    notes.write_text("three eggs\n")
    await visitor.attaches(notes)
    await expect(visitor.page.get_by_role("list", name="Files to send")).to_contain_text("notes.txt")
    await visitor.types("The shopping list")
    message = await visitor.reads("The shopping list")
    async with visitor.page.expect_download() as downloading:
        await message.get_by_role("link", name="Download notes.txt").click()
    assert Path(await (await downloading.value).path()).read_text() == "three eggs\n"


async def test_a_picture_is_shown_and_enlarged(visitor: Visitor, tmp_path: Path):
    from PIL import Image

    Image.new("RGB", (40, 30), "red").save(tmp_path / "red.png")
    await visitor.attaches(tmp_path / "red.png")
    await visitor.types("Look")
    picture = (await visitor.reads("Look")).get_by_role("img", name="red.png")
    await expect(picture).to_be_visible()
    await expect(picture).to_have_js_property("naturalWidth", 40)
    await picture.click()
    large = visitor.page.get_by_role("dialog", name="red.png").get_by_role("img", name="red.png")
    await expect(large).to_have_js_property("naturalWidth", 40)


async def test_older_messages_come_when_one_scrolls_up(visitor: Visitor, playground: Playground):
    world = playground.world
    async with playground.turn:
        for number in range(60):
            await playground.acting.send(world.owner.id, world.general.id, f"word number {number}.")
    await visitor.page.reload()
    await visitor.reads("word number 59.")
    await expect(visitor.message("word number 0.")).to_have_count(0)
    await visitor.message("word number 59.").hover()
    await visitor.page.mouse.wheel(0, -20_000)
    await expect(visitor.message("word number 0.")).to_have_count(1)


async def test_all_things_to_try_are_answered(visits: Visits, playground: Playground):
    visitor = await visits.visitor(first_time=True)
    for suggestion in playground.world.suggestions:
        await visitor.follows_suggestion(suggestion["title"])
        await visitor.sends()
        await expect(visitor.answer()).not_to_contain_text("You need")
        await visitor.page.get_by_role("button", name="Things to try", exact=True).click()

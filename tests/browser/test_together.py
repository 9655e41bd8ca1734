"""Several pages at once, each of another person: what one does, the others see at once."""

import re

from playwright.async_api import expect

from playground import Playground
from tools.flows import Visitor, Visits


async def test_two_people_see_each_other_talk(visits: Visits, visitor: Visitor):
    bob = await visits.visitor(beside=visitor)
    await bob.becomes("Bob")
    await visitor.is_now("Olivia")

    await bob.writing.press_sequentially("Rolls!")
    await expect(visitor.page.get_by_role("main")).to_contain_text("Bob is typing…")
    await bob.page.keyboard.press("Enter")
    seen = await visitor.reads("Rolls!")
    await expect(visitor.page.get_by_role("main")).not_to_contain_text("Bob is typing…")

    await visitor.does("Add a reaction", seen)
    await visitor.page.get_by_role("searchbox", name="Find an emoji").fill("heart")
    await visitor.page.keyboard.press("Enter")
    await expect(bob.message("Rolls!").get_by_role("group", name="Reactions")).to_contain_text("1")

    await bob.writing.press("ArrowUp")
    box = bob.conversation.get_by_role("textbox", name="Edit the message")
    await box.fill("Rolls, warm ones!")
    await box.press("Enter")
    await expect(await visitor.reads("Rolls, warm ones!")).to_contain_text("(edited)")

    await bob.does("Delete", bob.message("Rolls, warm ones!"))
    await bob.page.get_by_role("dialog", name="Delete the message?").get_by_role("button", name="Delete").click()
    await expect(visitor.message("Rolls, warm ones!")).to_have_count(0)


async def test_a_reload_keeps_who_and_where_each_tab_was(visits: Visits, visitor: Visitor):
    mo = await visits.visitor(beside=visitor)
    await mo.becomes("Mo")
    await mo.opens("staff-chat")
    await mo.page.reload()
    await visitor.page.reload()
    await mo.is_now("Mo")
    await mo.is_in("staff-chat")
    await visitor.is_now("Olivia")
    await visitor.is_in("general")


async def test_what_is_new_elsewhere_is_marked(visits: Visits, visitor: Visitor):
    bob = await visits.visitor()
    await bob.becomes("Bob")
    await bob.opens("kitchen")
    await expect(visitor.channel("kitchen")).not_to_have_accessible_name("unread")
    await bob.types("Who takes the soup?")
    await expect(visitor.channel("kitchen")).to_have_accessible_name("kitchen , text channel, unread")
    await bob.opens("bot-commands")
    await bob.types("@Olivia soup!")
    await expect(visitor.channel("bot-commands")).to_have_accessible_name("bot-commands , text channel, unread")
    await visitor.opens("kitchen")
    await visitor.reads("Who takes the soup?")
    await expect(visitor.channel("kitchen")).to_have_accessible_name("kitchen , text channel")


async def test_a_mention_is_counted(visits: Visits, visitor: Visitor, playground: Playground):
    bob = await visits.visitor()
    await bob.becomes("Bob")
    await bob.opens("bot-commands")
    await bob.types(f"<@{playground.world.owner.id}> soup!")
    await expect(visitor.channel("bot-commands")).to_have_accessible_name(
        "bot-commands , text channel, unread, 1 mention"
    )
    await expect(visitor.page).to_have_title("(1) #general as Olivia · Hearth Town")
    await visitor.opens("bot-commands")
    await expect(await visitor.reads("@Olivia soup!")).to_be_visible()
    await expect(visitor.page).not_to_have_title(re.compile(r"\(1\)"))

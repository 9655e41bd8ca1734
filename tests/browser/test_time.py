"""The town's time: skipped by buttons and to moments, with what becomes due on the way."""

import re

from playwright.async_api import expect

from tools.flows import Visitor


async def test_a_day_is_skipped_and_the_reminder_comes(visitor: Visitor):
    await visitor.types("!remind 20h water the garden")
    await expect(visitor.answer()).to_contain_text("in 20 hours")
    await visitor.skips("+1 day")
    reminder = await visitor.reads("@Olivia, you asked me to remind you:")
    await expect(reminder).to_contain_text("water the garden")
    clock = visitor.page.get_by_role("button", name="Time in town")
    await expect(clock).to_contain_text("Sat, 20 Jun 2026")
    await expect(clock).to_contain_text("1 day ahead")
    await expect(visitor.conversation.get_by_role("separator", name="20 June 2026")).to_be_visible()


async def test_a_reminder_is_snoozed_and_comes_again(visitor: Visitor):
    await visitor.types("!remind 30s the kettle")
    await visitor.skips("+1 min")
    reminders = visitor.messages.filter(has_text="you asked me to remind you")
    await expect(reminders).to_have_count(1)
    await visitor.presses("💤 In 10 minutes")
    await visitor.reads("Only you can see this")
    await visitor.skips("Next")
    await expect(reminders).to_have_count(2)
    await expect(visitor.page.get_by_role("button", name="Time in town")).to_contain_text(re.compile("1[01] minutes"))


async def test_time_runs_until_a_moment_in_words(visitor: Visitor):
    await visitor.types("!remind 31 december 20:00 fireworks")
    await expect(visitor.answer()).to_contain_text("31 December 2026")
    await visitor.waits_until("2027-03-01")
    await visitor.reads("fireworks")
    await expect(visitor.page.get_by_role("button", name="Time in town")).to_contain_text("2027")


async def test_what_is_no_moment_is_refused_in_a_sentence(visitor: Visitor):
    panel = await visitor.unfolds("Time in town", "Time in town")
    await panel.get_by_role("textbox", name="Until when").fill("when pigs fly")
    await visitor.page.keyboard.press("Enter")
    await expect(panel.get_by_role("alert")).to_contain_text("'when pigs fly' is no moment")


async def test_buttons_time_out_with_the_towns_time(visitor: Visitor):
    await visitor.types("!help")
    category = visitor.conversation.get_by_role("button", name="Choose a category")
    await expect(category).to_be_enabled()
    await visitor.skips("+1 h")
    await expect(category).to_be_disabled()

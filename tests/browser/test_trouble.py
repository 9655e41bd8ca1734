"""Trouble for the bot, made in the page, and how the bot copes."""

import re

from playwright.async_api import expect

from tools.flows import Visitor


async def test_a_failed_call_is_told_in_a_sentence_and_is_over_then(visitor: Visitor):
    await visitor.lets_fail("Send message", status="403 Forbidden")
    await visitor.types("!ping")
    await expect(visitor.answer()).to_contain_text("Discord doesn't let me do this")
    await expect(visitor.page.get_by_text("Send message: fails with 403")).to_have_count(0)
    await visitor.types("!ping")
    await expect(visitor.answer()).to_contain_text("Pong!")


async def test_a_fault_is_taken_back(visitor: Visitor):
    await visitor.lets_fail("Send message", times="Always")
    await visitor.page.get_by_role("button", name="Let it succeed again: Send message").click()
    await expect(visitor.page.get_by_text("Send message: fails with 500")).to_have_count(0)
    await visitor.types("!ping")
    await expect(visitor.answer()).to_contain_text("Pong!")


async def test_a_killed_bot_is_seen_dead_and_started_again(visitor: Visitor):
    trouble = await visitor.looks_at("Trouble")
    await trouble.get_by_role("button", name="Kill it").click()
    await expect(visitor.page.get_by_role("banner")).to_contain_text("Bot is dead")
    await visitor.types("!ping")
    await visitor.reads("!ping")
    await trouble.get_by_role("button", name="Start it").click()
    await expect(visitor.page.get_by_role("banner")).to_contain_text("Bot is running")
    await expect(visitor.message("Pong!")).to_have_count(0)
    await visitor.types("!ping")
    await expect(visitor.answer()).to_contain_text("Pong!")


async def test_what_was_said_while_the_line_was_cut_is_answered_after_it(visitor: Visitor):
    trouble = await visitor.looks_at("Trouble")
    await trouble.get_by_role("button", name="Drop gateway").click()
    await expect(visitor.page.get_by_role("banner")).to_contain_text("Bot is cut off")
    await visitor.types("!ping")
    await expect(visitor.message("Pong!")).to_have_count(0)
    await trouble.get_by_role("button", name="Reconnect").click()
    await expect(visitor.answer()).to_contain_text("Pong!")


async def test_a_permission_is_taken_from_the_bot_and_given_back(visitor: Visitor):
    trouble = await visitor.looks_at("Trouble")
    embeds = trouble.get_by_role("switch", name="Embed Links")
    await embeds.uncheck()
    await visitor.types("!help")
    await expect(visitor.answer()).to_contain_text("What I can do for you here")
    await expect(visitor.answer().get_by_role("region", name="Embed")).to_have_count(0)
    await embeds.check()
    await visitor.types("!help")
    await expect(visitor.answer().get_by_role("region", name="Embed")).to_have_count(1)


async def test_the_bots_role_is_moved_below_another(visitor: Visitor):
    trouble = await visitor.looks_at("Trouble")
    ladder = trouble.get_by_role("list").last.get_by_role("listitem")
    first, second, *others = await ladder.all_inner_texts()
    assert "the bot's own" in first
    await trouble.get_by_role("button", name="Move its role down").click()
    await expect(ladder).to_have_text([second, re.compile("the bot's own"), *others])
    await expect(trouble.get_by_role("button", name="Move its role down")).to_be_focused()

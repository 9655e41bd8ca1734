"""Talking with the bot: commands, answers, buttons."""

from playwright.async_api import expect

from tools.flows import Visitor


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
    await visitor.types("!remind clear")
    await expect(visitor.answer()).to_contain_text("?")
    await visitor.presses("Yes")
    await visitor.types("!remind list")
    await expect(visitor.answer()).not_to_contain_text("the bread")

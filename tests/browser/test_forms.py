"""Selects of all kinds, and forms with every kind of control; what the bot hears is what was filled in."""

from pathlib import Path

import pytest
from discord.ext import commands
from playwright.async_api import Locator, expect

from playground import Playground
from tests.playground.acting_panel import Buttons, Menus, Said
from tools.flows import Visitor


@pytest.fixture
def said(playground: Playground) -> Said:
    """What the bot heard of its panels, `!buttons` and `!menus`."""
    said: Said = []

    async def buttons(ctx: commands.Context) -> None:
        await ctx.send("Buttons for you", view=Buttons(said))

    async def menus(ctx: commands.Context) -> None:
        await ctx.send("Menus for you", view=Menus(said))

    for show in (buttons, menus):
        playground.life.bot.add_command(commands.Command(show))
    return said


def form(visitor: Visitor, title: str) -> Locator:
    return visitor.page.get_by_role("dialog", name=title)


async def test_selects_of_all_kinds_tell_what_was_chosen(visitor: Visitor, said: Said):
    await visitor.types("!menus")
    await visitor.reads("Menus for you")
    for select, chosen, heard in (
        ("Make a selection", ["tea", "water"], ["tea", "water"]),
        ("Select a person", ["Dan", "Zoë of the herbs"], ["dan", "zoe"]),
        ("Select a role", ["Rose"], ["Rose"]),
        ("Select a person or role", ["Ann", "Violet"], ["ann", "Violet"]),
        ("Select a channel", ["kitchen"], ["kitchen"]),
    ):
        await visitor.picks(visitor.conversation.get_by_role("button", name=select, exact=True), chosen)
        await expect(visitor.conversation.get_by_role("button", name=", ".join(chosen), exact=True)).to_be_visible()
        assert sorted(said.pop(), key=str) == sorted(heard, key=str)


async def test_a_form_is_opened_filled_in_and_sent(visitor: Visitor, said: Said):
    await visitor.types("!buttons")
    await visitor.reads("Buttons for you")
    await visitor.presses("Details")
    details = form(visitor, "Details")
    await expect(details).to_contain_text("Tell me more.")
    send = details.get_by_role("button", name="Submit")
    await expect(send).to_be_disabled()
    await details.get_by_role("textbox", name="Nickname").fill("Al")
    await details.get_by_role("textbox", name="Story").fill("Once upon a time")
    await visitor.picks(details.get_by_role("button", name="Colours"), ["red", "blue"])
    await visitor.picks(details.get_by_role("button", name="Friend"), ["Ann"])
    await expect(send).to_be_disabled()  # the nickname is too short
    await details.get_by_role("textbox", name="Nickname").fill("Ali")
    await send.click()
    await expect(details).to_have_count(0)
    await expect(await visitor.reads("Thank you")).to_contain_text("Only you can see this")
    assert said == [("Ali", "Once upon a time", ["red", "blue"], ["ann"])]


async def test_a_form_with_files_and_choices(visitor: Visitor, said: Said, tmp_path: Path):
    (tmp_path / "proof.txt").write_text("I was there")
    await visitor.types("!buttons")
    await visitor.reads("Buttons for you")
    await visitor.presses("Choices")
    choices = form(visitor, "Choices")
    async with visitor.page.expect_file_chooser() as choosing:
        await choices.get_by_role("button", name="Choose a file").click()
    await (await choosing.value).set_files(tmp_path / "proof.txt")
    await choices.get_by_role("radio", name="L").check()
    await choices.get_by_role("checkbox", name="milk").check()
    await choices.get_by_role("checkbox", name="honey").check()
    await choices.get_by_role("checkbox", name="I agree").check()
    await visitor.picks(choices.get_by_role("button", name="Where"), ["kitchen"])
    await choices.get_by_role("button", name="Submit").click()
    await expect(choices).to_have_count(0)
    assert said == [([("proof.txt", 11)], "L", ["milk", "honey"], True, ["kitchen"])]


async def test_a_form_isnt_lost_by_mistake(visitor: Visitor, said: Said):
    await visitor.types("!buttons")
    await visitor.reads("Buttons for you")
    await visitor.presses("Details")
    details = form(visitor, "Details")
    await details.get_by_role("textbox", name="Nickname").fill("Ali")
    await visitor.page.keyboard.press("Escape")
    await form(visitor, "Close the form?").get_by_role("button", name="Cancel").click()
    await expect(details.get_by_role("textbox", name="Nickname")).to_have_value("Ali")
    await visitor.page.keyboard.press("Escape")
    await form(visitor, "Close the form?").get_by_role("button", name="Close it").click()
    await expect(details).to_have_count(0)
    assert said == []


async def test_a_bot_that_stays_silent_is_shown_so(visitor: Visitor, said: Said):
    await visitor.types("!buttons")
    panel = await visitor.reads("Buttons for you")
    await visitor.presses("Silent")
    await expect(panel.get_by_role("alert")).to_contain_text("This interaction failed")
    assert said == ["olivia pressed in vain"]
    await visitor.presses("Hello")
    await visitor.reads("Only you can see this")
    await expect(panel.get_by_role("alert")).to_have_count(0)

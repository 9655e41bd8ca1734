"""What happened: what the bot did for a message, step by step."""

from playwright.async_api import expect

from tools.flows import Visitor


async def test_a_message_tells_its_command_statements_and_calls(visitor: Visitor):
    await visitor.types("!remind 2h the bread")
    await expect(visitor.answer()).to_contain_text("the bread")
    panel = await visitor.asks_what_happened(visitor.answer())
    trace = panel.get_by_role("article").first
    await expect(trace).to_contain_text("Olivia: !remind 2h the bread")
    await expect(trace).to_contain_text("Done")
    steps = trace.get_by_role("listitem")
    await expect(steps.filter(has_text="Command: ").first).to_contain_text("remind")
    await expect(steps.filter(has_text="SQL: ").filter(has_text="INSERT INTO reminders").first).to_be_visible()
    await expect(steps.filter(has_text="REST call: ").filter(has_text="POST").first).to_contain_text("messages")


async def test_an_error_is_found_with_its_traceback(visitor: Visitor, playground):
    from discord.ext import commands

    async def break_down(_ctx: commands.Context) -> None:
        raise RuntimeError("the oven is cold")

    playground.life.bot.add_command(commands.Command(break_down, name="bake"))
    await visitor.types("!bake")
    await expect(visitor.answer()).to_contain_text("Something went wrong on my side.")
    panel = await visitor.asks_what_happened(visitor.answer())
    await expect(panel.get_by_role("article").first).to_contain_text("Failed")
    error = panel.get_by_role("listitem").filter(has_text="Error: ").first
    await expect(error).to_contain_text("RuntimeError")
    await error.locator("summary").click()
    await expect(error).to_contain_text('raise RuntimeError("the oven is cold")')


async def test_it_fills_while_one_looks(visitor: Visitor):
    panel = await visitor.looks_at("What happened")
    await visitor.types("!ping")
    await panel.get_by_role("button", name="Olivia: !ping").click()
    await expect(panel.get_by_role("article").first).to_contain_text("Pong!")


async def test_kinds_of_steps_are_hidden(visitor: Visitor):
    await visitor.types("!remind 2h the bread")
    panel = await visitor.asks_what_happened(visitor.answer())
    sql = panel.get_by_role("listitem").filter(has_text="SQL: ")
    await expect(sql.first).to_be_visible()
    await panel.get_by_role("button", name="SQL").click()
    await expect(sql).to_have_count(0)
    await panel.get_by_role("button", name="SQL").click()
    await expect(sql.first).to_be_visible()

"""The page and the program that it belongs to: saved code, a killed program, and what is there after a restart."""

import re
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import pytest_asyncio
from playwright.async_api import expect

from tests.browser.conftest import Open
from tests.browser.program import Program, copy_of_the_code
from tests.support.process import within

pytestmark = pytest.mark.slow


@pytest_asyncio.fixture(loop_scope="session")
async def programs() -> AsyncIterator[list[Program]]:
    """Those that a test has started; none of them outlives it."""
    programs: list[Program] = []
    yield programs
    for program in programs:
        with suppress(ProcessLookupError):
            await program.kill()


@within(90)
async def test_what_is_saved_runs_at_once_and_what_is_broken_doesnt(
    tmp_path: Path, programs: list[Program], open_visits: Open
):
    folder = copy_of_the_code(tmp_path)
    program = await Program.open("--dev", folder=folder)
    programs.append(program)
    visits = open_visits(await program.address(), None)
    visitor = await visits.visitor()
    await visitor.types("!ping")
    await expect(visitor.answer()).to_contain_text("Pong!")

    file = next(path for path in folder.glob("cogs/admin/*.py") if "Pong!" in path.read_text())
    before = file.read_text()
    file.write_text(before.replace("Pong!", "Pang!"))
    await expect(visitor.notices).to_contain_text(re.compile(r"Reloaded admin in \d+ ms"))
    await visitor.notices.get_by_role("button", name="Dismiss: Reloaded admin").click()
    await visitor.types("!ping")
    await expect(visitor.answer()).to_contain_text("Pang!")

    file.write_text(before + "\nthis is no Python\n")
    await expect(visitor.notices).to_contain_text("admin is broken")
    await expect(visitor.notices).to_contain_text("The version before runs on.")
    await visitor.notices.get_by_text("Show the detail").click()
    await expect(visitor.notices).to_contain_text("SyntaxError")
    await visitor.types("!ping")
    await expect(visitor.answer()).to_contain_text("Pang!")

    file.write_text(before)
    await expect(visitor.notices).to_contain_text("Reloaded admin")
    await visitor.types("!ping")
    await expect(visitor.answer()).to_contain_text("Pong!")


@within(90)
async def test_a_page_outlives_the_program(tmp_path: Path, programs: list[Program], open_visits: Open):
    folder = copy_of_the_code(tmp_path)
    first = await Program.open(folder=folder)
    programs.append(first)
    address = await first.address()
    visits = open_visits(address, None)
    visits.forgive("WebSocket connection")  # the page tries again and again
    visitor = await visits.visitor()
    await visitor.becomes("Ann")
    await visitor.opens("bot-commands")
    await visitor.types("!remind 20h the bread")
    await expect(visitor.answer()).to_contain_text("the bread")
    await visitor.skips("+1 h")

    await first.kill()
    await expect(visitor.page.get_by_role("status").filter(has_text="The town is closed")).to_be_visible()
    second = await Program.open(folder=folder, port=urlsplit(address).port or 0)
    programs.append(second)
    assert await second.address() == address
    await expect(visitor.page.get_by_role("status").filter(has_text="The town is closed")).to_have_count(0)
    await visitor.is_now("Ann")
    await visitor.is_in("bot-commands")
    await visitor.types("!remind list")
    await expect(visitor.answer()).to_contain_text("the bread")
    await expect(visitor.page.get_by_role("button", name="Time in town")).to_contain_text("1 hour ahead")
    await visitor.skips("+1 day")
    await visitor.reads("you asked me to remind you")

"""A real browser, one a worker, and a town of its own for each test.

All tests of this folder run in one event loop a worker, where the browser lives. A test fails when a page did what no
page may do: an error in its console, a script that failed, a request that left the playground.
"""

import logging
import os
from collections.abc import AsyncIterator, Callable, Generator
from datetime import datetime
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser
from pytest_asyncio import is_async_test

from main import create_bot
from playground import Playground, opened
from tests.support.patience import PATIENCE
from tools.browser import NO_BROWSER, browser, find_browser
from tools.flows import NOON, Visitor, Visits
from utils.config import Config

FOLDER = Path(__file__).parent
FAILED = pytest.StashKey[bool]()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.is_relative_to(FOLDER) and is_async_test(item):
            item.add_marker(pytest.mark.asyncio(loop_scope="session"), append=False)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    item.stash[FAILED] = item.stash.get(FAILED, False) or report.failed
    return report


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def running_browser() -> AsyncIterator[Browser]:
    path = find_browser()
    if path is None:
        give_up = pytest.fail if os.environ.get("BROWSER_TESTS") == "required" else pytest.skip
        give_up(NO_BROWSER)
    async with browser(path) as running:
        yield running


@pytest.fixture
def playground_config(tmp_path: Path) -> Config:
    return Config(database_url=f"sqlite:///{tmp_path / 'playground.db'}", command_spam=False)


@pytest_asyncio.fixture(loop_scope="session")
async def playground(running_browser: Browser, playground_config: Config) -> AsyncIterator[Playground]:
    """Hearth Town, open; its clock stands until somebody lets time pass."""
    async with opened(playground_config, create_bot, now=lambda: NOON) as playground:
        playground.world.env.settle_timeout *= PATIENCE
        yield playground


Open = Callable[[str, datetime | None], Visits]


@pytest_asyncio.fixture(loop_scope="session")
async def open_visits(
    request: pytest.FixtureRequest, running_browser: Browser, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> AsyncIterator[Open]:
    """For the address of any playground and the time that its pages take for the real one."""
    opened_here: list[Visits] = []

    def open_them(url: str, now: datetime | None) -> Visits:
        opened_here.append(Visits(running_browser, url, now=now))
        return opened_here[-1]

    yield open_them
    for number, visits in enumerate(opened_here):
        if request.node.stash.get(FAILED, False):
            await visits.take_pictures(tmp_path / f"pages-{number}")
        await visits.end()
        assert visits.unforgiven() == []
    assert [record for record in caplog.get_records("call") if is_our_mistake(record)] == []


@pytest.fixture
def visits(playground: Playground, open_visits: Open) -> Visits:
    """Opens pages of Hearth Town."""
    return open_visits(playground.url, NOON)


def is_our_mistake(record: logging.LogRecord) -> bool:
    return record.name == "hearth.playground" and record.levelno >= logging.ERROR


@pytest_asyncio.fixture(loop_scope="session")
async def visitor(playground: Playground, visits: Visits) -> Visitor:
    """Olivia at a desk, in #general."""
    return await visits.visitor()

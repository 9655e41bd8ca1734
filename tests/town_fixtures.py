"""The `town` fixture: a simulated Discord with the real bot in it; see `tests/support/town.py`.

Every test that takes `town` runs twice: on SQLite in English, and on PostgreSQL in the pseudo-language, where a
sentence that doesn't pass through gettext fails the test. So each is run on both engines and in both languages; the
other two pairs would find hardly anything more.

`@pytest.mark.town(command_prefix="?")` sets fields of the bot's `Config`; `languages=("en",)` limits the
languages, for a test that is about another one. With one language a test runs on both engines in that, and with one
engine in both languages.
"""

from collections.abc import AsyncIterator, Generator
from contextlib import nullcontext

import pytest
import pytest_asyncio

from database.manager import DatabaseManager
from tests.support.town import Town
from utils.bot import Hearth
from utils.config import Config
from utils.i18n import PSEUDO, SOURCE


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line(
        "markers",
        "town(languages=…, **settings): the languages a town speaks, and fields of its bot's Config",
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Drop what would test nothing new: the pairs of engine and language that aren't the two chosen ones."""
    kept, dropped = [], []
    for item in items:
        (kept if _is_worthwhile(item) else dropped).append(item)
    if dropped:
        config.hook.pytest_deselected(items=dropped)
        items[:] = kept


def _is_worthwhile(item: pytest.Item) -> bool:
    callspec = getattr(item, "callspec", None)
    chosen = callspec.params if callspec else {}
    language = chosen.get("town_language")
    if language is None:
        return True
    marker = item.get_closest_marker("town")
    wanted = (marker.kwargs.get("languages") if marker else None) or (SOURCE, PSEUDO)
    engines = item.get_closest_marker("engines")
    if (engines and len(engines.args) == 1) or not {SOURCE, PSEUDO} <= set(wanted):
        return language in wanted
    return (language == PSEUDO) == (chosen.get("database_engine") == "postgresql")


@pytest.fixture(params=[SOURCE, PSEUDO])
def town_language(request: pytest.FixtureRequest) -> str:
    """The language that the town's bot speaks by default."""
    return str(request.param)


@pytest_asyncio.fixture
async def town(request: pytest.FixtureRequest, db: DatabaseManager, town_language: str) -> AsyncIterator[Town]:
    """A small guild with people and channels, and the bot, all at rest."""
    marker = request.node.get_closest_marker("town")
    settings = {key: value for key, value in (marker.kwargs if marker else {}).items() if key != "languages"}

    def make_bot(town: Town) -> Hearth:
        from main import create_bot  # here, so that tests without a town need no bot

        owners = frozenset({town.developer.id})
        return create_bot(Config(**{"owner_ids": owners, "default_language": town.language, **settings}), db)

    town = Town(make_bot, db, language=town_language)
    await town.start()
    yield town
    await town.close()
    town.check()


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None]:
    """Let the test itself live in the town's time."""
    town = getattr(item, "funcargs", {}).get("town")
    with town.clock() if isinstance(town, Town) else nullcontext():
        return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Generator[None]:
    """Show with a failed test what happened in its town."""
    report = yield
    town = getattr(item, "funcargs", {}).get("town")
    if report.failed and isinstance(town, Town):
        report.sections.append(("what happened in the town", town.transcript()))
    return report

"""The `town` fixture: a simulated Discord with the real bot in it; see `tests/support/town.py`.

A test that takes `town` runs on SQLite in English or on PostgreSQL in the pseudo-language, where a sentence that
doesn't pass through gettext fails the test: by turns, so that each topic meets both. `pytest --both` runs it on both.
What is about a database itself takes `db`, and always runs on both engines.

A quarter of these tests, of either kind, runs with MEMBER_CACHE=all and everybody in memory, the others with lean:
also by turns, which `pytest --member-cache all` (or lean) puts an end to.

`@pytest.mark.town(command_prefix="?")` sets fields of the bot's `Config`; `languages=("en",)` limits the
languages, for a test that is about another one, as `engines("sqlite")` does the engines.
"""

import sys
import zlib
from collections.abc import AsyncIterator, Generator, Iterator, Mapping
from contextlib import contextmanager, nullcontext

import pytest
import pytest_asyncio

from database.manager import DatabaseManager
from tests.database_fixtures import ENGINES
from tests.support import parameters
from tests.support.town import Town
from utils.bot import Hearth
from utils.config import Config
from utils.i18n import PSEUDO, SOURCE
from utils.members import get_members

ENGINE_OR_LANGUAGE = ("sqlite", "postgresql", *SOURCE.split("-"), *PSEUDO.split("-"))
"""What these are called in the id of a test."""
ALL_EVERY = 4  # one in so many tests runs with all members in memory


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line(
        "markers",
        "town(languages=…, **settings): the languages a town speaks, and fields of its bot's Config",
    )
    parameters.read_once()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--both", action="store_true", help="run each test of the town on both database engines")
    parser.addoption(
        "--member-cache",
        choices=("turns", "lean", "all"),
        default="turns",
        help="MEMBER_CACHE of each town's bot; usually `all` in a quarter of the tests",
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Drop the pairs of engine and language that aren't wanted."""
    kept, dropped = [], []
    for item in items:
        (kept if _is_wanted(item, both=config.getoption("--both")) else dropped).append(item)
    if dropped:
        config.hook.pytest_deselected(items=dropped)
        items[:] = kept


def _is_wanted(item: pytest.Item, *, both: bool) -> bool:
    callspec = getattr(item, "callspec", None)
    chosen = callspec.params if callspec else {}
    language = chosen.get("town_language")
    if language is None:
        return True
    town, engines = item.get_closest_marker("town"), item.get_closest_marker("engines")
    languages = (town.kwargs.get("languages") if town else None) or (SOURCE, PSEUDO)
    pairs = [(engine, language) for engine in (engines.args if engines else ENGINES) for language in languages]
    pairs = [pairs[0], pairs[-1]]
    pair = (chosen.get("database_engine"), language)
    return pair in pairs if both else pair == pairs[_turn(item)]


def _turn(item: pytest.Item) -> int:
    """Which of two it is the turn of."""
    return _lot(item) % 2


def _lot(item: pytest.Item) -> int:
    """A number that is the same for a test whatever else runs, and its own for each parameter."""
    name, _bracket, parameters = item.nodeid.partition("[")
    others = [part for part in parameters.rstrip("]").split("-") if part not in ENGINE_OR_LANGUAGE]
    return zlib.crc32("-".join([name, *others]).encode())


def _member_cache(item: pytest.Item, settings: Mapping[str, object]) -> str:
    """What the bot keeps of members: what the run wants, or by turns. Without the intent there is no choice."""
    wanted = str(item.config.getoption("--member-cache"))
    if not settings.get("members", True):
        return "lean"
    if wanted != "turns":
        return wanted
    return "all" if _lot(item) // 2 % ALL_EVERY == 0 else "lean"


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
        # In a test the clock stands still, so a handful of commands would be too many.
        usual = {"owner_ids": owners, "default_language": town.language, "command_spam": False}
        usual["member_cache"] = _member_cache(request.node, settings)
        return create_bot(Config(**{**usual, **settings}), db)

    with features_as_they_are():
        town = Town(make_bot, db, language=town_language)
        await town.start()
        await _hear_of_everybody(town)
        yield town
        await town.close()
    town.check()


async def _hear_of_everybody(town: Town) -> None:
    """Let a bot that keeps members have all of them: memory that is full shows more mistakes than an empty one."""
    if town.bot.config.member_cache == "all":
        for guild in town.bot.guilds:
            await town.as_bot(get_members(guild, [person.id for person in town.everybody]))


@contextmanager
def features_as_they_are() -> Iterator[None]:
    """Put back the modules that a test reloads: tests that imported them mean these, and the next bot takes them."""
    before = {name: module for name, module in sys.modules.items() if name.startswith("cogs.")}
    yield
    changed = {name: module for name, module in before.items() if sys.modules.get(name) is not module}
    sys.modules.update(changed)
    for name, module in changed.items():
        parent, _dot, child = name.rpartition(".")
        setattr(sys.modules[parent], child, module)


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
        kept = f"MEMBER_CACHE={town.bot.config.member_cache}\n"
        report.sections.append(("what happened in the town", kept + town.transcript()))
    return report

"""What the process tests share: a Discord on loopback, and the real program started against it."""

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest

from tests.support.discord_server import DiscordServer
from tests.support.process import BotProcess

Start = Callable[..., Awaitable[BotProcess]]


@pytest.fixture
async def discord() -> AsyncIterator[DiscordServer]:
    async with DiscordServer() as server:
        yield server


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """A database file of its own, for tests in which the engine plays no part."""
    return f"sqlite:///{tmp_path / 'hearth.db'}"


@pytest.fixture
async def launch(tmp_path: Path) -> AsyncIterator[Start]:
    """Start the program anywhere, with any settings; what still runs at the end is killed."""
    started: list[BotProcess] = []
    directory = tmp_path / "empty"
    directory.mkdir()

    async def start(*arguments: str, discord: DiscordServer | None = None, **settings: str) -> BotProcess:
        started.append(await BotProcess.start(*arguments, directory=directory, discord=discord, **settings))
        return started[-1]

    yield start
    for process in started:
        await process.kill()


@pytest.fixture
def hearth(launch: Start, discord: DiscordServer) -> Start:
    """Start the bot against the loopback Discord, and wait until it is logged in."""

    async def start(database_url: str, *arguments: str, **settings: str) -> BotProcess:
        bot = await launch(*arguments, discord=discord, DATABASE_URL=database_url, **settings)
        return await bot.ready()

    return start

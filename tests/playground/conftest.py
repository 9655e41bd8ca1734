"""What the playground's tests share: an open town with a clock that the test moves."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from main import create_bot
from playground import Playground, opened
from tests.playground.tab import Tab
from tests.support.patience import PATIENCE
from utils.config import Config


class TestClock:
    """Stands for the real clock."""

    __test__ = False

    def __init__(self) -> None:
        self.moment = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.moment

    def move(self, **duration: float) -> None:
        self.moment += timedelta(**duration)


@pytest.fixture
def real_clock() -> TestClock:
    return TestClock()


@pytest.fixture
def playground_config(tmp_path: Path) -> Config:
    return Config(database_url=f"sqlite:///{tmp_path / 'data' / 'playground.db'}", command_spam=False)


@pytest.fixture
async def playground(playground_config: Config, real_clock: TestClock) -> AsyncIterator[Playground]:
    async with opened(playground_config, create_bot, now=real_clock) as playground:
        playground.world.env.settle_timeout *= PATIENCE
        yield playground


@pytest.fixture
async def tab(playground: Playground) -> AsyncIterator[Tab]:
    async with Tab(playground.url) as tab:
        yield tab

"""What every test may use."""

import os

import pytest

pytest_plugins = ["tests.database_fixtures", "tests.town_fixtures", "tests.feature_fixtures", "tests.browser_skips"]


@pytest.hookimpl(optionalhook=True)  # where xdist is switched off, there is no such hook
def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """Three processes for two cores: tests of the page and of processes wait a good part of their time."""
    return max(1, (os.cpu_count() or 1) * 3 // 2)

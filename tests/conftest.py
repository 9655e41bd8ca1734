"""How a run of tests is spread over processes."""

import gc
import os

import hypothesis
import pytest

# Hypothesis times examples, and how fast they are made, by the clock on the wall, which goes on while the machine
# serves others. What has to be fast is measured by the thread's own time, or has a benchmark.
hypothesis.settings.register_profile("hearth", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow])
hypothesis.settings.load_profile("hearth")

pytest_plugins = ["tests.database_fixtures", "tests.town_fixtures", "tests.feature_fixtures", "tests.browser_skips"]


GARBAGE_THRESHOLDS = (20_000, 20, 10)  # each bot makes some thousand objects that stay as long as it does


def pytest_collection_finish() -> None:
    """Look for garbage less often, and not among the libraries and tests, which stay to the end."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*GARBAGE_THRESHOLDS)


@pytest.hookimpl(optionalhook=True)  # where xdist is switched off, there is no such hook
def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """Three processes for two cores: tests of programs and of the page wait a good part of their time."""
    return max(1, (os.cpu_count() or 1) * 3 // 2)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what waits most, each kind in a process of its own: else one process is left with it at the end.

    xdist hands out a quarter of the tests at first, in order and in equal parts.
    """
    workers = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
    if workers == 1:
        return
    part = len(items) // (4 * workers)
    programs = [item for item in items if item.nodeid.startswith(("tests/process/", "tests/bus/"))]
    pages = [item for item in items if item.nodeid.startswith("tests/browser/")]
    taken = {*programs, *pages}
    others = [item for item in items if item not in taken]
    split = max(0, part - len(programs))
    items[:] = [*programs, *others[:split], *pages, *others[split:]]

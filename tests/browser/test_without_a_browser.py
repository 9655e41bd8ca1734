"""Where there is no Chromium: one line says how to get one, and where one is required the tests fail."""

import asyncio
import sys
from pathlib import Path

import pytest

from tests.support.process import REPOSITORY, clean_environment, within
from tools.browser import NO_BROWSER

pytestmark = pytest.mark.slow


async def run(folder: Path, *module: str, **environment: str) -> tuple[int | None, str]:
    """Run a module where no browser can be found; its status and what it wrote."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", *module),
        cwd=REPOSITORY,
        env=clean_environment() | {"PATH": str(folder)} | environment,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    said, _nothing = await process.communicate()
    return process.returncode, said.decode()


TWO_TESTS = ("pytest", "-q", "-p", "no:xdist", "tests/browser/test_time.py", "-k", "skipped or snoozed")


@within(60)
async def test_the_tests_are_skipped_with_one_line(tmp_path: Path):
    status, said = await run(tmp_path, *TWO_TESTS)
    assert status == 0
    assert "2 skipped" in said
    assert said.count("apt-get install chromium") == 1


@within(60)
async def test_where_a_browser_is_required_they_fail(tmp_path: Path):
    status, said = await run(tmp_path, *TWO_TESTS, BROWSER_TESTS="required")
    assert status == 1
    assert "apt-get install chromium" in said


@within(60)
async def test_the_pictures_need_one(tmp_path: Path):
    status, said = await run(tmp_path, "tools.screenshots")
    assert (status, said.strip()) == (2, NO_BROWSER)

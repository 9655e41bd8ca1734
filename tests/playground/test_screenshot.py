"""The README's picture is made by a script, which says what it needs."""

import asyncio
import sys
from pathlib import Path

import pytest

from tests.support.process import REPOSITORY, clean_environment, within


@pytest.mark.slow
@within(30)
async def test_without_a_browser_it_says_how_to_get_one(tmp_path: Path):
    script = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tools.screenshot"),
        cwd=REPOSITORY,
        env=clean_environment() | {"PATH": str(tmp_path)},
        stderr=asyncio.subprocess.PIPE,
    )
    _printed, said = await script.communicate()
    assert script.returncode == 2
    assert "apt-get install chromium" in said.decode()


def test_the_readme_shows_the_picture():
    assert (REPOSITORY / "docs" / "images" / "playground.png").exists()
    assert "docs/images/playground.png" in (REPOSITORY / "README.md").read_text(encoding="utf-8")

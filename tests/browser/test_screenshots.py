"""The pictures in the documents: made by visits like those of the tests, all there, and shown."""

import io
import re

import pytest
from PIL import Image
from playwright.async_api import Browser

from tests.support.process import REPOSITORY
from tools import screenshots

LARGEST_BYTES = 120_000
VISITED = ("reminder", "phone", "levels")
"""The others go the same ways as the tests of their topics."""


@pytest.mark.parametrize("name", VISITED)
async def test_each_visit_ends_with_a_small_picture(running_browser: Browser, name: str):
    png = await screenshots.take(screenshots.SCENES[name], running_browser)
    assert len(png) < LARGEST_BYTES
    with Image.open(io.BytesIO(png)) as picture, Image.open(screenshots.FOLDER / f"{name}.png") as kept:
        assert picture.size == kept.size


@pytest.mark.parametrize("name", screenshots.SCENES)
def test_each_picture_is_small(name: str):
    assert (screenshots.FOLDER / f"{name}.png").stat().st_size < LARGEST_BYTES


def test_the_folder_holds_just_these_pictures():
    assert {path.stem for path in screenshots.FOLDER.iterdir()} == set(screenshots.SCENES)


def test_documents_show_no_picture_that_isnt_there():
    for document in (REPOSITORY / "README.md", *(REPOSITORY / "docs").glob("*.md")):
        for target in re.findall(r"!\[[^\]]*\]\(([^)]+)\)", document.read_text(encoding="utf-8")):
            assert (document.parent / target).exists(), f"{document.name} shows {target}"


def test_the_readme_shows_the_playground():
    assert "](docs/screenshots/" in (REPOSITORY / "README.md").read_text(encoding="utf-8")

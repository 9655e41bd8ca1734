"""What the README promises works as it stands there."""

import re
from pathlib import Path

import pytest

from tests.support.feature_folder import FeatureFolder
from tests.support.town import Town

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def example_cog() -> str:
    found = re.search(r"<!-- example cog -->\n```python\n(.*?)```", README, re.DOTALL)
    assert found
    return found[1]


def test_the_example_has_twelve_lines():
    assert len(example_cog().splitlines()) == 12


@pytest.mark.engines("sqlite")
async def test_the_example_cog_works(town: Town, feature_folder: FeatureFolder):
    feature_folder.write("greetings", example_cog())
    town.bot.features.package = feature_folder.package
    await town.says(town.developer, "!load greetings")
    assert await town.says(town.ann, "!hello") == "Hello ann!"
    assert "Say hello." in await town.says(town.ann, "!help hello")


@pytest.mark.parametrize(
    "page", [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))], ids=lambda page: page.name
)
def test_links_lead_somewhere(page: Path):
    for target in re.findall(r"\]\(([\w./-]+)\)", page.read_text(encoding="utf-8")):
        assert (page.parent / target).exists(), f"{page.name} links to {target}"

"""What the README promises works as it stands there."""

import re
from pathlib import Path

import pytest

from tests.support.feature_folder import FeatureFolder
from tests.support.town import Town
from tools.generated import loaded_bot

ROOT = Path(__file__).resolve().parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def example_cog() -> str:
    found = re.search(r"<!-- example cog -->\n```python\n(.*?)```", README, re.DOTALL)
    assert found
    return found[1]


def test_the_example_has_twelve_lines():
    assert len(example_cog().splitlines()) == 12


@pytest.mark.engines("sqlite")
async def test_the_example_cog_works(town: Town, feature_folder: FeatureFolder):
    feature_folder.write("hello", example_cog())
    town.bot.features.package = feature_folder.package
    await town.says(town.developer, "!load hello")
    assert await town.says(town.ann, "!hello") == "Hello ann!"
    assert "Say hello." in await town.says(town.ann, "!help hello")


async def test_the_commands_and_settings_that_pages_name_are_there():
    async with loaded_bot() as bot:
        for page in PAGES:
            for name in re.findall(r"`!([a-z]\w*)", page.read_text(encoding="utf-8")):
                assert bot.get_command(name), f"{page.name} names !{name}"
        for file in [*PAGES, *(ROOT / "cogs").rglob("*.py")]:
            for key in re.findall(r"config set ([a-z][a-z-]*)", file.read_text(encoding="utf-8")):
                assert key in bot.guild_settings.declared, f"{file.name} names the setting {key}"


def anchors(page: Path) -> set[str]:
    """What GitHub calls the headings of a page."""
    text = re.sub(r"^```.*?^```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL | re.MULTILINE)
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading).lower().replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path):
    for target in re.findall(r"\]\(((?!https?:)[^)\s]+)\)", page.read_text(encoding="utf-8")):
        path, _hash, anchor = target.partition("#")
        place = page.parent / path if path else page
        assert place.exists(), f"{page.name} links to {target}"
        assert not anchor or anchor in anchors(place), f"{page.name} links to {target}"

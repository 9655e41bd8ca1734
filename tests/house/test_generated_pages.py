"""The pages that are written from the code are those of the code, and what people wrote in them stays."""

from pathlib import Path

import pytest

from tools import commands_doc, economy_doc, metrics_doc, permissions_doc, privacy_doc
from tools.generated import DOCS, END, begin, put_between

COMMAND = "python -m tools.some_doc"
BEGIN = begin(COMMAND)


async def test_the_list_of_commands_is_that_of_the_code():
    assert (DOCS / "COMMANDS.md").read_text(encoding="utf-8") == await commands_doc.document()


async def test_the_permissions_are_those_of_the_code():
    assert (DOCS / "PERMISSIONS.md").read_text(encoding="utf-8") == await permissions_doc.document()


async def test_the_odds_are_those_of_the_code():
    assert (DOCS / "ECONOMY.md").read_text(encoding="utf-8") == await economy_doc.document()


async def test_what_is_stored_is_that_of_the_code():
    assert (DOCS / "PRIVACY.md").read_text(encoding="utf-8") == await privacy_doc.document()


async def test_the_metrics_are_those_of_the_code():
    assert (DOCS / "DEPLOYMENT.md").read_text(encoding="utf-8") == await metrics_doc.document()


def test_what_stands_around_the_tables_stays(tmp_path: Path):
    page = tmp_path / "PAGE.md"
    page.write_text(f"# Permissions\n\nBy hand.\n{BEGIN}\nold\n{END}\nBy hand, too.\n")
    assert put_between(page, COMMAND, "new") == page.read_text().replace("old", "new")


@pytest.mark.parametrize("text", ["", BEGIN, END, f"{END}{BEGIN}", f"{BEGIN}{BEGIN}{END}", f"{BEGIN}{END}{END}"])
def test_a_page_without_its_markers_is_refused(tmp_path: Path, text: str):
    page = tmp_path / "PAGE.md"
    page.write_text(text)
    with pytest.raises(SystemExit, match="once each"):
        put_between(page, COMMAND, "new")

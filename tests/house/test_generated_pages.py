"""The pages that are written from the code are those of the code, and what people wrote in them stays."""

import pytest

from tools import commands_doc, permissions_doc
from tools.generated import DOCS
from tools.permissions_doc import BEGIN, END, put_between


async def test_the_list_of_commands_is_that_of_the_code():
    assert (DOCS / "COMMANDS.md").read_text(encoding="utf-8") == await commands_doc.document()


async def test_the_permissions_are_those_of_the_code():
    assert (DOCS / "PERMISSIONS.md").read_text(encoding="utf-8") == await permissions_doc.document()


def test_what_stands_around_the_tables_stays():
    page = f"# Permissions\n\nBy hand.\n{BEGIN}\nold\n{END}\nBy hand, too.\n"
    assert put_between(page, "new") == page.replace("old", "new")


@pytest.mark.parametrize("page", ["", BEGIN, END, f"{END}{BEGIN}", f"{BEGIN}{BEGIN}{END}", f"{BEGIN}{END}{END}"])
def test_a_page_without_its_markers_is_refused(page: str):
    with pytest.raises(SystemExit, match="once each"):
        put_between(page, "new")

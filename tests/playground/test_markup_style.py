"""Formatted text can be read: the colours of code, mentions and a terminal."""

import re

import pytest

from playground.markup.highlight import ANSI_CODES
from tests.playground.test_page_style import COLOURS, PAGE, READABLE, contrast, variables

STYLE = re.sub(r"/\*.*?\*/", "", (PAGE / "style" / "markup.css").read_text(encoding="utf-8"), flags=re.DOTALL)
MENTIONS = variables(STYLE)
CODE_RULES = [
    (selector, dict(re.findall(r"([\w-]+):\s*([^;]+);", body)))
    for selectors, body in re.findall(r"([^{}]+)\{([^}]*)\}", STYLE)
    for selector in map(str.strip, selectors.split(","))
    if re.fullmatch(r"\.(?:hl|ansi)-\w+", selector)
]


@pytest.mark.parametrize(("selector", "looks"), CODE_RULES, ids=[selector for selector, _ in CODE_RULES])
def test_code_can_be_read(selector: str, looks: dict[str, str]):
    background = looks.get("background", COLOURS["--bg-sunk"])
    texts = [looks["color"]] if "color" in looks else [COLOURS["--text"]]
    assert min(contrast(text, background) for text in texts) >= READABLE


def test_every_code_of_a_terminal_has_looks():
    assert {f".ansi-{number}" for number in ANSI_CODES} <= {selector for selector, _ in CODE_RULES}


def test_mentions_can_be_read():
    assert contrast(MENTIONS["--mention"], MENTIONS["--bg-of-mention"]) >= READABLE
    assert contrast("--on-filled", "--brand") >= READABLE  # those of oneself

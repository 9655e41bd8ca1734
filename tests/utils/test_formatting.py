"""Text within Discord's limits: nothing people write breaks out, pings, or is cut through an emoji."""

import re

import pytest
import wcwidth
from hypothesis import given
from hypothesis import strategies as st

from utils import formatting
from utils.formatting import clean_input, code, code_block, pages_of, safe, safe_with_spoilers, table, truncate, width

ANY_TEXT = st.text(st.characters(), max_size=300) | st.text("`*_~|\\@<>#[]()- \n👨\u200d👩\u0301aé", max_size=120)
FAMILY = "👨\u200d👩\u200d👧"


@given(ANY_TEXT)
def test_cleaned_text_can_be_stored_and_sent(text: str) -> None:
    cleaned = clean_input(text)
    assert "\0" not in cleaned
    cleaned.encode()  # no lone surrogates
    assert clean_input(cleaned) == cleaned


def test_cleaning_keeps_what_people_see() -> None:
    assert clean_input(f"tab\t, break\r\n, {FAMILY}\0, \ud800é") == f"tab\t, break\n, {FAMILY}, é"


@given(ANY_TEXT)
def test_safe_text_pings_nobody_and_shows_as_typed(text: str) -> None:
    shown = safe(text)
    assert not re.search(r"@(everyone|here)|(?<!\\)<@|@[!&\d]", shown)
    unescaped = re.sub(r"\\(.)", r"\1", shown).replace(formatting.ZERO_WIDTH_SPACE, "")
    assert unescaped == clean_input(text).replace(formatting.ZERO_WIDTH_SPACE, "") or "://" in text


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("**bold**", r"\*\*bold\*\*"),
        ("# heading", r"\# heading"),
        ("[click](https://evil.example/a_b)", r"\[click\]\(https://evil.example/a_b)"),
        ("https://example.org/some_page_here", "https://example.org/some_page_here"),
        ("https://example.org/@everyone", "https://example.org/@\u200beveryone"),
        ("<@1> @here", "\\<@\u200b1> @\u200bhere"),
        ("1. one", r"1\. one"),
    ],
)
def test_safe(typed: str, shown: str) -> None:
    assert safe(typed).replace("\\>", ">") == shown


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("||*hi*|| _there_", "||\\*hi\\*|| \\_there\\_"), ("||a|| and ||b||", "||a|| and ||b||"),
        ("||||", "\\|\\|\\|\\|"), ("||open", "\\|\\|open"), ("a|b", "a\\|b"),
    ],
)  # fmt: skip
def test_spoilers_stay_hidden(typed: str, shown: str) -> None:
    assert safe_with_spoilers(typed) == shown


@given(ANY_TEXT, st.integers(0, 120))
def test_truncated_text_fits_and_is_closed(text: str, limit: int) -> None:
    cut = truncate(text, limit)
    assert len(cut) <= limit or cut == text
    if cut != text and limit:
        assert "…" in cut


@given(
    st.lists(st.sampled_from(["word ", "**", "```", "`", "~~", "||", "__", "*"]), min_size=9),
    st.integers(20, 40),
)
def test_no_code_block_stays_open(parts: list[str], limit: int) -> None:
    text = "".join(parts)
    cut = truncate(text, limit)
    assert cut == text or cut.count("```") % 2 == 0


@pytest.mark.parametrize(
    ("text", "limit", "shown"),
    [
        ("short", 5, "short"),
        ("longer", 5, "long…"),
        (f"ab{FAMILY}cd", 6, "ab…"),
        ("e\u0301e\u0301e\u0301", 4, "e\u0301…"),
        ("**very bold words**", 12, "**very bo…**"),
        ("```py\nprint(1)\nprint(2)```", 20, "```py\nprint(1)\n…\n```"),
        ("`inline code`", 8, "`inlin…`"),
        ("snow\\*man", 6, "snow…"),
        ("anything", 0, ""),
        ("anything", 1, "…"),
    ],
)
def test_truncate(text: str, limit: int, shown: str) -> None:
    assert truncate(text, limit) == shown
    assert len(shown) <= limit


@given(ANY_TEXT)
def test_nothing_breaks_out_of_code(text: str) -> None:
    block = code_block(text)
    assert block.count("```") == 2
    assert block.startswith("```\n")
    assert block.endswith("\n```")
    assert code(text).count("`") == 2
    assert "\n" not in code(text)


def test_tables_line_up_with_wide_characters() -> None:
    text = table([["Ann", 5], ["日本", 1_000], [FAMILY, 70]], ["Name", "Coins"], right=[1])
    assert text.splitlines() == [
        "Name  Coins",
        "────  ─────",
        "Ann       5",
        "日本   1000",
        f"{FAMILY}       70",
    ]
    assert len({width(line) for line in text.splitlines()}) == 1


def test_a_table_takes_ragged_rows_and_line_breaks() -> None:
    assert table([["a", "b"], ["c\nd"], []]) == "a    b\nc d\n"
    assert table([]) == ""


def test_width_counts_a_joined_emoji_once() -> None:
    assert width(FAMILY) == 2
    assert wcwidth.wcswidth("ab") == width("ab") == 2


@given(
    st.lists(st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=60), max_size=30),
    st.integers(5, 80),
)
def test_pages_hold_all_lines_within_the_limit(lines: list[str], limit: int) -> None:
    pages = pages_of(lines, limit)
    assert all(len(page) <= limit for page in pages)
    if all(len(line) <= limit for line in lines):
        assert "\n".join(pages) == "\n".join(lines)
    else:
        assert re.sub(r"\s", "", "".join(pages)) == re.sub(r"\s", "", "".join(lines))


def test_pages_break_between_lines() -> None:
    assert pages_of(["one", "two", "three"], 7) == ["one\ntwo", "three"]
    assert pages_of(["one", "two", "three"], 100, most_lines=2) == ["one\ntwo", "three"]
    assert pages_of([]) == []
    assert pages_of(["word " * 3], 12) == ["word word", "word "]

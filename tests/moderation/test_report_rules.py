"""What is written behind `report`, what is copied, and how long what the staff reads may be."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cogs.moderation.reports.copies import LARGEST_IMAGE, LARGEST_TOGETHER, MOST_IMAGES, worth_keeping
from cogs.moderation.reports.texts import report_line, staff_embed
from cogs.moderation.reports.words import Link, ReportWords, read_report
from database.reports import MessageCopy, Report, Voice
from utils.errors import UserError
from utils.i18n import LANGUAGES, using

NOW = datetime(2026, 1, 1, tzinfo=UTC)
TOWN, PLACE, MESSAGE = 100000000000000001, 100000000000000002, 100000000000000003
LINK = f"https://discord.com/channels/{TOWN}/{PLACE}/{MESSAGE}"
MEANT = Link(TOWN, PLACE, MESSAGE)
ANY_TEXT = st.text(st.sampled_from("a *_`>@\\\n~|[]👩‍👩‍👧é") | st.characters(), max_size=4000)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("ann insults people", ReportWords("insults people", who="ann")),
        ('"ann the great"   insults\npeople', ReportWords("insults\npeople", who="ann the great")),
        ('"ann insults', ReportWords("insults", who='"ann')),
        ("<@100000000000000004> why", ReportWords("why", who="<@100000000000000004>")),
        (LINK, ReportWords(None, link=MEANT)),
        (f"<{LINK}/>", ReportWords(None, link=MEANT)),
        (f"a {LINK.replace('discord.com', 'ptb.discord.com')} b", ReportWords("a b", link=MEANT)),
        (f"{LINK} {LINK}", ReportWords(LINK, link=MEANT)),
        (LINK.replace(str(TOWN), "@me"), ReportWords(None, link=Link(None, PLACE, MESSAGE))),
        (LINK.replace(str(MESSAGE), "1"), None),
        ("", None),
        ("  \x00 ", None),
        ("ann", None),
        ("ann  ", None),
    ],
)
def test_what_is_meant(text: str, words: ReportWords | None):
    if words is None:
        with pytest.raises(UserError):
            read_report(text, replies=False)
    else:
        assert read_report(text, replies=False) == words


@pytest.mark.parametrize(("text", "why"), [("", None), ("  ", None), ("ann is bad", "ann is bad"), (LINK, LINK)])
def test_behind_a_reply_all_of_it_says_why(text: str, why: str | None):
    assert read_report(text, replies=True) == ReportWords(why)


@given(ANY_TEXT)
def test_any_text_is_read_or_refused_without_repeating_it(text: str):
    try:
        words = read_report(f"zxcvbn {text}", replies=False)
    except UserError as error:
        refused = str(error)
    else:
        refused = ""
        assert words.who == "zxcvbn" or words.link is not None
    assert "zxcvbn" not in refused


@given(st.lists(st.tuples(st.sampled_from(["image/png", "image/gif", "video/mp4", ""]), st.integers(0, 2**24))))
def test_pictures_that_are_kept_fit_into_one_message(attachments: list[tuple[str, int]]):
    kept = worth_keeping(attachments)
    sizes = [attachments[index][1] for index in kept]
    assert len(kept) <= MOST_IMAGES
    assert sum(sizes) <= LARGEST_TOGETHER
    assert all(size <= LARGEST_IMAGE for size in sizes)
    assert all(attachments[index][0].startswith("image/") for index in kept)


def test_the_first_small_pictures_are_kept():
    small, large, other = ("image/png", 1000), ("image/png", LARGEST_IMAGE + 1), ("text/plain", 10)
    assert worth_keeping([large, small, other, small]) == [1, 3]
    assert worth_keeping([small] * 9) == [0, 1, 2, 3]


# --- What the staff reads ----------------------------------------------------------------------------------


def report(**fields: Any) -> Report:
    return Report(**{"guild_id": TOWN, "target_id": 4, "target_name": "bob", "opened_at": NOW, "id": 1, **fields})


@given(
    text=ANY_TEXT,
    whys=st.lists(ANY_TEXT, min_size=1, max_size=12),
    files=st.lists(st.text(max_size=300), max_size=10),
    name=st.text(max_size=100),
    note=st.text(max_size=500),
    language=st.sampled_from(sorted(LANGUAGES)),
)
def test_the_embed_fits_whatever_people_wrote(
    text: str, whys: list[str], files: list[str], name: str, note: str, language: str
):
    copy = MessageCopy(PLACE, MESSAGE, NOW, text or None, tuple(files))
    resolved = {"claimed_by": 5, "claimed_at": NOW, "resolved_by": 6, "resolved_at": NOW, "outcome": "acted"}
    one = report(message=copy, target_name=name, note=note or None, **resolved)
    voices = [Voice(number, 2**62 + number, why or None, NOW) for number, why in enumerate(whys)]
    with using(language):
        embed = staff_embed(one, voices, reports_before=10**6, cases=10**6)
        line = report_line(one, voices, staff_reads_it=True)
    assert len(embed) <= 6000
    assert len(embed.description or "") <= 4096
    for field in embed.fields:
        assert 0 < len(field.name or "") <= 256
        assert 0 < len(field.value or "") <= 1024
    assert len(line) <= 1000


def test_worst_case_of_marks():
    copy = MessageCopy(PLACE, MESSAGE, NOW, "*" * 4000, ("_" * 300,) * 10)
    one = report(
        message=copy, target_name="`" * 100, note="~" * 500, claimed_by=5, claimed_at=NOW, resolved_by=6,
        resolved_at=NOW, outcome="dismissed",
    )  # fmt: skip
    voices = [Voice(number, 2**62 + number, "@" * 4000, NOW) for number in range(5)]
    with using("de"):
        assert len(staff_embed(one, voices, reports_before=10**6, cases=10**6)) <= 6000


def test_a_line_says_what_became_of_it():
    voices = [Voice(1, 7, None, NOW)]
    waiting = report_line(report(), voices, staff_reads_it=False)
    assert "not shown in the channel for reports yet" in waiting
    shown = replace(report(), staff_channel_id=8, staff_message_id=9, claimed_by=5)
    assert f"[the report](https://discord.com/channels/{TOWN}/8/9)" in report_line(shown, voices, staff_reads_it=True)
    assert "<@5> looks after it" in report_line(shown, voices, staff_reads_it=True)
    assert "not shown" in report_line(shown, voices, staff_reads_it=False), "its channel was deleted"

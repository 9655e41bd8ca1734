"""Lines of any script: whole clusters, one font each, in the order of sight, and bounded."""

import unicodedata
from itertools import pairwise

import pytest
import wcwidth
from hypothesis import given
from hypothesis import strategies as st

from utils.drawing.runs import (
    MOST_CLUSTERS,
    MOST_JOINED,
    MOST_MARKS,
    REPLACEMENTS,
    clusters_of,
    in_order_of_sight,
    is_emoji,
    levels_of,
    runs,
)
from utils.drawing.unshaped import unshaped

ALPHABET = "aZ 1,٣!()مرשל日あ한क्षि👍🏽\u200d\ufe0f❤👩🇩🇪e\u0301\u0332\u202e\u200b\n𝓐ﷺ"
texts = st.text(st.one_of(st.sampled_from(ALPHABET), st.characters()), max_size=40)


def pick(cluster: str, emoji: bool) -> str | None:
    """A font by kind of letter; none for what stands far out."""
    if emoji:
        return "emoji"
    first = ord(cluster[0])
    if first >= 0x10000:
        return None
    return "latin" if first < 0x250 or cluster in REPLACEMENTS else f"block {first >> 8}"


def seen(text: str) -> str:
    """A line as it is seen from left to right, letter by letter."""
    made = runs(clusters_of(text), pick)
    return "".join(one for run in made for one in (reversed(run.clusters) if run.to_left else run.clusters))


@given(texts)
def test_clusters_are_whole_drawn_and_bounded(text: str):
    clusters = clusters_of(text)
    assert len(clusters) <= MOST_CLUSTERS
    for cluster in clusters:
        assert 1 <= len(cluster) <= MOST_JOINED
        assert sum(unicodedata.category(one) == "Me" for one in cluster) <= MOST_MARKS + 1  # and a key's frame
        assert not cluster.endswith("\u200d")
        assert not set(cluster) & set("\u202e\u200b\n\u0000\ufeff")
        assert len(list(wcwidth.iter_graphemes(cluster))) >= 1


@given(texts)
def test_runs_keep_every_cluster_once_and_change_font_or_direction_at_each_border(text: str):
    clusters = clusters_of(text)
    made = runs(clusters, lambda cluster, emoji: pick(cluster, emoji) or "other")
    assert sorted(one for run in made for one in run.clusters) == sorted(clusters)
    for before, after in pairwise(made):
        assert (before.font, before.level) != (after.font, after.level)
    for run in made:
        assert run.level in {0, 1, 2}
        assert len({pick(one, is_emoji(one)) or "other" for one in run.clusters}) == 1


@given(texts)
def test_what_no_font_has_becomes_plainer_or_a_box_and_never_nothing(text: str):
    clusters = clusters_of(text)
    made = runs(clusters, pick)
    assert sum(len(run.clusters) for run in made) >= len(clusters)
    assert all(pick(one, is_emoji(one)) is not None or run.font == "emoji" for run in made for one in run.clusters)
    assert runs(clusters, lambda _cluster, _emoji: None) == []


@given(st.lists(st.sampled_from("aמ1 !"), max_size=12))
def test_turning_a_line_around_loses_nothing(letters: list[str]):
    made = runs(letters, pick)
    assert len(levels_of(letters)) == len(letters)
    assert sorted(map(id, in_order_of_sight(made))) == sorted(map(id, made))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("hello world", "hello world"),
        ("אבג", "גבא"),
        ("abc אבג def", "abc גבא def"),
        ("אבג abc דהו", "והד abc גבא"),
        ("אבג 123 דהו", "והד 123 גבא"),
        ("אבג 1,234!", "!1,234 גבא"),
        ("abc אב 12 גד", "abc דג 12 בא"),
        ("12 אב", "בא 12"),
        ("!?", "!?"),
        ("\u202eabc", "abc"),
        ("", ""),
    ],
)
def test_lines_are_seen_as_they_are_read(text: str, shown: str):
    assert seen(text) == shown


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("👨\u200d👩\u200d👧\u200d👦", 1),
        ("👍🏽", 1),
        ("🇩🇪🇫🇷", 2),
        ("❤\ufe0f", 1),
        ("1\ufe0f\u20e3", 1),
        ("🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f", 1),
    ],
)
def test_emoji_stay_together(text: str, count: int):
    clusters = clusters_of(text)
    assert len(clusters) == count
    assert "".join(clusters) == text
    assert all(map(is_emoji, clusters))


def test_piled_up_marks_and_endless_emoji_are_cut():
    assert clusters_of("a" + "\u0301" * 200) == ["a" + "\u0301" * MOST_MARKS]
    assert len(clusters_of("👩\u200d" * 50 + "👩")[0]) <= MOST_JOINED
    assert len(clusters_of("x" * 5_000)) == MOST_CLUSTERS
    assert clusters_of("\u200b\u2800\u3164\u202e\U000e0001") == []


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("باب", "\ufe8f\ufe8e\ufe91"),  # three letters, of which the middle one joins to the right only
        ("بب", "\ufe90\ufe91"),
        ("بَّب", "\ufe90\ufe91"),
        ("א(ב", "ב)א"),
        ("שלום", "םולש"),
    ],
)
def test_without_a_shaping_library_letters_are_joined_and_turned_around(text: str, written: str):
    assert unshaped(clusters_of(text), to_left=True) == written


@pytest.mark.parametrize(
    ("text", "written"),
    [("e\u0301", "é"), ("👍🏽", "👍"), ("👨\u200d👩\u200d👧", "👨"), ("🇩🇪", "🇩🇪"), ("❤\ufe0f", "❤")],
)
def test_without_a_shaping_library_clusters_become_plain(text: str, written: str):
    assert unshaped(clusters_of(text), to_left=False) == written

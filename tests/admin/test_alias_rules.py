"""What aliases stand for."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cogs.admin.aliases import rules


@pytest.mark.parametrize(
    ("text", "typed", "call"),
    [
        ("ping", "", "ping"),
        ("remind", "2h tea", "remind 2h tea"),
        ("timeout {1} 1h", "@ann", "timeout @ann 1h"),
        ("timeout {1} 1h", "@ann too loud", "timeout @ann 1h too loud"),
        ("timeout {1} 1h {rest}", "@ann  too  loud", "timeout @ann 1h too  loud"),
        ("warn {2} {1}", "loud @ann", "warn @ann loud"),
        ('tag add {1} "{args}"', "a b", 'tag add a "a b"'),
        ("tag add {1} {rest}", '"two words" and\nmore', 'tag add "two words" and\nmore'),
        ("say {args}", "{1} {args}", "say {1} {args}"),
        ("say {rest} {rest}", "a", "say a a"),
    ],
)
def test_what_is_called(text: str, typed: str, call: str):
    assert rules.expand(rules.check_text(text), typed) == call


@pytest.mark.parametrize(
    ("text", "typed", "sentence"),
    [
        ("timeout {1} 1h", "", "needs 1 word behind it"),
        ("warn {2} {1}", "one", "needs 2 words behind it"),
        ("say " + "{args}" * 10, "x" * 500, "That gets too long: 5004 characters"),
    ],
)
def test_what_can_not_be_called(text: str, typed: str, sentence: str):
    with pytest.raises(ValueError, match=sentence):
        rules.expand(text, typed)


@given(st.text(max_size=200), st.text(max_size=3000))
def test_it_never_grows_without_bound_and_never_raises_else(text: str, typed: str):
    with suppress(ValueError):
        assert len(rules.expand(rules.check_text(text), typed)) <= rules.LONGEST_EXPANDED


words = st.lists(st.text(st.characters(categories=["Ll", "Nd"]), min_size=1, max_size=8), max_size=6)


@given(words, st.integers(0, 3))
def test_nothing_that_was_typed_is_lost(typed: list[str], taken: int):
    text = " ".join(["ping", *(f"{{{number}}}" for number in range(1, taken + 1))])
    if len(typed) < taken:
        with pytest.raises(ValueError, match="behind it"):
            rules.expand(text, " ".join(typed))
    else:
        assert rules.expand(text, " ".join(typed)).split() == ["ping", *typed]


def test_names_and_places():
    assert rules.read_name(" Hush ") == "hush"
    for wrong in ("", "two words", "a`b", "@ann", "x" * 33, "**b**", "#c"):
        with pytest.raises(ValueError, match="An alias is one word"):
            rules.read_name(wrong)
    with pytest.raises(ValueError, match="There is nothing to put in place of"):
        rules.check_text("ping {0}")

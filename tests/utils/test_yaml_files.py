"""YAML files: what is written is read back, and what would do harm is refused at its line."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from utils.yaml_files import MOST_BYTES, YamlError, plain_of, read_yaml, value_of, write_yaml

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=30) | st.sampled_from(
    ["no", "on", "1:30", "2020-01-01", "0x1f", "0123", "1_000", "~", "null", "true", "=", "<<", " a\n b", "a\n\n",
     "---", "\n", "\na", "a ", "a\n ", "# a", "&a", "*a", "!a", "1e3", ".5", "\x85", "\u2028x\n", "\ufeff",
     "\t\n", "%a\n"]
)  # fmt: skip
values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63) | texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=12,
)


@given(values)
def test_what_is_written_is_read_back(value: Any):
    assert plain_of(read_yaml(write_yaml(value).encode())) == value
    assert plain_of(value_of(value)) == value


def test_lines_and_kinds():
    read = read_yaml(b"\xef\xbb\xbfa: yes\nb:\n- 1\n- 1.5\n- ~\n- '2'\n- 1:30\nno: {c: true}\n")
    assert plain_of(read) == {"a": "yes", "b": [1, 1.5, None, "2", "1:30"], "no": {"c": True}}
    assert [read.plain["b"].plain[0].line, read.plain["no"].plain["c"].line] == [3, 8]
    assert plain_of(read_yaml(b"")) is None
    assert "|-" in write_yaml({"a": "two\nlines"}), "several lines stay readable"


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"a: &x 1\nb: *x", "Line 1: Anchors and aliases (`&x`) aren't read; write it out."),
        (b"b: *x", "Line 1: Anchors and aliases (`*x`) aren't read; write it out."),
        (b"a: 1\nb: !!python/object/apply:os.system [ls]", "Line 2: Tags such as"),
        (b"a: 1\na: 2", "Line 2: `a` stands here a second time."),
        (b"? [a]\n: b", "Line 1: A name is wanted here, not a list or a mapping."),
        (b"a: 1\n---\nb: 2", "Line 2: There is a second document; one file has one."),
        (b"[" * 500_000, "Line 1: This is nested too deep."),
        (b"- " * 200_000, "Line 1: This is nested too deep."),
        (b"{a: " * 100_000, "Line 1: This is nested too deep."),
        (b"- 1\n" * 110_000, "Line 100000: The file holds too much up to here."),
        (b"a: 1\nb: [", "This is no YAML:"),
        (b"a: 1\nb: \x00", "Line 2: This is no YAML:"),
        (b"a: 1\nb: \xff", "Line 2: This is no text in UTF-8."),
        (b"x" * (MOST_BYTES + 1), "The file is too large: 2 MiB are the most."),
        (b"a: 'b", "This is no YAML:"),
        (b"\ta: b", "Line 1: This is no YAML:"),
    ],
)
def test_what_is_refused(data: bytes, sentence: str):
    with pytest.raises(YamlError) as refused:
        read_yaml(data)
    assert sentence in str(refused.value)
    assert len(str(refused.value)) < 300


def test_numbers_are_bounded():
    assert plain_of(read_yaml(b"9" * 5_000)) == "9" * 5_000, "a text: no number is that long"

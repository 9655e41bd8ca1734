"""Texts with places that are filled in."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from utils.i18n import using
from utils.setting_types import SettingError, Template
from utils.templates import fill, unknown_places

NAMES = st.text("abc-", min_size=1, max_size=5)


@given(parts=st.lists(st.tuples(st.text(st.characters(exclude_characters="{}")), NAMES)), rest=st.text("xyz"))
def test_each_place_is_filled_and_all_else_stays(parts, rest):
    text = "".join(before + "{" + name + "}" for before, name in parts) + rest
    values = {name: "{" + name[::-1] + "}" for _before, name in parts}  # what is filled in may look like a place
    assert fill(text, values) == "".join(before + values[name] for before, name in parts) + rest


@given(text=st.text("{}ab "), known=st.sets(st.sampled_from(["a", "b", "ab"])))
def test_a_place_is_known_or_named(text, known):
    unknown = unknown_places(text, known)
    assert [name for name in unknown_places(text, ()) if name not in known] == unknown
    assert fill(text, dict.fromkeys(known, "")) == text or set(unknown_places(text, ())) & known


def test_a_setting_names_what_it_doesnt_know():
    template = Template(50, places=("server", "reason"))
    assert template.check("Out of {server}:\n{reason} { braces }") == "Out of {server}:\n{reason} { braces }"
    with using("en"), pytest.raises(SettingError, match=r"`\{name\}`. There are `\{server\}` and `\{reason\}`"):
        template.check("{name}")
    with pytest.raises(SettingError):
        template.check("{server}" * 10)

"""A town file is read, and what is wrong in one is said with its place."""

import typing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from playground.errors import PlaygroundError
from playground.town.build import build
from playground.town.fields import Part
from playground.town.file import HEARTH, LARGEST_BYTES, load, read
from playground.town.spec import Town
from tests.playground.towns import GONE, SMALL, Way, changed, documented, place, refusal, small_town, town_file
from tests.support.process import REPOSITORY

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
GUILD: Way = ("guilds", "Hearth Town")
QUOTES = "a text with ': ' in it, or one that begins with '@', '`', '*' or the like, needs quotes."
GENERAL: Way = (*GUILD, "channels", "general")


def test_the_default_town_is_fine():
    town = load(HEARTH)
    assert list(town.guilds) == ["Hearth Town", "Crooked Corner"]


def test_the_small_town_is_fine():
    assert small_town().guilds["Hearth Town"].channels["general"].messages[0].author == "ann"


# --- the file


def test_a_file_is_read(tmp_path: Path):
    assert load(town_file(tmp_path, SMALL)) == small_town()


def test_a_missing_file(tmp_path: Path):
    path = tmp_path / "none.yaml"
    with pytest.raises(PlaygroundError) as refused:
        load(path)
    assert str(refused.value) == f"{path} can't be read: No such file or directory."


def test_a_directory(tmp_path: Path):
    with pytest.raises(PlaygroundError, match="can't be read: Is a directory"):
        load(tmp_path)


def test_a_file_that_is_no_text(tmp_path: Path):
    path = tmp_path / "town.yaml"
    path.write_bytes(b"start: \xff\xfe")
    with pytest.raises(PlaygroundError, match="isn't a text in UTF-8"):
        load(path)


def test_a_huge_file(tmp_path: Path):
    with pytest.raises(PlaygroundError, match="at most a megabyte"):
        load(town_file(tmp_path, "#" * (LARGEST_BYTES + 1)))


@pytest.mark.parametrize("text", ["", "\n", "# only a comment\n", "---\n", "null"])
def test_an_empty_file(text: str):
    assert refusal(text) == "town.yaml is empty; docs/PLAYGROUND.md shows what a town file looks like."


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("start: [general", "town.yaml, line 1: expected ',' or ']', but got '<stream end>'."),
        ("start: general\nstart: hall", "town.yaml, line 2: 'start' stands there twice, first in line 1."),
        (
            "people:\n  ann:\n  bob:\n  ann:\n",
            "town.yaml, line 4: 'ann' stands there twice, first in line 2.",
        ),
        ("name: &a Town\nstart: *a", "town.yaml, line 2: aliases (*) can't be used here."),
        ("name: !!python/name:os.system x", "town.yaml, line 1: tags (!) can't be used here."),
        ("name: !!binary aGk=", "town.yaml, line 1: tags (!) can't be used here."),
        (
            "<<: {name: x}",
            "town.yaml, line 1: there is no field '<<' here; there is name, bot, people, guilds, start, suggestions.",
        ),
        ("- a", "town.yaml, line 1: should be fields like 'name: value', not a list."),
        ("hello", "town.yaml, line 1: should be fields like 'name: value', not a text."),
        ("? [a, b]\n: c", "town.yaml, line 1: found unhashable key."),
        ("a: 1\n---\nb: 2", "town.yaml, line 2: but found another document."),
        (
            "name: Town: the big one",
            f"town.yaml, line 1: mapping values are not allowed here; {QUOTES}",
        ),
        (
            "name: @home",
            f"town.yaml, line 1: found character '@' that cannot start any token; {QUOTES}",
        ),
    ],
)
def test_what_is_no_good_yaml(text: str, sentence: str):
    assert refusal(text) == sentence


def test_control_characters():
    assert refusal("name: \x07").startswith("town.yaml isn't YAML: unacceptable character")


def test_a_file_nested_too_deeply():
    assert refusal("[" * 5_000) == "town.yaml isn't a town: it is nested too deeply."


def test_an_alias_bomb_is_refused_at_once():
    bomb = "a: &a [x]\n" + "".join(
        f"{b}: &{b} [{', '.join([f'*{a}'] * 9)}]\n" for a, b in zip("abcdef", "bcdefg", strict=True)
    )
    assert "aliases" in refusal(bomb)


def test_words_of_yaml_are_texts():
    """`on`, `no`, `18:30` and dates would be something else in YAML 1.1."""
    town = read(
        SMALL.replace("text: Hello", "text: no").replace("text: Hi", "text: 18:30").replace("old-log", "2024-05-01"),
        name="town.yaml",
    )
    general, *_others, old = town.guilds["Hearth Town"].channels.values()
    assert [message.text for message in general.messages] == ["no", "18:30"]
    assert old.deleted
    assert "2024-05-01" in town.guilds["Hearth Town"].channels


# --- places


def test_the_line_is_the_one_to_look_at():
    lines = SMALL.splitlines()
    place = next(number for number, line in enumerate(lines, 1) if "text: Hi" in line)
    assert refusal(SMALL.replace("text: Hi, ", "")).startswith(f"town.yaml, line {place}: ")
    assert refusal(SMALL.replace("kind: voice", "kind: vioce")).startswith(
        f"town.yaml, line {next(number for number, line in enumerate(lines, 1) if 'kind: voice' in line)}: "
    )


@pytest.mark.parametrize(
    ("overwrites", "sentence"),
    [
        ({"deny": ["view_channel"]}, "suggestions → #1 → channel: 'ann' can't see 'general'."),
        ({"deny": ["send_messages"]}, "suggestions → #1 → channel: 'ann' can't write in 'general'."),
    ],
)
def test_a_suggestion_can_be_followed(overwrites: dict[str, Any], sentence: str):
    town = small_town(((*GENERAL, "overwrites"), {"everyone": overwrites}))
    with pytest.raises(PlaygroundError) as refused:
        build(town, NOW)
    assert str(refused.value) == sentence


# --- the documentation


def parts_of(model: type[Part]) -> set[type[Part]]:
    """The models below one, itself too."""
    found: set[type[Part]] = set()

    def look(annotation: Any) -> None:
        if isinstance(annotation, type) and issubclass(annotation, Part) and annotation not in found:
            found.add(annotation)
            for field in annotation.model_fields.values():
                look(field.annotation)
        for argument in typing.get_args(annotation):
            look(argument)

    look(model)
    return found


def test_the_documentation_shows_every_field():
    lines = [line.partition("#")[0] for line in documented().splitlines()]
    shown = {word.strip(" -{}\"'") for line in lines for word in line.replace(",", ":").replace("{", ":").split(":")}
    parts = parts_of(Town)
    assert len(parts) > 15
    for part in parts:
        for name, field in part.model_fields.items():
            assert (field.alias or name) in shown, f"{part.__name__} has a field '{field.alias or name}'"


def test_the_documented_town_can_be_built(tmp_path: Path):
    world = build(load(town_file(tmp_path, documented())), NOW)
    assert world.name == "Riverside and around"
    assert [guild.name for guild in world.guilds] == ["Riverside", "Upstream"]


def test_the_documented_problem_is_said_so():
    second = "from: bob\n            at: 12"
    _line, _, sentence = refusal(documented().replace(second, second.replace("bob", "anne"))).partition(": ")
    way: Way = ("guilds", "Riverside", "channels", "general", "messages", 1, "from")
    assert sentence == f"{place(way)}: there is no member 'anne'; did you mean 'ann'?"
    assert sentence in (REPOSITORY / "docs" / "PLAYGROUND.md").read_text(encoding="utf-8")


# --- anything at all

VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-1, 10**17),
    st.sampled_from(
        ["", "ann", "x" * 3_000, "in 2 days", "9999 weeks ago", "0000-01-01", "9999-12-31 23:59", "<t:x>"]
    ),
    st.just([]),
    st.just({}),
    st.just(["ann"]),
    st.just({"ann": None}),
    st.just(GONE),
)


def ways(data: Any, way: Way = ()) -> list[Way]:
    steps = list(data.items()) if isinstance(data, dict) else list(enumerate(data)) if isinstance(data, list) else []
    return [*([way] if way else []), *(below for step, value in steps for below in ways(value, (*way, step)))]


@settings(max_examples=150, deadline=None)
@given(way=st.sampled_from(ways(yaml.safe_load(SMALL))), value=VALUES)
def test_a_town_is_refused_in_a_sentence_or_can_be_built(way: Way, value: Any):
    refused = ""
    try:
        build(read(changed((way, value)), name="town.yaml"), NOW)
    except PlaygroundError as error:
        refused = str(error)
    assert "\n" not in refused
    assert "Value error" not in refused


@settings(max_examples=200, deadline=None)
@given(st.text())
def test_any_text_is_refused_in_a_sentence(text: str):
    with pytest.raises(PlaygroundError):
        read(text, name="town.yaml")

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
from tests.playground.towns import GONE, MESSAGES, SMALL, Way, changed, documented, small_town, town_file
from tests.support.process import REPOSITORY

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
GUILD: Way = ("guilds", "Hearth Town")
NO_MOMENT = (
    "is no moment; write it like '12 minutes ago', 'yesterday 18:30', '3 days ago 9:05' or '2026-05-01 20:00'."
)
QUOTES = "a text with ': ' in it, or one that begins with '@', '`', '*' or the like, needs quotes."
STAFF = "guilds → Hearth Town → categories → Staff → channels → staff"
GENERAL: Way = (*GUILD, "channels", "general")


def place(way: Way) -> str:
    return " → ".join(f"#{step + 1}" if isinstance(step, int) else step for step in way)


def spelled_out(sentence: str, way: Way) -> str:
    """HERE is the place that was changed, ABOVE is what it is in."""
    return sentence.replace("HERE", place(way)).replace("ABOVE", place(way[:-1]))


def refusal(text: str) -> str:
    with pytest.raises(PlaygroundError) as refused:
        read(text, name="town.yaml")
    return str(refused.value)


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


# --- each field


@pytest.mark.parametrize(
    ("way", "value", "sentence"),
    [
        (("guilds",), GONE, "HERE: is missing."),
        (("guilds",), {}, "HERE: needs at least 1."),
        (("people",), None, "HERE: needs at least 1."),
        (("start",), 5, "HERE: should be a text; put it in quotes if it looks like something else."),
        (("strat",), "x", "there is no field 'strat' here; did you mean 'start'?"),
        (("people", "ann", "displya"), "Ann", "ABOVE: there is no field 'displya' here; did you mean 'display'?"),
        (("people", "ann", "display"), "x" * 33, "HERE: has more than 32 characters."),
        (("people", "ann", "display"), "", "HERE: is too short: it needs 1 or more characters."),
        (
            ("people", "Ann"),
            {},
            "HERE: 'Ann' can't be an account name: those have 2 to 32 of a-z, 0-9, '_' and single '.'.",
        ),
        (("people", "ann", "bot"), "yes", "HERE: should be true or false."),
        (("people", "ann", "created"), "5 May 2020", "HERE: '5 May 2020' is no date; write it like '2023-05-01'."),
        (
            ("people", "ann", "created"),
            "2026-05-01",
            "HERE: '2026-05-01' should be between 2015-01-02 and 2025-12-31.",
        ),
        (("people", "ann", "colour"), "red", "HERE: 'red' is no colour; write it like '#E67E22'."),
        (("bot", "name"), "B", "HERE: is too short: it needs 2 or more characters."),
        ((*GUILD, "owner"), GONE, "HERE: is missing."),
        (("guilds", "H"), {}, "HERE: is too short: it needs 2 or more characters."),
        (
            (*GUILD, "icon"),
            {"picture": "flme", "colour": "#000000"},
            "HERE → picture: there is no picture 'flme'; did you mean 'flame'?",
        ),
        (
            (*GUILD, "roles", "Admin", "permissions"),
            ["manage_gild"],
            "HERE → #1: Discord has no permission 'manage_gild'; did you mean 'manage_guild'?",
        ),
        ((*GUILD, "roles", "@everyone"), {}, "HERE: '@everyone' can't be a role's name."),
        (
            (*GUILD, "emoji", "a-b"),
            "cup",
            "HERE: 'a-b' can't be an emoji's name: those have 2 to 32 of a-z, A-Z, 0-9 and '_'.",
        ),
        (
            (*GUILD, "members", "ann", "timed_out_for"),
            "29 days",
            "HERE: '29 days': Discord knows timeouts of up to 28 days.",
        ),
        (
            (*GUILD, "members", "ann", "timed_out_for"),
            "a while",
            "HERE: 'a while' is no length of time; write it like '90 minutes' or '2 hours'.",
        ),
        ((*GUILD, "members", "ann", "joined"), "in 2 days", "HERE: 'in 2 days' is still to come."),
        ((*GENERAL, "kind"), "txt", "HERE: should be 'text', 'news', 'voice', 'stage' or 'forum'."),
        ((*GENERAL, "slowmode"), 21601, "HERE: should be at most 21600."),
        ((*GENERAL, "slowmode"), -1, "HERE: should be at least 0."),
        ((*GENERAL, "slowmode"), "5s", "HERE: should be a whole number."),
        ((*GENERAL, "topic"), "x" * 1025, "HERE: has more than 1024 characters."),
        ((*GENERAL, "tags"), ["a"], "ABOVE: a text channel has no 'tags'."),
        (
            (*GUILD, "channels", "old-log", "messages"),
            [{"from": "ann", "at": "now", "text": "x"}],
            "ABOVE: a deleted channel has nothing in it.",
        ),
        (
            (*GENERAL, "overwrites"),
            {"everyone": {"allow": ["speak"], "deny": ["speak"]}},
            "HERE → everyone: 'speak' is both allowed and denied.",
        ),
        (
            (*GENERAL, "overwrites"),
            {"evryone": {}},
            "HERE: there is no field 'evryone' here; did you mean 'everyone'?",
        ),
        (
            (*GUILD, "categories", "Staff", "channels"),
            {f"channel-{number}": {} for number in range(51)},
            "HERE: has 51 where 50 are the most.",
        ),
        (
            (*MESSAGES, 0, "at"),
            "yesturday",
            f"HERE: 'yesturday' {NO_MOMENT}",
        ),
        (
            (*MESSAGES, 0, "at"),
            "3 hours ago 9:00",
            "HERE: '3 hours ago 9:00' has a time of day, which goes with days and weeks only.",
        ),
        ((*MESSAGES, 0, "at"), "yesterday 24:00", "HERE: '24:00' is no time of day."),
        ((*MESSAGES, 0, "at"), "2026-13-01", "HERE: '2026-13-01' is no date; write it like '2023-05-01'."),
        ((*MESSAGES, 0, "at"), ["now"], "HERE: should be a text, not a list."),
        ((*MESSAGES, 0, "at"), "x" * 101, "HERE: has more than 100 characters."),
        ((*MESSAGES, 0, "from"), GONE, "HERE: is missing."),
        ((*MESSAGES, 0, "text"), " ", "ABOVE: a message needs a 'text', 'embeds' or 'files'."),
        ((*MESSAGES, 0, "text"), "x" * 2001, "HERE: has more than 2000 characters."),
        (
            (*MESSAGES, 0, "reactions"),
            {"ok": ["ann"]},
            "HERE → ok: 'ok' is no emoji; write '👍', or ':name:' for one of the guild's own.",
        ),
        (
            (*MESSAGES, 0, "embeds"),
            [{}],
            "HERE → #1: an embed needs a title, a description, fields, an author or a footer.",
        ),
        (
            (*MESSAGES, 0, "embeds"),
            [{"description": "x" * 4096, "footer": "x" * 2000}],
            "HERE → #1: all texts of an embed together have at most 6000 characters.",
        ),
        ((*MESSAGES, 0, "files"), [{"name": "a.txt"}], "HERE → #1: a file has either a 'text' or a 'picture'."),
        (
            (*MESSAGES, 0, "files"),
            [{"name": "a/b", "text": ""}],
            "HERE → #1 → name: should have letters, digits, '_', '.' and '-' only.",
        ),
        ((*MESSAGES, 0, "thread"), {"name": "x", "messages": []}, "HERE → messages: needs at least 1."),
        ((*MESSAGES, 0), "Hello", "HERE: should be fields like 'name: value', not a text."),
        (MESSAGES, {"ann": "Hello"}, "HERE: should be a list, with '- ' before each item."),
        (("suggestions", 0, "as"), GONE, "HERE: is missing."),
    ],
)
def test_a_field_that_is_wrong(way: Way, value: Any, sentence: str):
    said = refusal(changed((way, value)))
    assert said.partition(": ")[2] == spelled_out(sentence, way)
    assert said.startswith("town.yaml, line ")


# --- what doesn't fit together


@pytest.mark.parametrize(
    ("way", "value", "sentence"),
    [
        (("bot", "name"), "ann", "HERE: one of the people is called 'ann' already."),
        (("people",), {"echo": {"bot": True}}, "HERE: there is nobody but bots."),
        (("people", "zed"), {}, "HERE: 'zed' is a member of no guild."),
        (("start",), "genral", "HERE: there is no text or news channel 'genral'; did you mean 'general'?"),
        (("start",), "old-log", "HERE: there is no text or news channel 'old-log'; there is general, staff."),
        (("start",), "table", "HERE: there is no text or news channel 'table'; there is general, staff."),
        ((*GUILD, "owner"), "olvia", "HERE: the owner 'olvia' is no member; did you mean 'olivia'?"),
        ((*GUILD, "owner"), "echo", "HERE: 'echo' is a bot, and bots own no guilds."),
        ((*GUILD, "members", "zed"), {}, "HERE: there is no person 'zed'; there is olivia, ann, echo."),
        ((*GUILD, "members", "ann", "roles"), ["Amin"], "HERE: there is no role 'Amin'; did you mean 'Admin'?"),
        ((*GUILD, "bot"), {"below": "Amin"}, "HERE → below: there is no role 'Amin'; did you mean 'Admin'?"),
        (
            (*GUILD, "system_channel"),
            "ideas",
            "HERE: there is no text channel 'ideas'; there is general, staff.",
        ),
        (
            (*GUILD, "rules_channel"),
            "rules",
            "HERE: there is no text or news channel 'rules'; there is general, staff.",
        ),
        (
            (*GUILD, "channels", "Big Hall"),
            {},
            "HERE: a text channel is written small and without spaces, like 'big-hall'.",
        ),
        (
            (*GUILD, "channels", "staff"),
            {},
            f"{STAFF}: there are two channels or categories 'staff'.",
        ),
        (
            (*GUILD, "categories", "general"),
            {},
            "guilds → Hearth Town → channels → general: there are two channels or categories 'general'.",
        ),
        (
            (*GENERAL, "overwrites"),
            {"roles": {"Amin": {}}},
            "HERE → roles: there is no role 'Amin'; did you mean 'Admin'?",
        ),
        (
            (*GENERAL, "overwrites"),
            {"people": {"an": {}}},
            "HERE → people: there is no member 'an'; did you mean 'ann'?",
        ),
        (
            (*GUILD, "categories", "Staff", "overwrites"),
            {"roles": {"x": {}}},
            "HERE → roles: there is no role 'x'; there is Admin.",
        ),
        (
            (*GUILD, "channels", "stage"),
            {"kind": "stage", "connected": {"ann": {}}},
            "HERE → connected → ann: 'ann' can't be in two voice channels.",
        ),
        (
            (*GUILD, "channels", "table", "connected", "zed"),
            {},
            "ABOVE: there is no member 'zed'; there is olivia, ann, echo.",
        ),
        (
            (*GUILD, "channels", "ideas", "posts", "A bench", "tags"),
            ["ida"],
            "HERE: there is no tag 'ida'; did you mean 'idea'?",
        ),
        ((*MESSAGES, 0, "from"), "anne", "HERE: there is no member 'anne'; did you mean 'ann'?"),
        ((*MESSAGES, 0, "reply_to"), "hello", "HERE: no message above has the key 'hello'."),
        ((*MESSAGES, 1, "key"), "hello", "HERE: there are two messages 'hello'."),
        ((*MESSAGES, 1, "pinned_by"), "zed", "HERE: there is no member 'zed'; there is olivia, ann, echo, Hearth."),
        ((*MESSAGES, 1, "reactions"), {":te:": ["ann"]}, "HERE → :te:: there is no emoji 'te'; did you mean 'tea'?"),
        ((*MESSAGES, 1, "reactions"), {"👍": []}, "HERE → 👍: nobody reacted."),
        (
            (*MESSAGES, 1, "reactions"),
            {"👍": ["zed"]},
            "HERE → 👍: there is no member 'zed'; there is olivia, ann, echo, Hearth.",
        ),
        (
            (*MESSAGES, 1, "text"),
            "at <t:noon:t>",
            f"HERE: <t:noon:t>: 'noon' {NO_MOMENT}",
        ),
        (
            (*MESSAGES, 1, "thread"),
            {"name": "x", "private": True, "messages": [{"from": "ann", "at": "now", "text": "x"}]},
            "HERE → private: a thread that grows out of a message can't be private.",
        ),
        (
            (*MESSAGES, 1, "thread"),
            {"name": "x", "messages": [{"from": "zed", "at": "now", "text": "x"}]},
            "HERE → messages → #1 → from: there is no member 'zed'; there is olivia, ann, echo, Hearth.",
        ),
        (
            (*MESSAGES, 1, "thread"),
            {
                "name": "x",
                "messages": [
                    {
                        "from": "ann",
                        "at": "now",
                        "text": "x",
                        "thread": {"name": "y", "messages": [{"from": "ann", "at": "now", "text": "y"}]},
                    }
                ],
            },
            "HERE → messages → #1 → thread: no thread can grow here.",
        ),
        (
            (*GENERAL, "threads"),
            [{"name": "x", "members": ["zed"], "messages": [{"from": "ann", "at": "now", "text": "x"}]}],
            "HERE → #1 → members: there is no member 'zed'; there is olivia, ann, echo.",
        ),
        (
            ("suggestions", 0, "guild"),
            "Heart Town",
            "HERE: there is no guild 'Heart Town'; did you mean 'Hearth Town'?",
        ),
        (("suggestions", 0, "as"), "echo", "HERE: no person 'echo' is in Hearth Town; there is olivia, ann."),
        (
            ("suggestions", 0, "channel"),
            "ideas",
            "HERE: there is no text, news or voice channel 'ideas'; there is general, staff, table.",
        ),
    ],
)
def test_what_does_not_fit_together(way: Way, value: Any, sentence: str):
    assert refusal(changed((way, value))).partition(": ")[2] == spelled_out(sentence, way)


def test_a_guild_has_500_channels_at_most():
    many = {f"category {number}": {"channels": {f"c-{number}-{n}": {} for n in range(49)}} for number in range(10)}
    assert "at most 500 channels" in refusal(changed(((*GUILD, "categories"), many)))


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

"""Files of XP: reading those of other bots and broken ones, and what they do to standings."""

import csv
import io
import json
from contextlib import suppress

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from cogs.leveling.curves import PRESETS
from cogs.leveling.exports import COLUMNS, Exported, csv_row, json_row
from cogs.leveling.xp.importing.merging import People, merged, plan_of
from cogs.leveling.xp.importing.reading import Entry, ReadError, read_file
from cogs.leveling.xp.importing.values import Flaw, FlawError, parse_id, parse_number
from database.standing_values import MOST, Standing
from utils.spreadsheets import csv_head

ANN, BOB, CY = 159985870458322944, 80351110224678912, 1456074443980800017
MEE6 = PRESETS["mee6"]


def said(content: str | bytes) -> dict[int, tuple[int | None, int | None, int | None]]:
    """XP, level and messages by user."""
    reading = read_file(content if isinstance(content, bytes) else content.encode())
    return {user_id: (one.xp, one.level, one.messages) for user_id, one in reading.entries.items()}


# --- what bots give

SAMPLES = {
    "mee6": {
        "guild": {"id": "1", "name": "Town"}, "page": 0, "role_rewards": [],
        "players": [
            {
                "avatar": "a", "detailed_xp": [45, 255, 520], "discriminator": "0", "guild_id": "1", "id": str(ANN),
                "level": 3, "message_count": 31, "username": "ann, \"the\" first", "xp": 520,
            },
            {"detailed_xp": [7, 100, 7], "id": str(BOB), "level": 0, "message_count": 1, "username": "bob", "xp": 7},
        ],
    },
    "lurkr": {
        "guild": {"id": "1"}, "isManager": True, "roleRewards": [],
        "levels": [
            {"level": 3, "messageCount": 31, "rank": 1, "user": {"accentColour": 1}, "userId": str(ANN), "xp": 520},
            {"level": 0, "messageCount": 1, "rank": 2, "user": {}, "userId": str(BOB), "xp": 7},
        ],
    },
    "amari": {
        "count": 2, "total_count": 2,
        "data": [
            {"id": str(ANN), "username": "ann", "exp": 520, "level": 3, "weeklyExp": 99},
            {"id": str(BOB), "username": "bob", "exp": 7, "level": 0, "weeklyExp": 0},
        ],
    },
    "arcane": {
        "xp_options": {},
        "levels": [{"id": str(ANN), "level": 3, "xp": 520}, {"id": str(BOB), "level": 0, "xp": 7}],
    },
    "polaris": {"users": {str(ANN): {"xp": 520, "cooldown": 5}, str(BOB): {"xp": 7}}, "settings": {}},
    "tatsu": {"guild_id": "1", "rankings": [{"user_id": str(ANN), "score": 520}, {"user_id": str(BOB), "score": 7}]},
    "a list": [{"user": {"id": ANN}, "total_xp": 520, "xp": 45}, {"user": {"id": BOB}, "total_xp": 7, "xp": 7}],
    "pages": [{"players": [{"id": str(ANN), "xp": 520.9}]}, {"players": [{"id": str(BOB), "xp": 7}]}],
    "a map": {str(ANN): 520, str(BOB): 7},
}  # fmt: skip


@pytest.mark.parametrize("name", SAMPLES)
def test_json_of_other_bots(name):
    found = said(json.dumps(SAMPLES[name]))
    assert {user_id: one[0] for user_id, one in found.items()} == {ANN: 520, BOB: 7}
    assert found[ANN][1] in {3, None}
    assert found[ANN][2] == (31 if name in {"mee6", "lurkr"} else None)


@pytest.mark.parametrize(
    "content",
    [
        f"user_id,xp,level,messages\n{ANN},520,3,31\n{BOB},7,0,1\n",
        f"\ufeffUser ID;XP;Level;Messages\r\n\"{ANN}\";\"520\";3;31\r\n\r\n{BOB};7;0;1\r\n",
        f"id\tusername\tlvl\texp\tmessage_count\n{ANN}\tann\t3\t520\t31\n{BOB}\tbob\t0\t7\t1",
        f"sep=;\nmember;experience;level;messages\n<@{ANN}>;520,00;3;31\n<@!{BOB}>;7;0;1\n",
        f"userId|totalXp|xp|level|messageCount\n'{ANN}|520|45|3|31\n=\"{BOB}\"|7|7|0|1\n",
        f"id,username,detailed_xp[0],detailed_xp[2],level,message_count\n{ANN},\"a\nb\",45,520,3,31\n{BOB},b,7,7,0,1\n",
        f"id,detailed_xp,level,message_count\n{ANN},\"[45, 255, 520]\",3,31\n{BOB},\"[7, 100, 7]\",0,1\n",
    ],
)  # fmt: skip
def test_tables(content):
    assert said(content) == {ANN: (520, 3, 31), BOB: (7, 0, 1)}
    assert said(content.removeprefix("\ufeff").encode("utf-16")) == {ANN: (520, 3, 31), BOB: (7, 0, 1)}


def test_a_table_without_a_head():
    assert said(f"{ANN},520\n{BOB},7\n") == {ANN: (520, None, None), BOB: (7, None, None)}


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1,234", 1_234), ("1.234.567", 1_234_567), ("1 234", 1_234), ("1'234", 1_234), ("1\u202f234", 1_234),
        ("1,234.50", 1_234), ("12.5", 12), ("12.0", 12), ("12,5", 12), ("+5", 5), ("007", 7), ('"5"', 5), ("", None),
        ("1000000000000000", MOST),
    ],
)  # fmt: skip
def test_numbers(text, number):
    assert parse_number(text) == number


@pytest.mark.parametrize(
    ("row", "flaw"),
    [
        ("ann,5", Flaw.NO_ID), (",5", Flaw.NO_ID), ("123,5", Flaw.NO_ID), (f"{ANN},", Flaw.NOTHING),
        (f"{ANN}", Flaw.NOTHING), (f"{ANN},many", Flaw.NO_NUMBER), (f"{ANN},-5", Flaw.NEGATIVE),
        (f"{ANN},1000000000000001", Flaw.TOO_MUCH), (f"{ANN},{'9' * 60}", Flaw.NO_NUMBER),
        (f"{ANN},٣", Flaw.NO_NUMBER),
        ("9999999999999999999,5", Flaw.NO_ID), (f"{ANN},1e6", Flaw.NO_NUMBER), (f"{ANN},nan", Flaw.NO_NUMBER),
    ],
)  # fmt: skip
def test_rows_that_are_left_out(row, flaw):
    reading = read_file(f"id,xp\n{BOB},7\n{row}\n".encode())
    assert list(reading.entries) == [BOB]
    assert reading.examples == [(3, flaw)]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "empty"),
        (b" \n\n", "empty"),
        (b"PK\x03\x04\0\0", "isn't a text file"),
        (b"name,points\nann,5\n", "which columns"),
        (b"hello", "which columns"),
        (b'{"players": [', "broken in line 1"),
        (b'{"hello": 1}', "a list of members"),
        (b"[" * 200_000, "nested too deeply"),
        (b'{"a":' * 100_000, "nested too deeply"),
        (b'[{"id": ' + b"9" * 5_000 + b"}]", "far too long"),
        (b"user_id,xp\n1.23457E+17,5\n8.03511E+16,7\n", "rounded"),
        (b"user_id,xp\n159985870458322000,5\n803511102246789000,7\n1456074443980800000,9\n", "rounded"),
        (b'[{"id": 1.23457E+17, "xp": 5}]', "rounded"),
        (b"user_id,xp\n" + b"159985870458322944,1\n" * 200_001, "more than 200,000 rows"),
        (b"[" + b"{}," * 500_000 + b"{}]", "more than 200,000 rows"),
        (b"x" * (8 * 1024 * 1024 + 1), "too large"),
        (b'user_id,xp\n159985870458322944,"' + b"5,\n" * 60_000, "quotation mark"),
    ],
)
def test_files_that_cannot_be_used(content, says):
    with pytest.raises(ReadError, match=says):
        read_file(content)


def test_json_full_of_nonsense():
    rows = [None, 5, [], "x", {}, {"id": True, "xp": 1}, {"id": ANN, "xp": {}}, {"id": ANN, "xp": True},
            {"id": str(CY), "xp": 1}]  # fmt: skip
    text = json.dumps(rows).replace("{}}", "1e999999999}")
    reading = read_file(text.encode())
    assert list(reading.entries) == [CY]
    assert sum(reading.flaws.values()) == 8


def test_the_same_user_twice():
    reading = read_file(f"id,xp\n{ANN},5\n{ANN},9\n{BOB},7\n{BOB},7\n{ANN},1\n".encode())
    assert {one.user_id: one.xp for one in reading.entries.values()} == {ANN: 9, BOB: 7}
    assert (reading.repeated, reading.examples) == (1, [(2, Flaw.TWICE), (6, Flaw.TWICE)])


@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
@example(b'{"xp": {"159985870458322944": [1]}}')
@example(b"\xff\xfea")
def test_no_file_breaks_reading(content):
    with suppress(ReadError):
        assert read_file(content).rows


@given(st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.sampled_from([str(ANN), ANN, "520", ""]),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(st.sampled_from(["players", "id", "xp", "level", "user", "detailed_xp", str(BOB)]), inner),
    max_leaves=12,
))  # fmt: skip
def test_no_json_breaks_reading(value):
    try:
        reading = read_file(json.dumps(value).encode())
    except ReadError:
        return
    assert all(0 <= (one.xp or 0) <= MOST for one in reading.entries.values())


@given(st.text(max_size=30) | st.integers() | st.floats().map(str))
def test_no_value_breaks_reading(value):
    for parse in (parse_id, parse_number):
        with suppress(FlawError):
            parse(value)


# --- there and back

names = st.none() | st.text(st.characters(exclude_categories=["Cc", "Cs"]))
people = st.dictionaries(
    st.integers(10**16 + 1, 2**62).filter(lambda one: one % 1_000),
    st.tuples(st.integers(0, MOST), st.integers(0, MOST), st.integers(0, MOST)),
    max_size=5,
)


@given(people, st.sampled_from(["csv", "json"]), st.sampled_from(["replace", "highest"]), names)
def test_an_export_comes_back_as_it_was(found, form, mode, name):
    standings = {one: Standing(one, *values) for one, values in found.items()}
    exported = [Exported(one, MEE6.level(one.xp), name) for one in standings.values()]
    if form == "csv":
        content = csv_head(COLUMNS) + b"".join(map(csv_row, exported))
    else:
        content = b'{"members":[\n' + b",\n".join(map(json_row, exported)) + b"\n]}\n"
    reading = read_file(content)
    plan = plan_of(reading, mode, standings, MEE6, People())
    assert plan.preview.people == 0
    assert (plan.same, plan.misfits, reading.flaws) == (len(found), 0, {})
    # And into an empty server it brings the same.
    nobody = {one: Standing(one) for one in found}
    assert {one: merged(nobody[one], entry, mode, People()) for one, entry in plan.entries.items()} == standings


def test_saved_by_a_spreadsheet():
    """As above, with semicolons and quotation marks around everything."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", quoting=csv.QUOTE_ALL)
    writer.writerows([COLUMNS, (ANN, "ann", 5, "1.520", 31, 4, "yes")])
    entry = read_file(out.getvalue().encode()).entries[ANN]
    assert entry == Entry(2, ANN, 1_520, 5, 31, 4)


# --- what a file does

entries = st.builds(
    Entry, st.just(1), st.just(ANN), st.integers(0, MOST), st.none(),
    st.none() | st.integers(0, MOST), st.none() | st.integers(0, MOST),
)  # fmt: skip
values = st.integers(0, MOST)
standings = st.builds(Standing, st.just(ANN), values, values, values, st.booleans())


@settings(max_examples=50)
@given(standings, entries)
def test_the_same_file_again_changes_nothing(standing, entry):
    for mode in ("replace", "highest"):
        once = merged(standing, entry, mode, People())
        assert merged(once, entry, mode, People()) == once
        assert once.xp == (entry.xp if mode == "replace" else max(standing.xp, entry.xp))
    assert merged(standing, entry, "add", People()).xp == min(standing.xp + entry.xp, MOST)


def test_a_plan_counts():
    robot = 300000000000000001
    rows = f"{ANN},520,3\n{BOB},7,9\n{CY},,2\n{robot},5,0\n200000000000000001,,1001\n300000000000000003,100,1\n"
    content = f"id,xp,level\n{rows}"
    reading = read_file(content.encode())
    here = {one: Standing(one) for one in reading.entries}
    here |= {ANN: Standing(ANN, 520), BOB: Standing(BOB, 100)}
    plan = plan_of(reading, "replace", here, MEE6, People({ANN, BOB, robot}, {robot}))
    assert {one: entry.xp for one, entry in plan.entries.items()} == {
        ANN: 520, BOB: 7, CY: MEE6.total(2), 300000000000000003: 100,
    }  # fmt: skip
    assert (plan.new, plan.same, plan.both, plan.misfits, plan.by_level, plan.unknown) == (2, 1, 1, 1, 1, 2)
    assert (plan.preview.people, plan.preview.less) == (3, 1)
    assert plan.conflicts[0][0].user_id == BOB
    assert plan.misfit_examples[0][1] == 0
    assert sorted(reading.examples) == [(5, Flaw.BOT), (6, Flaw.TOO_HIGH)]
    assert merged(here[CY], plan.entries[CY], "replace", People({ANN})) == Standing(CY, MEE6.total(2), present=False)

"""Values survive the way into a statement and back; ids grow and don't repeat."""

import json
import subprocess
import sys
from datetime import UTC, datetime, timedelta, timezone
from enum import IntEnum, StrEnum
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from database import DatabaseError, json_value, moment, new_id
from database.manager import MIGRATIONS
from database.values import encode

zones = st.sampled_from([UTC, ZoneInfo("Europe/Berlin"), timezone(timedelta(hours=-9, minutes=-30))])


class Level(IntEnum):
    HIGH = 3


class Colour(StrEnum):
    RED = "red"


@given(st.datetimes(min_value=datetime(1900, 1, 1), max_value=datetime(9998, 1, 1), timezones=zones))
def test_a_moment_loses_less_than_a_millisecond(at: datetime) -> None:
    back = moment(encode(at))
    assert back is not None
    assert timedelta(0) <= at - back < timedelta(milliseconds=1)


@given(st.integers(0, 2**42))
def test_milliseconds_come_back_exactly(milliseconds: int) -> None:
    assert encode(moment(milliseconds)) == milliseconds


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=10,
)


@given(st.lists(json_values, max_size=4) | st.dictionaries(st.text(), json_values, max_size=4))
def test_json_comes_back_unless_it_has_a_nul(value: object) -> None:
    if "\0" in repr_of_texts(value):
        with pytest.raises(DatabaseError, match="NUL"):
            encode(value)
    else:
        assert json_value(encode(value)) == value


def repr_of_texts(value: object) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, list):
        return "".join(map(repr_of_texts, value))
    if isinstance(value, dict):
        return "".join(map(repr_of_texts, [*value, *value.values()]))
    return ""


def test_a_backslash_before_u0000_is_no_nul() -> None:
    assert json.loads(encode({"text": "\\u0000"})) == {"text": "\\u0000"}


def test_json_without_a_json_form_is_refused() -> None:
    with pytest.raises(ValueError, match="JSON"):
        encode({"ratio": float("inf")})
    with pytest.raises(TypeError):
        encode({"who": object()})


def test_enums_of_plain_values_are_plain_values() -> None:
    assert encode(Level.HIGH) == 3
    assert encode(Colour.RED) == "red"


def test_ids_grow_and_fit_into_63_bits() -> None:
    ids = [new_id() for _ in range(20_000)]
    assert ids == sorted(set(ids))
    assert 0 < ids[0] < ids[-1] < 2**63


@pytest.mark.slow
def test_ids_of_other_processes_differ() -> None:
    program = "from database import new_id; print(*[new_id() for _ in range(5000)])"
    processes = [
        subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, cwd=MIGRATIONS.parent)
        for _ in range(3)
    ]
    ids = [int(word) for process in processes for word in process.communicate()[0].split()]
    assert len(set(ids)) == len(ids) == 15_000

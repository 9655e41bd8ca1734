"""What the playground keeps from one run to the next."""

import json
import logging
import os
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground import memory
from utils.time import LONGEST


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "playground.json"


def test_it_lies_beside_the_database():
    assert memory.beside("sqlite:///data/playground.db") == Path("data/playground.json")
    assert memory.beside("sqlite:////srv/hearth/playground.db") == Path("/srv/hearth/playground.json")


def test_what_was_saved_is_there_again(path: Path):
    first = memory.load(path)
    assert first.ahead == timedelta()
    first.ahead = timedelta(days=3, milliseconds=250)
    first.save()
    again = memory.load(path)
    assert (again.ahead, again.secret) == (timedelta(days=3, milliseconds=250), first.secret)


def test_a_secret_can_not_be_guessed_and_stays(path: Path, tmp_path: Path):
    one, other = memory.load(path), memory.load(tmp_path / "other.json")
    assert len(one.secret) >= 43
    assert one.secret != other.secret
    assert memory.load(path).secret == one.secret


def test_forgetting_makes_all_new(path: Path):
    first = memory.load(path)
    first.ahead = timedelta(days=1)
    first.save()
    memory.forget(path)
    memory.forget(path)  # nothing to forget is fine
    again = memory.load(path)
    assert again.ahead == timedelta()
    assert again.secret != first.secret


@pytest.mark.skipif(os.name != "posix", reason="modes of files are POSIX's")
def test_nobody_else_reads_it(path: Path):
    kept = memory.load(path)
    assert path.stat().st_mode & 0o777 == 0o600
    kept.save()
    assert path.stat().st_mode & 0o777 == 0o600
    path.chmod(0o644)
    memory.load(path)
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_save_that_fails_says_so_and_leaves_nothing_behind(path: Path):
    path.mkdir(parents=True)  # so no file can take its place
    with pytest.raises(OSError, match="playground"):
        memory.load(path)
    assert list(path.parent.iterdir()) == [path]


GOOD = {"ahead_seconds": 60, "secret": "s" * 43}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "null",
        "\0\0\0",
        json.dumps(GOOD | {"ahead_seconds": -1}),
        json.dumps(GOOD | {"ahead_seconds": "60"}),
        json.dumps(GOOD | {"ahead_seconds": True}),
        json.dumps(GOOD | {"ahead_seconds": float("inf")}),
        json.dumps(GOOD | {"ahead_seconds": float("nan")}),
        json.dumps(GOOD | {"ahead_seconds": LONGEST.total_seconds() + 1}),
        json.dumps(GOOD | {"secret": "short"}),
        json.dumps(GOOD | {"secret": "../" * 20}),
        json.dumps(GOOD | {"secret": 43}),
        json.dumps({"ahead_seconds": 60}),
    ],
)
def test_what_is_damaged_is_made_new_and_said(path: Path, text: str, caplog: pytest.LogCaptureFixture):
    path.parent.mkdir()
    path.write_text(text)
    with caplog.at_level(logging.WARNING):
        kept = memory.load(path)
    assert kept.ahead == timedelta()
    assert kept.secret != GOOD["secret"]
    assert str(path) in caplog.text
    assert memory.load(path).secret == kept.secret


@given(content=st.binary(max_size=200))
def test_whatever_stands_there_it_loads(content: bytes, tmp_path_factory: pytest.TempPathFactory):
    path = tmp_path_factory.mktemp("memory") / "playground.json"
    path.write_bytes(content)
    kept = memory.load(path)
    assert timedelta() <= kept.ahead <= LONGEST


@given(ahead=st.timedeltas(min_value=timedelta(), max_value=LONGEST))
def test_every_distance_comes_back(ahead: timedelta, tmp_path_factory: pytest.TempPathFactory):
    path = tmp_path_factory.mktemp("memory") / "playground.json"
    kept = memory.load(path)
    kept.ahead = ahead
    kept.save()
    assert abs(memory.load(path).ahead - ahead) <= timedelta(microseconds=1)

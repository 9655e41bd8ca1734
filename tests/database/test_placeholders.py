"""Rewriting placeholders touches placeholders and nothing else, whatever stands around them."""

import re
import sqlite3

import pytest
from hypothesis import given
from hypothesis import strategies as st

from database import DatabaseError
from database.placeholders import bare, statement

inside = st.text(alphabet="ab $1?;-/*\n'\"", max_size=8)
quoted = inside.map(lambda text: "'" + text.replace("'", "''") + "'")
names = inside.map(lambda text: '"n' + text.replace('"', '""') + '"')
line_comments = inside.map(lambda text: "--" + text.replace("\n", "") + "\n")
block_comments = inside.map(lambda text: "/*" + text.replace("*/", "").replace("*/", "") + " */")
others = st.sampled_from([" + ", " ", "\n", "abc", "a$1", "(", ")", ", ", "->>"])
untouched = quoted | names | line_comments | block_comments.filter(lambda text: text.count("*/") == 1) | others


@given(st.lists(untouched | st.integers(1, 12), max_size=20))
def test_only_placeholders_are_rewritten(pieces: list[str | int]) -> None:
    numbers = {piece for piece in pieces if isinstance(piece, int)}
    known = {number: position for position, number in enumerate(sorted(numbers), start=1)}
    # Spaces keep the pieces from growing together into other tokens.
    sql = " ".join(f"${known[piece]}" if isinstance(piece, int) else piece for piece in pieces)
    expected = " ".join(f"?{known[piece]}" if isinstance(piece, int) else piece for piece in pieces)
    read = statement(sql, "sqlite")
    assert read.text == expected
    assert read.parameters == len(numbers)
    assert statement(sql, "postgresql").text == sql


@given(st.permutations(range(1, 12)), st.lists(st.integers(1, 11), max_size=10), quoted)
def test_sqlite_gets_the_values_by_number(order: list[int], again: list[int], text: str) -> None:
    wanted = [*order, *again]
    sql = f"SELECT {text}, " + ", ".join(f"${number}" for number in wanted)
    with sqlite3.connect(":memory:") as connection:
        row = connection.execute(statement(sql, "sqlite").text, range(101, 112)).fetchone()
    connection.close()
    assert list(row[1:]) == [100 + number for number in wanted]


@pytest.mark.parametrize(
    ("sql", "reads"),
    [
        ("SELECT 1", True),
        ("  -- why\n select 1", True),
        ("/* INSERT */ VALUES (1)", True),
        ("WITH a AS (SELECT 1) SELECT * FROM a", True),
        ("WITH a AS (SELECT 1) SELECT 'DELETE', \"update\" FROM a", True),
        ("WITH a AS (SELECT 1) INSERT INTO t SELECT * FROM a", False),
        ("WITH a AS (SELECT 1) update t SET x = 1", False),
        ("WITH a AS (SELECT 1)DELETE FROM t", False),
        ("INSERT INTO t VALUES (1) RETURNING id", False),
        ("DELETE FROM t", False),
        ("CREATE TABLE t (id BIGINT)", False),
        ("PRAGMA foreign_keys", False),
        ("", False),
    ],
)
def test_what_reads_is_known(sql: str, reads: bool) -> None:
    assert statement(sql, "sqlite").reads is reads


@pytest.mark.parametrize("sql", ["SELECT $2", "SELECT $1, $3", "SELECT $0"])
def test_numbers_without_a_gap(sql: str) -> None:
    with pytest.raises(DatabaseError, match="gap"):
        statement(sql, "sqlite")


def test_casts_stay_for_postgresql_and_go_for_sqlite() -> None:
    sql = "SELECT $1::bigint AND x::text = '$1::bigint' AND $2::BIGINT[]"
    assert statement(sql, "postgresql").text == sql
    assert statement(sql, "sqlite").text == "SELECT ?1 AND x::text = '$1::bigint' AND ?2"


def test_bare_text_has_no_literals() -> None:
    assert re.sub(r"\s+", " ", bare("a 'b;' \"c;\" -- d;\n e /* f; */ g")) == "a e g"

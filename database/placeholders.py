"""One SQL text for both engines: `$1` placeholders, read once and kept."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from database.errors import DatabaseError

Dialect = Literal["sqlite", "postgresql"]

# Strings, quoted identifiers and comments come first, so that a `$1` or `;` inside them is never seen.
LITERALS = r"""'(?:[^']|'')*'|"(?:[^"]|"")*"|--[^\n]*|/\*.*?\*/"""
# A cast right behind a placeholder helps PostgreSQL to a type; SQLite neither needs nor understands it.
_TOKENS = re.compile(rf"({LITERALS})|(?<![\w$])\$(\d+)(::[a-z_]+(?:\[\])?)?", re.DOTALL | re.IGNORECASE)
_LITERAL = re.compile(LITERALS, re.DOTALL)
_WORD = re.compile(r"[A-Za-z_]+")
_READING = {"SELECT", "VALUES"}
_WRITING = re.compile(r"\b(?:INSERT|UPDATE|DELETE|REPLACE|MERGE)\b", re.IGNORECASE)
_ROW = re.compile(r"\bVALUES\s*\((\$\d+::[a-z_]+(?:,\s*\$\d+::[a-z_]+)*)\)", re.IGNORECASE)
_DOLLAR_QUOTE = re.compile(r"(?<![\w$])\$(?:[A-Za-z_]\w*)?\$")

_CACHE_SIZE = 1024  # distinct statement texts; the bot has some hundreds


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement, ready for its engine."""

    source: str
    """The text as the caller wrote it."""
    text: str
    """The text as the engine gets it."""
    parameters: int
    """How many values it takes."""
    verb: str
    """Its first word in capitals: SELECT, INSERT, WITH, CREATE …"""
    reads: bool
    """Whether it only reads, so that SQLite may run it beside the writer."""


def bare(sql: str) -> str:
    """Return `sql` without what its strings, quoted identifiers and comments say."""
    return _LITERAL.sub(" ", sql)


def uses_dollar_quotes(sql: str) -> bool:
    """Tell whether `sql` has a `$$…$$` or `$tag$…$tag$` string, which only PostgreSQL knows."""
    return _DOLLAR_QUOTE.search(bare(sql)) is not None


def placeholders(count: int, *, first: int = 1) -> str:
    """Return `$1, $2, …` for an `IN (…)` list of `count` values, starting at number `first`."""
    return ", ".join(f"${number}" for number in range(first, first + count))


@lru_cache(maxsize=_CACHE_SIZE)
def statement(sql: str, dialect: Dialect) -> Statement:
    """Read `sql` once: number its parameters, find out whether it writes, and fit it to the engine.

    Raises `DatabaseError` if it holds more than one statement, a dollar-quoted string, or parameters that aren't
    numbered from 1 without a gap.
    """
    stripped = bare(sql).strip()
    if ";" in stripped.rstrip("; \t\r\n"):
        raise DatabaseError(f"One statement at a time: {start_of(sql)}")
    if uses_dollar_quotes(sql):
        raise DatabaseError(f"Dollar-quoted strings work on PostgreSQL only: {start_of(sql)}")
    numbers = {int(match[2]) for match in _TOKENS.finditer(sql) if match[2]}
    if numbers != set(range(1, len(numbers) + 1)):
        raise DatabaseError(f"Parameters must be numbered from $1 without a gap: {start_of(sql)}")
    text = _for_sqlite(sql) if dialect == "sqlite" else sql
    word = _WORD.search(stripped)
    verb = word[0].upper() if word else ""
    reads = verb in _READING or (verb == "WITH" and _WRITING.search(stripped) is None)
    return Statement(source=sql, text=text, parameters=len(numbers), verb=verb, reads=reads)


@lru_cache(maxsize=_CACHE_SIZE)
def for_all_rows(sql: str) -> str:
    """Return an INSERT of one row, such as `VALUES ($1::bigint, $2::text)`, as PostgreSQL takes all of them at once.

    Its parameters are then the columns, a list each. Raises `DatabaseError` if a value has no type or isn't the next
    parameter, or if parameters are used elsewhere.
    """
    row = _ROW.search(sql)
    values = [] if row is None else [value.strip() for value in row[1].split(",")]
    in_order = [value.partition("::")[0] for value in values] == [f"${n}" for n in range(1, len(values) + 1)]
    if row is None or not in_order or len(_TOKENS.findall(sql)) != len(values) or _LITERAL.search(sql):
        raise DatabaseError(f"Each value is a parameter with its type, and nothing else is one: {start_of(sql)}")
    columns = ", ".join(f"{value}[]" for value in values)
    return f"{sql[: row.start()]}SELECT * FROM unnest({columns}){sql[row.end() :]}"


def _for_sqlite(sql: str) -> str:
    # SQLite numbers `$x` by first appearance, not by x; `?1` means what it says.
    return _TOKENS.sub(lambda match: match[0] if match[1] else f"?{match[2]}", sql)


def start_of(sql: str) -> str:
    """Return the first words of `sql` on one line, for a message."""
    text = " ".join(sql.split())
    return text if len(text) <= 80 else text[:79] + "…"

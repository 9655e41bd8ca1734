"""Values on their way between engines: what each column may hold, and a checksum that is the same on both."""

from __future__ import annotations

import hashlib
import json
import math
import struct
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Context, Decimal, InvalidOperation
from typing import Any, Final, Literal, NoReturn

from database.errors import DatabaseError
from database.placeholders import Dialect

Kind = Literal["whole", "text", "bool", "bytes", "single", "double", "json"]
Values = Sequence[Any]
Row = tuple[Any, ...]

KINDS: Final[dict[str, Kind]] = {
    "BIGINT": "whole", "INTEGER": "whole", "SMALLINT": "whole", "INT": "whole",
    "TEXT": "text", "CHARACTER VARYING": "text",
    "BOOLEAN": "bool",
    "BYTEA": "bytes", "BLOB": "bytes",
    "REAL": "single", "DOUBLE PRECISION": "double",
    "JSON": "json", "JSONB": "json",
}  # fmt: skip
"""What a column's declared type means, on either engine."""

DIGEST_BYTES: Final = 16
_MODULUS: Final = 1 << (8 * DIGEST_BYTES)
_SHOWN_DIGITS: Final = 12  # of a checksum in a table for people
_LONGEST_EXPONENT: Final = 400  # beyond what a float holds; PostgreSQL would write out each zero
_EXACT: Final = Context(prec=10_000, Emax=10**6, Emin=-(10**6))


class CannotCopy(DatabaseError):  # noqa: N818 - it reads as a sentence
    """Something can't be copied; the message is the sentence for the operator. Nothing was changed."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column, and what it holds."""

    name: str
    kind: Kind


class _Unfit(Exception):  # noqa: N818 - it never leaves this file
    """A value doesn't fit its column: its place among the values, and what is wrong."""

    def __init__(self, index: int, trouble: str) -> None:
        super().__init__(trouble)
        self.index = index
        self.trouble = trouble


# --- Reading: a driver's values, checked and alike on both engines -------------------------------------------


def checked(table: str, columns: Sequence[Column], key: Sequence[str], rows: Sequence[Row]) -> list[Row]:
    """Return a driver's rows with each value as its column wants it: BOOLEAN as bool, a float as float.

    Raises `CannotCopy` for a value that the other engine couldn't hold, and names its row by its primary key `key`.
    """
    if not rows:
        return []
    values = list(zip(*rows, strict=True))
    ready: list[Values] = []
    for column, found in zip(columns, values, strict=True):
        try:
            ready.append(_CHECKS[column.kind](found))
        except _Unfit as unfit:
            raise CannotCopy(
                f"{table}.{column.name} can't be copied{_place(columns, key, rows[unfit.index])}: {unfit.trouble}."
            ) from None
    return list(zip(*ready, strict=True))


def _place(columns: Sequence[Column], key: Sequence[str], row: Row) -> str:
    parts = [f"{column.name} is {value!r}" for column, value in zip(columns, row, strict=True) if column.name in key]
    return f" in the row where {' and '.join(parts)}" if parts else ""


def _types(values: Values, wanted: tuple[type, ...], words: str) -> None:
    """Look at the types all at once, which is quick, and for the wrong one only if there is one."""
    allowed = {*wanted, type(None)}
    if not set(map(type, values)) <= allowed:
        index = next(number for number, value in enumerate(values) if type(value) not in allowed)
        raise _Unfit(index, f"there is a {_called(values[index])} where {words} belongs")


def _called(value: Any) -> str:
    names = {str: "text", bytes: "blob", float: "number with a point", int: "whole number", bool: "truth value"}
    return names.get(type(value), type(value).__name__)


def _whole(values: Values) -> Values:
    _types(values, (int,), "a whole number")
    return values


def _text(values: Values) -> Values:
    _types(values, (str,), "text")
    if any("\0" in value for value in values if value):
        index = next(number for number, value in enumerate(values) if value and "\0" in value)
        raise _Unfit(index, "the text has a NUL character, which PostgreSQL can't store")
    return values


def _bool(values: Values) -> Values:
    _types(values, (int, bool), "true or false")
    if not set(values) <= {0, 1, None}:
        index = next(number for number, value in enumerate(values) if value not in {0, 1, None})
        raise _Unfit(index, f"it is {values[index]}, neither true nor false")
    return [None if value is None else bool(value) for value in values]


def _bytes(values: Values) -> Values:
    _types(values, (bytes,), "a blob")
    return values


def _float(values: Values) -> Values:
    _types(values, (float, int), "a number")
    for index, value in enumerate(values):
        if value is not None and math.isnan(value):
            raise _Unfit(index, "it is NaN, which SQLite would turn into NULL")
    return [None if value is None else float(value) for value in values]


def _json(values: Values) -> Values:
    _types(values, (str,), "JSON text")
    for index, value in enumerate(values):
        if value is not None:
            try:
                canonical_json(value)
            except ValueError as error:
                raise _Unfit(index, str(error)) from None
    return values


_CHECKS: Final[dict[Kind, Callable[[Values], Values]]] = {
    "whole": _whole, "text": _text, "bool": _bool, "bytes": _bytes, "single": _float, "double": _float, "json": _json,
}  # fmt: skip


# --- Writing ------------------------------------------------------------------------------------------------


def for_engine(columns: Sequence[Column], rows: list[Row], dialect: Dialect) -> list[Row]:
    """Return checked rows as they are written: on SQLite, JSON looks as if the bot had written it there."""
    if dialect == "postgresql":
        return rows
    return _changed(columns, rows, {"json": compact_json})


def compact_json(text: str) -> str:
    """A JSON text without the spaces that PostgreSQL puts in, and with each number as exact as it was."""
    try:
        compact = json.dumps(json.loads(text), ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    except ValueError:  # a number beyond a float's bounds
        return text
    return compact if canonical_json(compact) == canonical_json(text) else text


def _changed(columns: Sequence[Column], rows: list[Row], changes: dict[Kind, Callable[[Any], Any]]) -> list[Row]:
    if not rows or not any(column.kind in changes for column in columns):
        return rows
    ready: list[Values] = []
    for column, values in zip(columns, zip(*rows, strict=True), strict=True):
        change = changes.get(column.kind)
        ready.append(values if change is None else [None if value is None else change(value) for value in values])
    return list(zip(*ready, strict=True))


# --- Checksums ----------------------------------------------------------------------------------------------


class Checksum:
    """A checksum of rows that depends neither on their order nor on the engine that they are read from."""

    __slots__ = ("_columns", "_sum", "rows")

    def __init__(self, columns: Sequence[Column]) -> None:
        self._columns = columns
        self._sum = 0
        self.rows = 0
        """How many were added."""

    def add(self, rows: list[Row]) -> None:
        """Count checked rows in."""
        digest = hashlib.blake2b
        self.rows += len(rows)
        self._sum += sum(
            int.from_bytes(digest(repr(row).encode(), digest_size=DIGEST_BYTES).digest())
            for row in _changed(self._columns, rows, _CANONICAL)
        )

    @property
    def text(self) -> str:
        """All of it, in hexadecimal."""
        return f"{self._sum % _MODULUS:0{2 * DIGEST_BYTES}x}"

    @property
    def short(self) -> str:
        """As much as people want to compare."""
        return self.text[:_SHOWN_DIGITS]


def canonical_json(text: str) -> str:
    """One text for all JSON texts that mean the same to PostgreSQL's JSONB.

    Raises `ValueError`, whose message goes on after a colon, for what JSONB can't hold.
    """
    try:
        value = json.loads(text, parse_float=_exact, parse_constant=_no_number)
        found = json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
        found.encode()
    except UnicodeEncodeError:
        raise ValueError("the JSON has half of a surrogate pair, which PostgreSQL can't store") from None
    except (RecursionError, json.JSONDecodeError):
        raise ValueError("it isn't JSON that can be read") from None
    if "\\u0000" in found and "\0" in _texts(value):
        raise ValueError("the JSON has a NUL character, which PostgreSQL can't store")
    return found


def _texts(value: Any) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, dict):
        return "".join([*value, *map(_texts, value.values())])
    return "".join(map(_texts, value)) if isinstance(value, list) else ""


def _exact(text: str) -> int | dict[str, str]:
    """A number with a point or an exponent: the whole number it is, or its shortest exact text in a shape of its own.

    JSONB keeps such numbers as decimals, and writes 1e2 as 100.
    """
    try:
        number = _EXACT.normalize(Decimal(text))
    except InvalidOperation:
        raise ValueError("the JSON has a number that is out of all bounds") from None
    exponent = number.as_tuple().exponent
    if abs(number.adjusted()) > _LONGEST_EXPONENT:
        raise ValueError("the JSON has a number that is out of all bounds")
    if isinstance(exponent, int) and exponent >= 0:
        return int(number)
    return {"\ue000 number": format(number, "f")}


def _no_number(text: str) -> NoReturn:
    raise ValueError(f"the JSON has {text}, which PostgreSQL can't store")


def _single(value: float) -> float:
    """The value as four bytes hold it, which is all that PostgreSQL keeps of a REAL."""
    try:
        rounded: float = struct.unpack("f", struct.pack("f", value))[0]
    except OverflowError:
        return value
    return rounded + 0.0


_CANONICAL: Final[dict[Kind, Callable[[Any], Any]]] = {
    "json": canonical_json,
    "single": _single,
    # SQLite has no negative zero in a column.
    "double": lambda value: value + 0.0,
}


def same(one: Iterable[Column], other: Iterable[Column]) -> tuple[Column, ...] | None:
    """Columns of two engines as one: JSON is TEXT on SQLite. None if they differ otherwise."""
    kinds = {column.name: column.kind for column in other}
    merged = []
    for column in one:
        pair = {column.kind, kinds.pop(column.name, None)}
        if len(pair) > 1 and pair != {"text", "json"}:
            return None
        merged.append(Column(column.name, "json" if "json" in pair else column.kind))
    return None if kinds else tuple(merged)

"""What goes into a statement and what comes out of a row, alike on both engines."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from database.errors import DatabaseError

SMALLEST_INTEGER = -(2**63)
LARGEST_INTEGER = 2**63 - 1

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)
# A NUL written as an escape: a backslash that isn't itself escaped, then u0000.
_ESCAPED_NUL = re.compile(r"(?<!\\)(?:\\\\)*\\u0000")


def encode(value: Any) -> Any:
    """Return `value` as both drivers take it.

    Aware datetimes become epoch milliseconds (finer parts are cut off), dicts and lists become JSON text; bool,
    int, str, bytes, float and None stay.

    Raises `ValueError` for a naive datetime and for NaN, `TypeError` for a type that no column can hold, and
    `DatabaseError` for text with a NUL character and integers beyond 64 bits, which PostgreSQL can't store.
    """
    kind = type(value)
    if value is None or kind is bool or kind is bytes:
        return value
    if isinstance(value, int):
        if not SMALLEST_INTEGER <= value <= LARGEST_INTEGER:
            raise DatabaseError(f"The integer {value} doesn't fit into 64 bits.")
        return value
    if isinstance(value, str):
        if "\0" in value:
            raise DatabaseError("Text with a NUL character can't be stored.")
        return value
    if isinstance(value, datetime):
        return _milliseconds(value)
    if kind is dict or kind is list:
        return _json_text(value)
    if isinstance(value, float):
        if math.isnan(value):
            raise ValueError("NaN can't be stored: SQLite would turn it into NULL.")
        return value
    raise TypeError(f"A {kind.__name__} can't be stored.")


def encode_all(values: Sequence[Any]) -> list[Any]:
    """Encode the parameters of one statement."""
    return [
        # Most are plain integers, and those aren't worth a call; nor are the two truths.
        value
        if (type(value) is int and SMALLEST_INTEGER <= value <= LARGEST_INTEGER) or value is True or value is False
        else encode(value)
        for value in values
    ]


def moment(milliseconds: int | None) -> datetime | None:
    """Turn stored epoch milliseconds back into an aware UTC datetime; None passes through."""
    if milliseconds is None:
        return None
    return _EPOCH + timedelta(milliseconds=milliseconds)


def json_value(text: str | None) -> Any:
    """Turn a stored JSON text back into its value; None passes through."""
    return None if text is None else json.loads(text)


def _milliseconds(value: datetime) -> int:
    if value.tzinfo is None or value.utcoffset() is None:
        raise ValueError(f"A datetime without a time zone can't be stored: {value!r}.")
    return (value - _EPOCH) // _MILLISECOND


def _json_text(value: dict[Any, Any] | list[Any]) -> str:
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    if _ESCAPED_NUL.search(text):
        raise DatabaseError("JSON with a NUL character can't be stored.")
    return text

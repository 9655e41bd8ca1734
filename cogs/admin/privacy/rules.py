"""What an export looks like. Pure."""

import json
import zipfile
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from io import BytesIO
from typing import Any, Final

LARGEST_FILE_BYTES: Final = 8_000_000
"""Above, the file is compressed: Discord takes 10 MB in direct messages."""
EXACT_IN_JSON: Final = 2**53
"""Larger numbers, such as ids, are written as text: many programs would round them."""
MOMENTS: Final = ("_at", "_until", "_before")
ALSO_MOMENTS: Final = frozenset({"since", "deadline"})
FIRST_MOMENT: Final = 10**11
"""In milliseconds, in 1973: what is smaller is no moment, but a length of time or a count."""


def readable(column: str, value: Any) -> Any:
    """A stored value as people, and programs, can read it."""
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, int):
        is_moment = column.endswith(MOMENTS) or column in ALSO_MOMENTS
        if is_moment and value >= FIRST_MOMENT:
            return datetime.fromtimestamp(value / 1000, UTC).isoformat(timespec="seconds")
        return str(value) if abs(value) >= EXACT_IN_JSON else value
    if isinstance(value, str) and value[:1] in {"[", "{"}:
        try:
            return json.loads(value)
        except ValueError:
            return value
    return value


def as_json(
    user_id: int,
    at: datetime,
    things: Sequence[tuple[str, str, str]],
    tables: Mapping[str, Sequence[Mapping[str, Any]]],
) -> bytes:
    """The whole export; `things` are what is stored, why and how long, in words."""
    document = {
        "user_id": str(user_id),
        "exported_at": at.isoformat(timespec="seconds"),
        "about": [{"what": what, "why": why, "kept": kept} for what, why, kept in things],
        "data": {
            table: [{column: readable(column, value) for column, value in row.items()} for row in rows]
            for table, rows in tables.items()
        },
    }
    return json.dumps(document, ensure_ascii=False, indent=1, default=str).encode()


def as_file(content: bytes, at: datetime) -> tuple[str, bytes]:
    """The name and the bytes of the file that is sent, compressed if it is large."""
    name = f"my-data-{at:%Y-%m-%d}.json"
    if len(content) <= LARGEST_FILE_BYTES:
        return name, content
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return f"{name}.zip", packed.getvalue()

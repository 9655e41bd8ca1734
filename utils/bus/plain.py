"""Values as JSON can hold them, there and back."""

from dataclasses import fields
from datetime import datetime, timedelta
from typing import Any, Final

_MOMENT: Final = "moment"
_SPAN: Final = "seconds"
_MAP: Final = "map"


def as_plain(value: Any) -> Any:
    """A value as JSON can hold it. Raises TypeError for what can't travel."""
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, datetime):
        return {_MOMENT: value.isoformat()}
    if isinstance(value, timedelta):
        return {_SPAN: value.total_seconds()}
    if isinstance(value, dict):
        return {_MAP: [[as_plain(key), as_plain(one)] for key, one in value.items()]}
    if isinstance(value, list | tuple):
        return [as_plain(one) for one in value]
    raise TypeError(f"{type(value).__name__} can't travel to another process")


def from_plain(plain: Any) -> Any:
    """What `as_plain` was given; tuples come back as lists."""
    if isinstance(plain, list):
        return [from_plain(one) for one in plain]
    if not isinstance(plain, dict):
        return plain
    if _MOMENT in plain:
        return datetime.fromisoformat(plain[_MOMENT])
    if _SPAN in plain:
        return timedelta(seconds=plain[_SPAN])
    return {from_plain(key): from_plain(one) for key, one in plain[_MAP]}


def fields_of(one: Any) -> dict[str, Any]:
    """A dataclass's fields by name, as JSON can hold them."""
    return {field.name: as_plain(getattr(one, field.name)) for field in fields(one)}


def values_in(plain: dict[str, Any]) -> dict[str, Any]:
    """What `fields_of` was given, to make another of it."""
    return {name: from_plain(value) for name, value in plain.items()}

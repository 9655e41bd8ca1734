"""Writing what stands in a file: roles and channels, lengths of time, entries without what says nothing."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

import discord

_UNITS: Final = (("d", 86_400), ("h", 3_600), ("m", 60), ("s", 1))


def role_reference(guild: discord.Guild, role_id: int) -> dict[str, Any]:
    """A role as it stands in a file."""
    return _reference_to(role_id, guild.get_role(role_id))


def channel_reference(guild: discord.Guild, channel_id: int) -> dict[str, Any]:
    """A channel as it stands in a file."""
    return _reference_to(channel_id, guild.get_channel_or_thread(channel_id))


def without_nothing(entry: Mapping[str, Any]) -> dict[str, Any]:
    """An entry without the parts that say nothing: None, False, and empty lists."""
    return {name: value for name, value in entry.items() if value is not None and value is not False and value != []}


def duration_text(duration: timedelta) -> str:
    """A length of time as it stands in a file, whatever the language: `1d 2h`."""
    left = int(duration.total_seconds())
    parts = []
    for unit, seconds in _UNITS:
        count, left = divmod(left, seconds)
        if count:
            parts.append(f"{count}{unit}")
    return " ".join(parts) or "0s"


def optional_duration_text(duration: timedelta | None) -> str | None:
    """The same, where there may be none."""
    return None if duration is None else duration_text(duration)


def _reference_to(any_id: int, found: Any) -> dict[str, Any]:
    return {"id": any_id} if found is None else {"id": any_id, "name": found.name}

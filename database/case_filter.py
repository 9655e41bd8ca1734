"""Which cases to find, and how that is said in SQL."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class CaseFilter:
    """Which cases to find; None and empty mean any."""

    target_id: int | None = None
    moderator_id: int | None = None
    kinds: Sequence[str] = ()
    text: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    in_force_at: datetime | None = None
    """Only what is in force: a sanction or lock that nobody lifted, or a warning that still counts at that moment."""
    numbers: Sequence[int] = ()
    without_kinds: Sequence[str] = ()
    statuses: Sequence[str] = ()
    parent: int | None = None
    after_number: int | None = None
    without_parts: bool = False
    """Whether the single bans of a ban of many are left out: its own case stands for them."""


_IN_FORCE = (  # lists of numbers, made once: asked for each case, a hundred locked channels took seconds
    "(number IN (SELECT number FROM sanctions WHERE guild_id = $1)"
    " OR number IN (SELECT number FROM channel_states WHERE guild_id = $1)"
    " OR (status = 'done' AND points > 0 AND (ends_at IS NULL OR ends_at > {0})))"
)

_NO_PART = (
    "(parent IS NULL OR kind <> 'ban' OR NOT EXISTS (SELECT 1 FROM cases AS whole"
    " WHERE whole.guild_id = cases.guild_id AND whole.number = cases.parent AND whole.kind = 'massban'))"
)


def conditions(guild_id: int, wanted: CaseFilter) -> tuple[str, list[Any]]:
    """What stands after WHERE, and its parameters from `$1` on."""
    one_value = (
        ("target_id = {0}", wanted.target_id),
        ("moderator_id = {0}", wanted.moderator_id),
        ("parent = {0}", wanted.parent),
        ("number > {0}", wanted.after_number),
        ("search_text LIKE {0} ESCAPE '\\'", None if wanted.text is None else _pattern(wanted.text)),
        ("opened_at >= {0}", wanted.since),
        ("opened_at < {0}", wanted.until),
        (_IN_FORCE, wanted.in_force_at),
    )
    many_values: tuple[tuple[str, Sequence[Any]], ...] = (
        ("number IN ({0})", wanted.numbers),
        ("kind IN ({0})", wanted.kinds),
        ("kind NOT IN ({0})", wanted.without_kinds),
        ("status IN ({0})", wanted.statuses),
    )
    parts: list[str] = ["guild_id = $1"]
    values: list[Any] = [guild_id]
    for condition, value in one_value:
        if value is not None:
            values.append(value)
            parts.append(condition.format(f"${len(values)}"))
    for condition, several in many_values:
        if several:
            places = [f"${len(values) + 1 + index}" for index in range(len(several))]
            values.extend(several)
            parts.append(condition.format(", ".join(places)))
    if wanted.without_parts:
        parts.append(_NO_PART)
    return " AND ".join(parts), values


def _pattern(text: str) -> str:
    escaped = text.casefold().replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{escaped}%"

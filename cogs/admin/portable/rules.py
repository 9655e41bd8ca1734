"""What a file changes, what can be taken back, and how both are shown. Neither Discord nor SQL."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from utils.formatting import truncate
from utils.portable import EntryChange

SHOWN_CHARACTERS: Final = 120  # of a value
HIDDEN: Final = "•••"


@dataclass(frozen=True, slots=True)
class Differences:
    """What an entry-by-entry comparison finds. `gone` are entries that the file doesn't have."""

    changed: tuple[EntryChange, ...] = ()
    gone: tuple[EntryChange, ...] = ()


def compare(current: Mapping[str, Any], wanted: Mapping[str, Any], skipped: Collection[str] = ()) -> Differences:
    """What would change for `current` to become `wanted`; entries that are `skipped` stay as they are."""
    changed = [
        EntryChange(key, current.get(key), new)
        for key, new in wanted.items()
        if key not in skipped and current.get(key) != new
    ]
    gone = [EntryChange(key, old, None) for key, old in current.items() if key not in wanted and key not in skipped]
    return Differences(tuple(changed), tuple(gone))


def taken_back(
    current: Mapping[str, Any], before: Mapping[str, Any], after: Mapping[str, Any]
) -> tuple[list[EntryChange], list[str]]:
    """What has to change to take an import back, and what was changed since then and so stays.

    `before` and `after` are what the import found and left, by entry; None is no entry.
    """
    back, since = [], []
    for key, old in before.items():
        now = current.get(key)
        if now == old:
            continue
        if now == after[key]:
            back.append(EntryChange(key, now, old))
        else:
            since.append(key)
    return back, since


def after_changes(current: Mapping[str, Any], changes: Iterable[EntryChange]) -> dict[str, Any]:
    """All entries once these changes are made."""
    new = dict(current)
    for change in changes:
        if change.new is None:
            new.pop(change.key, None)
        else:
            new[change.key] = change.new
    return new


def diff_lines(changes: Sequence[EntryChange], secret: Collection[str]) -> list[str]:
    """Changes as the lines of a diff; parts called as in `secret` aren't shown."""
    lines = []
    for change in changes:
        old = {} if change.old is None else dict(leaves((change.key,), change.old))
        new = {} if change.new is None else dict(leaves((change.key,), change.new))
        for path in dict.fromkeys([*old, *new]):
            if path in old and path in new and old[path] == new[path]:
                continue
            shown = " → ".join(truncate(" ".join(name.split()), SHOWN_CHARACTERS) for name in path)
            is_secret = not set(secret).isdisjoint(path[1:])
            lines += [
                f"{sign} {shown}: {HIDDEN if is_secret else leaf[path]}"
                for sign, leaf in (("-", old), ("+", new))
                if path in leaf
            ]
    return lines


def leaves(path: tuple[str, ...], value: Any) -> Iterator[tuple[tuple[str, ...], str]]:
    """The single values of an entry, each with its path and as it is shown."""
    if _is_reference(value):
        yield path, truncate(str(value.get("name") or value["id"]), SHOWN_CHARACTERS)
    elif isinstance(value, dict) and value:
        for name, part in value.items():
            yield from leaves((*path, str(name)), part)
    elif isinstance(value, list) and any(isinstance(part, dict | list) and not _is_reference(part) for part in value):
        for number, part in enumerate(value, start=1):
            yield from leaves((*path, str(number)), part)
    else:
        yield path, shown_value(value)


def shown_value(value: Any) -> str:
    """A plain value on one line."""
    if isinstance(value, list):
        parts = [next(leaves((), part))[1] for part in value]
        return truncate(", ".join(parts) or "[]", SHOWN_CHARACTERS)
    if isinstance(value, bool):
        return "true" if value else "false"
    if value is None or value == {}:
        return "—"
    return truncate(str(value).replace("\n", " ⏎ "), SHOWN_CHARACTERS)


def _is_reference(value: Any) -> bool:
    return isinstance(value, dict) and "id" in value and value.keys() <= {"id", "name"}

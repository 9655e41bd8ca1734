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
            before, after = old.get(path), new.get(path)
            if before == after:
                continue
            shown = " → ".join(truncate(" ".join(name.split()), SHOWN_CHARACTERS) for name in path)
            is_secret = not set(secret).isdisjoint(path[1:])
            start = 0 if before is None or after is None else _first_shown(before, after)
            lines += [
                f"{sign} {shown}: {HIDDEN if is_secret else _piece(text, start)}"
                for sign, text in (("-", before), ("+", after))
                if text is not None
            ]
    return lines


def _first_shown(before: str, after: str) -> int:
    """Where two long texts begin to be shown, so that it is seen where they differ."""
    same = next((place for place, pair in enumerate(zip(before, after, strict=False)) if pair[0] != pair[1]), None)
    differs = min(len(before), len(after)) if same is None else same
    return 0 if differs < SHOWN_CHARACTERS // 2 else differs - SHOWN_CHARACTERS // 4


def _piece(text: str, start: int) -> str:
    """A piece of a text, on one line."""
    piece = truncate(text[start : start + 2 * SHOWN_CHARACTERS].replace("\n", " ⏎ "), SHOWN_CHARACTERS)
    return " ".join((f"…{piece}" if start else piece).split())


def leaves(path: tuple[str, ...], value: Any) -> Iterator[tuple[tuple[str, ...], str]]:
    """The single values of an entry as texts, each with its path."""
    if _is_reference(value):
        yield path, str(value.get("name") or value["id"])
    elif isinstance(value, dict) and value:
        for name, part in value.items():
            yield from leaves((*path, str(name)), part)
    elif isinstance(value, list) and any(isinstance(part, dict | list) and not _is_reference(part) for part in value):
        for number, part in enumerate(value, start=1):
            yield from leaves((*path, str(number)), part)
    else:
        yield path, _as_text(value)


def _as_text(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(next(leaves((), part))[1] for part in value) or "[]"
    if isinstance(value, bool):
        return "true" if value else "false"
    return "—" if value is None or value == {} else str(value)


def _is_reference(value: Any) -> bool:
    return isinstance(value, dict) and "id" in value and value.keys() <= {"id", "name"}

"""What a choice in a role menu does to somebody's roles. Pure."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final, Literal

from utils.formatting import BUTTON_LABEL_LIMIT, truncate

MOST_MENUS: Final = 50
"""Of one server."""
MOST_ROLES: Final = 25
"""As many as a message has places for buttons, and a selection for options."""
LONGEST_NAME: Final = 50
LONGEST_TEXT: Final = 2_000
SHORTEST_TIME: Final = timedelta(minutes=1)

MODES: Final = ("toggle", "add", "remove", "unique")
"""Give and take; only give; only take; one of them at a time."""
STYLES: Final = ("buttons", "select")

Why = Literal["full", "has", "has-not"]


@dataclass(frozen=True, slots=True)
class Change:
    """What is given and taken; if neither, why."""

    give: tuple[int, ...] = ()
    take: tuple[int, ...] = ()
    why_not: Why | None = None


def label_of(text: str) -> str:
    """A text as it stands on a button."""
    return truncate(" ".join(text.split()), BUTTON_LABEL_LIMIT)


def change(mode: str, most: int, menu: Collection[int], has: Collection[int], chosen: Sequence[int]) -> Change:
    """What choosing these roles of a menu comes to for somebody who has those; with `most` 0 there is no limit.

    What isn't in the menu is left alone.
    """
    wanted = [role_id for role_id in dict.fromkeys(chosen) if role_id in menu]
    new = tuple(role_id for role_id in wanted if role_id not in has)
    old = tuple(role_id for role_id in wanted if role_id in has)
    if mode == "remove":
        return Change(take=old) if old else Change(why_not="has-not")
    if mode == "unique":
        return _one(menu, has, wanted)
    if mode == "add":
        old = ()
    if not new and not old:
        return Change(why_not="has")
    others = [role_id for role_id in menu if role_id in has and role_id not in old]
    if new and most and len(others) + len(new) > most:
        return Change(why_not="full")
    return Change(new, old)


def _one(menu: Collection[int], has: Collection[int], wanted: Sequence[int]) -> Change:
    """The first that is wanted in place of all others; the one that somebody has is given back."""
    if not wanted:
        return Change(why_not="has")
    mine = tuple(role_id for role_id in menu if role_id in has)
    return Change(take=mine) if wanted[0] in has else Change((wanted[0],), mine)

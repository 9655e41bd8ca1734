"""Which roles a member is given and loses by their level. Pure."""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from database.level_rewards import Grant, Reward

Mode = str
"""Whether members keep the roles of lower levels: one of `MODES`."""
MODES: Final = ("stack", "highest")

MOST_REWARDS: Final = 50
"""Of one server."""

SAME_STAY: Final = timedelta(seconds=1)
"""Two moments of joining that are nearer to each other are one: the database cuts off what is finer than its own."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be done about a member's roles."""

    give: frozenset[int] = frozenset()
    take: frozenset[int] = frozenset()
    forget: frozenset[int] = frozenset()
    """Roles that the bot gave once, and that don't count as given by it any more."""

    @property
    def is_empty(self) -> bool:
        """Whether nothing is to be done."""
        return not (self.give or self.take or self.forget)


def wanted(level: int, rewards: Mapping[int, int], mode: Mode) -> frozenset[int]:
    """The roles that belong to a level; `rewards` says by role from which level on it is given.

    With `highest`, those of the highest level reached, which may be several.
    """
    reached = {role_id: at for role_id, at in rewards.items() if at <= level}
    if mode == "highest":
        highest = max(reached.values(), default=0)
        reached = {role_id: at for role_id, at in reached.items() if at == highest}
    return frozenset(reached)


def reconcile(
    level: int, rewards: Mapping[int, int], mode: Mode, has: Collection[int], granted: Collection[int]
) -> Plan:
    """What to do about the roles of a member who has reached a level and has these roles.

    `granted` are those that the bot gave in this stay. Only those are taken: what somebody gave by hand stays. One
    that is gone all the same was taken by hand, and isn't given again as long as it belongs to the member's level.
    """
    owed, has, granted = wanted(level, rewards, mode), frozenset(has), frozenset(granted)
    return Plan(give=owed - has - granted, take=(granted & has) - owed, forget=granted - has - owed)


def current_grants(
    grants: Iterable[Grant], has: Collection[int], joined_at: datetime | None
) -> tuple[frozenset[int], frozenset[int]]:
    """Roles that the bot gave in this stay, and those of its notes that tell nothing any more.

    What was given in an earlier stay went with it. What Discord gave no answer about was given if they have it.
    """
    current, stale = set(), set()
    for grant in grants:
        if _same_stay(grant.joined_at, joined_at) and (grant.given or grant.role_id in has):
            current.add(grant.role_id)
        else:
            stale.add(grant.role_id)
    return frozenset(current), frozenset(stale)


def _same_stay(one: datetime | None, other: datetime | None) -> bool:
    if one is None or other is None:
        return one is other
    return abs(one - other) < SAME_STAY


def by_role(rewards: Iterable[Reward]) -> dict[int, int]:
    """From which level on each role is given."""
    return {reward.role_id: reward.level for reward in rewards}


_AROUND: Final = ' \n"“”„«»'
_LEVEL: Final = r"(?:(?:level|lvl|lv)\.?\s*)?"
_FIRST: Final = re.compile(rf"{_LEVEL}(-?[0-9]{{1,14}})(?:\s+(.*))?", re.IGNORECASE | re.DOTALL)
"""Also a number that no level has, so that this can be said; one of 15 digits or more is a role's id."""
_LAST: Final = re.compile(rf"(.*?\S)\s+{_LEVEL}([0-9]{{1,4}})", re.IGNORECASE | re.DOTALL)


def split_level(text: str) -> tuple[int | None, str]:
    """The level that a text begins or ends with, and the rest; the level is None if there is none.

    Of two numbers the first is the level. Quotation marks around the rest are left out.
    """
    text = text.strip()
    if (found := _FIRST.fullmatch(text)) is not None:
        return int(found[1]), (found[2] or "").strip(_AROUND)
    if (found := _LAST.fullmatch(text)) is not None:
        return int(found[2]), found[1].strip(_AROUND)
    return None, text.strip(_AROUND)

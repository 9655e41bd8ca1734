"""When joining is a raid, and who belongs to it. Pure: the same for what happens now and for a record of the past.

Many who join at once may be a good day, such as a streamer's visit. It is a raid if enough of them look alike or have
young accounts, or if they are so many that nothing else explains it.
"""

import re
from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from rapidfuzz import fuzz

from cogs.moderation.automod.normalising import as_words

ALIKE_PERCENT: Final = 85
"""From how much on two names count as alike; digits don't count."""
SHORTEST_NAME: Final = 4
"""Letters that a name needs to be like another: many people are called Max."""
ALIKE_MEMBERS: Final = 3
"""How many must have names alike for that to be no chance."""
FLOOD: Final = 3
"""So many times the limit is a raid, whoever they are."""
SLOW: Final = 10
"""Over so many times the window, suspicious ones add up as well."""
MOST_KEPT: Final = 500
"""Joins that are looked back at."""
_NO_LETTER: Final = re.compile(r"[^\w]|[\d_]")


class Sign(StrEnum):
    """What makes somebody who joins suspicious."""

    YOUNG = "young"
    ALIKE = "alike"
    FLOOD = "flood"


@dataclass(frozen=True, slots=True)
class Limits:
    """What a server has set."""

    joins: int
    within: timedelta
    young: timedelta
    """Accounts below this age are suspicious; zero: none are."""
    quiet: timedelta
    """A raid is over when nobody suspicious joined for so long."""


@dataclass(frozen=True, slots=True)
class Join:
    """Somebody joins."""

    user_id: int
    name: str
    at: datetime
    account_made: datetime


@dataclass(slots=True)
class _Seen:
    join: Join
    letters: str
    alike: int = 0
    """How many others of the last while have a name like this one's."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a join makes of it."""

    is_raid: bool
    """False where many join, but nothing is wrong with them."""
    signs: frozenset[Sign]
    cohort: tuple[Join, ...]
    """Who belongs to it, so far."""


@dataclass(slots=True)
class Watch:
    """The latest joins of a guild."""

    limits: Limits
    _latest: deque[_Seen] = field(default_factory=lambda: deque(maxlen=MOST_KEPT))

    def hear(self, join: Join) -> Verdict | None:
        """Take up a join; what is to be said of it, None if that's nothing. Heard again, it isn't counted."""
        limits = self.limits
        while self._latest and join.at - self._latest[0].join.at > limits.within * SLOW:
            self._latest.popleft()
        if any(one.join.user_id == join.user_id for one in self._latest):
            return None
        self._remember(join)
        recent = self._recent(join.at)
        suspicious = [one for one in self._latest if self._signs(one)]
        if self._is_flood(recent):
            return self._verdict(recent, Sign.FLOOD)
        if len(suspicious) >= limits.joins or (len(recent) >= limits.joins and self._are_suspicious(recent)):
            return self._verdict(suspicious)
        if len(recent) >= limits.joins:
            return Verdict(is_raid=False, signs=frozenset(), cohort=tuple(one.join for one in recent))
        return None

    def belongs(self, join: Join) -> bool:
        """Whether somebody who joined just now, while a raid goes on, belongs to it."""
        seen = next((one for one in self._latest if one.join.user_id == join.user_id), None)
        return self._is_flood(self._recent(join.at)) or (seen is not None and bool(self._signs(seen)))

    def _recent(self, now: datetime) -> list[_Seen]:
        return [one for one in self._latest if now - one.join.at <= self.limits.within]

    def _is_flood(self, recent: Sequence[_Seen]) -> bool:
        """Whether they are too many, and it isn't just the suspicious ones that make them so many."""
        return len(recent) >= self.limits.joins * FLOOD and not self._are_suspicious(recent)

    def _are_suspicious(self, people: Sequence[_Seen]) -> bool:
        return 2 * sum(1 for one in people if self._signs(one)) >= len(people)

    def _remember(self, join: Join) -> None:
        seen = _Seen(join, letters_of(join.name))
        for other in self._latest:
            if are_alike(seen.letters, other.letters):
                seen.alike += 1
                other.alike += 1
        self._latest.append(seen)

    def _signs(self, seen: _Seen) -> set[Sign]:
        signs = set()
        if seen.join.at - seen.join.account_made < self.limits.young:
            signs.add(Sign.YOUNG)
        if seen.alike >= ALIKE_MEMBERS - 1:
            signs.add(Sign.ALIKE)
        return signs

    def _verdict(self, people: Sequence[_Seen], *besides: Sign) -> Verdict:
        signs = frozenset(besides).union(*(self._signs(one) for one in people))
        return Verdict(is_raid=True, signs=signs, cohort=tuple(one.join for one in people))


def letters_of(name: str) -> str:
    """The letters of a name, plain: `Free_Nitro42` and `frеenitro7` have the same."""
    return _NO_LETTER.sub("", as_words(name))


def are_alike(one: str, other: str) -> bool:
    """Whether the letters of two names are (nearly) the same."""
    if min(len(one), len(other)) < SHORTEST_NAME:
        return False
    return fuzz.ratio(one, other, score_cutoff=ALIKE_PERCENT) > 0


@dataclass(frozen=True, slots=True)
class Past:
    """A raid that would have been found in a record of joins."""

    began: datetime
    ended: datetime
    signs: frozenset[Sign]
    user_ids: tuple[int, ...]


def replay(joins: Iterable[Join], limits: Limits) -> list[Past]:
    """The raids in a record of joins, as they would have been found while it happened."""
    found: list[Past] = []
    watch, current, last = Watch(limits), None, None
    for join in sorted(joins, key=lambda one: (one.at, one.user_id)):
        if current is not None and last is not None and join.at - last > limits.quiet:
            found.append(current)
            current = None
        verdict = watch.hear(join)
        if current is None and verdict is not None and verdict.is_raid:
            cohort = tuple(one.user_id for one in verdict.cohort)
            current, last = Past(join.at, join.at, verdict.signs, cohort), join.at
        elif current is not None and watch.belongs(join):
            members = dict.fromkeys((*current.user_ids, join.user_id))
            current, last = Past(current.began, join.at, current.signs, tuple(members)), join.at
    return [*found, *([current] if current is not None else [])]

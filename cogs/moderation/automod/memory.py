"""What was posted a moment ago, for rates and repetitions. Pure, and bounded."""

from collections import OrderedDict
from collections.abc import Hashable
from datetime import datetime, timedelta
from typing import Final, NamedTuple

MOST_KEYS: Final = 20_000
"""Counts that are kept at once, for all servers together; the one that wasn't touched for longest goes first."""
MOST_POSTS: Final = 60
"""Messages of a count: as many as a rule may ask for, and some."""


class Reference(NamedTuple):
    """A message, by where it is."""

    id: int
    channel_id: int
    author_id: int


class _Counted(NamedTuple):
    at: datetime
    reference: Reference
    weight: int


class Memory:
    """Counts what was posted within a time, under keys."""

    def __init__(self, most_keys: int = MOST_KEYS) -> None:
        self._counts: OrderedDict[Hashable, list[_Counted]] = OrderedDict()
        self.most_keys = most_keys

    def count(self, key: Hashable, reference: Reference, at: datetime, within: timedelta, weight: int = 1) -> int:
        """Add a message to a count; the sum of the weights of the last while.

        One that was counted before, because Discord delivered it twice, isn't counted again.
        """
        counted = self._counts.get(key)
        if counted is None:
            self._counts[key] = [_Counted(at, reference, weight)]
            if len(self._counts) > self.most_keys:
                self._counts.popitem(last=False)
            return weight
        self._counts.move_to_end(key)
        begin = at - within
        counted[:] = [one for one in counted if one.at >= begin and one.reference.id != reference.id]
        counted.append(_Counted(at, reference, weight))
        del counted[:-MOST_POSTS]
        return sum([one.weight for one in counted])

    def counted(self, key: Hashable) -> tuple[Reference, ...]:
        """The messages that add up in a count, the latest last."""
        return tuple(one.reference for one in self._counts.get(key, ()))

    def forget(self, guild_id: int, rule_number: int | None = None) -> None:
        """Let go of a guild's counts, or those of one rule: keys begin with guild and rule."""
        for key in [key for key in self._counts if isinstance(key, tuple) and key[0] == guild_id]:
            if rule_number is None or key[1] == rule_number:
                del self._counts[key]

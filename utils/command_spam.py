"""When somebody sends too many commands: what is too much isn't done, and who goes on is blocked for a while.

Neither Discord nor the database, and no I/O: it is asked for every command.
"""

from collections import OrderedDict, deque
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Final

MOST_KEPT: Final = 10_000  # people; those who wrote longest ago are forgotten first


class Verdict(Enum):
    """What becomes of a command."""

    RUN = auto()
    DROP = auto()
    BLOCK = auto()


@dataclass(frozen=True, slots=True)
class SpamLimits:
    """So many commands in so many seconds are fine; so many beyond that, one after the other, are too many."""

    commands: int = 10
    seconds: float = 12.0
    strikes: int = 5


@dataclass(slots=True)
class _Person:
    """When their latest commands ran, how many were dropped since, and the message that was judged last."""

    ran: deque[float] = field(default_factory=deque)
    strikes: int = 0
    message_id: int = 0


class CommandSpam:
    """Counts commands of people, each server by itself."""

    def __init__(self) -> None:
        self._people: OrderedDict[tuple[int, int], _Person] = OrderedDict()

    def judge(self, guild_id: int, user_id: int, message_id: int, now: float, limits: SpamLimits) -> Verdict:
        """What becomes of a command at `now` in seconds. The same message counts once: an alias leads to another.

        0 as the guild's id stands for direct messages.
        """
        key = (guild_id, user_id)
        person = self._people.get(key)
        if person is None:
            person = self._people[key] = _Person()
            if len(self._people) > MOST_KEPT:
                self._people.popitem(last=False)
        else:
            self._people.move_to_end(key)
        if person.message_id == message_id:
            return Verdict.RUN
        person.message_id = message_id
        ran = person.ran
        while ran and ran[0] <= now - limits.seconds:
            ran.popleft()
        if len(ran) < limits.commands:
            ran.append(now)
            person.strikes = 0
            return Verdict.RUN
        person.strikes += 1
        return Verdict.DROP if person.strikes < limits.strikes else Verdict.BLOCK

    def forgive(self, guild_id: int, user_id: int) -> None:
        """Count somebody's commands anew."""
        self._people.pop((guild_id, user_id), None)

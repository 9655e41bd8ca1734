"""Who did it: what the audit log says, and when it says it reliably enough to be repeated. Pure.

An entry of the audit log names who did it by itself. A deleted message and a member who is gone are other news, which
an entry must first be matched with; where it could mean another one, nobody is named. Discord makes no entry at all
when people delete their own messages, and doesn't tell of further ones that it only counts up in an entry there is.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

TOGETHER: Final = timedelta(seconds=10)
"""How far apart the news and its entry come at most."""
USED: Final = frozenset({"message_delete", "message_bulk_delete", "ban", "kick"})
"""The actions of entries that are matched with other news."""
KEPT_FOR: Final = timedelta(minutes=1)
MOST_KEPT: Final = 500


@dataclass(frozen=True, slots=True)
class Fact:
    """What an entry of the audit log says, by ids. `action` is discord.py's name of what was done."""

    action: str
    actor_id: int
    target_id: int | None
    at: datetime
    channel_id: int | None = None
    count: int | None = None
    reason: str | None = None


def near(facts: Iterable[Fact], action: str, target_id: int | None, at: datetime) -> list[Fact]:
    """The facts of an action on somebody or something about a moment."""
    return [
        fact
        for fact in facts
        if fact.action == action and fact.target_id == target_id and abs(fact.at - at) <= TOGETHER
    ]


def who_deleted(facts: Sequence[Fact], author_id: int, channel_id: int, at: datetime, *, alike: int) -> Fact | None:
    """Who deleted a message; None if it isn't sure. `alike` is how many of that author's were deleted just then."""
    found = [fact for fact in near(facts, "message_delete", author_id, at) if fact.channel_id == channel_id]
    return found[0] if len(found) == 1 and alike == 1 and found[0].count == 1 else None


def who_deleted_many(facts: Sequence[Fact], channel_id: int, at: datetime, count: int) -> Fact | None:
    """Who deleted many messages at once, in one call or several; None if it isn't sure."""
    found = near(facts, "message_bulk_delete", channel_id, at)
    alone = len({fact.actor_id for fact in found}) == 1
    return found[0] if alone and sum(fact.count or 0 for fact in found) == count else None


def who_removed(facts: Sequence[Fact], user_id: int, at: datetime) -> Fact | None:
    """Who kicked or banned somebody who is gone; None if they left, or it isn't known."""
    found = [*near(facts, "ban", user_id, at), *near(facts, "kick", user_id, at)]
    return found[0] if found else None


@dataclass(frozen=True, slots=True)
class Invite:
    """An invite as it was at a moment; `most` is how often it may be used, 0 for any number."""

    uses: int
    most: int = 0
    inviter_id: int | None = None


def invite_used(before: dict[str, Invite] | None, now: dict[str, Invite], joined: int) -> str | None:
    """The code of the invite by which all who joined came; None if it isn't sure.

    One that is used up is gone. Those that are made and used meanwhile count from zero.
    """
    if before is None:
        return None
    rises = {code: one.uses - (before[code].uses if code in before else 0) for code, one in now.items()}
    rises |= {
        code: one.most - one.uses for code, one in before.items() if code not in now and one.most - one.uses > 0
    }
    risen = {code: rise for code, rise in rises.items() if rise > 0}
    used = next(iter(risen), None)
    return used if used is not None and risen == {used: joined} else None

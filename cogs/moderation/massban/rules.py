"""Who is banned among many and who isn't, and in which calls. Pure rules: `now` has become moments before."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final, TypeVar

import discord
from discord.utils import as_chunks

from utils.i18n import N_, _, format_number, translate

T = TypeVar("T")

KIND: Final = "massban"
PART: Final = {KIND: True}
"""The details of one of the bans. It isn't shown in the log: the case of them all stands there."""
MOST_BANNED: Final = 1_000
"""People at once: enough for a raid, and little enough to be looked through before and to be taken back after."""
BULK: Final = 200
"""People of one call: Discord's limit."""


class Why(StrEnum):
    """Why somebody who was meant isn't banned."""

    YOU = "you"
    ME = "me"
    OWNER = "owner"
    ABOVE_YOU = "above-you"
    ABOVE_ME = "above-me"
    STAFF = "staff"
    BANNED = "banned"
    UNFIT = "unfit"


WHYS: Final = {
    Why.YOU: N_("yourself"),
    Why.ME: N_("myself"),
    Why.OWNER: N_("owner of the server"),
    Why.ABOVE_YOU: N_("role not below yours"),
    Why.ABOVE_ME: N_("role not below mine"),
    Why.STAFF: N_("staff"),
    Why.BANNED: N_("banned already"),
    Why.UNFIT: N_("the filters don't fit"),
}


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who may be banned, as they are now."""

    id: int
    name: str
    names: tuple[str, ...] = ()
    """What they are called: user name, global name, nickname."""
    joined_at: datetime | None = None
    """None of people who aren't in the server."""
    has_avatar: bool = True
    roles: tuple[int, ...] = ()
    nick: str | None = None
    is_bot: bool = False
    is_member: bool = False

    @property
    def created_at(self) -> datetime:
        """When the account was made; Discord's ids tell."""
        return discord.utils.snowflake_time(self.id)


@dataclass(frozen=True, slots=True)
class Filters:
    """What somebody has to fit, all of it; the pattern for names is tried elsewhere."""

    joined_since: datetime | None = None
    made_since: datetime | None = None
    joined_after: datetime | None = None
    joined_before: datetime | None = None
    no_avatar: bool = False
    no_roles: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """Who is banned, and who of those that were meant isn't."""

    chosen: tuple[Candidate, ...]
    skipped: tuple[tuple[Candidate, Why], ...] = ()

    def counts(self) -> dict[str, int]:
        """How many are skipped for which reason."""
        return dict(Counter(str(why) for _candidate, why in self.skipped))


def fits(candidate: Candidate, filters: Filters) -> bool:
    """Whether somebody fits all filters. Only members do, and no bots: those are banned by name."""
    joined = candidate.joined_at
    if not candidate.is_member or candidate.is_bot or joined is None:
        return False
    return all(
        (
            filters.joined_since is None or joined >= filters.joined_since,
            filters.made_since is None or candidate.created_at >= filters.made_since,
            filters.joined_after is None or joined > filters.joined_after,
            filters.joined_before is None or joined < filters.joined_before,
            not (filters.no_avatar and candidate.has_avatar),
            not (filters.no_roles and candidate.roles),
        )
    )


def in_calls(people: Sequence[Candidate]) -> Iterator[list[int]]:
    """The places of people in the list, in portions for one call each.

    Members go first and apart from the others: how many strangers may be banned a day is limited, and that must
    keep nobody in who is here.
    """
    here = [place for place, one in enumerate(people) if one.is_member]
    elsewhere = [place for place, one in enumerate(people) if not one.is_member]
    for places in (here, elsewhere):
        yield from as_chunks(places, BULK)


def skipped_line(counts: dict[str, int]) -> str:
    """How many are skipped for which reason: `staff: 2 · banned already: 10`. In the current language."""
    named = {Why(key): count for key, count in counts.items() if key in set(Why)}
    return " · ".join(
        _("{why}: {count}").format(why=translate(WHYS[why]), count=format_number(count))
        for why, count in sorted(named.items(), key=lambda one: -one[1])
    )

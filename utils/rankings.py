"""Who has most of those who are here, page by page: who left is found out when somebody looks, and left out."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Final, Generic, Protocol, TypeVar

import discord

from database.errors import DatabaseUnavailable
from utils.cog import Cog
from utils.members import MOST_FOUND, get_members

PER_PAGE: Final = 10
LOOKED_AT: Final = MOST_FOUND
"""People whom Discord is asked about for one page: as many as it tells of at once, for the next pages, too."""
LOOKED_AT_ABOVE: Final = 3 * MOST_FOUND
"""How many of those above somebody are looked at, for the place to be right."""
MOST_ROUNDS: Final = 10
"""How often a page is read again because it was full of people who left."""


class Ranked(Protocol):
    """What somebody has, and whose it is."""

    @property
    def user_id(self) -> int: ...


Entry = TypeVar("Entry", bound=Ranked)


@dataclass(frozen=True, slots=True)
class RankedPage(Generic[Entry]):
    """Some of those who have most, in order."""

    entries: Sequence[Entry]
    index: int
    people: int
    """How many there are on all pages."""
    members: Mapping[int, discord.Member]
    """Those of the page by id; nobody, if Discord didn't answer."""

    @property
    def pages(self) -> int:
        """How many pages there are; one at least."""
        return max(1, -(-self.people // PER_PAGE))


class Ranking(ABC, Generic[Entry]):
    """Everybody in a guild in the order of what they have."""

    def __init__(self, guild: discord.Guild) -> None:
        self.guild = guild

    @abstractmethod
    async def count(self) -> int:
        """How many there are who aren't known to have left."""

    @abstractmethod
    async def top(self, *, limit: int, offset: int = 0) -> Sequence[Entry]:
        """So many of them from a place on, who has most first."""

    @abstractmethod
    async def leave_out(self, user_ids: Sequence[int]) -> None:
        """Write down that these have left."""

    async def look_above(self, place: int) -> None:
        """Find out who of those above a place has left."""
        await self._here(await self.top(limit=min(place - 1, LOOKED_AT_ABOVE)))

    async def page(self, index: int) -> RankedPage[Entry]:
        """A page, full of people who are here; the last one for what lies beyond it."""
        for _round in range(MOST_ROUNDS):
            people = await self.count()
            index = min(index, max(0, people - 1) // PER_PAGE)
            found = await self.top(limit=LOOKED_AT, offset=index * PER_PAGE)
            here, members = await self._here(found)
            if len(here) >= PER_PAGE or (len(found) < LOOKED_AT and (here or not index)):
                break
        return RankedPage(here[:PER_PAGE], index, people - len(found) + len(here), members)

    async def _here(self, entries: Sequence[Entry]) -> tuple[list[Entry], dict[int, discord.Member]]:
        """Those who are members; who isn't any more is written down. All of them, if Discord doesn't answer."""
        try:
            members = await get_members(self.guild, [one.user_id for one in entries])
        except TimeoutError:
            return list(entries), {}
        gone = [one.user_id for one in entries if one.user_id not in members]
        await self.leave_out(gone)
        return [one for one in entries if one.user_id in members], members


class RankingCog(Cog):
    """A topic that ranks those who are here, and so hears who comes and who goes."""

    async def note_presence(self, guild_id: int, user_id: int, *, present: bool) -> None:
        """Write down that somebody is here, or has left; what they have stays theirs."""
        raise NotImplementedError

    @Cog.listener()
    async def on_member_join(self, member: discord.Member) -> None:
        """Rank somebody again who came back."""
        with suppress(DatabaseUnavailable):  # then it is found out when somebody looks
            await self.note_presence(member.guild.id, member.id, present=True)

    @Cog.listener()
    async def on_raw_member_remove(self, payload: discord.RawMemberRemoveEvent) -> None:
        """Leave somebody out who left."""
        with suppress(DatabaseUnavailable):
            await self.note_presence(payload.guild_id, payload.user.id, present=False)

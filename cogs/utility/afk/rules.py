"""Who is away, and who is told of it. In memory, for the path of every message: neither Discord nor SQL."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from database.away import Away

TEXT_LIMIT: Final = 200  # characters
GRACE: Final = timedelta(seconds=15)
"""So long one's own messages don't bring one back: who says goodbye after the command is still gone."""
TOLD_AGAIN_AFTER: Final = timedelta(minutes=5)
"""So long nobody is told again that the same member is away."""
MOST_MENTIONS: Final = 50
"""Kept for each who is away; further ones aren't."""
MOST_TOLD: Final = 20_000
"""Tellings that are remembered. Beyond, nobody is told until some are over."""


@dataclass(slots=True)
class Absence:
    """Somebody's being away, and how many mentions of them are kept."""

    away: Away
    mentions: int = 0


class Absences:
    """All who are away."""

    def __init__(self) -> None:
        self._of: dict[int, dict[int, Absence]] = {}
        self._told: dict[tuple[int, int, int], datetime] = {}

    def of(self, guild_id: int) -> dict[int, Absence]:
        """Who is away in a guild, by their ids."""
        return self._of.get(guild_id, {})

    def begin(self, away: Away, mentions: int = 0) -> None:
        """Let somebody be away."""
        self._of.setdefault(away.guild_id, {})[away.user_id] = Absence(away, mentions)

    def end(self, guild_id: int, user_id: int) -> Absence | None:
        """Let somebody be back; None if they weren't away."""
        here = self._of.get(guild_id, {})
        found = here.pop(user_id, None)
        if not here:
            self._of.pop(guild_id, None)
        return found

    def forget_person(self, user_id: int, guild_id: int | None) -> None:
        """Know nothing of somebody any more, everywhere or in one guild."""
        for one in list(self._of) if guild_id is None else [guild_id]:
            self.end(one, user_id)
        self._told = {
            who: end for who, end in self._told.items() if user_id not in who[1:] or guild_id not in {None, who[0]}
        }

    def forget_guild(self, guild_id: int) -> None:
        """Know nothing of a guild any more."""
        self._of.pop(guild_id, None)
        self._told = {who: end for who, end in self._told.items() if who[0] != guild_id}

    def returns(self, guild_id: int, user_id: int, now: datetime) -> Absence | None:
        """Let somebody be back because they write; None if they weren't away, or only just went."""
        absence = self.of(guild_id).get(user_id)
        if absence is None or now - absence.away.since < GRACE:
            return None
        return self.end(guild_id, user_id)

    def mentioned(self, guild_id: int, user_ids: Iterable[int]) -> list[Absence]:
        """Those of these people who are away."""
        here = self.of(guild_id)
        return [here[user_id] for user_id in dict.fromkeys(user_ids) if user_id in here]

    def is_kept(self, absence: Absence) -> bool:
        """Whether another mention of somebody is kept; it is counted then."""
        if absence.mentions >= MOST_MENTIONS:
            return False
        absence.mentions += 1
        return True

    def is_told(self, absence: Absence, to_id: int, now: datetime) -> bool:
        """Whether a person who mentioned somebody is told that they are away; not again for a while then."""
        key = (absence.away.guild_id, absence.away.user_id, to_id)
        until = self._told.get(key)
        if until is not None and now < until:
            return False
        if len(self._told) >= MOST_TOLD:
            self._told = {who: end for who, end in self._told.items() if now < end}
            if len(self._told) >= MOST_TOLD:
                return False
        self._told[key] = now + TOLD_AGAIN_AFTER
        return True

"""Who earns in a voice channel, and for how many minutes. Pure."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from cogs.leveling.chat.rules import Places
from database.voice_sessions import VoiceSession

MINUTE: Final = timedelta(minutes=1)
LEAST_PEOPLE: Final = 2
"""Who talks to nobody earns nothing."""
GOES_ON_WITHIN: Final = timedelta(minutes=10)
"""Time that nobody watched counts up to this long: a restart, a lost connection. After more, it counts anew."""


@dataclass(frozen=True, slots=True)
class Known:
    """What was known of somebody at that moment. `is_human` is false also of who isn't a member any more."""

    is_human: bool
    role_ids: Collection[int]
    at: datetime


def unknown_there(active: Iterable[int], known: Mapping[int, Known]) -> set[int]:
    """Of those who hear and speak in a channel, who has to be asked about before it is clear who earns there."""
    people = [user_id for user_id in active if user_id not in known or known[user_id].is_human]
    return set() if len(people) < LEAST_PEOPLE else {user_id for user_id in people if user_id not in known}


def earning_there(
    active: Iterable[int], known: Mapping[int, Known], rules: Places, places: Sequence[int]
) -> set[int]:  # fmt: skip
    """Who earns in a channel (`places` are it and its category), of those who hear and speak there.

    Somebody whose roles bring no XP is company for the others all the same.
    """
    people = [user_id for user_id in active if user_id in known and known[user_id].is_human]
    if len(people) < LEAST_PEOPLE:
        return set()
    return {user_id for user_id in people if rules.reason(places, known[user_id].role_ids) is None}


class Talks:
    """Who earns in a guild's voice channels, and until when that is counted."""

    def __init__(self, guild_id: int) -> None:
        self.guild_id = guild_id
        self.running: dict[int, VoiceSession] = {}
        """Who earns."""
        self.held: dict[int, VoiceSession] = {}
        """Who earned before the bot was away, and goes on if they are there still."""
        self.known: dict[int, Known] = {}
        """Who is in the voice channels, as far as is known."""
        self._begun: dict[int, timedelta] = {}
        """What was earned of a minute before an interruption."""

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to remember."""
        return not (self.running or self.held or self.known)

    def begin(self, user_id: int, channel_id: int, now: datetime) -> VoiceSession:
        """Let somebody earn from now on, or from where they were held."""
        held = self.held.pop(user_id, None)
        begun = self._begun.pop(user_id, timedelta())
        if held is not None and held.channel_id == channel_id and goes_on(held, now):
            self.running[user_id] = held
        else:
            self.running[user_id] = VoiceSession(self.guild_id, user_id, channel_id, now - begun)
        return self.running[user_id]

    def minutes(self, user_id: int, now: datetime) -> int:
        """How many whole minutes somebody earned that aren't counted."""
        session = self.running[user_id]
        if not goes_on(session, now):  # the clock was set, or the machine slept
            self.running[user_id] = replace(session, counted_until=now)
            return 0
        return (now - session.counted_until) // MINUTE

    def counted(self, user_id: int, minutes: int) -> VoiceSession:
        """The session of somebody after so many more minutes are counted."""
        session = self.running[user_id]
        return replace(session, counted_until=session.counted_until + minutes * MINUTE)

    def end(self, user_id: int, now: datetime) -> None:
        """Let somebody earn no longer. What they have of a minute is kept until they go."""
        gap = now - self.running.pop(user_id).counted_until
        self._begun[user_id] = gap % MINUTE

    def forget(self, user_id: int) -> None:
        """Let go of somebody who is in no voice channel."""
        self.known.pop(user_id, None)
        self._begun.pop(user_id, None)

    def hold(self) -> None:
        """Let everybody wait, because nothing is heard of the guild."""
        self.held |= self.running
        self.running.clear()
        self._begun.clear()


def goes_on(session: VoiceSession, now: datetime) -> bool:
    """Whether what isn't counted of a session is short enough to count."""
    return timedelta() <= now - session.counted_until <= GOES_ON_WITHIN

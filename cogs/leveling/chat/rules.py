"""What a message brings, and why it may bring nothing. Pure."""

from collections import OrderedDict, deque
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal

from rapidfuzz import fuzz, process

from database.standing_values import Gain

Reason = Literal[
    "off", "not_chat", "blocked", "no_channel", "other_channel", "no_role", "other_role", "short", "repeated", "wait",
    "full",
]  # fmt: skip
"""Why a message brings no XP."""

REMEMBERED_TEXTS: Final = 5
REMEMBERED_CHARACTERS: Final = 200
REMEMBERED_MEMBERS: Final = 20_000
ALIKE_PERCENT: Final = 85
"""From how much on two texts count as the same; LevelUp's measure."""
TAKEN_BACK_WITHIN: Final = timedelta(minutes=10)
"""Who deletes a message so soon loses what it brought."""
REMEMBERED_MESSAGES: Final = 50_000


@dataclass(frozen=True, slots=True)
class Places:
    """Which channels and roles bring XP, and which don't."""

    no_channels: Collection[int]
    only_channels: Collection[int]
    no_roles: Collection[int]
    only_roles: Collection[int]

    @property
    def are_all(self) -> bool:
        """Whether XP is earned everywhere and by everybody."""
        return not (self.no_channels or self.only_channels or self.no_roles or self.only_roles)

    def reason(self, places: Sequence[int], role_ids: Collection[int]) -> Reason | None:
        """Why nothing is earned there (from the thread up to the category) by who has these roles."""
        if self.no_channels and not set(places).isdisjoint(self.no_channels):
            return "no_channel"
        if self.only_channels and set(places).isdisjoint(self.only_channels):
            return "other_channel"
        if self.no_roles and not set(role_ids).isdisjoint(self.no_roles):
            return "no_role"
        if self.only_roles and set(role_ids).isdisjoint(self.only_roles):
            return "other_role"
        return None


@dataclass(frozen=True, slots=True)
class ChatRules:
    """What a server's settings say of messages and XP."""

    is_on: bool
    places: Places | None
    """None where XP is earned everywhere and by everybody, as in nearly every guild."""
    shortest: int
    repeats_count: bool
    least: int
    most: int
    cooldown: timedelta


class RecentTexts:
    """What each member said last, to find out who says the same again and again."""

    def __init__(self) -> None:
        self._said: OrderedDict[tuple[int, int], deque[str]] = OrderedDict()

    def repeats(self, guild_id: int, user_id: int, text: str) -> bool:
        """Whether this says (nearly) what one of the last few texts of the same member said."""
        said = self._said.get((guild_id, user_id))
        if not said:
            return False
        text = _comparable(text)
        if not text:
            return False
        if text in said:  # who floods mostly says the very same, which takes a tenth of the time to see
            return True
        return process.extractOne(text, said, scorer=fuzz.ratio, score_cutoff=ALIKE_PERCENT) is not None

    def remember(self, guild_id: int, user_id: int, text: str) -> None:
        """Take a text up; the oldest are let go."""
        text = _comparable(text)
        if not text:
            return
        who = (guild_id, user_id)
        said = self._said.get(who)
        if said is None:
            said = self._said[who] = deque(maxlen=REMEMBERED_TEXTS)
        else:
            self._said.move_to_end(who)
        said.append(text)
        if len(self._said) > REMEMBERED_MEMBERS:
            self._said.popitem(last=False)

    def forget(self, user_id: int, guild_id: int | None) -> None:
        """Let go of what somebody said, everywhere or in one guild."""
        for who in [who for who in self._said if who[1] == user_id and guild_id in {None, who[0]}]:
            del self._said[who]


def _comparable(text: str) -> str:
    return " ".join(text[:REMEMBERED_CHARACTERS].casefold().split())


@dataclass(frozen=True, slots=True)
class Award:
    """What a message brought."""

    guild_id: int
    user_id: int
    gain: Gain
    at: datetime


class RecentAwards:
    """What the last messages brought, so that a deleted one can lose it again."""

    def __init__(self) -> None:
        self._awards: OrderedDict[int, Award] = OrderedDict()

    def remember(self, message_id: int, award: Award) -> None:
        """Take an award up; the oldest are let go."""
        self._awards[message_id] = award
        if len(self._awards) > REMEMBERED_MESSAGES:
            self._awards.popitem(last=False)

    def of(self, message_id: int) -> Award | None:
        """What a message brought; None if that isn't known any more."""
        return self._awards.get(message_id)

    def take(self, message_id: int, now: datetime) -> Award | None:
        """What a deleted message brought, once; None if that was too long ago or isn't known."""
        award = self._awards.pop(message_id, None)
        return award if award is not None and now - award.at <= TAKEN_BACK_WITHIN else None

    def forget_person(self, user_id: int, guild_id: int | None) -> None:
        """Let go of what somebody's messages brought, everywhere or in one guild."""
        for message_id, award in list(self._awards.items()):
            if award.user_id == user_id and guild_id in {None, award.guild_id}:
                del self._awards[message_id]

    def forget(self, now: datetime) -> None:
        """Let go of what can't be taken back any more."""
        while self._awards:
            message_id, award = next(iter(self._awards.items()))
            if now - award.at <= TAKEN_BACK_WITHIN:
                return
            del self._awards[message_id]

"""What members of a guild have gathered, and how it is counted. Pure."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Literal

from database.manager import Row

MOST: Final = 10**15
"""The most XP, messages or minutes that anybody can have."""

Board = Literal["xp", "messages", "voice_minutes"]
Period = Literal["day", "week"]
BOARDS: Final[tuple[Board, ...]] = ("xp", "messages", "voice_minutes")
PERIODS: Final[tuple[Period, ...]] = ("day", "week")
_COLUMNS: Final = (*BOARDS, "present")

_EPOCH: Final = date(1970, 1, 1)
_FINE: Final = 128
"""Up to here each value has a bucket of its own; above, 64 buckets share each doubling."""


def bucket_of(value: int) -> int:
    """The bucket that a value counts in. A larger value never has a lower bucket."""
    shift = max(0, value.bit_length() - 7)
    return 64 * shift + (value >> shift)


def bucket_start(bucket: int) -> int:
    """The least value of a bucket."""
    if bucket < _FINE:
        return bucket
    shift = bucket // 64 - 1
    return (bucket - 64 * shift) << shift


def period_start(period: Period, today: date) -> int:
    """The day, counted from 1970, that a day or a week (from Monday) begins on."""
    start = today if period == "day" else today - timedelta(days=today.weekday())
    return (start - _EPOCH).days


@dataclass(frozen=True, slots=True)
class Gain:
    """What somebody gains, or loses where it is negative."""

    xp: int = 0
    messages: int = 0
    voice_minutes: int = 0

    @property
    def bounded(self) -> tuple[int, int, int]:
        """What can count of it, in the order of `BOARDS`: nobody can gain or lose more than the most."""
        xp, messages, minutes = (max(-MOST, min(one, MOST)) for one in (self.xp, self.messages, self.voice_minutes))
        return xp, messages, minutes

    def __add__(self, other: "Gain") -> "Gain":
        return Gain(self.xp + other.xp, self.messages + other.messages, self.voice_minutes + other.voice_minutes)


@dataclass(frozen=True, slots=True)
class Standing:
    """What a member has gathered."""

    user_id: int
    xp: int = 0
    messages: int = 0
    voice_minutes: int = 0
    present: bool = True

    def value(self, board: Board) -> int:
        """What counts on a board."""
        value: int = getattr(self, board)
        return value

    @property
    def is_empty(self) -> bool:
        """Whether they have nothing on any board."""
        return not (self.xp or self.messages or self.voice_minutes)

    def with_gain(self, gain: Gain) -> "Standing":
        """After a gain: never below zero, never above the most. Who chats or talks is there."""
        return Standing(
            self.user_id,
            within_bounds(self.xp + gain.xp),
            within_bounds(self.messages + gain.messages),
            within_bounds(self.voice_minutes + gain.voice_minutes),
            self.present or gain.messages > 0 or gain.voice_minutes > 0,
        )


@dataclass(frozen=True, slots=True)
class Move:
    """A member's standing before a change and after it."""

    before: Standing
    after: Standing

    @property
    def user_id(self) -> int:
        """Whose it is."""
        return self.after.user_id

    @property
    def changed(self) -> tuple[str, ...]:
        """The columns that are different."""
        return tuple([one for one in _COLUMNS if getattr(self.before, one) != getattr(self.after, one)])


def within_bounds(value: int) -> int:
    """What can be had of it: never below zero, never above the most."""
    return max(0, min(value, MOST))


def standing_of(row: Row) -> Standing:
    """What a row tells, of all time or of a day or a week."""
    return Standing(row["user_id"], row["xp"], row["messages"], row["voice_minutes"], bool(row.get("present", True)))

"""When something may be claimed again, what a streak adds, and what a crime or a robbery brings or costs."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from database.claims import Claim

# --- claims


@dataclass(frozen=True, slots=True)
class Rhythm:
    """How long after a claim the next is possible, and for how long from then on a streak waits for it.

    What has no time of grace has no streaks. Moments are cut to whole seconds, as Discord shows them: whoever comes
    at the second shown isn't refused.
    """

    every: timedelta
    grace: timedelta = timedelta(0)

    def possible_at(self, last: datetime) -> datetime:
        """From when on the next one is possible."""
        return _second(last + self.every)

    def lives_until(self, last: datetime) -> datetime:
        """The last second in which the next one continues a streak."""
        return self.possible_at(last) + self.grace

    def is_possible(self, last: Claim | None, now: datetime) -> bool:
        """Whether one may claim now."""
        return last is None or now >= self.possible_at(last.at)

    def streak(self, last: Claim | None, now: datetime) -> int:
        """How many in a row it is with one that is claimed now."""
        if last is None or not self.grace or _second(now) > self.lives_until(last.at):
            return 1
        return last.streak + 1


def streak_bonus(streak: int, for_each: int, most: int) -> int:
    """What a streak adds: nothing on its first day, and never more than `most`."""
    return min((streak - 1) * for_each, most)


def _second(moment: datetime) -> datetime:
    return moment.replace(microsecond=0)


# --- chance


@dataclass(frozen=True, slots=True)
class Range:
    """Whole numbers between two others, both among them, whichever is larger."""

    one: int
    other: int

    def draw(self, chance: Random) -> int:
        """One of them, each as likely."""
        return chance.randint(min(self.one, self.other), max(self.one, self.other))


def succeeds(chance: Random, percent: int) -> bool:
    """Whether something happens that happens so many times of a hundred."""
    return chance.randrange(100) < percent


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a crime or a robbery came to: one of both is zero."""

    success: bool
    gain: int = 0
    fine: int = 0


def crime(chance: Random, percent: int, *, gain: Range, fine: Range, in_hand: int) -> Outcome:
    """Commit a crime; the fine is at most what one has in hand."""
    if succeeds(chance, percent):
        return Outcome(success=True, gain=gain.draw(chance))
    return Outcome(success=False, fine=min(fine.draw(chance), in_hand))


def robbery(
    chance: Random, percent: int, *, share_percent: Range, fine: Range, in_hand: int, victim_has: int
) -> Outcome:
    """Rob somebody who has a coin at least: a share of what they have in hand, rounded down but never nothing."""
    if succeeds(chance, percent):
        return Outcome(success=True, gain=max(1, victim_has * share_percent.draw(chance) // 100))
    return Outcome(success=False, fine=min(fine.draw(chance), in_hand))

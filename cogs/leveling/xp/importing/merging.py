"""What a file does to standings. Pure."""

from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from typing import Final, Literal

from cogs.leveling.curves import Curve
from cogs.leveling.xp.importing.reading import Entry, Reading
from cogs.leveling.xp.importing.values import Flaw
from cogs.leveling.xp.undoing import Preview, preview_of
from database.standing_values import MOST, Move, Standing

Mode = Literal["replace", "highest", "add"]
KEPT_EXAMPLES: Final = 3


@dataclass(frozen=True, slots=True)
class People:
    """Who of those in a file is in the guild, and who is a bot; `present` is None if nobody knows."""

    present: AbstractSet[int] | None = None
    bots: AbstractSet[int] = frozenset()


@dataclass(slots=True)
class Plan:
    """What a file does."""

    entries: dict[int, Entry]
    """What is taken of it, with XP in all of them."""
    preview: Preview
    new: int = 0
    """How many have nothing here yet."""
    same: int = 0
    """How many it doesn't change."""
    both: int = 0
    """How many have XP here and other XP there."""
    conflicts: list[tuple[Standing, Entry]] = field(default_factory=list)
    """The first of them."""
    misfits: int = 0
    """How many have a level there that their XP doesn't make here."""
    misfit_examples: list[tuple[Entry, int]] = field(default_factory=list)
    """The first of them, with the level that it makes here."""
    by_level: int = 0
    """How many have a level only."""
    unknown: int | None = None
    """How many aren't in the guild; None if nobody knows."""


def usable(reading: Reading, curve: Curve, people: People) -> dict[int, Entry]:
    """The entries that can be taken, all with XP: who only has a level gets what it begins at. Bots are left out."""
    found = {}
    for user_id, entry in reading.entries.items():
        if user_id in people.bots:
            reading.leave_out(entry.row, Flaw.BOT)
        elif entry.xp is not None:
            found[user_id] = entry
        elif entry.level is not None and entry.level <= curve.highest:
            found[user_id] = replace(entry, xp=curve.total(entry.level))
        else:
            reading.leave_out(entry.row, Flaw.TOO_HIGH)
    return found


def merged(standing: Standing, entry: Entry, mode: Mode, people: People) -> Standing:
    """What somebody has after it. What the file doesn't say stays as it is."""
    present = standing.present if people.present is None else standing.user_id in people.present
    return Standing(
        standing.user_id,
        _value(standing.xp, entry.xp, mode),
        _value(standing.messages, entry.messages, mode),
        _value(standing.voice_minutes, entry.voice_minutes, mode),
        present,
    )


def _value(here: int, there: int | None, mode: Mode) -> int:
    if there is None:
        return here
    if mode == "add":
        return min(here + there, MOST)
    return max(here, there) if mode == "highest" else there


def plan_of(reading: Reading, mode: Mode, standings: Mapping[int, Standing], curve: Curve, people: People) -> Plan:
    """What a file does to standings; these are those of all in it."""
    plan = Plan(usable(reading, curve, people), Preview())

    def moves() -> Iterator[Move]:
        for user_id, entry in plan.entries.items():
            before = standings[user_id]
            after = merged(before, entry, mode, People())
            plan.same += before == after
            plan.new += before.is_empty
            _compare(plan, before, entry, reading.entries[user_id], curve)
            yield Move(before, after)

    plan.preview = preview_of(moves(), curve)
    if people.present is not None:
        plan.unknown = len(plan.entries.keys() - people.present)
    return plan


def _compare(plan: Plan, before: Standing, entry: Entry, as_read: Entry, curve: Curve) -> None:
    assert entry.xp is not None
    if before.xp and before.xp != entry.xp:
        plan.both += 1
        if len(plan.conflicts) < KEPT_EXAMPLES:
            plan.conflicts.append((before, entry))
    if as_read.xp is None:
        plan.by_level += 1
        return
    level = curve.level(entry.xp)
    if entry.level is not None and entry.level != level:
        plan.misfits += 1
        if len(plan.misfit_examples) < KEPT_EXAMPLES:
            plan.misfit_examples.append((entry, level))

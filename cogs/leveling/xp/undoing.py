"""What takes a change of standings back, and what that does. Pure."""

import heapq
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from cogs.leveling.curves import Curve
from database.standing_snapshots import KEPT, Snapshot, taken_back
from database.standing_values import Gain, Move, Standing
from utils.errors import UserError
from utils.i18n import _

MOST_NAMED = 5


def back(move: Move) -> Gain:
    """What takes a change back when it is added: negative where the change gave something."""
    before, after = move.before, move.after
    return Gain(before.xp - after.xp, before.messages - after.messages, before.voice_minutes - after.voice_minutes)


def given_back(standing: Standing, gain: Gain) -> Standing:
    """A standing after something is taken back: what was gathered since then stays on top. Never below zero."""
    return replace(standing.with_gain(gain), present=standing.present)


@dataclass(slots=True)
class Preview:
    """What a change of standings does, in numbers."""

    people: int = 0
    more: int = 0
    """How many have more XP after it."""
    less: int = 0
    levels: int = 0
    """How many have another level after it."""
    total: int = 0
    """By how much all XP together changes."""
    largest: list[Move] = field(default_factory=list)
    """Those whose XP changes most."""


def preview_of(moves: Iterable[Move], curve: Curve) -> Preview:
    """Count what changes; the moves are looked at one by one, for there may be very many."""
    preview = Preview()
    preview.largest = heapq.nlargest(MOST_NAMED, _counted(moves, curve, preview), key=_size)
    return preview


def _counted(moves: Iterable[Move], curve: Curve, preview: Preview) -> Iterator[Move]:
    for move in moves:
        if move.before == move.after:
            continue
        difference = move.after.xp - move.before.xp
        preview.people += 1
        preview.more += difference > 0
        preview.less += difference < 0
        preview.total += difference
        preview.levels += curve.level(move.before.xp) != curve.level(move.after.xp)
        yield move


def _size(move: Move) -> int:
    return abs(move.after.xp - move.before.xp)


def moves_back(gains: Mapping[int, Gain], standings: Mapping[int, Standing]) -> Iterator[Move]:
    """What taking a change back does to standings as they are now."""
    for user_id, gain in gains.items():
        yield Move(standings[user_id], given_back(standings[user_id], gain))


def latest(snapshots: Sequence[Snapshot]) -> int:
    """The number of what was done last and isn't taken back; taking back isn't counted. Raises `UserError`."""
    undone = taken_back(snapshots)
    for one in snapshots[:KEPT]:
        if one.kind != "restore" and one.number not in undone:
            return one.number
    raise UserError(_("There is nothing to take back."))


def restorable(snapshots: Sequence[Snapshot], number: int) -> Snapshot:
    """What is to be taken back; all snapshots come the newest first. Raises `UserError` if it can't be, or is."""
    found = next((one for one in snapshots if one.number == number), None)
    if found is None:
        raise UserError(_("There is no snapshot **#{number}**: `xp snapshots` shows them.").format(number=number))
    other = taken_back(snapshots).get(number)
    if other is not None:
        raise UserError(
            _("**#{number}** was taken back already, by **#{other}**.").format(number=number, other=other)
        )
    if found not in snapshots[:KEPT]:
        raise UserError(
            _("**#{number}** is too old: I keep the last {count} snapshots.").format(number=number, count=KEPT)
        )
    return found

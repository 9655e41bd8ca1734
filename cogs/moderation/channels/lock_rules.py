"""What a lock changes in a channel's overwrites, and what unlocking puts back: bits in, bits out.

A channel's answer to "may they?" is made of its overwrites, so a lock is a few bits in them: what @everyone may is
denied, what other roles or single people were allowed besides is taken out of their way, and what staff and the bot
could do before is allowed to them by name. Unlocking looks at each bit that the lock changed, and puts back
those that are still as the lock left them; what somebody changed since is theirs.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Bits:
    """One overwrite: what it allows and denies, as Discord's bits. Nothing in both."""

    allow: int = 0
    deny: int = 0


Overwrites = Mapping[int, Bits | None]
"""By the id of a role or member; None where there is no overwrite."""


@dataclass(frozen=True, slots=True)
class Who:
    """Somebody whose overwrite a lock looks at. `may` is what they may do in the channel now."""

    id: int
    now: Bits | None
    may: int


def plan(everyone: Who, keepers: list[Who], others: list[Who], bits: int) -> dict[int, Bits]:
    """The overwrites of a locked channel, of those alone that have to change, in the order in which to set them.

    `keepers` (staff, the bot) keep what they may; `others` are roles and people that could be allowed what @everyone
    isn't.
    Keepers come first, so that nobody of them is out for a moment.
    """
    found: dict[int, Bits] = {}
    for who in keepers:
        found[who.id] = _changed(who.now, allow=who.may & bits & ~_of(who.now).deny)
    for who in others:
        # Neutral, not denied: the channel says no to @everyone, and that's enough.
        found[who.id] = Bits(_of(who.now).allow & ~bits, _of(who.now).deny)
    found[everyone.id] = _changed(everyone.now, deny=bits)
    known = {who.id: who.now for who in [everyone, *keepers, *others]}
    return {id_: after for id_, after in found.items() if after != _of(known[id_])}


@dataclass(frozen=True, slots=True)
class PutBack:
    """What an overwrite should be again (None: gone), and which bits somebody else changed meanwhile."""

    bits: Bits | None
    changed_since: int = 0


def put_back(before: Bits | None, after: Bits, now: Bits | None) -> PutBack:
    """What to make of an overwrite that a lock turned from `before` into `after`, and that is `now` something."""
    old, current = _of(before), _of(now)
    ours = (old.allow ^ after.allow) | (old.deny ^ after.deny)
    touched = (current.allow ^ after.allow) | (current.deny ^ after.deny)
    restored = ours & ~touched
    bits = Bits(
        (current.allow & ~restored) | (old.allow & restored), (current.deny & ~restored) | (old.deny & restored)
    )
    # What somebody put back by hand already is no difference worth telling.
    by_others = ours & touched & ((current.allow ^ old.allow) | (current.deny ^ old.deny))
    gone = bits == Bits() and (before is None or now is None)
    return PutBack(None if gone else bits, by_others)


def as_stored(overwrites: Overwrites) -> dict[str, Any]:
    """Overwrites as JSON."""
    return {str(id_): None if bits is None else [bits.allow, bits.deny] for id_, bits in overwrites.items()}


def from_stored(stored: Mapping[str, Any]) -> dict[int, Bits | None]:
    """Overwrites from JSON."""
    return {int(id_): None if bits is None else Bits(*bits) for id_, bits in stored.items()}


def _of(bits: Bits | None) -> Bits:
    return bits or Bits()


def _changed(bits: Bits | None, *, allow: int = 0, deny: int = 0) -> Bits:
    old = _of(bits)
    return Bits((old.allow | allow) & ~deny, (old.deny | deny) & ~allow)

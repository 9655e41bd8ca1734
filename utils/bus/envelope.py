"""What goes over the wire: a JSON text with the sender, its number and the version of this form.

Numbers count what one process sends, from 1 and without holes. So a receiver drops what comes twice, and sees by a
hole that something was lost.
"""

import json
from collections import OrderedDict
from dataclasses import dataclass
from enum import Enum
from typing import Any, Final

VERSION: Final = 1
MOST_SENDERS: Final = 1_000  # that a receiver remembers; each start of a process is a new one


class BrokenEnvelopeError(ValueError):
    """A text that no process of ours sends."""


class UnknownVersionError(ValueError):
    """A message of a newer or older program, which says something that can't be read."""


@dataclass(frozen=True, slots=True)
class Envelope:
    """One message. Without a topic it says that others of this sender, or of whom it replaces, may be lost."""

    sender: str
    number: int
    topic: str | None
    payload: dict[str, Any]


def pack(envelope: Envelope) -> str:
    """Write it down, in ASCII. Raises `TypeError` or `ValueError` for what JSON can't hold."""
    return json.dumps(
        {
            "version": VERSION,
            "sender": envelope.sender,
            "number": envelope.number,
            "topic": envelope.topic,
            "payload": envelope.payload,
        },
        separators=(",", ":"),
    )


def unpack(text: str | bytes) -> Envelope:
    """Read it. Raises `BrokenEnvelopeError` and `UnknownVersionError`."""
    try:
        read = json.loads(text)
    except (ValueError, RecursionError) as error:  # not JSON, not UTF-8, or brackets without end
        raise BrokenEnvelopeError("it isn't JSON") from error
    if not isinstance(read, dict) or not isinstance(read.get("version"), int):
        raise BrokenEnvelopeError("it has no version")
    if read["version"] != VERSION:
        raise UnknownVersionError(f"it has version {read['version']}, and this program reads {VERSION}")
    match read:
        case {"sender": str(sender), "number": int(number), "topic": str() | None as topic, "payload": dict(payload)}:
            return Envelope(sender, number, topic, payload)
    raise BrokenEnvelopeError("a part is missing or of another type")


class Order(Enum):
    """How a message stands to those that came before it from the same sender."""

    NEXT = "next"
    AGAIN = "again"
    """It came before."""
    AFTER_A_HOLE = "after a hole"
    """Some between are missing."""


class Senders:
    """How far each sender's numbers came."""

    def __init__(self) -> None:
        self._last: OrderedDict[str, int] = OrderedDict()

    def heard(self, envelope: Envelope) -> Order:
        """Take up a message, and tell how it stands. The first of an unknown sender is the next."""
        last = self._last.get(envelope.sender)
        if last is not None and envelope.number <= last:
            return Order.AGAIN
        self._last[envelope.sender] = envelope.number
        self._last.move_to_end(envelope.sender)
        if len(self._last) > MOST_SENDERS:
            self._last.popitem(last=False)
        return Order.NEXT if last is None or envelope.number == last + 1 else Order.AFTER_A_HOLE

"""What a purge took away, as a text file for the log: readable anywhere, and nobody's text can pose as ours."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from cogs.moderation.purge.rules import Seen
from utils.formatting import clean_input
from utils.i18n import _, ngettext

LARGEST_BYTES: Final = 8 * 1024 * 1024
"""Below what every server takes, 10 MiB."""
INDENT: Final = "    "


@dataclass(frozen=True, slots=True)
class Heading:
    """What stands above the messages."""

    number: int
    guild: str
    channel: str
    channel_id: int
    moderator: str
    moderator_id: int
    at: datetime


def transcript(heading: Heading, messages: Sequence[Seen], *, limit: int = LARGEST_BYTES) -> bytes:
    """The messages from the oldest to the newest as UTF-8, of at most `limit` bytes.

    What people wrote is indented, so that no line of theirs looks like the head of a message, and marks that turn
    the direction of writing are spelled out. If it is too long, the newest messages are left out, and it says so.
    """
    ordered = sorted(messages, key=lambda message: message.id)
    parts = [_head(heading, len(ordered)).encode()]
    reserve = 200  # bytes, for the last line
    length = len(parts[0])
    for index, message in enumerate(ordered):
        part = f"\n{_message(message)}".encode()
        if length + len(part) > limit - reserve:
            left = len(ordered) - index
            parts.append(f"\n{_more(left)}\n".encode())
            break
        parts.append(part)
        length += len(part)
    return b"".join(parts)


def file_name(number: int) -> str:
    """What the file is called."""
    return f"purge-{number}.txt"


def _head(heading: Heading, count: int) -> str:
    lines = [
        _("Case {number}: purge of #{channel} ({channel_id}) in {guild}").format(
            number=heading.number, channel=plain_line(heading.channel), channel_id=heading.channel_id,
            guild=plain_line(heading.guild),
        ),
        _("By {moderator} ({moderator_id}), {when}").format(
            moderator=plain_line(heading.moderator), moderator_id=heading.moderator_id, when=plain_moment(heading.at)
        ),
        ngettext("{n} message, the oldest first", "{n} messages, the oldest first", count).format(n=count),
    ]  # fmt: skip
    return "\n".join(lines) + "\n"


def _message(message: Seen) -> str:
    marks = [_("bot")] if message.is_bot else []
    marks += [_("pinned")] if message.pinned else []
    mark = f" [{', '.join(marks)}]" if marks else ""
    who = f"{plain_line(message.author_name)} ({message.author_id})"
    lines = [f"[{plain_moment(message.created_at)}] {who}{mark} #{message.id}"]
    lines += [INDENT + line for line in _text(message.text).split("\n") if message.text]
    lines += [INDENT + _("Attachment: {name}").format(name=plain_line(name)) for name in message.attachments]
    lines += [INDENT + _("Embed: {text}").format(text=plain_line(text)) for text in message.embeds]
    return "\n".join(lines) + "\n"


def _more(count: int) -> str:
    return ngettext(
        "{count} more message doesn't fit into this file.", "{count} more messages don't fit into this file.", count
    ).format(count=count)


def plain_moment(moment: datetime) -> str:
    """A moment in a text file, whose reader's time zone nobody knows."""
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"


def plain_line(text: str) -> str:
    """Somebody's text on one line of a text file, where it can't pose as another line or turn it around."""
    return " ".join(_text(text).split())


def _text(text: str) -> str:
    """Without controls, with every line break plain, and the invisible marks of direction spelled out."""
    for line_break in ("\u2028", "\u2029", "\x85", "\x0b", "\x0c", "\r\n", "\r"):
        text = text.replace(line_break, "\n")
    return "".join(f"<U+{ord(one):04X}>" if _turns(one) else one for one in clean_input(text))


def _turns(character: str) -> bool:
    return unicodedata.bidirectional(character) in {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}

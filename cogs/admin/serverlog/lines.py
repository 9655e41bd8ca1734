"""What the log shows, and how it is put into few messages: a purge or a raid floods nothing. Pure.

Each thing that happened is an entry with an embed of its own. Of a kind that has many at once, each is only a line.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

import discord

from cogs.admin.serverlog.kinds import KINDS
from utils.formatting import EMBED_DESCRIPTION_LIMIT, EMBED_TITLE_LIMIT, EMBED_TOTAL_LIMIT, pages_of, truncate
from utils.i18n import _, format_number, ngettext, translate

MOST_EMBEDS: Final = 10
"""Embeds that Discord takes in a message."""
MOST_ONE_BY_ONE: Final = 10
"""Entries of a kind that are shown in full, of those that come together."""
MOST_LISTED: Final = 60
"""Entries of a kind that are shown as lines."""
LONGEST_TEXT: Final = 4_000
LONGEST_LINE: Final = 160
MOST_BYTES: Final = 7_000_000
"""Of the files of a message; Discord takes ten MiB at least."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that happened, in the server's language.

    `short` is it in one line. `record` is what a file says of it: where `is_cut`, as the text doesn't show all, and
    where it is one of many lines.
    """

    kind: str
    title: str
    text: str
    short: str
    at: datetime
    picture: str | None = None
    record: str = ""
    is_cut: bool = False
    done: tuple[str, int | None] | None = None
    """If the bot did it: which kind of case that may be, and on whom."""


@dataclass(slots=True)
class Parcel:
    """What goes into one message."""

    embeds: list[discord.Embed] = field(default_factory=list)
    files: list[tuple[str, bytes]] = field(default_factory=list)

    def __len__(self) -> int:
        return sum(map(len, self.embeds))

    def has_room(self, embed: discord.Embed, file: bytes) -> bool:
        """Whether Discord would take this embed and this file in the same message."""
        return (
            len(self.embeds) < MOST_EMBEDS
            and len(self) + len(embed) <= EMBED_TOTAL_LIMIT
            and sum(len(data) for _name, data in self.files) + len(file) <= MOST_BYTES
        )


def parcels(entries: Sequence[Entry], left_out: int = 0) -> list[Parcel]:
    """The messages that show these entries, in their order; `left_out` is how many more there were."""
    by_kind: dict[str, list[Entry]] = {}
    for entry in entries:
        by_kind.setdefault(entry.kind, []).append(entry)
    many = [kind for kind, of_kind in by_kind.items() if len(of_kind) > MOST_ONE_BY_ONE]
    shown = [(full(entry), _file([entry] if entry.is_cut else [])) for entry in entries if entry.kind not in many]
    for kind in many:
        first, *others = listed(kind, by_kind[kind])
        shown += [(first, _file(by_kind[kind])), *((embed, b"") for embed in others)]
    if left_out:
        sentence = ngettext("{count} more wasn't shown.", "{count} more weren't shown.", left_out)
        shown.append((discord.Embed(description=sentence.format(count=format_number(left_out))), b""))
    return _packed(shown)


def _file(entries: Sequence[Entry]) -> bytes:
    return "\n".join(entry.record for entry in entries if entry.record).encode()[:MOST_BYTES]


def _packed(shown: Sequence[tuple[discord.Embed, bytes]]) -> list[Parcel]:
    packed: list[Parcel] = []
    for embed, file in shown:
        last = packed[-1] if packed else None
        if last is None or not last.has_room(embed, file):
            last = Parcel()
            packed.append(last)
        last.embeds.append(embed)
        if file:
            last.files.append((f"messages-{len(last.files) + 1}.txt", file))
    return packed


def full(entry: Entry) -> discord.Embed:
    """An entry with an embed of its own."""
    kind = KINDS[entry.kind]
    embed = discord.Embed(
        title=truncate(f"{kind.emoji} {entry.title}", EMBED_TITLE_LIMIT),
        description=truncate(entry.text, LONGEST_TEXT),
        colour=kind.colour,
        timestamp=entry.at,
    )
    if entry.picture is not None:
        embed.set_thumbnail(url=entry.picture)
    return embed


def listed(kind: str, entries: Sequence[Entry]) -> list[discord.Embed]:
    """Many entries of a kind, a line each."""
    lines = [truncate(entry.short, LONGEST_LINE) for entry in entries[:MOST_LISTED]]
    beyond = len(entries) - len(lines)
    if beyond:
        more = ngettext("… and {count} more", "… and {count} more", beyond)
        lines.append(more.format(count=format_number(beyond)))
    title = _("{kind}: {count}").format(kind=translate(KINDS[kind].title), count=format_number(len(entries)))
    look, at = KINDS[kind], entries[-1].at
    return [
        discord.Embed(title=f"{look.emoji} {title}", description=page, colour=look.colour, timestamp=at)
        for page in pages_of(lines, EMBED_DESCRIPTION_LIMIT)
    ]

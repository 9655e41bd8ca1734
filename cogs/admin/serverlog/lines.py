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
LONGEST_TEXT: Final = 3_000
LONGEST_LINE: Final = 160


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that happened, in the server's language. `short` is it in one line."""

    kind: str
    title: str
    text: str
    short: str
    at: datetime
    picture: str | None = None
    file: tuple[str, bytes] | None = None
    done: tuple[str, int | None] | None = None
    """If the bot did it: which kind of case that may be, and on whom."""


@dataclass(slots=True)
class Parcel:
    """What goes into one message."""

    embeds: list[discord.Embed] = field(default_factory=list)
    files: list[tuple[str, bytes]] = field(default_factory=list)

    def __len__(self) -> int:
        return sum(map(len, self.embeds))


def parcels(entries: Sequence[Entry], left_out: int = 0) -> list[Parcel]:
    """The messages that show these entries, in their order; `left_out` is how many more there were."""
    by_kind: dict[str, list[Entry]] = {}
    for entry in entries:
        by_kind.setdefault(entry.kind, []).append(entry)
    many = {kind for kind, of_kind in by_kind.items() if len(of_kind) > MOST_ONE_BY_ONE}
    shown: list[tuple[discord.Embed, tuple[str, bytes] | None]] = [
        (full(entry), entry.file) for entry in entries if entry.kind not in many
    ]
    for kind in many:
        shown += [(embed, None) for embed in listed(kind, by_kind[kind])]
    if left_out:
        sentence = ngettext("{count} more wasn't shown.", "{count} more weren't shown.", left_out)
        shown.append((discord.Embed(description=sentence.format(count=format_number(left_out))), None))
    return _packed(shown)


def _packed(shown: Sequence[tuple[discord.Embed, tuple[str, bytes] | None]]) -> list[Parcel]:
    packed: list[Parcel] = []
    for embed, file in shown:
        last = packed[-1] if packed else None
        if last is None or len(last.embeds) == MOST_EMBEDS or len(last) + len(embed) > EMBED_TOTAL_LIMIT:
            last = Parcel()
            packed.append(last)
        last.embeds.append(embed)
        if file is not None:
            last.files.append(file)
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

"""What a purge takes: choosing among messages. Knows neither Discord nor SQL, and `now` is an argument."""

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from discord.utils import as_chunks

from cogs.moderation.purge.words import WHAT, Ask

MOST_SCANNED: Final = 2_000  # messages looked at by one purge
ASKS_ABOVE: Final = 100  # messages
BULK_SIZE: Final = 100  # ids of one call of Discord's bulk delete
BULK_AGE: Final = timedelta(days=14) - timedelta(minutes=5)
"""Messages must be younger. Discord refuses a whole call for a single message of 14 days; the minutes are for the
question that may be asked before, and for clocks that differ."""

INVITE: Final = re.compile(r"(?:discord(?:app)?\.com/invite|discord\.gg)/\s?[\w-]+", re.IGNORECASE)
LINK: Final = re.compile(r"https?://[^\s<>]+", re.IGNORECASE)
EMOJI: Final = re.compile(
    "<a?:\\w{2,32}:[0-9]{15,20}>"
    "|[\U0001f1e6-\U0001f1ff\U0001f300-\U0001f64f\U0001f680-\U0001f6ff\U0001f7e0-\U0001f7eb\U0001f900-\U0001faff]"
    "|[\u231a-\u23ff\u25aa-\u25fe\u2600-\u27bf\u2b05-\u2b55\U0001f004\U0001f0cf]\ufe0f?"
    "|[#*0-9]\ufe0f?\u20e3|.\ufe0f"
)
IMAGE_ENDINGS: Final = (".png", ".jpg", ".jpeg", ".gif", ".webp", ".avif", ".bmp")


@dataclass(frozen=True, slots=True)
class Seen:
    """What there is to know of a message."""

    id: int
    created_at: datetime
    author_id: int
    author_name: str
    text: str = ""
    """What it says; what it forwards, too."""
    is_bot: bool = False
    """Whether a program wrote it: a bot or a webhook."""
    is_webhook: bool = False
    attachments: tuple[str, ...] = ()
    """Their names."""
    embeds: tuple[str, ...] = ()
    """Their titles or texts."""
    shows_image: bool = False
    """Whether an attachment or embed is an image, whatever its name."""
    mentions: bool = False
    reactions: bool = False
    pinned: bool = False
    deletable: bool = True
    """False for what Discord lets nobody delete, and for what opens a forum's post."""


@dataclass(frozen=True, slots=True)
class Choice:
    """Which messages go, the newest first, and why others that fit stay."""

    taken: tuple[Seen, ...]
    too_old: tuple[Seen, ...]
    pinned: int
    scanned: int
    wanted: int

    @property
    def complete(self) -> bool:
        """Whether there are as many as were asked for, so that nothing further back needs to be looked at."""
        return len(self.taken) + len(self.too_old) >= self.wanted


@dataclass(frozen=True, slots=True)
class AuthorCount:
    """How many of the messages are whose."""

    author_id: int
    name: str
    is_webhook: bool
    count: int


def choose(
    messages: Sequence[Seen],
    ask: Ask,
    now: datetime,
    *,
    people: Collection[int] = (),
    by_pattern: Collection[int] = (),
) -> Choice:
    """Choose among messages, the newest first.

    `people` are the ids of those asked for, `by_pattern` the ids of messages that the pattern fits. Pinned messages
    and those that can't be deleted don't count towards the number asked for; those that are too old do, so that
    "the last 50" never reaches further back than 50.
    """
    repeated = repeats(messages) if "duplicates" in ask.filters else frozenset()
    taken: list[Seen] = []
    too_old: list[Seen] = []
    pinned = 0
    for message in messages:
        if len(taken) + len(too_old) >= ask.wanted:
            break
        if not message.deletable or not fits(message, ask, people, by_pattern=by_pattern, repeated=repeated):
            continue
        if message.pinned and not ask.pins:
            pinned += 1
        elif now - message.created_at < BULK_AGE:
            taken.append(message)
        else:
            too_old.append(message)
    return Choice(tuple(taken), tuple(too_old), pinned, len(messages), ask.wanted)


def fits(
    message: Seen,
    ask: Ask,
    people: Collection[int] = (),
    *,
    by_pattern: Collection[int] = (),
    repeated: Collection[int] = (),
) -> bool:
    """Whether a message is meant: written by one of those asked for, and with what all (or any) filters want."""
    if people and message.author_id not in people:
        return False
    if ("bots" in ask.filters and not message.is_bot) or ("humans" in ask.filters and message.is_bot):
        return False
    text = message.text.casefold()
    has = [_HAS[name](message) for name in WHAT if name in ask.filters and name in _HAS]
    has += [word.casefold() in text for word in ask.contains]
    if "duplicates" in ask.filters:
        has.append(message.id in repeated)
    if ask.regex is not None:
        has.append(message.id in by_pattern)
    return not has or (any(has) if ask.any_of else all(has))


def _has_image(message: Seen) -> bool:
    return message.shows_image or any(name.lower().endswith(IMAGE_ENDINGS) for name in message.attachments)


_HAS: Final[dict[str, Callable[[Seen], bool]]] = {
    "links": lambda message: LINK.search(message.text) is not None,
    "invites": lambda message: INVITE.search(message.text) is not None,
    "images": _has_image,
    "files": lambda message: bool(message.attachments),
    "embeds": lambda message: bool(message.embeds),
    "emoji": lambda message: EMOJI.search(message.text) is not None,
    "mentions": lambda message: message.mentions,
    "reactions": lambda message: message.reactions,
}


def repeats(messages: Iterable[Seen]) -> frozenset[int]:
    """The ids of messages that say what another one said before, whoever wrote it; the first one isn't among them.

    Case and spaces make no difference. Messages without a text repeat nothing.
    """
    said: set[str] = set()
    found: set[int] = set()
    for message in sorted(messages, key=lambda one: one.id):
        text = " ".join(message.text.casefold().split())
        if text in said:
            found.add(message.id)
        elif text:
            said.add(text)
    return frozenset(found)


def by_author(messages: Iterable[Seen]) -> list[AuthorCount]:
    """How many are whose, the most first."""
    messages = list(messages)
    counts = Counter(message.author_id for message in messages)
    authors = {message.author_id: message for message in messages}
    return sorted(
        (AuthorCount(one, authors[one].author_name, authors[one].is_webhook, count) for one, count in counts.items()),
        key=lambda author: (-author.count, author.name, author.author_id),
    )


def in_calls(ids: Iterable[int]) -> Iterator[list[int]]:
    """The ids in the portions that Discord takes at once: at most 100, none twice. A single one goes by itself."""
    return as_chunks(dict.fromkeys(ids), BULK_SIZE)

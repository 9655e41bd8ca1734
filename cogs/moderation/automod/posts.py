"""What there is to know of a message, for rules. Knows no Discord; what costs time is found out when it is asked."""

import re
import string
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Generic, Protocol, TypeVar

from cogs.moderation.automod.memory import Reference
from cogs.moderation.automod.normalising import as_words, plain, spelled
from cogs.moderation.automod.patterns import LONGEST_TEXT, as_text
from cogs.moderation.purge.rules import EMOJI

_HOST: Final = re.compile(r"https?://(?:[^\s/@<>?#]*@)?([^\s/:?#<>()\[\]\\\"']+)", re.IGNORECASE)
_INVITE: Final = re.compile(
    r"(?:discord(?:app)?\.com/+invite|discord\.gg(?:/+invite)?|dsc\.gg)/+\s?([\w-]{2,32})", re.IGNORECASE
)
ANY: Final = 1
SLASH: Final = 2
LINK: Final = 4
FILES: Final = 8
MENTIONS: Final = 16
LINES: Final = 32
EMOJI_PERHAPS: Final = 64

_NO_WORDS: Final = re.compile(r"https?://\S+|<[^<>\s]+>")
"""Links, mentions and emoji, whose letters nobody wrote as such."""
_CAPITALS: Final = string.ascii_uppercase.encode()
_SMALL: Final = string.ascii_lowercase.encode()

T = TypeVar("T")


class _found_once(Generic[T]):  # noqa: N801 - it is a decorator
    """An attribute that is found out when it is first asked. As functools has it, without the lock of each."""

    def __init__(self, find: Callable[[Any], T]) -> None:
        self.find = find
        self.name = find.__name__
        self.__doc__ = find.__doc__

    def __get__(self, post: Any, _owner: type | None = None) -> T:
        found = vars(post)[self.name] = self.find(post)
        return found


class Author(Protocol):
    """What rules ask for of who wrote a message; few do, so it is found out then."""

    @property
    def role_ids(self) -> Collection[int]:
        """Their roles."""
        ...

    @property
    def account_made(self) -> datetime | None:
        """Since when there is their account."""
        ...

    @property
    def joined(self) -> datetime | None:
        """Since when they are here."""
        ...


@dataclass(frozen=True)
class KnownAuthor:
    """An author of whom it is known already."""

    role_ids: Collection[int] = ()
    account_made: datetime | None = None
    joined: datetime | None = None


NOBODY_KNOWN: Final = KnownAuthor()


@dataclass
class Post:
    """A message, and who wrote it."""

    id: int
    channel_id: int
    author_id: int
    text: str
    """What it says; what it forwards and asks in a poll, too."""
    at: datetime
    places: Sequence[int] = ()
    """The channel, the thread's parent and the category."""
    files: tuple[str, ...] = ()
    """The names of its attachments."""
    shown: tuple[int, ...] = ()
    """What tells its attachments and stickers from others: many pictures are called the same."""
    mentions: int = 0
    """How many different people and roles it mentions; everybody at once counts as one."""
    author: Author = NOBODY_KNOWN

    @_found_once
    def has(self) -> int:
        """What rules needn't look for in vain: `SLASH`, `LINK` and so on."""
        text = self.text
        has = MENTIONS if self.mentions else 0
        if self.files:
            has |= FILES
        if "\n" in text:
            has |= LINES
        if "/" in text:
            has |= SLASH | LINK if "://" in text else SLASH
        if "<" in text or not text.isascii():
            has |= EMOJI_PERHAPS
        return has | ANY

    @_found_once
    def reference(self) -> Reference:
        """Where it is, and whose."""
        return Reference(self.id, self.channel_id, self.author_id)

    @_found_once
    def _whole(self) -> str:
        whole = "\n".join([self.text, *self.files]) if self.files else self.text
        return whole[:LONGEST_TEXT]

    @_found_once
    def raw(self) -> bytes:
        """The text as patterns take it; the names of files on lines of their own."""
        return as_text(self._whole)

    @_found_once
    def plain(self) -> bytes:
        """The same without disguise; ASCII has none that patterns, which don't look at case, don't see through."""
        if self._whole.isascii():
            return self.raw
        undisguised = as_text(plain(self._whole))
        return self.raw if undisguised == self.raw else undisguised

    @_found_once
    def words(self) -> bytes:
        """The same without disguise and formatting, for lists of words."""
        return as_text(self._as_words)

    @_found_once
    def spelled(self) -> bytes:
        """The same with digits read as letters."""
        read = spelled(self._as_words)
        return self.words if read is self._as_words else as_text(read)

    @_found_once
    def _as_words(self) -> str:
        return as_words(self._whole)

    @_found_once
    def said(self) -> tuple[str, tuple[int, ...]] | None:
        """What makes it a duplicate of another: what it says whatever the case and spaces, and what it shows."""
        text = " ".join(self._as_words.split())
        return (text, self.shown) if text or self.shown else None

    @_found_once
    def hosts(self) -> tuple[str, ...]:
        """Where its links lead, as domains in small letters."""
        if not self.has & LINK:
            return ()
        hosts = _HOST.findall(self.text[:LONGEST_TEXT])
        return tuple(dict.fromkeys(host.lower().strip(".") for host in hosts))

    @_found_once
    def links(self) -> int:
        """How many links it has."""
        return len(_HOST.findall(self.text[:LONGEST_TEXT])) if self.has & LINK else 0

    @_found_once
    def invites(self) -> tuple[str, ...]:
        """The codes of the invites in it."""
        return tuple(dict.fromkeys(_INVITE.findall(self.text[:LONGEST_TEXT]))) if self.has & SLASH else ()

    @_found_once
    def emoji(self) -> int:
        """How many emoji it has, custom or not."""
        return sum(1 for _found in EMOJI.finditer(self.text[:LONGEST_TEXT])) if self.has & EMOJI_PERHAPS else 0

    @_found_once
    def lines(self) -> int:
        """How many lines it has; empty ones count, for they push the others away as well."""
        return self.text.count("\n") + 1 if self.text else 0

    @_found_once
    def letters(self) -> tuple[int, int]:
        """How many of its letters are capitals, and how many there are that could be."""
        text = self.text[:LONGEST_TEXT]
        if "<" in text or "://" in text:
            text = _NO_WORDS.sub("", text)
        if text.isascii():  # many times faster
            encoded = text.encode()
            others = encoded.translate(None, _CAPITALS)
            return len(encoded) - len(others), len(encoded) - len(others.translate(None, _SMALL))
        upper, lower = sum(map(str.isupper, text)), sum(map(str.islower, text))
        return upper, upper + lower

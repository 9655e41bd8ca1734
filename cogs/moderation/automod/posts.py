"""What there is to know of a message, for rules. Knows no Discord; what costs time is found out when it is asked."""

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Generic, TypeVar

from cogs.moderation.automod.normalising import as_words, plain, spelled
from cogs.moderation.automod.patterns import LONGEST_TEXT, as_text
from cogs.moderation.purge.rules import EMOJI

_HOST: Final = re.compile(r"https?://(?:[^\s/@<>?#]*@)?([^\s/:?#<>()\[\]\\\"']+)", re.IGNORECASE)
_INVITE: Final = re.compile(
    r"(?:discord(?:app)?\.com/+invite|discord\.gg(?:/+invite)?|dsc\.gg)/+\s?([\w-]{2,32})", re.IGNORECASE
)
_NO_WORDS: Final = re.compile(r"https?://\S+|<[^<>\s]+>")
"""Links, mentions and emoji, whose letters nobody wrote as such."""

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


@dataclass
class Post:
    """A message, and of its author what rules ask for."""

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
    mentions: int = 0
    """How many different people and roles it mentions; everybody at once counts as one."""
    roles: Collection[int] = ()
    account_made: datetime | None = None
    joined: datetime | None = None

    @_found_once
    def raw(self) -> bytes:
        """The text as patterns take it; the names of files on lines of their own."""
        return as_text("\n".join([self.text, *self.files]) if self.files else self.text)

    @_found_once
    def plain(self) -> bytes:
        """The same without disguise."""
        return as_text(plain(self.raw.decode()))

    @_found_once
    def words(self) -> bytes:
        """The same without disguise and formatting, for lists of words."""
        return as_text(self._as_words)

    @_found_once
    def spelled(self) -> bytes:
        """The same with digits read as letters."""
        return as_text(spelled(self._as_words))

    @_found_once
    def _as_words(self) -> str:
        return as_words(self.raw.decode())

    @_found_once
    def said(self) -> str:
        """What makes it a duplicate of another: what it says whatever the case and spaces, or which files it has."""
        return " ".join(self._as_words.split())

    @_found_once
    def hosts(self) -> tuple[str, ...]:
        """Where its links lead, as domains in small letters."""
        text = self.text[:LONGEST_TEXT]
        if "://" not in text:
            return ()
        return tuple(dict.fromkeys(host.lower().strip(".") for host in _HOST.findall(text)))

    @_found_once
    def links(self) -> int:
        """How many links it has."""
        return len(_HOST.findall(self.text[:LONGEST_TEXT])) if "://" in self.text else 0

    @_found_once
    def invites(self) -> tuple[str, ...]:
        """The codes of the invites in it."""
        text = self.text[:LONGEST_TEXT]
        return tuple(dict.fromkeys(_INVITE.findall(text))) if "/" in text else ()

    @_found_once
    def emoji(self) -> int:
        """How many emoji it has, custom or not."""
        text = self.text[:LONGEST_TEXT]
        return 0 if text.isascii() and "<" not in text else sum(1 for _found in EMOJI.finditer(text))

    @_found_once
    def lines(self) -> int:
        """How many lines it has; empty ones count, for they push the others away as well."""
        return self.text.count("\n") + 1 if self.text else 0

    @_found_once
    def letters(self) -> tuple[int, int]:
        """How many of its letters are capitals, and how many there are that could be."""
        text = _NO_WORDS.sub("", self.text[:LONGEST_TEXT])
        upper, lower = sum(map(str.isupper, text)), sum(map(str.islower, text))
        return upper, upper + lower

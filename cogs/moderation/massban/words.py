"""The words behind `massban`: `--joined 1h --no-avatar raid`, and the ids in a file, read without Discord."""

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from cogs.moderation.reading import REASON_LIMIT, read_days
from utils.errors import UserError
from utils.flag_words import Flag, Words, known, read_pattern, short
from utils.formatting import code, truncate
from utils.i18n import _
from utils.lookup import LARGEST_ID, user_id_in
from utils.time import parse_duration

LONGEST_PATTERN: Final = 200  # characters of --name
LARGEST_FILE_BYTES: Final = 1024 * 1024
"""The ids of 50,000 people, far more than are banned at once."""

SWITCHES: Final = ("no-avatar", "no-roles", "show")
VALUES: Final = ("joined", "age", "name", "joined-after", "joined-before", "days", "reason")
"""Flags with a word behind them."""
FLAGS: Final = (*SWITCHES, *VALUES)
FILTERS: Final = frozenset({"joined", "age", "name", "joined-after", "joined-before", "no-avatar", "no-roles"})

_DIGITS = re.compile(r"[0-9]{15,}")
_NAMED = re.compile(r"@\S+")
_ROLE = re.compile(r"<@&[0-9]+>")
_NOT_PEOPLE = re.compile(
    r"https?://(?!(?:ptb\.|canary\.)?discord(?:app)?\.com/users/)\S+"  # of messages, channels, pictures
    r"|<(?:#|@&|a?:\w+:)[0-9]+>"
)
_ID_IN_TEXT = re.compile(r"(?<![0-9])[0-9]{17,19}(?![0-9])")
"""Discord's ids have had 17 digits since its first month; shorter numbers in a file are something else."""


@dataclass(frozen=True, slots=True)
class Ask:
    """What was asked for. People in `joined_after` and `joined_before` are as written."""

    ids: tuple[int, ...] = ()
    joined: timedelta | None = None
    age: timedelta | None = None
    no_avatar: bool = False
    no_roles: bool = False
    name: str | None = None
    joined_after: str | None = None
    joined_before: str | None = None
    show: bool = False
    days: int | None = None
    reason: str | None = None

    @property
    def filtered(self) -> bool:
        """Whether only some of the people who are meant are wanted."""
        lengths_and_words = (self.joined, self.age, self.name, self.joined_after, self.joined_before)
        return self.no_avatar or self.no_roles or any(one is not None for one in lengths_and_words)


def parse(text: str) -> Ask:
    """Read the words. Raises UserError or TimeError with the sentence that says what is wrong.

    Mentions and ids are people; the words that are left are the reason, unless `--reason` says it.
    """
    words = Words(text)
    flags: dict[str, str] = {}
    ids: dict[int, None] = {}
    rest: list[str] = []
    while (word := words.next()) is not None:
        if isinstance(word, Flag):
            if not word.name:  # a dash between words
                rest.append("–")
                continue
            name = known(word.name, FLAGS, "massban")
            if name in flags and name in VALUES:
                raise UserError(_("{flag} stands there twice.").format(flag=code(f"--{name}")))
            flags[name] = words.value(name) if name in VALUES else ""
        elif (user_id := _person(word)) is not None:
            ids[user_id] = None
        else:
            rest.append(word)
    return Ask(
        ids=tuple(ids),
        joined=parse_duration(flags["joined"]) if "joined" in flags else None,
        age=parse_duration(flags["age"]) if "age" in flags else None,
        no_avatar="no-avatar" in flags,
        no_roles="no-roles" in flags,
        name=read_pattern(flags["name"], LONGEST_PATTERN) if "name" in flags else None,
        joined_after=flags.get("joined-after"),
        joined_before=flags.get("joined-before"),
        show="show" in flags,
        days=read_days(flags["days"]) if "days" in flags else None,
        reason=_reason(flags.get("reason"), rest),
    )


def _person(word: str) -> int | None:
    """The id in a word; None if it is one of the reason's."""
    word = word.strip(",;")
    user_id = user_id_in(word)
    if user_id is not None:
        return user_id
    if _ROLE.fullmatch(word):
        raise UserError(
            _("{role} is a role, and I ban people: mention them, write their ids, or use filters.").format(role=word)
        )
    if _DIGITS.fullmatch(word):
        raise UserError(_("{word} isn't anybody's id.").format(word=code(truncate(word, 40))))
    if _NAMED.fullmatch(word):  # it would be banned in the moderator's eyes, and a reason in mine
        raise UserError(
            _(
                "{word} mentions nobody. Choose the person from Discord's list while you write, or write their id."
            ).format(word=code(truncate(word, 40)))
        )
    return None


def _reason(said: str | None, rest: list[str]) -> str | None:
    words = " ".join(rest).strip()
    if said is not None and words:
        raise UserError(
            _("I don't understand {words}: the reason is in `--reason` already.").format(
                words=code(truncate(words, 60))
            )
        )
    return short(said or words, REASON_LIMIT) or None


# --- Files -------------------------------------------------------------------------------------------------


def ids_in(text: str) -> list[int]:
    """The ids that stand anywhere in a text, each once, in their order; not those of channels, roles or messages."""
    found = (int(digits) for digits in _ID_IN_TEXT.findall(_NOT_PEOPLE.sub(" ", text)))
    return list(dict.fromkeys(user_id for user_id in found if user_id <= LARGEST_ID))


def text_of(data: bytes, file_name: str) -> str:
    """A file's text, in whatever encoding: ids are the same in all of them. Raises UserError if it isn't text."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", errors="replace")
    if b"\0" not in data:
        return data.decode("utf-8", errors="replace")
    half = len(data) // 2
    if data[1::2].count(0) > half * 0.8:  # what Windows calls Unicode, without the mark at its beginning
        return data.decode("utf-16-le", errors="replace")
    if data[::2].count(0) > half * 0.8:
        return data.decode("utf-16-be", errors="replace")
    raise UserError(
        _("{file} isn't a text file; attach one with ids in it.").format(file=code(truncate(file_name, 60)))
    )

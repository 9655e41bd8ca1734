"""Giveaways without Discord: reading what somebody types, who may enter, and the draw."""

import json
import random
import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime, timedelta, tzinfo
from typing import Any, Final

from cogs.utility.ends import read_end
from database.giveaways import Giveaway
from utils.converters import NOTHING, parse_text
from utils.errors import UserError
from utils.flag_words import Words, take_flags
from utils.formatting import clean_input, code, truncate
from utils.i18n import _
from utils.time import parse_duration

MOST_WINNERS: Final = 50
MOST_OPEN: Final = 20  # giveaways of a server
LONGEST_PRIZE: Final = 200  # characters
MOST_ROLES: Final = 10  # of each sort
MOST_ENTRIES: Final = 20  # that a role can give
HIGHEST_LEVEL: Final = 1_000
LONGEST_WAIT: Final = timedelta(days=3_650)  # that an account or a membership can be asked for

TERMS: Final = ("role", "block", "bonus", "level", "age", "here")
VALUES: Final = ("winners", *TERMS, "channel")

_NUMBER = re.compile(r"#?([0-9]{1,9})")
_WINNERS = re.compile(r"([0-9]{1,9})\s?(?:x|w|winners?)(?=\s|$)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Terms:
    """Who may enter a giveaway, and who has more entries. Roles by their ids; times in seconds."""

    role_ids: tuple[int, ...] = ()
    """Of these one is needed."""
    blocked_ids: tuple[int, ...] = ()
    level: int = 0
    account_seconds: int = 0
    here_seconds: int = 0
    bonus: Mapping[int, int] = field(default_factory=dict)
    """How many entries somebody with a role has; of several roles the most."""

    def encode(self) -> str:
        """As it is kept."""
        return json.dumps(asdict(self))

    @classmethod
    def decode(cls, text: str) -> "Terms":
        """What was kept."""
        kept = json.loads(text)
        bonus = {int(role_id): entries for role_id, entries in kept["bonus"].items()}
        return cls(
            tuple(kept["role_ids"]), tuple(kept["blocked_ids"]), kept["level"], kept["account_seconds"],
            kept["here_seconds"], bonus,
        )  # fmt: skip

    @property
    def most_entries(self) -> int:
        """How many entries anybody can have."""
        return max([1, *self.bonus.values()])


@dataclass(frozen=True, slots=True)
class Person:
    """What the terms look at. `level` is None while nobody counts levels, `joined_at` where Discord doesn't say."""

    role_ids: AbstractSet[int]
    account_since: datetime
    joined_at: datetime | None
    level: int | None


Lack = str
"""What somebody lacks: role, blocked, level, account or here."""


def lacks(terms: Terms, person: Person, existing: AbstractSet[int], now: datetime) -> Lack | None:
    """What keeps somebody out; None if nothing does. A role that isn't in `existing` any more is asked of nobody."""
    wanted = set(terms.role_ids) & existing
    if wanted and not wanted & person.role_ids:
        return "role"
    if set(terms.blocked_ids) & person.role_ids:
        return "blocked"
    if person.level is not None and person.level < terms.level:
        return "level"
    if now - person.account_since < timedelta(seconds=terms.account_seconds):
        return "account"
    if terms.here_seconds and (
        person.joined_at is None or now - person.joined_at < timedelta(seconds=terms.here_seconds)
    ):
        return "here"
    return None


def entries_of(terms: Terms, person: Person) -> int:
    """How many entries somebody has: those of the best of their roles, and one without."""
    return max([1, *(entries for role_id, entries in terms.bonus.items() if role_id in person.role_ids)])


EntriesOf = Callable[[int], Awaitable[int]]
"""Takes a person's id; gives how many entries they have, 0 for who can't win."""


async def drawn(
    entrants: Sequence[int], count: int, most_entries: int, entries: EntriesOf, chance: random.Random
) -> list[int]:
    """Up to `count` of these people, each once, each entry being as likely as any other.

    Whoever is picked is looked at only then, so that nobody else has to be: one with fewer entries than the most
    anybody can have goes back as often as that takes, which comes to the same as a draw of entries.
    """
    left, winners = list(entrants), list[int]()
    while left and len(winners) < count:
        place = chance.randrange(len(left))
        picked = left[place]
        held = await entries(picked)
        if held > 0 and chance.randrange(most_entries) >= held:
            continue
        left[place] = left[-1]
        left.pop()
        if held > 0:
            winners.append(picked)
    return winners


# --- what people write


@dataclass(frozen=True, slots=True)
class TypedTerms:
    """Terms as they were asked for, with roles as they were typed; None for what wasn't named."""

    roles: tuple[str, ...] | None = None
    blocked: tuple[str, ...] | None = None
    bonus: tuple[tuple[str, int], ...] | None = None
    level: int | None = None
    account_seconds: int | None = None
    here_seconds: int | None = None

    def put_into(self, terms: Terms, role_id: Callable[[str], int]) -> Terms:
        """The terms with what was named in place of what was there. Raises what `role_id` does for no role."""
        found: dict[str, Any] = {
            "role_ids": _each(self.roles, role_id),
            "blocked_ids": _each(self.blocked, role_id),
            "level": self.level,
            "account_seconds": self.account_seconds,
            "here_seconds": self.here_seconds,
            "bonus": None if self.bonus is None else {role_id(role): entries for role, entries in self.bonus},
        }
        return replace(terms, **{name: value for name, value in found.items() if value is not None})


def _each(roles: tuple[str, ...] | None, role_id: Callable[[str], int]) -> tuple[int, ...] | None:
    return None if roles is None else tuple(dict.fromkeys(map(role_id, roles)))


@dataclass(frozen=True, slots=True)
class Plan:
    """A giveaway as it was asked for; the channel as it was typed."""

    prize: str
    winners: int
    ends_at: datetime
    terms: TypedTerms = TypedTerms()
    channel: str | None = None


def read_plan(text: str, now: datetime, zone: tzinfo) -> Plan:
    """Read `2d 3x Steam key --level 5`. Raises UserError or TimeError."""
    body, flags = take_flags(clean_input(text), (), VALUES, "giveaway start")
    words = Words(body)
    end = words.next()
    if not isinstance(end, str):
        raise UserError(_("Say when it ends and what the prize is, like `{example}`.").format(
            example="giveaway start 2d Steam key"
        ))  # fmt: skip
    rest = body[words.at :].strip()
    winners = flags["winners"][-1] if "winners" in flags else "1"
    if found := _WINNERS.match(rest):
        winners, rest = found[1], rest[found.end() :].strip()
    return Plan(
        read_prize(rest), read_winners(winners), read_end(end, now, zone), _read_terms(flags),
        flags.get("channel", [None])[-1],
    )  # fmt: skip


def read_changes(giveaway: Giveaway, text: str, now: datetime, zone: tzinfo) -> tuple[Giveaway, TypedTerms]:
    """Read `end 5h`, `prize A cake` or `--level none`: the giveaway as it is then, and the terms to put into it.

    Raises UserError or TimeError.
    """
    body, flags = take_flags(clean_input(text), (), TERMS, "giveaway edit")
    what, _space, value = body.partition(" ")
    match what.casefold():
        case "prize":
            giveaway = replace(giveaway, prize=read_prize(value))
        case "winners":
            giveaway = replace(giveaway, winners=read_winners(value))
        case "end" | "time":
            giveaway = replace(giveaway, ends_at=read_end(value.strip(), now, zone))
        case _ if body or not flags:
            sentence = _("Say what changes: `end`, `winners` or `prize`, or who may enter, such as {example}.")
            raise UserError(sentence.format(example=code("--level 5")))
    return giveaway, _read_terms(flags)


def _read_terms(flags: dict[str, list[str]]) -> TypedTerms:
    bonus = _few(flags, "bonus")
    return TypedTerms(
        _few(flags, "role"), _few(flags, "block"), None if bonus is None else tuple(map(_read_bonus, bonus)),
        _read_level(flags), _read_seconds(flags, "age"), _read_seconds(flags, "here"),
    )  # fmt: skip


def read_prize(text: str) -> str:
    """The prize on one line. Raises UserError."""
    try:
        return parse_text(" ".join(text.split()), LONGEST_PRIZE)
    except ValueError as error:
        raise UserError(str(error) if text.strip() else _("Say what the prize is.")) from error


def read_winners(text: str) -> int:
    """How many win. Raises UserError."""
    number = _NUMBER.fullmatch(text.strip())
    if number is None or not 1 <= int(number[1]) <= MOST_WINNERS:
        raise UserError(_("The number of winners goes from 1 to {most}.").format(most=MOST_WINNERS))
    return int(number[1])


def _few(flags: dict[str, list[str]], name: str) -> tuple[str, ...] | None:
    """What was written behind a flag; nothing for `none`, and None where it isn't there."""
    if name not in flags:
        return None
    written = [text for text in flags[name] if text.casefold() not in NOTHING]
    if len(written) > MOST_ROLES:
        sentence = _("{flag} can be there {most} times at most.")
        raise UserError(sentence.format(flag=code(f"--{name}"), most=MOST_ROLES))
    return tuple(written)


def _read_bonus(text: str) -> tuple[str, int]:
    role, _sign, entries = text.rpartition("=")
    number = _NUMBER.fullmatch(entries.strip())
    if not role.strip() or number is None or not 2 <= int(number[1]) <= MOST_ENTRIES:
        raise UserError(
            _("Write the role and how many entries it gives, from 2 to {most}, like {example}.").format(
                most=MOST_ENTRIES, example=code("--bonus Booster=3")
            )
        )
    return role.strip(), int(number[1])


def _read_level(flags: dict[str, list[str]]) -> int | None:
    if "level" not in flags:
        return None
    text = flags["level"][-1]
    if text.casefold() in NOTHING:
        return 0
    number = _NUMBER.fullmatch(text)
    if number is None or not 1 <= int(number[1]) <= HIGHEST_LEVEL:
        raise UserError(
            _("{text} isn't a level from 1 to {most}.").format(text=code(truncate(text, 40)), most=HIGHEST_LEVEL)
        )
    return int(number[1])


def _read_seconds(flags: dict[str, list[str]], name: str) -> int | None:
    if name not in flags:
        return None
    text = flags[name][-1]
    if text.casefold() in NOTHING:
        return 0
    return int(parse_duration(text, maximum=LONGEST_WAIT).total_seconds())

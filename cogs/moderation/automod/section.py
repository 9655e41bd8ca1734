"""Automod's rules in a server's file."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, ClassVar, Final

import discord

from cogs.moderation.automod.book import MOST_RULES, MOST_STEPS, Book, check_work, too_many
from cogs.moderation.automod.clauses import CLAUSES, Clauses, Values
from cogs.moderation.automod.naming import read_name, why_not_make
from cogs.moderation.automod.rules import OBSERVE, OFF, ON, steps_of
from cogs.moderation.automod.writing import check_whole
from utils.errors import UserError
from utils.i18n import N_, _
from utils.portable import (
    EntryChange,
    Field,
    Section,
    channel_reference,
    duration_text,
    each_found,
    role_reference,
)
from utils.time import parse_duration

LONGEST_TEXT: Final = 1_000  # characters
MOST_IN_A_LIST: Final = 1_000
MODES: Final = (OBSERVE, ON, OFF)


class AutomodSection(Section):
    """The rules, by name. A new one keeps the mode that the file says."""

    name = "automod"
    title = N_("Automod")
    most: ClassVar[int] = MOST_RULES

    def __init__(self, book: Book) -> None:
        self.book = book

    async def export(self, guild: discord.Guild) -> dict[str, Any]:
        """All rules, the oldest first."""
        return {rule.name: as_plain(guild, rule.mode, rule.clauses) for rule in await self.book.store.of(guild.id)}

    def read(self, key: str, entry: Field) -> Any:
        """A rule, read by the same words as a command."""
        guild = entry.target.guild
        _checked(entry, lambda: _is_name(key))
        parts = entry.parts((), ("mode", *CLAUSES))
        mode = parts["mode"].one_of(MODES) if parts["mode"].is_given else OBSERVE
        clauses: Clauses = {}
        for name in CLAUSES:
            part = parts[name]
            if not part.is_given or part.plain is False:
                continue
            clauses[name] = self._values(name, part, guild)
        _checked(entry, lambda: check_whole(clauses))
        if steps_of(clauses) > MOST_STEPS:
            raise entry.misfit(_("The words and patterns of this rule would take too long; leave some out."))
        return as_plain(guild, mode, clauses)

    @staticmethod
    def _values(name: str, part: Field, guild: discord.Guild) -> Values:
        words = _FORMS.get(name, _SINGLE).words(part)
        values: Values = _checked(part, lambda: CLAUSES[name].read(words, guild))
        return values

    def allowed(self, change: EntryChange, member: discord.Member) -> str | None:
        """Who couldn't do what a rule does may not make one."""
        return None if change.new is None else why_not_make(member, from_plain(change.new))

    def clash(self, entries: Mapping[str, Any]) -> str | None:
        """Looking for all words and patterns of a server takes so long at most."""
        try:
            check_work(from_plain(one) for one in entries.values())
        except UserError as error:
            return str(error)
        return None

    async def write(self, guild: discord.Guild, changes: Sequence[EntryChange], by: int, import_id: int) -> None:
        """Store the rules."""
        store = self.book.store
        there = {rule.name: rule for rule in await store.of(guild.id)}
        for change in sorted(changes, key=lambda one: one.new is not None):  # those that go make room
            rule = there.get(change.key)
            if change.new is None:
                if rule is not None:
                    await store.remove(guild.id, rule.number)
                continue
            clauses = from_plain(change.new)
            if rule is None:
                if await store.add(guild.id, change.key, change.new["mode"], clauses, most=MOST_RULES) is None:
                    raise too_many()
            else:
                await store.change(replace(rule, mode=change.new["mode"], clauses=clauses))
        check_work(rule.clauses for rule in await store.of(guild.id))

    async def written(self, guild: discord.Guild, changes: Sequence[EntryChange], by: int) -> None:
        """Let them look from now on."""
        await self.book.load_guild(guild.id)


def _is_name(key: str) -> None:
    if read_name(key) != key:
        read_name("")


def _checked(part: Field, check: Callable[[], Any]) -> Any:
    try:
        return check()
    except (UserError, ValueError) as error:
        raise part.misfit(str(error)) from error


@dataclass(frozen=True, slots=True)
class _Form:
    """How the values of a clause stand in a file."""

    words: Callable[[Field], list[str]]
    """A part of the file as the words that a command would have behind its flag."""
    plain: Callable[[discord.Guild, Values], Any]
    values: Callable[[Any], Values]


def _texts(part: Field) -> list[str]:
    return [] if part.plain is True else [one.text(LONGEST_TEXT) for one in part.items(MOST_IN_A_LIST)]


def _found(part: Field, read: Callable[[Field], int]) -> list[str]:
    # Without any that is here, the rule would count everywhere, or for everybody: then it is left out.
    return [str(one) for one in each_found(part.items(MOST_IN_A_LIST), read)]


def _rate(part: Field) -> list[str]:
    rate = part.parts(("count", "within"), ("channel",))
    channel = ["channel"] if rate["channel"].switch() else []
    return [str(rate["count"].whole(0, 1_000)), rate["within"].text(LONGEST_TEXT), *channel]


def _rate_as_plain(_guild: discord.Guild, values: Values) -> dict[str, Any]:
    count, seconds, per = values
    return {"count": count, "within": _text_of(seconds)} | ({"channel": True} if per == "channel" else {})


def _rate_of_plain(plain: Any) -> Values:
    return [plain["count"], _seconds(plain["within"]), "channel" if plain.get("channel") else "person"]


def _give(part: Field) -> list[str]:
    given = part.parts(("role",), ("for",))
    return [str(given["role"].role().id), *_optional(given["for"])]


def _give_as_plain(guild: discord.Guild, values: Values) -> dict[str, Any]:
    return {"role": role_reference(guild, values[0])} | ({"for": _text_of(values[1])} if values[1:] else {})


def _slowmode(part: Field) -> list[str]:
    slow = part.parts(("pace",), ("for",))
    return [slow["pace"].text(LONGEST_TEXT), *_optional(slow["for"])]


def _optional(part: Field) -> list[str]:
    text = part.optional_text(LONGEST_TEXT)
    return [] if text is None else [text]


def _single(part: Field) -> list[str]:
    if part.plain is True:
        return []
    return [part.text(LONGEST_TEXT) if isinstance(part.plain, str) else str(part.whole(0, 1_000_000))]


def _text_of(seconds: int) -> str:
    return duration_text(timedelta(seconds=seconds))


def _seconds(text: str) -> int:
    return int(parse_duration(text).total_seconds())


_LIST = _Form(_texts, lambda _guild, values: list(values) or True, lambda plain: [] if plain is True else list(plain))
_CHANNELS = _Form(
    lambda part: _found(part, lambda field: int(field.channel().id)),
    lambda guild, values: [channel_reference(guild, one) for one in values],
    lambda plain: [int(one["id"]) for one in plain],
)
_ROLES = _Form(
    lambda part: _found(part, lambda field: field.role().id),
    lambda guild, values: [role_reference(guild, one) for one in values],
    lambda plain: [int(one["id"]) for one in plain],
)
_RATE = _Form(_rate, _rate_as_plain, _rate_of_plain)
_LENGTH = _Form(
    _single,
    lambda _guild, values: _text_of(values[0]) if values else True,
    lambda plain: [] if plain is True else [_seconds(plain)],
)
_SINGLE = _Form(
    _single,
    lambda _guild, values: values[0] if values else True,
    lambda plain: [] if plain is True else [plain],
)
_FORMS: Final[dict[str, _Form]] = (
    dict.fromkeys(("words", "regex", "links", "attachments", "allow"), _LIST)
    | dict.fromkeys(("in", "not-in"), _CHANNELS)
    | dict.fromkeys(("role", "not-role"), _ROLES)
    | {name: _RATE for name, clause in CLAUSES.items() if clause.is_rate}
    | dict.fromkeys(("account-under", "here-under", "timeout", "ban"), _LENGTH)
    | {
        "give": _Form(
            _give,
            _give_as_plain,
            lambda plain: [int(plain["role"]["id"]), *([_seconds(plain["for"])] if "for" in plain else [])],
        ),
        "slowmode": _Form(
            _slowmode,
            lambda _guild, values: {"pace": _text_of(values[0]), "for": _text_of(values[1])},
            lambda plain: [_seconds(plain["pace"]), _seconds(plain["for"])],
        ),
    }
)
"""Clauses that aren't here have one value or none."""


def as_plain(guild: discord.Guild, mode: str, clauses: Clauses) -> dict[str, Any]:
    """A rule as it stands in a file."""
    return {"mode": mode} | {
        name: _FORMS.get(name, _SINGLE).plain(guild, clauses[name]) for name in CLAUSES if name in clauses
    }


def from_plain(entry: dict[str, Any]) -> Clauses:
    """The clauses of an entry as `read` returns it."""
    return {name: _FORMS.get(name, _SINGLE).values(entry[name]) for name in CLAUSES if name in entry}

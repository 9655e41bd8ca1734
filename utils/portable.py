"""Configuration as a file: what cogs declare of it (`Cog.sections`), and how it is read on another server.

A section is a mapping of entries by name: settings by their keys, tags by their names. An entry is plain data such
as a YAML file holds. Roles and channels are written as `{id, name}`; where there is no such id, the name finds it on
this server. An entry is compared as it is exported, so what `Section.read` returns is what `export` would give.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, nullcontext, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar, Final, TypeVar

import discord

from utils.errors import UserError
from utils.formatting import code, truncate
from utils.giving_roles import POWERFUL, power_names, why_not_give
from utils.i18n import _, format_list, format_number
from utils.near import nearest
from utils.permissions import why_not_role
from utils.time import parse_duration
from utils.yaml_files import Value

T = TypeVar("T")

MOST_SHOWN: Final = 60  # characters of what a file says, in an answer
LONGEST_KEY: Final = 200  # characters

EARLIEST: Final = datetime(1970, 1, 2, tzinfo=UTC)
LATEST: Final = datetime(9000, 1, 1, tzinfo=UTC)

_UNITS: Final = (("d", 86_400), ("h", 3_600), ("m", 60), ("s", 1))


class MisfitError(ValueError):
    """Something in a file doesn't fit; the text is the sentence for whoever gave it, with its place."""


class UnmappedError(LookupError):
    """A role or channel of the file isn't on this server; it is written down where."""


@dataclass(frozen=True, slots=True)
class EntryChange:
    """One entry, as it is and as it will be; None where there is none."""

    key: str
    old: Any
    new: Any


@dataclass(frozen=True, slots=True)
class Lost:
    """A role or channel that this server doesn't have, or has `several` of; and where the file names it."""

    place: str
    what: str
    several: bool = False


@dataclass(slots=True)
class Target:
    """Where a file is read for: the server, who asks, and what couldn't be found there."""

    guild: discord.Guild
    member: discord.Member
    lost: list[Lost] = field(default_factory=list)
    _roles: dict[str, list[Any]] = field(init=False, repr=False)
    _channels: dict[str, list[Any]] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        # By name, for a file may have thousands.
        self._roles, self._channels = _by_name(self.guild.roles), _by_name(self.guild.channels)

    def roles_called(self, name: str | None) -> list[discord.Role]:
        """The roles of that name, else those whose names differ from it in case alone."""
        return _exactly(name, self._roles)

    def channels_called(self, name: str | None, kinds: Collection[discord.ChannelType]) -> list[Any]:
        """The same of channels and categories of these kinds; of any if none are given."""
        return _exactly(name, self._channels, lambda one: not kinds or one.type in kinds)


class Field:
    """A piece of a file with its place, read by the kind of value that is wanted. All raise `MisfitError`."""

    def __init__(self, value: Value, path: Sequence[str], target: Target) -> None:
        self.value = value
        self.path = tuple(path)
        self.target = target

    @property
    def plain(self) -> Any:
        """A text, a number, true, false or None; a list or a dict of values otherwise."""
        return self.value.plain

    @property
    def is_given(self) -> bool:
        """Whether anything stands there."""
        return self.value.plain is not None

    @property
    def place(self) -> str:
        """Where it stands, in words."""
        names = code(truncate(" → ".join(self.path), 2 * MOST_SHOWN))
        if self.value.line is None:
            return names
        return _("Line {line}, {names}").format(line=self.value.line, names=names)

    def misfit(self, sentence: str) -> MisfitError:
        """The error that says why this doesn't fit."""
        return MisfitError(f"{self.place}: {sentence}")

    def inside(self, name: str, value: Value) -> "Field":
        """A part of this."""
        return Field(value, (*self.path, name), self.target)

    # --- what holds others

    def parts(self, needed: Collection[str], optional: Collection[str] = ()) -> dict[str, "Field"]:
        """The parts of a mapping that has these names; optional ones that aren't there are fields without a value."""
        found = self.entries()
        known = [*needed, *optional]
        for name, part in found.items():
            if name not in known:
                near = nearest(name, known) or known[0]
                raise part.misfit(_("There is no such part; did you mean {near}?").format(near=code(near)))
        for name in needed:
            if name not in found or not found[name].is_given:
                raise self.misfit(_("The part {name} is missing.").format(name=code(name)))
        return {name: found.get(name) or self.inside(name, Value(None, self.value.line)) for name in known}

    def entries(self) -> dict[str, "Field"]:
        """The parts of a mapping by their names, whatever these are."""
        if not isinstance(self.plain, dict):
            raise self.misfit(_("Names with values are wanted here, one on each line."))
        for name in self.plain:
            if not name.strip() or len(name) > LONGEST_KEY or "\0" in name:
                raise self.misfit(
                    _("The name {name} is empty or too long.").format(name=code(truncate(name, MOST_SHOWN) or " "))
                )
        return {name: self.inside(name, value) for name, value in self.plain.items()}

    def items(self, most: int) -> list["Field"]:
        """The parts of a list; nothing is an empty one."""
        if self.plain is None:
            return []
        if not isinstance(self.plain, list):
            raise self.misfit(_("A list is wanted here."))
        if len(self.plain) > most:
            raise self.misfit(_("That's too many: {most} at most.").format(most=most))
        return [self.inside(str(number), value) for number, value in enumerate(self.plain, start=1)]

    # --- single values

    def text(self, most: int) -> str:
        """A text with something in it, of at most so many characters."""
        if not isinstance(self.plain, str):
            raise self.misfit(_("A text is wanted here. Put a number or `true` that is meant as a text into quotes."))
        if not self.plain.strip():
            raise self.misfit(_("This text can't be empty."))
        if "\0" in self.plain:
            raise self.misfit(_("There is a character in this text that can't be stored."))
        if len(self.plain) > most:
            raise self.misfit(_("This text is too long: {most} characters at most.").format(most=format_number(most)))
        return self.plain

    def optional_text(self, most: int) -> str | None:
        """A text, or nothing."""
        return self.text(most) if self.is_given else None

    def whole(self, least: int, most: int) -> int:
        """A whole number."""
        number = self.plain
        if not isinstance(number, int) or isinstance(number, bool) or not least <= number <= most:
            raise self.misfit(
                _("This is a whole number from {least} to {most}.").format(
                    least=format_number(least), most=format_number(most)
                )
            )
        return number

    def optional_whole(self, least: int, most: int) -> int | None:
        """A whole number, or nothing."""
        return self.whole(least, most) if self.is_given else None

    def switch(self, *, default: bool = False) -> bool:
        """True or false."""
        if self.plain is None:
            return default
        words = {"on": True, "yes": True, "off": False, "no": False}
        found = words.get(self.plain.lower(), self.plain) if isinstance(self.plain, str) else self.plain
        if not isinstance(found, bool):
            raise self.misfit(_("Write `true` or `false`."))
        return found

    def one_of(self, options: Collection[str]) -> str:
        """One of a few words."""
        if self.plain not in list(options):
            listed = format_list([code(one) for one in options], style="or")
            raise self.misfit(_("Choose one of {options}.").format(options=listed))
        return str(self.plain)

    def duration(self, least: timedelta, most: timedelta) -> timedelta:
        """A length of time such as `10m`."""
        if not isinstance(self.plain, str):
            raise self.misfit(_("This should be {what}.").format(what=_("a length of time such as `10m`")))
        found = self.checked(lambda: parse_duration(self.plain, minimum=timedelta(0)))
        if not least <= found <= most:
            raise self.misfit(
                _("This is a length of time from {least} to {most}.").format(
                    least=duration_text(least), most=duration_text(most)
                )
            )
        return found

    def optional_duration(self, least: timedelta, most: timedelta) -> timedelta | None:
        """A length of time, or nothing."""
        return self.duration(least, most) if self.is_given else None

    def moment(self) -> datetime:
        """A moment such as `2026-01-01T10:00:00+00:00`."""
        written = self.text(LONGEST_KEY)
        found = None
        with suppress(ValueError):
            found = datetime.fromisoformat(written)
        if found is None or found.tzinfo is None or not EARLIEST <= found <= LATEST:
            raise self.misfit(_("This should be a moment such as `2026-01-01T10:00:00+00:00`."))
        return found.astimezone(UTC).replace(microsecond=found.microsecond // 1000 * 1000)

    def optional_moment(self) -> datetime | None:
        """A moment, or nothing."""
        return self.moment() if self.is_given else None

    def powers(self) -> int:
        """The powerful permissions that staff agreed to give away with a role, by discord.py's names; as bits."""
        known = power_names(POWERFUL.value)
        names = [one.one_of(known) for one in self.items(len(known))]
        return discord.Permissions(**dict.fromkeys(names, True)).value & POWERFUL.value

    def checked(self, check: Callable[[], T]) -> T:
        """What a rule makes of this; its `ValueError` or `UserError` becomes the sentence."""
        try:
            return check()
        except MisfitError:
            raise
        except (ValueError, UserError) as error:
            raise self.misfit(str(error)) from error

    # --- of this server

    def role(self) -> discord.Role:
        """A role of this server. Raises `UnmappedError`."""
        known_id, name = self._reference()
        guild = self.target.guild
        role = guild.get_role(known_id or 0)
        found = self.target.roles_called(name) if role is None else [role]
        if len(found) != 1:
            raise self._lost(f"@{name}" if name else str(known_id), several=bool(found))
        return found[0]

    def channel(self, kinds: Collection[discord.ChannelType] = ()) -> Any:
        """A channel or category of this server, of one of these kinds if given. Raises `UnmappedError`."""
        known_id, name = self._reference()
        guild = self.target.guild
        channel = guild.get_channel_or_thread(known_id or 0)
        if channel is not None and kinds and channel.type not in kinds:
            raise self.misfit(_("Channels of this kind don't fit here."))
        found = self.target.channels_called(name, kinds) if channel is None else [channel]
        if len(found) != 1:
            raise self._lost(f"#{name}" if name else str(known_id), several=bool(found))
        return found[0]

    def _reference(self) -> tuple[int | None, str | None]:
        if isinstance(self.plain, str):
            return None, self.text(LONGEST_KEY)
        if isinstance(self.plain, int) and not isinstance(self.plain, bool):
            return self.whole(1, 2**63 - 1), None
        parts = self.parts((), ("id", "name"))
        found = parts["id"].optional_whole(1, 2**63 - 1), parts["name"].optional_text(LONGEST_KEY)
        if found == (None, None):
            raise self.misfit(_("Name a role or channel, by `name` or `id`."))
        return found

    def _lost(self, what: str, *, several: bool) -> UnmappedError:
        self.target.lost.append(Lost(self.place, what, several))
        return UnmappedError(what)


def each_found(fields: Sequence[Field], read: Callable[[Field], T], *, may_be_none: bool = False) -> list[T]:
    """What can be read of a list; roles and channels that this server doesn't have are left out of it.

    Raises `UnmappedError` if nothing is left of it, unless it `may_be_none`: then it would say something else, such
    as a command that works everywhere in place of one channel, or would take away what this server has.
    """
    found = []
    for one in fields:
        try:
            found.append(read(one))
        except UnmappedError:  # it is written down in the target
            continue
    if fields and not found and not may_be_none:
        raise UnmappedError(fields[0].place)
    return found


class Section(ABC):
    """One part of a server's configuration.

    `name` is what it is called in files, `title` (marked by `N_`) for readers. `needs` are the permissions that who
    imports it must have. `most` entries are allowed. Parts of entries called as in `secret` aren't shown in previews.
    """

    name: ClassVar[str]
    title: ClassVar[str]
    needs: ClassVar[Sequence[str]] = ("manage_guild",)
    most: ClassVar[int]
    secret: ClassVar[Collection[str]] = ()

    @abstractmethod
    async def export(self, guild: discord.Guild) -> dict[str, Any]:
        """All entries by their names, as plain data in a fixed order."""

    @abstractmethod
    def read(self, key: str, entry: Field) -> Any:
        """An entry as this server would export it. Raises `MisfitError` and `UnmappedError`."""

    def allowed(self, change: EntryChange, member: discord.Member) -> str | None:
        """Why somebody may not make a change, in a sentence; None if they may."""
        return None

    def clash(self, entries: Mapping[str, Any]) -> str | None:
        """Why a server can't have all of these entries, in a sentence; None if it can."""
        return None

    def held(self, guild: discord.Guild) -> AbstractAsyncContextManager[Any]:
        """Keep others from changing it. Entered before the transaction begins, so that nobody waits for both."""
        return nullcontext()

    @abstractmethod
    async def write(self, guild: discord.Guild, changes: Sequence[EntryChange], by: int, import_id: int) -> None:
        """Store changes, within the caller's transaction; nothing else happens yet."""

    async def written(self, guild: discord.Guild, changes: Sequence[EntryChange], by: int) -> None:
        """Let what is stored now hold, after the commit: in memory, in messages that show it."""
        return


def why_not_giving(guild: discord.Guild, member: discord.Member, role_ids: Iterable[int]) -> str | None:
    """Why somebody may not have the bot give away one of these roles, in a sentence; None if they may."""
    for role_id in role_ids:
        role = guild.get_role(role_id)
        if role is None:
            continue
        if role.is_default():
            return _("Everybody has this role anyway.")
        if reason := why_not_role(member, role, actor_is_bot=False) or why_not_give(guild, role):
            return reason
    return None


def called_twice(names: Iterable[str]) -> str | None:
    """That two have the same name, in a sentence; None if no two have. The names are as they are compared."""
    seen = set()
    for name in names:
        if name in seen:
            return _("Two would be called {name}.").format(name=code(truncate(name, MOST_SHOWN)))
        seen.add(name)
    return None


def role_reference(guild: discord.Guild, role_id: int) -> dict[str, Any]:
    """A role as it stands in a file."""
    return _reference_to(role_id, guild.get_role(role_id))


def channel_reference(guild: discord.Guild, channel_id: int) -> dict[str, Any]:
    """A channel as it stands in a file."""
    return _reference_to(channel_id, guild.get_channel_or_thread(channel_id))


def without_nothing(entry: Mapping[str, Any]) -> dict[str, Any]:
    """An entry without the parts that say nothing: None, False, and empty lists."""
    return {name: value for name, value in entry.items() if value is not None and value is not False and value != []}


def duration_text(duration: timedelta) -> str:
    """A length of time as it stands in a file, whatever the language: `1d 2h`."""
    left = int(duration.total_seconds())
    parts = []
    for unit, seconds in _UNITS:
        count, left = divmod(left, seconds)
        if count:
            parts.append(f"{count}{unit}")
    return " ".join(parts) or "0s"


def optional_duration_text(duration: timedelta | None) -> str | None:
    """The same, where there may be none."""
    return None if duration is None else duration_text(duration)


def _reference_to(any_id: int, found: Any) -> dict[str, Any]:
    return {"id": any_id} if found is None else {"id": any_id, "name": found.name}


def _by_name(found: Iterable[Any]) -> dict[str, list[Any]]:
    named: dict[str, list[Any]] = {}
    for one in found:
        named.setdefault(one.name.casefold(), []).append(one)
    return named


def _exactly(
    name: str | None, named: Mapping[str, list[Any]], fits: Callable[[Any], bool] = lambda one: True
) -> list[Any]:
    if name is None:
        return []
    alike = [one for one in named.get(name.casefold(), ()) if fits(one)]
    return [one for one in alike if one.name == name] or alike

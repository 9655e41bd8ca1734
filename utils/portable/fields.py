"""Reading what stands in a file, with its place in it: each value by the kind that is wanted."""

from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any, Final, TypeVar

import discord

from utils.errors import UserError
from utils.formatting import code, truncate
from utils.giving_roles import POWERFUL, power_names
from utils.i18n import _, format_list, format_number
from utils.near import nearest
from utils.portable.target import Lost, Target
from utils.portable.writing import duration_text
from utils.time import parse_duration
from utils.yaml_files import Value

T = TypeVar("T")

MOST_SHOWN: Final = 60  # characters of what a file says, in an answer
LONGEST_KEY: Final = 200  # characters

EARLIEST: Final = datetime(1970, 1, 2, tzinfo=UTC)
LATEST: Final = datetime(9000, 1, 1, tzinfo=UTC)


class MisfitError(ValueError):
    """Something in a file doesn't fit; the text is the sentence for whoever gave it, with its place."""


class UnmappedError(LookupError):
    """A role or channel of the file isn't on this server; it is written down where."""


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

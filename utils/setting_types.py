"""How a guild's settings are declared: key, type, default, limits and one line of help.

Nothing here needs a command's context: a type reads text with the guild at hand, checks values that come from
elsewhere, and shows them, so that commands, import and a dashboard share one set of rules.
"""

import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Generic, TypeVar

import discord

from utils.converters import NOTHING, parse_boolean
from utils.formatting import clean_input, code, truncate
from utils.i18n import LANGUAGES, _, format_list, ngettext
from utils.lookup import find_channel, find_role, user_id_in
from utils.templates import unknown_places
from utils.time import find_timezone, human_duration, parse_duration

# 1000, 1,000 or 1.000; but 1,5 is neither 15 nor a whole number.
WHOLE_NUMBER = re.compile(r"-?(?:[0-9]{1,18}|[0-9]{1,3}(?:([,._' ])[0-9]{3})(?:\1[0-9]{3}){0,4})")
# 0, 0s or 0 minutes
NO_TIME = re.compile(r"0+ ?[^\W\d]*")

WRITES = ("view_channel", "send_messages", "embed_links")
"""What a setting needs whose channel the bot writes to."""
GIVES = ("manage_roles",)
"""What a setting needs whose role the bot gives."""

T = TypeVar("T")
E = TypeVar("E")


class SettingError(ValueError):
    """A value doesn't fit; the message is the sentence for whoever gave it."""


class SettingType(ABC, Generic[T]):
    """One kind of value.

    Stored values are JSON-able. `parse` and `check` raise SettingError for what doesn't fit.
    """

    @abstractmethod
    def parse(self, text: str, guild: discord.Guild) -> T:
        """Read what a person wrote."""

    @abstractmethod
    def check(self, value: Any) -> T:
        """Accept a value that is already typed, or as it was stored."""

    def encode(self, value: T) -> Any:
        """The value as it is stored."""
        return value

    def show(self, value: T) -> str:
        """The value in a sentence."""
        return code(str(value))

    @abstractmethod
    def expects(self) -> str:
        """What to write, in a few words."""


class Switch(SettingType[bool]):
    """On or off."""

    def parse(self, text: str, guild: discord.Guild) -> bool:
        try:
            return parse_boolean(text)
        except ValueError as error:
            raise SettingError(str(error)) from error

    def check(self, value: Any) -> bool:
        if not isinstance(value, bool):
            raise SettingError(_("This is a switch: say `on` or `off`."))
        return value

    def show(self, value: bool) -> str:
        return _("on") if value else _("off")

    def expects(self) -> str:
        return _("`on` or `off`")


@dataclass(frozen=True)
class WholeNumber(SettingType[int]):
    """A whole number between two others, both allowed."""

    least: int
    most: int

    def parse(self, text: str, guild: discord.Guild) -> int:
        found = WHOLE_NUMBER.fullmatch(text.strip())
        if found is None:
            raise SettingError(self._sentence())
        return self.check(int(re.sub(r"[^-0-9]", "", found[0])))

    def check(self, value: Any) -> int:
        if not isinstance(value, int) or isinstance(value, bool) or not self.least <= value <= self.most:
            raise SettingError(self._sentence())
        return value

    def expects(self) -> str:
        return _("a whole number from {least} to {most}").format(least=self.least, most=self.most)

    def _sentence(self) -> str:
        return _("This is a whole number from {least} to {most}.").format(least=self.least, most=self.most)


@dataclass(frozen=True)
class Text(SettingType[str]):
    """A text with something to see, of bounded length; on one line unless `single_line` is off."""

    most: int
    single_line: bool = True

    def parse(self, text: str, guild: discord.Guild) -> str:
        text = text.strip(" ")
        if len(text) > 1 and text[0] == text[-1] == '"':
            # Quotes keep a space at the end: "hey bot ".
            text = text[1:-1]
        return self.check(text)

    def check(self, value: Any) -> str:
        if not isinstance(value, str):
            raise SettingError(_("This is a text."))
        text: str = clean_input(value)
        if not text.strip():
            raise SettingError(_("This text can't be empty."))
        if len(text) > self.most:
            raise SettingError(
                ngettext(
                    "This text may have {most} character at most.",
                    "This text may have {most} characters at most.",
                    self.most,
                ).format(most=self.most)
            )
        if self.single_line and "\n" in text:
            raise SettingError(_("This text must fit on one line."))
        return text

    def expects(self) -> str:
        return _("a text of up to {most} characters").format(most=self.most)


@dataclass(frozen=True)
class Template(Text):
    """A text with {places} that are filled in when it is used."""

    single_line: bool = False
    places: tuple[str, ...] = ()

    def check(self, value: Any) -> str:
        text = super().check(value)
        if unknown := unknown_places(text, self.places):
            raise SettingError(
                _("There is nothing to put in place of {unknown}. There are {places}.").format(
                    unknown=code("{" + truncate(unknown[0], 40) + "}"), places=self._shown()
                )
            )
        return text

    def expects(self) -> str:
        return _("a text of up to {most} characters, in which {places} are filled in").format(
            most=self.most, places=self._shown()
        )

    def _shown(self) -> str:
        return format_list([code("{" + place + "}") for place in self.places])


@dataclass(frozen=True)
class Choice(SettingType[str]):
    """One of a few words. `labels` may say each word's meaning."""

    options: tuple[str, ...]
    labels: Callable[[], dict[str, str]] | None = None

    def parse(self, text: str, guild: discord.Guild) -> str:
        word = text.strip().lower()
        for option in self.options:
            if word in {option.lower(), (self.labels() if self.labels else {}).get(option, option).lower()}:
                return option
        raise SettingError(_("Choose one of {options}.").format(options=self._listed()))

    def check(self, value: Any) -> str:
        if value not in self.options:
            raise SettingError(_("Choose one of {options}.").format(options=self._listed()))
        return str(value)

    def expects(self) -> str:
        return _("one of {options}").format(options=self._listed())

    def _listed(self) -> str:
        return format_list([f"`{option}`" for option in self.options], style="or")


class Language(Choice):
    """A language that the bot speaks."""

    def __init__(self) -> None:
        super().__init__(tuple(LANGUAGES), lambda: LANGUAGES)

    def show(self, value: str) -> str:
        return LANGUAGES.get(value, value)


class Timezone(SettingType[str]):
    """A time zone by its city."""

    def parse(self, text: str, guild: discord.Guild) -> str:
        return self.check(text)

    def check(self, value: Any) -> str:
        if not isinstance(value, str):
            raise SettingError(_("This should be {what}.").format(what=self.expects()))
        try:
            return find_timezone(value).key
        except ValueError as error:
            raise SettingError(str(error)) from error

    def expects(self) -> str:
        return _("a time zone such as `Europe/Berlin`")


def _is_no_time(text: str) -> bool:
    word = text.strip().casefold()
    return word in NOTHING or NO_TIME.fullmatch(word) is not None


@dataclass(frozen=True)
class Duration(SettingType[timedelta]):
    """A length of time between two others, kept in whole seconds. If it may be none at all, that is `off`."""

    least: timedelta
    most: timedelta

    def parse(self, text: str, guild: discord.Guild) -> timedelta:
        if not self.least and _is_no_time(text):
            return timedelta(0)
        try:
            return self.check(parse_duration(text).total_seconds())
        except SettingError:
            raise
        except ValueError as error:
            raise SettingError(str(error)) from error

    def check(self, value: Any) -> timedelta:
        if isinstance(value, timedelta):
            value = value.total_seconds()
        known = isinstance(value, int | float) and not isinstance(value, bool)
        if not known or not self.least.total_seconds() <= value <= self.most.total_seconds():
            raise SettingError(
                _("This is a length of time from {least} to {most}.").format(
                    least=human_duration(self.least), most=human_duration(self.most)
                )
            )
        return timedelta(seconds=int(value))

    def encode(self, value: timedelta) -> int:
        return int(value.total_seconds())

    def show(self, value: timedelta) -> str:
        return human_duration(value) if value else _("off")

    def expects(self) -> str:
        if not self.least:
            return _("a length of time such as `10m`, or `off`")
        return _("a length of time such as `10m`")


class _Snowflake(SettingType[int]):
    """An id of something in the guild."""

    def check(self, value: Any) -> int:
        if not isinstance(value, int) or isinstance(value, bool) or not 0 < value < 2**63:
            raise SettingError(_("This should be {what}.").format(what=self.expects()))
        return value


@dataclass(frozen=True)
class Channel(_Snowflake):
    """A channel of the guild; deleted ones stay set and show as such."""

    kinds: tuple[discord.ChannelType, ...] = (discord.ChannelType.text, discord.ChannelType.news)

    def parse(self, text: str, guild: discord.Guild) -> int:
        try:
            return find_channel(guild, text, self.kinds).id
        except ValueError as error:
            raise SettingError(str(error)) from error

    def show(self, value: int) -> str:
        return f"<#{value}>"

    def expects(self) -> str:
        return _("a channel such as `#general`")


class Role(_Snowflake):
    """A role of the guild, other than @everyone."""

    def parse(self, text: str, guild: discord.Guild) -> int:
        try:
            role = find_role(guild, text)
        except ValueError as error:
            raise SettingError(str(error)) from error
        if role.is_default():  # as moderators or in jail it would be all there are
            raise SettingError(_("`@everyone` is everybody: choose another role."))
        return role.id

    def show(self, value: int) -> str:
        return f"<@&{value}>"

    def expects(self) -> str:
        return _("a role such as `@Moderators`")


class User(_Snowflake):
    """Anybody on Discord, by mention or id."""

    def parse(self, text: str, guild: discord.Guild) -> int:
        user_id = user_id_in(text.strip())
        if user_id is None:
            raise SettingError(_("This should be {what}.").format(what=self.expects()))
        return self.check(user_id)

    def show(self, value: int) -> str:
        return f"<@{value}>"

    def expects(self) -> str:
        return _("somebody such as `@ann`, by mention or id")


@dataclass(frozen=True)
class Many(SettingType[tuple[E, ...]], Generic[E]):
    """Up to `most` different values of one type, in the order given; may be empty."""

    of: SettingType[E]
    most: int
    arrange: Callable[[Sequence[E]], Sequence[E]] = field(default=lambda values: values)

    def parse(self, text: str, guild: discord.Guild) -> tuple[E, ...]:
        # Words, quoted phrases and mentions; a comma may stand between them.
        parts = re.findall(r'"[^"]*"|[^\s,]+', text)
        if not parts:
            raise SettingError(_("This should be {what}.").format(what=self.expects()))
        if not isinstance(self.of, Text):  # which reads quotes itself: a space inside them counts
            parts = [part.strip('"') for part in parts]
        return self._made([self.of.parse(part, guild) for part in parts])

    def check(self, value: Any) -> tuple[E, ...]:
        if not isinstance(value, list | tuple):
            raise SettingError(_("This should be {what}.").format(what=self.expects()))
        return self._made([self.of.check(part) for part in value])

    def encode(self, value: tuple[E, ...]) -> list[Any]:
        return [self.of.encode(part) for part in value]

    def show(self, value: tuple[E, ...]) -> str:
        return format_list([self.of.show(part) for part in value]) if value else _("none")

    def expects(self) -> str:
        return _("up to {most} of these: {one}").format(most=self.most, one=self.of.expects())

    def _made(self, values: list[E]) -> tuple[E, ...]:
        different = list(dict.fromkeys(values))
        if len(different) > self.most:
            raise SettingError(_("That's too many: {most} at most.").format(most=self.most))
        return tuple(self.arrange(different))


@dataclass(frozen=True, eq=False)
class Setting(Generic[T]):
    """One thing a guild can set.

    `key` is what admins type (`log-channel`); `default` is what holds until then, None where nothing is set; `help`
    is one sentence, marked with `N_` and translated when shown. Hidden settings have commands of their own. `needs`
    are permissions of the bot, by discord.py's names, in the channel that is set; for a role that is set,
    `manage_roles` says that the bot gives it.
    """

    key: str
    type: SettingType[Any]  # of T; a T that may be None is no value of any type
    default: T
    help: str
    hidden: bool = False
    needs: Sequence[str] = ()

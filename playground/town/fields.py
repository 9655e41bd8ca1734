"""What the fields of a town file can hold, with Discord's limits."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from difflib import get_close_matches
from typing import Annotated, Any, Literal, TypeVar

import discord
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, PlainValidator, model_validator
from pydantic_core import PydanticCustomError

from playground.town import moments
from playground.town.drawing import MOTIFS

# What is made at a given date gets an id of that date. Discord's ids begin in 2015, the simulation in 2026.
EARLIEST, LATEST = date(2015, 1, 2), date(2025, 12, 31)
TIMEOUT_DAYS = 28
LISTED = 12  # names that a sentence counts up
LONGEST_VALUE_CHARACTERS = 100  # of what has a form, such as a moment

Item = TypeVar("Item")


def did_you_mean(name: str, known: list[str]) -> str:
    """The end of a sentence that says that there is no such thing."""
    near = get_close_matches(name, known, 1, 0.6)
    if near:
        return f"; did you mean '{near[0]}'?"
    listed = ", ".join(known[:LISTED]) + (" …" if len(known) > LISTED else "")
    return f"; there is {listed}" if known else ""


class Part(BaseModel):
    """A part of a town file that has fields. Left empty, it has all its defaults."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True, arbitrary_types_allowed=True)

    @model_validator(mode="before")
    @classmethod
    def _has_only_its_fields(cls, value: Any) -> Any:
        if value is None:
            return {}
        if not isinstance(value, dict):
            raise problem(f"should be fields like 'name: value', not {_what(value)}")
        known = [field.alias or name for name, field in cls.model_fields.items()]
        for key in value:
            if key not in known:
                raise problem(f"there is no field '{key}' here{did_you_mean(str(key), known)}")
        return value


def problem(sentence: str) -> PydanticCustomError:
    """What a validator raises: the sentence stands behind the place in the file."""
    return PydanticCustomError("town", "{sentence}", {"sentence": sentence})


def _what(value: Any) -> str:
    kinds = {type(None): "nothing", list: "a list", dict: "fields", str: "a text", bool: "true or false"}
    return kinds.get(type(value), "a number")


def _read(reader: Callable[[str], Item]) -> PlainValidator:
    def read(value: Any) -> Item:
        if not isinstance(value, str):
            raise problem(f"should be a text, not {_what(value)}")
        if len(value) > LONGEST_VALUE_CHARACTERS:
            raise problem(f"has more than {LONGEST_VALUE_CHARACTERS} characters")
        try:
            return reader(value)
        except ValueError as error:
            raise problem(str(error)) from error

    return PlainValidator(read)


def _fits(pattern: str, what: str) -> AfterValidator:
    form = re.compile(pattern)

    def fits(text: str) -> str:
        if form.fullmatch(text) is None:
            raise problem(f"'{text}' can't be {what}")
        return text

    return AfterValidator(fits)


def _past(text: str) -> moments.Moment:
    moment = moments.moment(text)
    if moment.to_come:
        raise ValueError(f"'{text}' is still to come")
    return moment


def _date(text: str) -> date:
    day = moments.calendar_day(text)
    if not EARLIEST <= day <= LATEST:
        raise ValueError(f"'{text}' should be between {EARLIEST} and {LATEST}")
    return day


def _timeout(text: str) -> timedelta:
    length = moments.duration(text)
    if not timedelta() < length <= timedelta(days=TIMEOUT_DAYS):
        raise ValueError(f"'{text}': Discord knows timeouts of up to {TIMEOUT_DAYS} days")
    return length


def _colour(text: str) -> int:
    if re.fullmatch(r"#[0-9a-fA-F]{6}", text) is None:
        raise ValueError(f"'{text}' is no colour; write it like '#E67E22'")
    return int(text[1:], 16)


def _permission(text: str) -> str:
    if text not in discord.Permissions.VALID_FLAGS:
        known = sorted(discord.Permissions.VALID_FLAGS)
        hint = did_you_mean(text, known) if get_close_matches(text, known, 1, 0.6) else ""
        raise ValueError(f"Discord has no permission '{text}'{hint}")
    return text


def _or_empty(empty: Callable[[], Any]) -> BeforeValidator:
    return BeforeValidator(lambda value: empty() if value is None else value)


def _motif(text: str) -> str:
    if text not in MOTIFS:
        raise ValueError(f"there is no picture '{text}'{did_you_mean(text, list(MOTIFS))}")
    return text


def _emoji(text: str) -> str:
    custom = re.fullmatch(r":\w+:", text, re.ASCII)
    if custom is None and (text.isascii() or len(text) > 16):
        raise ValueError(f"'{text}' is no emoji; write '👍', or ':name:' for one of the guild's own")
    return text


Key = TypeVar("Key")
Named = Annotated[dict[Key, Item], _or_empty(dict)]
"""Things by their names, in an order that counts."""
Many = Annotated[list[Item], _or_empty(list)]

Past = Annotated[moments.Moment, _read(_past)]
Date = Annotated[date, _read(_date)]
Timeout = Annotated[timedelta, _read(_timeout)]
Colour = Annotated[int, _read(_colour)]
Permission = Annotated[str, _read(_permission)]
Motif = Annotated[str, _read(_motif)]
AnyEmoji = Annotated[str, _read(_emoji)]

AccountName = Annotated[
    str,
    _fits(r"(?!.*\.\.)[a-z0-9_.]{2,32}", "an account name: those have 2 to 32 of a-z, 0-9, '_' and single '.'"),
]
Who = Annotated[str, Field(min_length=1, max_length=32)]
"""The account name of somebody; `playground.town.checks` says whether there is such a person."""
ShownName = Annotated[str, Field(min_length=1, max_length=32)]
GuildName = Annotated[str, Field(min_length=2, max_length=100)]
RoleName = Annotated[str, Field(min_length=1, max_length=100), _fits(r"(?!@?everyone$).*", "a role's name")]
PlaceName = Annotated[str, Field(min_length=1, max_length=100)]
EmojiName = Annotated[
    str, _fits(r"[A-Za-z0-9_]{2,32}", "an emoji's name: those have 2 to 32 of a-z, A-Z, 0-9 and '_'")
]
MessageKey = Annotated[str, Field(min_length=1, max_length=50)]
ChannelKind = Literal["text", "news", "voice", "stage", "forum"]

"""What the staff can set about an item: how each field is read, and how it is shown."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from typing import Any, Final

import discord

from cogs.economy.shop.rules import looks_like_number, read_price, unquoted
from database.economy import MOST_COINS
from database.shop import ShopItem
from utils.converters import NOTHING, parse_boolean, parse_text
from utils.errors import UserError
from utils.formatting import safe, truncate
from utils.i18n import N_, _, format_number, format_percent
from utils.lookup import NoMatchError, find_role
from utils.setting_types import WholeNumber
from utils.time import LONGEST, human_duration, parse_duration, parse_moment, timestamp

LONGEST_NAME: Final = 80  # characters
LONGEST_DESCRIPTION: Final = 1_000  # characters
LONGEST_TEXT: Final = 2_000  # characters
LONGEST_CODE: Final = 200  # characters
MOST_PIECES: Final = 1_000_000_000
MOST_PERCENT: Final = 1_000
MOST_LEVEL: Final = 100_000
SHORTEST: Final = timedelta(minutes=1)
WORDS_OF_A_DURATION: Final = 4  # at most, behind the name of a role
EVERY_KIND: Final = ("role", "text", "code", "boost", "collectable")
QUOTATION_MARKS: Final = " '\"“”„«»"
UNLIMITED: Final = NOTHING | {"unlimited", "always"}


@dataclass(frozen=True, slots=True)
class Reader:
    """What is needed to read what somebody wrote."""

    guild: discord.Guild
    now: datetime
    zone: tzinfo


Read = Callable[[str, Reader], Any]
Show = Callable[[ShopItem, Callable[[int], str]], str | None]


@dataclass(frozen=True, slots=True)
class Field:
    """Something that can be set: `read` gives the column's value, `show` None for what isn't set."""

    column: str
    help: str
    """What it is and how to write it, marked by `N_`."""
    read: Read
    show: Show
    kinds: tuple[str, ...] = EVERY_KIND
    aliases: tuple[str, ...] = ()
    clears: tuple[str, ...] = EVERY_KIND
    """The kinds of items that can do without: for these, `none` takes it away."""


# --- reading -----------------------------------------------------------------------------------------------


def read_name(text: str, _reader: Reader | None = None) -> str:
    """An item's name, on one line; raises `ValueError` for one that can't be told from a number."""
    name = " ".join(parse_text(unquoted(text), LONGEST_NAME).split())
    if not name.strip(QUOTATION_MARKS):
        raise ValueError(_("Write a name between the quotation marks."))
    if looks_like_number(name):
        raise ValueError(_("A name needs more than a number, which would be taken for an item's number."))
    return name


def read_duration(text: str, _reader: Reader | None = None) -> timedelta:
    """How long something lasts."""
    return parse_duration(text, minimum=SHORTEST, maximum=LONGEST)


def read_percent(text: str, _reader: Reader | None = None) -> int:
    """How many percent more."""
    return _whole(text.strip().removesuffix("%").strip().removeprefix("+"), 1, MOST_PERCENT)


def read_role_and_duration(text: str, guild: discord.Guild) -> tuple[discord.Role, timedelta | None]:
    """A role, and for how long it is sold if that follows; raises `ValueError`."""
    try:
        return find_role(guild, unquoted(text)), None
    except NoMatchError as error:
        words = text.split()
        for count in range(1, min(WORDS_OF_A_DURATION, len(words) - 1) + 1):
            try:
                lasts = read_duration(" ".join(words[-count:]))
                return find_role(guild, unquoted(" ".join(words[:-count]))), lasts
            except ValueError:
                continue
        if len(words) > 1:  # then the last one was meant as a duration, if the rest is a role
            role = find_role(guild, unquoted(" ".join(words[:-1])))
            return role, read_duration(words[-1])
        raise error from None


def _whole(text: str, least: int, most: int) -> int:
    try:
        return WholeNumber(least, most).parse(text, None)  # type: ignore[arg-type] # a number is one in every guild
    except ValueError as error:
        raise ValueError(str(error)) from error


def _pieces(least: int) -> Read:
    return lambda text, reader: _whole(text, least, MOST_PIECES)


def _moment(text: str, reader: Reader) -> datetime:
    return parse_moment(text, reader.now, reader.zone)


def _number(value: int | None) -> str | None:
    return None if value is None else format_number(value)


FIELDS: Final[Mapping[str, Field]] = {
    "name": Field(
        "name", N_("what it is called"), read_name, lambda item, coins: safe(item.name), clears=()
    ),
    "price": Field(
        "price", N_("how many coins it costs, like `250`; `0` is free"),
        lambda text, reader: read_price(text), lambda item, coins: coins(item.price), clears=(),
    ),
    "description": Field(
        "description", N_("what members read about it"),
        lambda text, reader: parse_text(text, LONGEST_DESCRIPTION),
        lambda item, coins: safe(truncate(item.description, 100)) if item.description else None,
    ),
    "stock": Field(
        "stock", N_("how many are left to be sold, like `10`"), _pieces(0), lambda item, coins: _number(item.stock),
        kinds=("role", "text", "boost", "collectable"),  # of codes there are as many as were written
    ),
    "limit": Field(
        "per_person", N_("how many each member may buy in all, like `1`"), _pieces(1),
        lambda item, coins: _number(item.per_person),
    ),
    "role": Field(
        "role_id", N_("the role it gives"), lambda text, reader: find_role(reader.guild, unquoted(text)).id,
        lambda item, coins: f"<@&{item.role_id}>", kinds=("role",), clears=(),
    ),
    "duration": Field(
        "lasts", N_("how long the role or the boost lasts, like `30d`"), read_duration,
        lambda item, coins: human_duration(item.lasts) if item.lasts else None,
        kinds=("role", "boost"), aliases=("lasts", "length"), clears=("role",),
    ),
    "keep": Field(
        "kept", N_("`on` to keep the role in the inventory until it is used, so that it can be given away"),
        lambda text, reader: parse_boolean(text), lambda item, coins: _("on") if item.kept else _("off"),
        kinds=("role",), clears=(),
    ),
    "percent": Field(
        "percent", N_("how much more XP the boost gives, like `50%`"), read_percent,
        lambda item, coins: format_percent(item.percent / 100) if item.percent else None,
        kinds=("boost",), clears=(),
    ),
    "text": Field(
        "content", N_("what whoever uses it reads"), lambda text, reader: parse_text(text, LONGEST_TEXT),
        lambda item, coins: _("written") if item.content else None,
        kinds=("text",), aliases=("content",), clears=(),
    ),
    "needed-role": Field(
        "needed_role_id", N_("the role that one needs to buy it"),
        lambda text, reader: find_role(reader.guild, unquoted(text)).id,
        lambda item, coins: f"<@&{item.needed_role_id}>" if item.needed_role_id else None,
        aliases=("needs-role", "requires"),
    ),
    "needed-level": Field(
        "needed_level", N_("the level that one needs to buy it, like `5`"),
        lambda text, reader: _whole(text, 1, MOST_LEVEL), lambda item, coins: _number(item.needed_level),
        aliases=("needs-level", "level"),
    ),
    "needed-balance": Field(
        "needed_balance", N_("how many coins one has to own to buy it, like `10k`"),
        lambda text, reader: _whole(str(read_price(text)), 1, MOST_COINS),
        lambda item, coins: coins(item.needed_balance) if item.needed_balance else None,
        aliases=("needs-balance", "balance"),
    ),
    "from": Field(
        "sold_from", N_("from when on it is sold, like `friday 18:00`"), _moment,
        lambda item, coins: timestamp(item.sold_from) if item.sold_from else None, aliases=("start",),
    ),
    "until": Field(
        "sold_until", N_("until when it is sold, like `31.12.`"), _moment,
        lambda item, coins: timestamp(item.sold_until) if item.sold_until else None, aliases=("end",),
    ),
}  # fmt: skip

WORDS: Final = {word: name for name, field in FIELDS.items() for word in (name, *field.aliases)}
"""The proper name of a field for each word that it goes by."""


def fields_of(kind: str) -> dict[str, Field]:
    """What can be set for items of a kind."""
    return {name: field for name, field in FIELDS.items() if kind in field.kinds}


def read_change(item: ShopItem, name: str, text: str, reader: Reader) -> dict[str, Any]:
    """The columns that a change sets. Raises `UserError` with a sentence for what doesn't fit."""
    field = FIELDS[name]
    if item.kind not in field.kinds:
        raise UserError(
            _("Items of this kind have no {field}. There are {fields}.").format(
                field=f"`{name}`", fields=", ".join(f"`{other}`" for other in fields_of(item.kind))
            )
        )
    if item.kind in field.clears and text.strip().casefold() in UNLIMITED:
        return {field.column: None}
    try:
        value = field.read(text, reader)
    except ValueError as error:
        raise UserError(str(error)) from error
    if name in {"from", "until"}:
        _check_dates(value if name == "from" else item.sold_from, value if name == "until" else item.sold_until)
    return {field.column: value}


def _check_dates(begins: datetime | None, ends: datetime | None) -> None:
    if begins is not None and ends is not None and ends <= begins:
        raise UserError(
            _("It would end before it begins: it is sold from {begins} until {ends}.").format(
                begins=timestamp(begins), ends=timestamp(ends)
            )
        )

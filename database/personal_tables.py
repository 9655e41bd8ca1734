"""How a table is declared: whose ids stand where in it, and what becomes of them.

Features declare every table that has a person's or a guild's id (`utils.personal_data`); exporting and erasing follow
the declarations, and so does what is deleted of a guild that the bot left.
"""

from dataclasses import dataclass
from enum import Enum
from typing import Any, Final


class Erasure(Enum):
    """What becomes of somebody's rows when they have their data deleted."""

    DELETE = "delete"
    """The row goes, and the timer that it names."""
    ANONYMISE = "anonymise"
    """The row belongs to the server too: a stand-in takes the place of the id."""
    CLEAR = "clear"
    """The row stays without the id."""
    KEEP = "keep"
    """The row stays as it is until what it is about ends; the declaration says why in its words."""
    HOLD = "hold"
    """The row stays: it is held against them. Of an account that Discord deleted it goes, unless a timer ends it."""
    OWN = "own"
    """An `Eraser` of the feature does it, because other rows follow from these."""


DELETE: Final = Erasure.DELETE
ANONYMISE: Final = Erasure.ANONYMISE
CLEAR: Final = Erasure.CLEAR
KEEP: Final = Erasure.KEEP
HOLD: Final = Erasure.HOLD
OWN: Final = Erasure.OWN


@dataclass(frozen=True, slots=True)
class While:
    """Rows whose column has one of these values (None for NULL) aren't touched yet: what they are about goes on."""

    column: str
    values: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Person:
    """A column with somebody's id.

    `exported` says whether this person gets the row in their export. `stays_while` says which rows are looked at
    later, and `blanked` which columns get another value when the person is anonymised or cleared.
    """

    column: str
    erased: Erasure
    exported: bool = True
    stays_while: While | None = None
    blanked: tuple[tuple[str, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class Parent:
    """The table that knows which guild a row is of: the row's `column` is that table's `key`."""

    column: str
    table: str
    key: str = "id"
    guild: str = "guild_id"


@dataclass(frozen=True, slots=True)
class Table:
    """A table with ids of people or of guilds.

    `guild` is the column with the guild's id, None where `parent` knows it or where it isn't about a guild.
    `timer` is the column with the timer that a row waits for. `hidden` columns are left out of an export: they are
    about others, or about nothing that anybody can read. What `outlives_guild` isn't deleted with a guild's data.
    """

    name: str
    people: tuple[Person, ...] = ()
    guild: str | None = "guild_id"
    parent: Parent | None = None
    timer: str | None = None
    hidden: tuple[str, ...] = ()
    outlives_guild: bool = False


def of_guild(*names: str) -> tuple[Table, ...]:
    """Tables that are about a guild and no person."""
    return tuple(Table(name) for name in names)


STAND_INS: Final = 10**12
"""Stand-ins are below: no account of Discord has so small an id."""


def stand_in_name(stand_in: int) -> str:
    """What is kept in place of the name of somebody whose data was deleted, in no language."""
    return f"deleted_user_{stand_in:x}"

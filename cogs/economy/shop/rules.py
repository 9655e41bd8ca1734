"""What the shop decides: what can be bought by whom, what is meant by what people write, what things are worth.

A role is known here by its id and its powerful permissions, as bits.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from difflib import get_close_matches
from enum import Enum, auto
from operator import attrgetter
from typing import Final, Literal

from database.shop import ShopItem, name_key
from utils.amounts import Amount
from utils.i18n import _
from utils.time import LONGEST

MOST_ITEMS: Final = 500
"""Of one server."""
MOST_AT_ONCE: Final = 1_000_000
"""How many of an item are bought, sold or given away at once."""
NEAR: Final = 3  # names that are suggested

_QUANTITY = re.compile(r"x?([0-9]{1,7})x?", re.IGNORECASE)
_ALL: Final = frozenset({"all", "max", "everything", "alle", "alles"})
_NUMBER = re.compile(r"#?([0-9]{1,15})")
_QUOTED = re.compile(r'\s*(?:"([^"]+)"|“([^”]+)”|„([^“”"]+)[“”"]|«([^»]+)»)\s*', re.DOTALL)
_WORD = re.compile(r"\S+")


# --- What can be bought ------------------------------------------------------------------------------------


class Fault(Enum):
    """Why an item can't be sold until the staff mends it."""

    ROLE_GONE = auto()
    NEEDED_ROLE_GONE = auto()
    ROLE_POWERFUL = auto()
    NO_TEXT = auto()


class State(Enum):
    """Whether an item can be bought at all."""

    ON_SALE = auto()
    SOLD_OUT = auto()
    NOT_YET = auto()
    OVER = auto()
    BROKEN = auto()


@dataclass(frozen=True, slots=True)
class Need:
    """Something that whoever buys an item has to have. `value` is the role's id, the level or the coins."""

    kind: Literal["role", "level", "balance"]
    value: int
    met: bool


@dataclass(frozen=True, slots=True)
class Buyer:
    """What is known of who buys."""

    role_ids: frozenset[int]
    wealth: int
    """Coins, in hand and in the bank."""
    level: int | None
    """None when nobody counts levels."""
    bought: Mapping[int, int]
    """How many they bought so far, by the items' numbers."""


def fault_of(item: ShopItem, powers: Mapping[int, int]) -> Fault | None:
    """What is wrong with an item. `powers` are the powerful permissions of each role that there is."""
    if item.role_id is not None:
        if item.role_id not in powers:
            return Fault.ROLE_GONE
        if powers[item.role_id] & ~item.accepted_permissions:
            return Fault.ROLE_POWERFUL
    if item.needed_role_id is not None and item.needed_role_id not in powers:
        return Fault.NEEDED_ROLE_GONE
    if item.kind == "text" and item.content is None:
        return Fault.NO_TEXT
    return None


def state_of(item: ShopItem, now: datetime, fault: Fault | None) -> State:
    """Whether an item can be bought at all; what hinders it longest comes first."""
    if item.sold_until is not None and item.sold_until <= now:
        return State.OVER
    if fault is not None:
        return State.BROKEN
    if item.stock == 0:
        return State.SOLD_OUT
    if item.sold_from is not None and item.sold_from > now:
        return State.NOT_YET
    return State.ON_SALE


def needs_of(item: ShopItem, buyer: Buyer) -> list[Need]:
    """What an item needs, and whether the buyer has it."""
    needs = []
    if item.needed_role_id is not None:
        needs.append(Need("role", item.needed_role_id, item.needed_role_id in buyer.role_ids))
    if item.needed_level is not None:
        needs.append(Need("level", item.needed_level, buyer.level is not None and buyer.level >= item.needed_level))
    if item.needed_balance is not None:
        needs.append(Need("balance", item.needed_balance, buyer.wealth >= item.needed_balance))
    return needs


def still_allowed(item: ShopItem, buyer: Buyer) -> int | None:
    """How many more of an item a member may buy by the limit for each; None without one."""
    if item.per_person is None:
        return None
    return max(item.per_person - buyer.bought.get(item.number, 0), 0)


def given_at_once(item: ShopItem) -> bool:
    """Whether an item is handed over when it is bought, instead of being kept in the inventory."""
    return item.kind == "role" and not item.kept


def same_offer(shown: ShopItem, now: ShopItem) -> bool:
    """Whether one still gets for the same price what one was shown."""
    return _offer(shown) == _offer(now)


# All else says nothing of what one gets, or is checked by itself.
_offer = attrgetter("kind", "name", "price", "role_id", "kept", "lasts", "percent", "content")


def lasts_until(
    now: datetime, running_until: datetime | None, more: timedelta, quantity: int = 1
) -> datetime | None:  # fmt: skip
    """When something ends that goes on for so many times so much longer; None if that is too far ahead."""
    begins = now if running_until is None else max(now, running_until)
    ends = begins + more * quantity if quantity <= LONGEST // more else None  # more is beyond what can be computed
    return ends if ends is not None and ends - now <= LONGEST else None


# --- What things are worth ---------------------------------------------------------------------------------


def resale_value(price: int, quantity: int, share_percent: int) -> int:
    """What the shop pays for things that it takes back, rounded down."""
    return price * quantity * share_percent // 100


# --- What people write -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Wanted:
    """A way to read what somebody wrote: so many (None for all) of what is called so."""

    quantity: int | None
    name: str


def readings(text: str) -> list[Wanted]:
    """How `2 fish`, `fish x2`, `all fish` may be meant, the likeliest first: there may be an item called `2 fish`."""
    whole = " ".join(text.split())
    found = [Wanted(1, whole)]
    first, _space, after = whole.partition(" ")
    before, _space, last = whole.rpartition(" ")
    for word, rest in ((first, after), (last, before)):
        if rest and word.casefold() in _ALL:
            found.append(Wanted(None, rest))
        elif rest and (number := _QUANTITY.fullmatch(word)) and 0 < int(number[1]) <= MOST_AT_ONCE:
            found.append(Wanted(int(number[1]), rest))
    return found


def find(items: Iterable[ShopItem], name: str) -> list[ShopItem]:
    """The items called so, or with that number; of several of one name, those that are still sold."""
    among = list(items)
    number, key = _NUMBER.fullmatch(name.strip()), name_key(unquoted(name))
    if number:
        return [item for item in among if item.number == int(number[1])]
    named = [item for item in among if name_key(item.name) == key]
    return [item for item in named if item.removed_at is None] or named


def pick(items: Sequence[ShopItem], text: str) -> tuple[ShopItem, int | None] | None:
    """The item and how many of it (None for all) that somebody means; None if no or more than one item fits."""
    for reading in readings(text):
        found = find(items, reading.name)
        if len(found) == 1:
            return found[0], reading.quantity
    return None


def near(items: Iterable[ShopItem], text: str) -> list[ShopItem]:
    """Items whose name is like what somebody wrote, the nearest first."""
    by_key: dict[str, list[ShopItem]] = {}
    for item in items:
        by_key.setdefault(name_key(item.name), []).append(item)
    keys: list[str] = []
    for reading in readings(text):
        key = name_key(unquoted(reading.name))
        keys += [other for other in by_key if len(key) > 1 and key in other]
        keys += get_close_matches(key, by_key, n=NEAR, cutoff=0.6)
    return [item for key in dict.fromkeys(keys) for item in by_key[key]][:NEAR]


def search(items: Iterable[ShopItem], text: str) -> list[ShopItem]:
    """Items in whose name every word is found."""
    words = name_key(text).split()
    return [item for item in items if all(word in name_key(item.name) for word in words)]


def unquoted(text: str) -> str:
    """A text without the quotation marks around it."""
    found = _QUOTED.fullmatch(text)
    return next(filter(None, found.groups())) if found else text


def looks_like_number(name: str) -> bool:
    """Whether a name would be taken for an item's number."""
    return _NUMBER.fullmatch(name.strip()) is not None


def read_price(text: str) -> int:
    """How many coins something costs; zero is a price, too. Raises `ValueError` with a sentence."""
    if set(text) == {"0"}:
        return 0
    coins = Amount.parse(text).coins
    if coins is None:
        raise ValueError(_("A price is a number of coins, like `250`; `0` is free."))
    return coins


def split_offer(text: str) -> tuple[str, int, str] | None:
    """The name, the price and what follows in `Golden fish 100 It blinks`; None if no word but the first is a price.

    A name in quotation marks may hold numbers.
    """
    quoted = _QUOTED.match(text)
    start = quoted.end() if quoted else 0
    for word in list(_WORD.finditer(text, start))[0 if quoted else 1 : 1 if quoted else None]:
        try:
            price = read_price(word[0])
        except ValueError:
            continue
        name = next(filter(None, quoted.groups())) if quoted else text[: word.start()]
        return name.strip(), price, text[word.end() :].strip()
    return None


def split_edit(items: Sequence[ShopItem], fields: Mapping[str, str], text: str) -> tuple[ShopItem, str, str] | None:
    """The item, the field and the value in `golden fish price 50`; None if there is no such item.

    `fields` gives each word for a field its proper name. Field and value are empty if only an item is named.
    """
    words = list(_WORD.finditer(text))
    for word in words[1:]:
        if (field := fields.get(word[0].casefold())) and len(found := find(items, text[: word.start()])) == 1:
            return found[0], field, text[word.end() :].strip()
    found = find(items, text)
    return (found[0], "", "") if len(found) == 1 else None

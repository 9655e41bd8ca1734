"""What somebody offers, as they write it: `100 coins, 2 golden fish`."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from cogs.economy.shop.rules import pick
from database.shop import ShopItem
from utils.amounts import Amount

MOST_KINDS: Final = 10
"""Different items that one side gives at once."""

_BREAKS: Final = (
    re.compile(r"\s*[\n;]\s*"),
    re.compile(r",\s+|\s+[+&]\s+"),
    re.compile(r"\s+(?:and|und)\s+", re.IGNORECASE),
)
"""What stands between the parts of an offer; those further on only inside what isn't understood without them."""
_FOR: Final = re.compile(r"\s+(?:for|für|gegen)\s+", re.IGNORECASE)
_NOTHING: Final = frozenset({"", "0", "-", "—", "nothing", "none", "nichts"})
_COIN_WORDS: Final = frozenset({"coin", "coins", "münze", "münzen", "🪙"})

Thing = tuple[ShopItem, int | None]
"""So many of an item; None for all."""
Part = Amount | Thing


@dataclass(frozen=True, slots=True)
class Offer:
    """What one side gives."""

    coins: int = 0
    things: Mapping[int, int] = field(default_factory=dict)
    """How many of each item, by its number; never zero."""

    @property
    def is_empty(self) -> bool:
        """Whether nothing is given."""
        return not self.coins and not self.things


class UnknownPartError(ValueError):
    """A part of an offer is neither coins nor one of the items at hand."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text


def read_offer(text: str, items: Sequence[ShopItem], coin_words: Iterable[str] = ()) -> list[Part]:
    """The parts of an offer by somebody who has these items; `coin_words` is what coins are called there.

    Raises `UnknownPartError`, or `ValueError` with a sentence for a number of coins that there can't be.
    """
    return list(_parts(text.strip(), items, _COIN_WORDS | {word.casefold() for word in coin_words}))


def _parts(text: str, items: Sequence[ShopItem], coin_words: frozenset[str]) -> Iterator[Part]:
    if text.casefold() in _NOTHING:
        return
    part = _part(text, items, coin_words)
    if part is not None:
        yield part
        return
    for between in _BREAKS:
        pieces = between.split(text)
        if len(pieces) > 1:
            for piece in pieces:
                yield from _parts(piece.strip(), items, coin_words)
            return
    raise UnknownPartError(text)


def _part(text: str, items: Sequence[ShopItem], coin_words: frozenset[str]) -> Part | None:
    """One part; a bare number is coins and no item's number."""
    if not text.isdigit() and (found := pick(items, text)) is not None:
        return found
    words = text.split()
    bare = " ".join(word for word in words if word.casefold() not in coin_words)
    try:
        return Amount.parse(bare)
    except ValueError:
        if bare.isdigit():
            raise
        return None


def sides(text: str) -> list[tuple[str, str | None]]:
    """The ways to read what one gives and what one wants, in `100 coins for 2 fish`; None for no word of that."""
    found: list[tuple[str, str | None]] = [
        (text[: between.start()], text[between.end() :]) for between in _FOR.finditer(text)
    ]
    return found or [(text, None)]


def offer_of(parts: Iterable[Part], cash: int, holdings: Mapping[int, int]) -> Offer:
    """Add up what is offered; `half` and `all` are of what one has. Raises `ValueError` as `Amount.resolve` does."""
    coins, things = 0, dict[int, int]()
    for part in parts:
        if isinstance(part, Amount):
            coins += part.resolve(cash)
            continue
        item, quantity = part
        wanted = holdings.get(item.number, 0) if quantity is None else quantity
        things[item.number] = things.get(item.number, 0) + wanted
    return Offer(coins, {number: quantity for number, quantity in things.items() if quantity})

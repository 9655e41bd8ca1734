"""The swap itself: everything changes hands in one operation, or nothing does."""

from collections.abc import Sequence
from dataclasses import dataclass

from cogs.economy.trade.rules import Offer
from database.economy import BankRefusal, Operation, Posting
from database.inventory import InventoryStore


@dataclass
class LacksItem(BankRefusal):
    """Somebody has fewer of an item than they would give."""

    user_id: int
    item: int
    has: int


async def swap(
    operation: Operation, inventory: InventoryStore, people: Sequence[int], offers: Sequence[Offer]
) -> None:
    """Let two people have what the other offers. Raises `LacksItem`, `NotEnough` or `TooMuch`.

    What both give is taken first: nobody pays with what they only get by this.
    """
    sides = list(zip(people, reversed(people), offers, strict=True))
    given = [(giver, taker, offer.coins) for giver, taker, offer in sides if offer.coins]
    await operation.post(
        *(Posting(giver, -coins, counterparty_id=taker) for giver, taker, coins in given),
        *(Posting(taker, coins, counterparty_id=giver) for giver, taker, coins in given),
    )
    for giver, _taker, offer in sides:
        for item, quantity in offer.things.items():
            if not await inventory.take(operation, giver, item, quantity):
                raise LacksItem(giver, item, await inventory.count(operation.guild_id, giver, item))
    for _giver, taker, offer in sides:
        for item, quantity in offer.things.items():
            await inventory.add(operation, taker, item, quantity)

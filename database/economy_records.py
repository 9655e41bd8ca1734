"""What the books of the economy are made of: accounts, operations, entries, and what the bank refuses."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

from database.manager import Row
from database.values import moment

MOST_COINS: Final = 10**15
"""What an account holds at most: sums over thousands of full ones still fit into 64 bits."""

Pocket = Literal["cash", "bank"]


class BankRefusal(Exception):  # noqa: N818 - it reads as a sentence
    """The bank doesn't do that; nothing was changed."""


class AlreadyDone(BankRefusal):
    """The same message or click did the same before."""


@dataclass(frozen=True, slots=True)
class Shortfall:
    """A pocket that holds less than is to be taken from it."""

    user_id: int
    pocket: Pocket
    has: int
    needs: int


class NotEnough(BankRefusal):
    """Accounts would go below zero."""

    def __init__(self, shortfalls: Sequence[Shortfall]) -> None:
        super().__init__(shortfalls)
        self.shortfalls = tuple(shortfalls)


class TooMuch(BankRefusal):
    """An account would hold more than `MOST_COINS`."""

    def __init__(self, user_id: int) -> None:
        super().__init__(user_id)
        self.user_id = user_id


@dataclass(frozen=True, slots=True)
class Cause:
    """What brought an operation about: a kind and an id, or no id for what can't come twice.

    The same kind of operation of the same actor is done once for each cause.
    """

    kind: str
    id: int | None = None


@dataclass(frozen=True, slots=True)
class NewOperation:
    """An operation about to be done. `opening` is what an account begins with that it touches for the first time."""

    guild_id: int
    kind: str
    cause: Cause
    actor_id: int | None
    at: datetime
    subject: str | None = None
    reason: str | None = None
    opening: int = 0
    reverses: int | None = None


@dataclass(frozen=True, slots=True)
class OperationRecord:
    """An operation that was done."""

    guild_id: int
    number: int
    kind: str
    cause: Cause
    actor_id: int | None
    subject: str | None
    reason: str | None
    at: datetime
    reverses: int | None


@dataclass(frozen=True, slots=True)
class Account:
    """What a member has, in hand and in the bank."""

    guild_id: int
    user_id: int
    cash: int = 0
    bank: int = 0
    entries: int = 0

    @property
    def total(self) -> int:
        """Both pockets together."""
        return self.cash + self.bank


@dataclass(frozen=True, slots=True)
class Posting:
    """A change of one pocket, to be written. Its kind is the operation's unless it has one of its own."""

    user_id: int
    amount: int
    pocket: Pocket = "cash"
    kind: str | None = None
    counterparty_id: int | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """A change of one pocket as it stands in the ledger."""

    guild_id: int
    user_id: int
    entry: int
    operation: int
    pocket: Pocket
    amount: int
    balance: int
    kind: str
    counterparty_id: int | None
    at: datetime


def transfer(sender_id: int, receiver_id: int, amount: int) -> tuple[Posting, Posting]:
    """The two sides of coins that go from hand to hand."""
    return (
        Posting(sender_id, -amount, counterparty_id=receiver_id),
        Posting(receiver_id, amount, counterparty_id=sender_id),
    )


# --- rows


def account_of(row: Row) -> Account:
    """An account as its row has it."""
    return Account(row["guild_id"], row["user_id"], row["cash"], row["bank"], row["entries"])


def entry_of(row: Row) -> Entry:
    """An entry as its row has it."""
    at = moment(row["written_at"])
    assert at is not None
    return Entry(
        row["guild_id"], row["user_id"], row["entry"], row["operation"], row["pocket"], row["amount"], row["balance"],
        row["kind"], row["counterparty_id"], at,
    )  # fmt: skip


def operation_of(row: Row) -> OperationRecord:
    """An operation as its row has it."""
    at = moment(row["happened_at"])
    assert at is not None
    return OperationRecord(
        row["guild_id"], row["number"], row["kind"], Cause(row["cause_kind"], row["cause_id"]), row["actor_id"],
        row["subject"], row["reason"], at, row["reverses"],
    )  # fmt: skip

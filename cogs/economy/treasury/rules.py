"""What is posted when staff takes coins, takes an operation back, or resets and restores an economy."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from database.economy import Account, Entry, Posting


def taken(account: Account, wanted: int) -> list[Posting]:
    """So many coins out of an account, or as many as there are: first those in hand, then those in the bank."""
    in_hand = min(wanted, account.cash)
    in_bank = min(wanted - in_hand, account.bank)
    return [Posting(account.user_id, -in_hand), Posting(account.user_id, -in_bank, "bank")]


def begun_anew(account: Account, opening: int) -> list[Posting]:
    """What makes an account as new: nothing in the bank, and the start balance in hand."""
    return [
        Posting(account.user_id, opening - account.cash),
        Posting(account.user_id, -account.bank, "bank"),
    ]


@dataclass(frozen=True, slots=True)
class TakenBack:
    """What takes entries back, as far as the accounts allow."""

    postings: tuple[Posting, ...]
    missing: dict[int, int]
    """How much somebody lacks, by user."""


def taken_back(entries: Iterable[Entry], accounts: Mapping[int, Account]) -> TakenBack:
    """The opposite of each entry. What a pocket hasn't any more comes out of the other one.

    Whoever gets coins gets them first, so that nobody is short of what they get back.
    """
    left = {user_id: {"cash": account.cash, "bank": account.bank} for user_id, account in accounts.items()}
    postings: list[Posting] = []
    missing: dict[int, int] = {}
    for entry in sorted(entries, key=lambda entry: entry.amount > 0):
        pockets, rest = left[entry.user_id], -entry.amount
        for pocket in ("cash", "bank") if entry.pocket == "cash" else ("bank", "cash"):
            amount = max(rest, -pockets[pocket])
            pockets[pocket] += amount
            rest -= amount
            postings.append(Posting(entry.user_id, amount, pocket, counterparty_id=entry.counterparty_id))
        if rest:
            missing[entry.user_id] = missing.get(entry.user_id, 0) - rest
    return TakenBack(tuple(posting for posting in postings if posting.amount), missing)

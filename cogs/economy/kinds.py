"""The kinds of operations and entries: what each is called, and what it is to the guild's economy."""

from dataclasses import dataclass
from typing import Final

from utils.i18n import N_


@dataclass(frozen=True, slots=True)
class Kind:
    """What coins moved for. `source` is the topic under which `economy health` counts what was made or destroyed."""

    label: str
    source: str
    earns: bool = False
    """Whether `coins_earned` tells of it."""
    spends: bool = False
    """Whether `coins_spent` tells of it."""


SOURCES: Final = {
    "start": N_("Start balances"),
    "claims": N_("Daily and weekly coins"),
    "jobs": N_("Work and crime"),
    "income": N_("Chat, role and level income"),
    "games": N_("Games"),
    "shop": N_("Shop"),
    "staff": N_("Staff"),
    "members": N_("Between members"),
}

KINDS: Final = {
    "opening": Kind(N_("Start balance"), "start"),
    "daily": Kind(N_("Daily coins"), "claims", earns=True),
    "weekly": Kind(N_("Weekly coins"), "claims", earns=True),
    "work": Kind(N_("Work"), "jobs", earns=True),
    "crime": Kind(N_("Crime"), "jobs", earns=True),
    "fine": Kind(N_("Fine"), "jobs", spends=True),
    "rob": Kind(N_("Robbery"), "members"),
    "deposit": Kind(N_("Put into the bank"), "members"),
    "withdraw": Kind(N_("Taken from the bank"), "members"),
    "pay": Kind(N_("Payment"), "members"),
    "trade": Kind(N_("Trade"), "members"),
    "bet": Kind(N_("Bet"), "games", spends=True),
    "winnings": Kind(N_("Winnings"), "games", earns=True),
    "bet_refund": Kind(N_("Bet given back"), "games"),
    "lottery_ticket": Kind(N_("Lottery tickets"), "games", spends=True),
    "purchase": Kind(N_("Purchase"), "shop", spends=True),
    "purchase_refund": Kind(N_("Purchase given back"), "shop"),
    "sale": Kind(N_("Sold"), "shop"),
    "use": Kind(N_("Used"), "shop"),
    "use_refund": Kind(N_("Not used after all"), "shop"),
    "gift": Kind(N_("Gift"), "members"),
    "chat": Kind(N_("Chatting"), "income", earns=True),
    "role_income": Kind(N_("Role income"), "income", earns=True),
    "level_up": Kind(N_("Level up"), "income", earns=True),
    "give": Kind(N_("Given by staff"), "staff"),
    "take": Kind(N_("Taken by staff"), "staff"),
    "set": Kind(N_("Set by staff"), "staff"),
    "reset": Kind(N_("Reset"), "staff"),
    "restore": Kind(N_("Restored"), "staff"),
    "revert": Kind(N_("Taken back"), "staff"),
    "erasure": Kind(N_("Data deleted"), "staff"),
}

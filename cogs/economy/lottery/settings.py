"""What a server can set about its lottery. Price and house's share hold from the next lottery on."""

from datetime import timedelta

from utils.i18n import N_
from utils.setting_types import WRITES, Channel, Duration, Setting, WholeNumber

PRICE = Setting[int](
    "lottery-price", WholeNumber(1, 1_000_000), 50, N_("What a lottery ticket costs, from the next lottery on.")
)
MOST_TICKETS = Setting[int](
    "lottery-most-tickets", WholeNumber(1, 1_000), 20, N_("How many tickets of a lottery a member can have.")
)
INTERVAL = Setting[timedelta](
    "lottery-interval", Duration(timedelta(minutes=10), timedelta(days=30)), timedelta(days=1),
    N_("How long after its first ticket a lottery is drawn."),
)  # fmt: skip
HOUSE_SHARE = Setting[int](
    "lottery-house-share", WholeNumber(0, 90), 5,
    N_("How much of the pot nobody gets, in percent, from the next lottery on."),
)  # fmt: skip
CHANNEL = Setting[int | None](
    "lottery-channel", Channel(), None,
    N_("Where I announce who won the lottery; else where the last ticket was bought."),
    needs=WRITES,
)  # fmt: skip

"""What a server can set about payments between members."""

from database.economy import MOST_COINS
from utils.i18n import N_
from utils.setting_types import Setting, WholeNumber

LARGEST_PAYMENT = Setting[int](
    "largest-payment", WholeNumber(1, MOST_COINS), 1_000_000,
    N_("The most that a member may pay another one at once."),
)  # fmt: skip
ASK_ABOVE = Setting[int](
    "confirm-payments-above", WholeNumber(0, MOST_COINS), 10_000,
    N_("Above which amount I ask whether a payment is meant."),
)  # fmt: skip

SETTINGS = (LARGEST_PAYMENT, ASK_ABOVE)

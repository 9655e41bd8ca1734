"""What a server can set about its shop."""

from database.economy import MOST_COINS
from utils.i18n import N_
from utils.setting_types import Setting, WholeNumber

SELL_SHARE = Setting[int](
    "shop-sell-share", WholeNumber(0, 100), 50,
    N_("How many percent of the price the shop pays for what members sell back; 0 if it buys nothing."),
)  # fmt: skip
ASK_FROM = Setting[int](
    "shop-ask-from", WholeNumber(0, MOST_COINS), 1_000,
    N_("From which total on I ask before somebody buys something."),
)  # fmt: skip
SETTINGS = (SELL_SHARE, ASK_FROM)

"""What a server can set about its coins as such; each topic has its own settings beside it."""

from typing import Any

from database.economy import MOST_COINS
from utils.i18n import N_
from utils.setting_types import Choice, Setting, Text, WholeNumber

LONGEST_CURRENCY_NAME = 32  # characters
LONGEST_CURRENCY_SYMBOL = 64  # characters; a server's own emoji is up to 57

CURRENCY_NAME = Setting[str | None](
    "currency-name", Text(LONGEST_CURRENCY_NAME), None, N_("What your coins are called, in the plural.")
)
CURRENCY_SYMBOL = Setting[str](
    "currency-symbol", Text(LONGEST_CURRENCY_SYMBOL), "🪙", N_("The sign of your coins: an emoji or a few letters.")
)
SYMBOL_POSITION = Setting[str](
    "currency-symbol-position", Choice(("before", "after")), "before",
    N_("Whether the sign stands before or after the number."),
)  # fmt: skip
START_BALANCE = Setting[int](
    "start-balance", WholeNumber(0, MOST_COINS // 1_000_000), 100,
    N_("How many coins a member begins with, at their first use of any."),
)  # fmt: skip

SETTINGS: tuple[Setting[Any], ...] = (CURRENCY_NAME, CURRENCY_SYMBOL, SYMBOL_POSITION, START_BALANCE)

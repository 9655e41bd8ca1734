"""What a server can set about XP for coins."""

from typing import Any

from utils.i18n import N_
from utils.setting_types import Choice, Many, Setting, WholeNumber

KINDS = ("daily", "weekly", "work", "crime", "chat", "role_income")
"""What coins may be earned for that bring XP, as the economy names it.

Never a level, whose coins would bring the next one; and no winnings: those of a draw are only the bet.
"""

COIN_XP = Setting[int](
    "coin-xp", WholeNumber(0, 10_000), 0, N_("How much XP 100 coins bring that a member earns; 0 for none.")
)
COIN_XP_KINDS = Setting[tuple[str, ...]](
    "coin-xp-kinds", Many(Choice(KINDS), len(KINDS)), ("daily", "weekly", "work"),
    N_("What coins have to be earned for to bring XP."),
)  # fmt: skip

SETTINGS: tuple[Setting[Any], ...] = (COIN_XP, COIN_XP_KINDS)

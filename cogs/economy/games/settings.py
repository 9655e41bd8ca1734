"""What a server can set about all games."""

from database.economy import MOST_COINS
from utils.i18n import N_
from utils.setting_types import Setting, WholeNumber

SMALLEST_BET = Setting[int](
    "smallest-bet", WholeNumber(1, MOST_COINS), 1, N_("The least that one may bet on a game.")
)
LARGEST_BET = Setting[int](
    "largest-bet", WholeNumber(1, MOST_COINS // 10_000), 10_000, N_("The most that one may bet on a game.")
)
GAMES_PER_MINUTE = Setting[int](
    "games-per-minute",
    WholeNumber(1, 60),
    20,
    N_("How many games a member can begin a minute, all games together."),
)
HOUSE_SHARE = Setting[int](
    "games-house-share", WholeNumber(0, 50), 0,
    N_("How much of what is won at coinflip, dice, slots and roulette the house keeps besides its edge, in percent."),
)  # fmt: skip
SETTINGS = (SMALLEST_BET, LARGEST_BET, GAMES_PER_MINUTE, HOUSE_SHARE)

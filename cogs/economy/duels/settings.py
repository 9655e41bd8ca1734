"""What a server can set about duels."""

from utils.i18n import N_
from utils.setting_types import Setting, WholeNumber

RAKE = Setting[int](
    "duel-house-share", WholeNumber(0, 50), 0, N_("How much of both bets of a duel nobody gets, in percent.")
)

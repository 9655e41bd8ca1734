"""What a server can set about its leaderboard."""

from utils.i18n import N_
from utils.setting_types import Setting, Switch

PICTURES = Setting[bool](
    "leaderboard-pictures", Switch(), True, N_("Whether `leaderboard` shows a picture beside its list.")
)  # fmt: skip

SETTINGS = (PICTURES,)

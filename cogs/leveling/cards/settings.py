"""What a server can set about rank cards."""

from utils.i18n import N_
from utils.setting_types import Setting, Switch

RANK_CARDS = Setting[bool]("rank-cards", Switch(), True, N_("Whether `rank` answers with a picture."))
SETTINGS = (RANK_CARDS,)

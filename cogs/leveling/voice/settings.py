"""What a server can set about XP for talking."""

from cogs.leveling.settings import MOST_PER_MESSAGE
from utils.i18n import N_
from utils.setting_types import Setting, WholeNumber

VOICE_XP = Setting[int](
    "voice-xp", WholeNumber(0, MOST_PER_MESSAGE), 5,
    N_("The XP that a minute in a voice channel with others brings; with 0, minutes aren't counted."),
)  # fmt: skip

"""What a server can set about automod."""

from utils.i18n import N_
from utils.setting_types import WRITES, Channel, Setting

CHANNEL = Setting[int | None](
    "automod-channel", Channel(), None,
    N_("Where I tell the staff what automod found; else in the mod log. Only staff should read it."),
    needs=WRITES,
)  # fmt: skip

SETTINGS = (CHANNEL,)

"""What a server sets about confessions."""

from datetime import timedelta
from typing import Any

from utils.i18n import N_
from utils.setting_types import WRITES, Channel, Duration, Setting

CONFESSION_CHANNEL = Setting[int | None](
    "confession-channel", Channel(), None, N_("Where I post what members confess, without their names."), needs=WRITES
)
CONFESSION_LOG = Setting[int | None](
    "confession-log", Channel(), None, N_("Where moderators read which confessions members report."), needs=WRITES
)
CONFESSION_WAIT = Setting[timedelta](
    "confession-wait", Duration(timedelta(0), timedelta(days=7)), timedelta(minutes=5),
    N_("How long a member waits between two confessions."),
)  # fmt: skip

SETTINGS: tuple[Setting[Any], ...] = (CONFESSION_CHANNEL, CONFESSION_LOG, CONFESSION_WAIT)

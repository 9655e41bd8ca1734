"""What a server sets about counting."""

from typing import Any

from utils.i18n import N_
from utils.setting_types import WRITES, Channel, Setting, Switch

COUNTING_CHANNEL = Setting[int | None](
    "counting-channel",
    Channel(),
    None,
    N_("Where members count together, each with the next number."),
    needs=(*WRITES, "add_reactions", "read_message_history"),
)
COUNTING_STARTS_OVER = Setting[bool](
    "counting-starts-over", Switch(), True, N_("Whether a wrong number makes the counting begin at 1 again.")
)
COUNTING_ALONE = Setting[bool](
    "counting-alone", Switch(), False, N_("Whether somebody may count on after their own number.")
)

SETTINGS: tuple[Setting[Any], ...] = (COUNTING_CHANNEL, COUNTING_STARTS_OVER, COUNTING_ALONE)

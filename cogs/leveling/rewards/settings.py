"""What a server can set about roles for levels."""

from cogs.leveling.rewards.rules import MODES
from utils.i18n import N_
from utils.setting_types import Choice, Setting

REWARDS_MODE = Setting[str](
    "level-rewards", Choice(MODES), "stack",
    N_("Whether members keep the roles of all levels they reached (`stack`), or have the `highest` only."),
)  # fmt: skip
SETTINGS = (REWARDS_MODE,)

"""What a server can set about roles that stay with who comes back."""

from utils.i18n import N_
from utils.setting_types import Many, Role, Setting, Switch, WholeNumber

MOST_EXCEPT = 25

ON = Setting[bool]("sticky-roles", Switch(), False, N_("Whether who leaves and comes back gets their roles again."))
DAYS = Setting[int](
    "sticky-roles-days", WholeNumber(1, 365), 30,
    N_("How many days after leaving somebody gets their roles again."),
)  # fmt: skip
EXCEPT = Setting[tuple[int, ...]](
    "sticky-roles-except", Many(Role(), MOST_EXCEPT), (), N_("Roles that nobody gets again by coming back.")
)

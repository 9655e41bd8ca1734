"""What a server sets about birthdays."""

from typing import Any

from utils.i18n import N_, _
from utils.setting_types import GIVES, WRITES, Channel, Choice, Role, Setting, Switch, Template, WholeNumber

FEBRUARY, MARCH = "february", "march"

BIRTHDAY_CHANNEL = Setting[int | None](
    "birthday-channel", Channel(), None, N_("Where I tell of members' birthdays."), needs=WRITES
)
BIRTHDAY_MESSAGE = Setting[str | None](
    "birthday-message",
    Template(1_500, places=("member", "name", "age", "server")),
    None,
    N_("What I say on a birthday. Where {age} isn't known, I say it in my own words."),
)
BIRTHDAY_PING = Setting[bool](
    "birthday-ping", Switch(), False, N_("Whether members are notified when I tell of their birthday.")
)
BIRTHDAY_ROLE = Setting[int | None](
    "birthday-role", Role(), None, N_("The role that members have for the day of their birthday."), needs=GIVES
)
BIRTHDAY_HOUR = Setting[int](
    "birthday-hour", WholeNumber(0, 23), 8, N_("The hour at which a birthday begins, by the member's own clock.")
)
BIRTHDAY_LEAP_DAY = Setting[str](
    "birthday-leap-day",
    Choice((FEBRUARY, MARCH), lambda: {FEBRUARY: _("28 February"), MARCH: _("1 March")}),
    FEBRUARY,
    N_("When a birthday on 29 February is kept in other years: on 28 February, or on 1 March."),
)

SETTINGS: tuple[Setting[Any], ...] = (
    BIRTHDAY_CHANNEL, BIRTHDAY_MESSAGE, BIRTHDAY_PING, BIRTHDAY_ROLE, BIRTHDAY_HOUR, BIRTHDAY_LEAP_DAY,
)  # fmt: skip

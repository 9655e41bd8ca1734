"""What a server can set about moderation."""

from datetime import timedelta
from typing import Any

from utils.i18n import N_
from utils.setting_types import WRITES, Channel, Duration, Many, Role, Setting, Switch, Template, Text, WholeNumber

LONGEST_DM_NOTE = 500  # characters
LONGEST_DM_TEXT = 1000  # characters
DM_PLACES = ("server", "reason", "until", "moderator", "case")
"""What can be filled in, in the messages to those whom something is done to."""

MOD_ROLES = Setting[tuple[int, ...]](
    "mod-roles", Many(Role(), 10), (),
    N_("Roles whose members count as staff: I ask before anybody acts on them."),
)  # fmt: skip
MOD_LOG = Setting[int | None]("mod-log", Channel(), None, N_("The channel where each case is shown."), needs=WRITES)
DM_TARGETS = Setting[bool]("dm-targets", Switch(), True, N_("Whether I tell people by direct message what was done."))
DM_NOTE = Setting[str | None](
    "dm-note", Text(LONGEST_DM_NOTE, single_line=False), None,
    N_("What these messages end with, for example how to appeal."),
)  # fmt: skip
DM_TEXTS = {
    kind: Setting[str | None](f"dm-text-{kind}", Template(LONGEST_DM_TEXT, places=DM_PLACES), None, description)
    for kind, description in {
        "warn": N_("What I write to people who are warned, in place of my own words."),
        "timeout": N_("What I write to people who are timed out, in place of my own words."),
        "kick": N_("What I write to people who are kicked, in place of my own words."),
        "ban": N_("What I write to people who are banned, in place of my own words."),
        "softban": N_("What I write to people who are softbanned, in place of my own words."),
        "jail": N_("What I write to people who are jailed, in place of my own words."),
    }.items()
}
TIMEOUT_LENGTH = Setting[timedelta](
    "timeout-length", Duration(timedelta(minutes=1), timedelta(days=365)), timedelta(hours=1),
    N_("How long a timeout is if the moderator doesn't say."),
)  # fmt: skip
WARNING_LIFETIME = Setting[timedelta](
    "warning-lifetime", Duration(timedelta(days=1), timedelta(days=3650)), timedelta(days=90),
    N_("How long a warning counts towards what follows on warnings."),
)  # fmt: skip
BAN_DELETES_DAYS = Setting[int](
    "ban-deletes-days", WholeNumber(0, 7), 0, N_("Days of messages that a ban deletes if the moderator doesn't say.")
)
CONFIRM_ON_STAFF = Setting[bool](
    "confirm-on-staff", Switch(), True, N_("Whether I ask before a moderator acts on staff.")
)
CLIENT_ACTIONS = Setting[bool](
    "client-actions", Switch(), True,
    N_("Whether bans, kicks and timeouts by Discord's own menus become cases. I need View Audit Log for it."),
)  # fmt: skip

SETTINGS: tuple[Setting[Any], ...] = (
    MOD_ROLES, MOD_LOG, DM_TARGETS, DM_NOTE, *DM_TEXTS.values(), TIMEOUT_LENGTH, WARNING_LIFETIME,
    BAN_DELETES_DAYS, CONFIRM_ON_STAFF, CLIENT_ACTIONS,
)  # fmt: skip

REPORT_CHANNEL = Setting[int | None](
    "report-channel", Channel(), None,
    N_("Where the staff reads what members report; else in the mod log. Only staff may read it."),
    needs=WRITES,
)  # fmt: skip
REPORT_PING = Setting[int | None](
    "report-ping", Role(), None, N_("The role that I notify of each report; it must allow being mentioned.")
)
REPORT_FEEDBACK = Setting[bool](
    "report-feedback", Switch(), True, N_("Whether I tell members when the staff has looked at their report.")
)

REPORT_SETTINGS = (REPORT_CHANNEL, REPORT_PING, REPORT_FEEDBACK)

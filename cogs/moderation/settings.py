"""What a server can set about moderation."""

from datetime import timedelta

from utils.i18n import N_
from utils.setting_types import Channel, Duration, Many, Role, Setting, Switch, Text, WholeNumber

LONGEST_DM_NOTE = 500  # characters

MOD_ROLES = Setting[tuple[int, ...]](
    "mod-roles", Many(Role(), 10), (),
    N_("Roles whose members count as staff: I ask before anybody acts on them."),
)  # fmt: skip
MOD_LOG = Setting[int | None]("mod-log", Channel(), None, N_("The channel where each case is shown."))
DM_TARGETS = Setting[bool]("dm-targets", Switch(), True, N_("Whether I tell people by direct message what was done."))
DM_NOTE = Setting[str | None](
    "dm-note", Text(LONGEST_DM_NOTE, single_line=False), None,
    N_("What these messages end with, for example how to appeal."),
)  # fmt: skip
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

SETTINGS = (
    MOD_ROLES, MOD_LOG, DM_TARGETS, DM_NOTE, TIMEOUT_LENGTH, WARNING_LIFETIME, BAN_DELETES_DAYS, CONFIRM_ON_STAFF,
    CLIENT_ACTIONS,
)  # fmt: skip

REPORT_CHANNEL = Setting[int | None](
    "report-channel", Channel(), None,
    N_("Where the staff reads what members report; else in the mod log. Not everybody may read it."),
)  # fmt: skip
REPORT_PING = Setting[int | None](
    "report-ping", Role(), None, N_("The role that I notify of each report; it must allow being mentioned.")
)
REPORT_FEEDBACK = Setting[bool](
    "report-feedback", Switch(), True, N_("Whether I tell members when the staff has looked at their report.")
)

REPORT_SETTINGS = (REPORT_CHANNEL, REPORT_PING, REPORT_FEEDBACK)
